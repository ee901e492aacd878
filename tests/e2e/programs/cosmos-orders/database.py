import os
from functools import lru_cache

from azure.cosmos import CosmosClient
from dotenv import load_dotenv

load_dotenv()

COSMOS_URL = os.environ["COSMOS_URL"]
COSMOS_KEY = os.environ["COSMOS_KEY"]


@lru_cache
def get_client() -> CosmosClient:
    return CosmosClient(COSMOS_URL, credential=COSMOS_KEY)


def get_container():
    return get_client().get_database_client("shop").get_container_client("orders")
