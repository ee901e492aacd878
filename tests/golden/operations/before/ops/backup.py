import os

from azure.storage.blob import ContainerClient


def save(name: str, data: bytes) -> None:
    target = ContainerClient.from_connection_string(os.environ["BACKUP_STORAGE_CONNECTION_STRING"], "backups")
    target.upload_blob(name, data, overwrite=True)
