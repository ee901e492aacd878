"""Calls the function as the Functions host does; the host has put `Values` into the environment."""

import azure.functions as func

import function_app
import setup_storage

setup_storage.prepare()
request = func.HttpRequest("POST", "/api/count", body=b"one two three")
answer = function_app.count.build().get_user_function()(request)
print(answer.status_code, answer.get_body().decode())
print("total", setup_storage.total())
