import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient


def save(name: str, data: bytes) -> None:
    target = ContainerClient(os.environ["BACKUP_STORAGE_ACCOUNT_URL"], "backups", credential=DefaultAzureCredential())
    target.upload_blob(name, data, overwrite=True)
