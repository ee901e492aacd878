"""Receipts that were archived go."""

import os

from azure.storage.blob import ContainerClient


def forget(name: str) -> None:
    receipts = ContainerClient.from_connection_string(os.environ["ReceiptStorage"], "receipts")
    receipts.delete_blob(name.removeprefix("receipts/"))
