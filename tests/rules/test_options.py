"""What packs say about options is true of the real libraries: they take them, and sign in without the secret."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
from sdk_symbols import resolve

from mi_lint.rulebook.model import Rulebook

CLIENT = "00000000-0000-0000-0000-000000000001"
DJANGO = """
import django
from azure.identity import DefaultAzureCredential
from django.conf import settings

BACKEND = "storages.backends.azure_storage.AzureStorage"
OPTIONS = {"account_name": "acme", "token_credential": DefaultAzureCredential(), "azure_container": "a"}
settings.configure(
    AZURE_ACCOUNT_NAME="acme2",
    AZURE_TOKEN_CREDENTIAL=DefaultAzureCredential(),
    AZURE_CONTAINER="b",
    STORAGES={"default": {"BACKEND": BACKEND, "OPTIONS": OPTIONS}},
)
django.setup()
from django.core.files.storage import storages
from storages.backends.azure_storage import AzureStorage


class Media(AzureStorage):
    account_name = "acme3"
    token_credential = DefaultAzureCredential()


for storage in (storages["default"], AzureStorage(), Media()):
    print(storage.service_client.url, type(storage.service_client.credential).__name__)
"""


def test_takers_take_options(rulebook: Rulebook) -> None:
    """Of the libraries that are installed here, each callable exists and has the parameter."""
    checked = 0
    for options in rulebook.options:
        for taker in options.takers:
            if taker.endswith(".*"):
                continue
            assert options.parameter in inspect.signature(resolve(taker)).parameters, taker
            checked += 1
        assert not options.backend or inspect.isclass(resolve(options.backend))
    assert checked


def test_file_systems_sign_in_without_a_key() -> None:
    """With what a rewrite leaves of the options, adlfs makes the credential itself, that of a user too."""
    import fsspec
    from azure.identity.aio import DefaultAzureCredential

    for further in ({}, {"managed_identity_client_id": CLIENT}):
        system = fsspec.filesystem("abfs", account_name="acme", anon=False, **further)
        assert isinstance(system.credential, DefaultAzureCredential)
        assert system.account_key is None


@pytest.mark.parametrize(("options", "signs_in"), [({"account_name": "acme"}, True), ({"account_key": "x"}, False)])
def test_polars_signs_in_where_no_key_is_left(options: dict[str, str], signs_in: bool) -> None:
    from polars.io.cloud.credential_provider import _builder

    path = "abfss://lake@acme.dfs.core.windows.net/a.parquet"
    found = _builder._init_credential_provider_builder("auto", path, options, "scan_parquet")
    assert (found is not None) == signs_in


def test_django_storages_sign_in_with_the_credential() -> None:
    done = subprocess.run([sys.executable, "-c", DJANGO], capture_output=True, text=True, check=True)
    hosts = [f"https://{name}.blob.core.windows.net/ DefaultAzureCredential" for name in ("acme", "acme2", "acme3")]
    assert done.stdout.splitlines() == hosts
