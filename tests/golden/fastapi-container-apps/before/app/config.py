from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment, or from a file in development."""

    model_config = SettingsConfigDict(env_file=".env")

    cosmos_connection_string: str
    search_endpoint: str
    search_key: str
    uploads_connection_string: str


settings = Settings()
