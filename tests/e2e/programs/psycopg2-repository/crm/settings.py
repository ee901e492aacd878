from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CRM_DB_", env_file=".env")

    host: str
    name: str = "orders"
    user: str
    password: str


database = DatabaseSettings()
