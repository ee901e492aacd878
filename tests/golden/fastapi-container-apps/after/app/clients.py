from functools import lru_cache

from azure.cosmos import ContainerProxy, CosmosClient
from azure.identity import DefaultAzureCredential
from azure.search.documents import SearchClient
from azure.storage.blob import ContainerClient

from app.config import settings


@lru_cache
def items() -> ContainerProxy:
    client = CosmosClient(settings.cosmos_endpoint, credential=DefaultAzureCredential())
    return client.get_database_client("shop").get_container_client("items")


@lru_cache
def search() -> SearchClient:
    return SearchClient(settings.search_endpoint, "items", DefaultAzureCredential())


@lru_cache
def uploads() -> ContainerClient:
    return ContainerClient(settings.uploads_account_url, container_name="uploads", credential=DefaultAzureCredential())
