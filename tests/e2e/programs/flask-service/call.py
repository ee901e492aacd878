import sys

from mailer import create_app

client = create_app().test_client()
answer = client.post("/mails", data="mail to ann")
print(answer.status_code, answer.text)
answer = client.get("/mails")
print(answer.status_code, answer.json)
sys.exit(answer.status_code != 200)
