import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from dotenv import load_dotenv

load_dotenv()
CONNECTION_STRING = os.getenv("STORAGE_CONNECTION_STRING")


def connect():
    if CONNECTION_STRING:
        return BlobServiceClient.from_connection_string(CONNECTION_STRING)
    else:
        return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], DefaultAzureCredential())


with connect() as service:
    container = service.get_container_client("auth-switch")
    if not container.exists():
        container.create_container()
    found = list(service.list_containers())
    print("1 container or more" if found else "no container")
