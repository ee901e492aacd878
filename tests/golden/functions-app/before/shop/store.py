"""Receipts are kept in an account of their own."""

import os

from azure.storage.blob import BlobServiceClient


def archive(name: str, data: bytes) -> None:
    service = BlobServiceClient.from_connection_string(os.environ["ARCHIVE_CONNECTION_STRING"])
    service.get_blob_client("archive", name).upload_blob(data, overwrite=True)
