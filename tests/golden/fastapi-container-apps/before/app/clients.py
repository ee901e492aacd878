from functools import lru_cache

from azure.core.credentials import AzureKeyCredential
from azure.cosmos import ContainerProxy, CosmosClient
from azure.search.documents import SearchClient
from azure.storage.blob import ContainerClient

from app.config import settings


@lru_cache
def items() -> ContainerProxy:
    client = CosmosClient.from_connection_string(settings.cosmos_connection_string)
    return client.get_database_client("shop").get_container_client("items")


@lru_cache
def search() -> SearchClient:
    return SearchClient(settings.search_endpoint, "items", AzureKeyCredential(settings.search_key))


@lru_cache
def uploads() -> ContainerClient:
    return ContainerClient.from_connection_string(settings.uploads_connection_string, container_name="uploads")
