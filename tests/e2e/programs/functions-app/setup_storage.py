import os

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient


def prepare():
    TableServiceClient.from_connection_string(os.environ["WordStorage"]).create_table_if_not_exists("functionsapp")
    try:
        BlobServiceClient.from_connection_string(os.environ["WordStorage"]).create_container("functions-app")
    except ResourceExistsError:
        pass


def total():
    tables = TableServiceClient.from_connection_string(os.environ["WordStorage"])
    return tables.get_table_client("functionsapp").get_entity("words", "total")["count"]
