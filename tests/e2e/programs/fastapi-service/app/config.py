from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_prefix="FILES_")

    blob_connection_string: str = Field(description="connection string of the storage account")
    container: str = "files"


@lru_cache
def get_settings() -> Settings:
    return Settings()
