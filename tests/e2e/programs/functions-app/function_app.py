import os

import azure.functions as func
from azure.data.tables import TableClient
from azure.storage.blob import BlobClient

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.function_name("count")
@app.route(route="count", methods=["POST"])
def count(req: func.HttpRequest) -> func.HttpResponse:
    text = req.get_body().decode()
    blob = BlobClient.from_connection_string(os.environ["WordStorage"], "functions-app", "last.txt")
    blob.upload_blob(text, overwrite=True)
    words = len(text.split())
    with TableClient.from_connection_string(os.environ["WordStorage"], "functionsapp") as table:
        table.upsert_entity({"PartitionKey": "words", "RowKey": "total", "count": words})
    return func.HttpResponse(f"counted {words} words")
