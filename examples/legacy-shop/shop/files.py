"""Invoices and pictures in blob storage."""

from azure.storage.blob import BlobServiceClient, ContentSettings

from shop.config import settings


class FileStore:
    """One container of the shop's storage account."""

    def __init__(self, container: str) -> None:
        # one client per store, kept for the life of the process
        self.service = BlobServiceClient.from_connection_string(settings.azure_storage_connection_string)
        self.container = self.service.get_container_client(container)

    def save(self, name: str, data: bytes, content_type: str = "application/pdf") -> str:
        blob = self.container.upload_blob(name, data, overwrite=True, content_settings=ContentSettings(content_type))
        return blob.url
