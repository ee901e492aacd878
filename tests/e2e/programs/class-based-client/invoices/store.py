"""Invoices as JSON blobs."""

import json
import logging
import os

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient, ContentSettings

log = logging.getLogger(__name__)


class InvoiceStore:
    """One container, one blob per invoice."""

    def __init__(self, container: str, connection_string: str | None = None) -> None:
        self.connection_string = connection_string or os.environ["INVOICE_STORAGE_CONNECTION"]
        self.service = BlobServiceClient.from_connection_string(self.connection_string)
        self.container = self.service.get_container_client(container)

    def prepare(self) -> None:
        try:
            self.container.create_container()
        except ResourceExistsError:
            log.debug("the container is there")

    def save(self, number: str, state: str) -> None:
        kind = ContentSettings(content_type="application/json")
        body = json.dumps({"number": number, "state": state})
        self.container.upload_blob(f"{number}.json", body, overwrite=True, content_settings=kind)

    def all(self):
        for blob in self.container.list_blobs():
            yield json.loads(self.container.download_blob(blob.name).readall())
