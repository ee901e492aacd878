"""Receipts are kept in an account of their own."""

import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def archive(name: str, data: bytes) -> None:
    service = BlobServiceClient(os.environ["ARCHIVE_ACCOUNT_URL"], credential=DefaultAzureCredential())
    service.get_blob_client("archive", name).upload_blob(data, overwrite=True)
