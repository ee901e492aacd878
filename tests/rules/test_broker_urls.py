"""The libraries themselves understand what becomes of the URLs of Celery and Kombu as a sign-in with an identity."""

from __future__ import annotations

import pytest
from azure.identity import DefaultAzureCredential
from celery import Celery
from celery.backends.azureblockblob import AzureBlockBlobBackend
from kombu.transport import azureservicebus, azurestoragequeues

from mi_lint.parted import trimmed
from mi_lint.rulebook.examples import expand
from mi_lint.rulebook.model import Rulebook

CASES = {
    "kombu-servicebus": ("azureservicebus://Root:{servicebus-key}@acme", "acme.servicebus.windows.net"),
    "kombu-storage-queue": (
        "azurestoragequeues://{storage-account-key}@https://acme.queue.core.windows.net",
        "https://acme.queue.core.windows.net",
    ),
    "celery-blob": (
        "azureblockblob://DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={storage-account-key}",
        "https://acme.blob.core.windows.net",
    ),
}


@pytest.mark.parametrize("service", CASES)
def test_a_url_without_its_secret_signs_in(service: str, rulebook: Rulebook) -> None:
    old, host = CASES[service]
    pack = rulebook.by_service[service]
    format_, wanted = rulebook.connection_format(pack), pack.derive[0]
    assert format_ is not None
    new = trimmed(expand(old), format_.syntax, wanted.drops, wanted.adds)
    assert new is not None
    found = {*_understood(service, new)}
    assert host in found
    assert any(isinstance(part, DefaultAzureCredential) for part in found)


def _understood(service: str, url: str) -> tuple[object, object]:
    """Host and credential, as the library reads them from a URL."""
    if service == "kombu-servicebus":
        return azureservicebus.Transport.parse_uri(url)
    if service == "celery-blob":
        url = AzureBlockBlobBackend(app=Celery(), url=url, container_name="c")._connection_string
    return azurestoragequeues.Transport.parse_uri(url)
