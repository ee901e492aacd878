"""The small Azure is as strict as the real one: it tells identities apart, and refuses what is not for it.

Without this the proof of the migrated programs would prove little.
"""

from __future__ import annotations

import base64
import json

import pytest
from azure.core.credentials import AccessToken, AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ManagedIdentityCredential, WorkloadIdentityCredential
from servers.azure import Azure

STORAGE = "https://storage.azure.com/.default"


@pytest.fixture(autouse=True)
def network(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Production names lead to this machine for the test itself."""
    for name, value in azure.network().items():
        if name != "PYTHONPATH":
            monkeypatch.setenv(name, value)
    return monkeypatch


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


@pytest.mark.parametrize("host", ["app service", "virtual machine"])
def test_identities_are_told_apart(host: str, azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = azure.directory
    for name, value in azure.host(host, directory.system).items():
        monkeypatch.setenv(name, value)
    for client_id, identity in (
        (None, directory.system),
        (directory.user.client_id, directory.user),
        (directory.other.client_id, directory.other),
    ):
        token = claims(ManagedIdentityCredential(client_id=client_id).get_token(STORAGE).token)
        assert (token["oid"], token["aud"]) == (identity.object_id, "https://storage.azure.com")


@pytest.mark.parametrize("host", ["app service", "virtual machine"])
def test_unknown_identities_and_audiences_are_refused(host: str, azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in azure.host(host, azure.directory.system).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential(client_id=azure.directory.application.client_id).get_token(STORAGE)
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential().get_token("https://storage.azure.example/.default")


def test_app_service_wants_its_header(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", azure.endpoint.app_service()["IDENTITY_ENDPOINT"])
    monkeypatch.setenv("IDENTITY_HEADER", "another")
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential().get_token(STORAGE)


def test_workload_identity(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in azure.entra.workload(azure.directory.user).items():
        monkeypatch.setenv(name, value)
    assert claims(WorkloadIdentityCredential().get_token(STORAGE).token)["oid"] == azure.directory.user.object_id
    with pytest.raises(ClientAuthenticationError):
        WorkloadIdentityCredential(client_id=azure.directory.application.client_id).get_token(STORAGE)


class Fixed:
    """A credential that always has the same token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        return AccessToken(self.token, 2**31)


def forged(token: str) -> str:
    """The same claims under another signature."""
    return token.rpartition(".")[0] + ".AAAA"


def test_services_refuse_tokens_for_others(azure: Azure) -> None:
    from azure.appconfiguration import AzureAppConfigurationClient
    from azure.cosmos import CosmosClient
    from azure.keyvault.secrets import SecretClient
    from azure.search.documents import SearchClient
    from azure.storage.blob import BlobServiceClient
    from openai import AuthenticationError, AzureOpenAI

    assert azure.storage
    directory = azure.directory
    vault = directory.token(directory.system, "https://vault.azure.net")
    storage = directory.token(directory.system, "https://storage.azure.com")
    for token in (storage, forged(vault)):
        with pytest.raises(ClientAuthenticationError):
            SecretClient("https://acmevault.vault.azure.net", Fixed(token)).get_secret("banner")
    with pytest.raises(ClientAuthenticationError):
        AzureAppConfigurationClient("https://acmeconfig.azconfig.io", Fixed(vault)).get_configuration_setting("x")
    with pytest.raises(ClientAuthenticationError):
        next(SearchClient("https://acmesearch.search.windows.net", "x", Fixed(vault)).search("x"))
    with pytest.raises(ClientAuthenticationError):
        next(SearchClient("https://acmesearch.search.windows.net", "x", AzureKeyCredential("wrong")).search("x"))
    client = AzureOpenAI(
        azure_endpoint="https://acmemodels.openai.azure.com",
        azure_ad_token_provider=lambda: vault,
        api_version="2024-10-21",
        max_retries=0,
    )
    with pytest.raises(AuthenticationError):
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(HttpResponseError) as refused:
        CosmosClient("https://acmeorders.documents.azure.com", Fixed(vault))
    assert refused.value.status_code == 401
    blobs = BlobServiceClient(f"https://{azure.account}.blob.core.windows.net", Fixed(vault), retry_total=0)
    with pytest.raises(ClientAuthenticationError):
        blobs.get_account_information()


def test_services_refuse_wrong_keys(azure: Azure) -> None:
    from azure.appconfiguration import AzureAppConfigurationClient
    from azure.cosmos import CosmosClient

    wrong = base64.b64encode(b"another key").decode()
    with pytest.raises(HttpResponseError) as refused:
        CosmosClient("https://acmeorders.documents.azure.com", wrong)
    assert refused.value.status_code == 401
    connection_string = f"Endpoint=https://acmeconfig.azconfig.io;Id={azure.keys['configuration-id']};Secret={wrong}"
    with pytest.raises(ClientAuthenticationError):
        AzureAppConfigurationClient.from_connection_string(connection_string).get_configuration_setting("x")


def test_databases_refuse_the_tokens_of_others(azure: Azure) -> None:
    import psycopg
    import redis

    directory = azure.directory
    right = directory.token(directory.system, "https://ossrdbms-aad.database.windows.net")
    others = directory.token(directory.other, "https://ossrdbms-aad.database.windows.net")
    with psycopg.connect(
        host="127.0.0.1", port=azure.database.port, user="orders-app", password=right, dbname="orders"
    ):
        pass
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=azure.database.port, user="orders-app", password=others, dbname="orders")
    cache = redis.Redis(
        port=azure.cache.port,
        username=directory.system.object_id,
        password=directory.token(directory.other, "https://redis.azure.com"),
        ssl=True,
        ssl_ca_certs=str(azure.certificates.authority),
        ssl_check_hostname=False,
    )
    with pytest.raises(redis.AuthenticationError):
        cache.ping()


def test_nothing_leaves_the_machine(azure: Azure) -> None:
    import requests

    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://management.azure.com/subscriptions", timeout=10)
    assert azure.proxy.refused == ["management.azure.com"]
