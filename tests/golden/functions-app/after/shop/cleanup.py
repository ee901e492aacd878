"""Receipts that were archived go."""

import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient


def forget(name: str) -> None:
    receipts = ContainerClient(os.environ["ReceiptStorage__blobServiceUri"], "receipts", credential=DefaultAzureCredential())
    receipts.delete_blob(name.removeprefix("receipts/"))
