from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment, or from a file in development."""

    model_config = SettingsConfigDict(env_file=".env")

    cosmos_endpoint: str
    search_endpoint: str
    uploads_account_url: str


settings = Settings()
