"""Settings of the shop, from the environment."""

import os

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    azure_storage_connection_string: str
    servicebus_connection_string: str
    log_level: str = "info"


settings = Settings()

COSMOS_ENDPOINT = os.environ["COSMOS_ENDPOINT"]
COSMOS_KEY = os.environ["COSMOS_KEY"]
