"""`mi-lint status`: what is done, what is pending or blocked, what was left behind; and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli
from mi_lint.rulebook.examples import expand

CODE = """\
import os

import azure.functions as func
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

app = func.FunctionApp()
queues = QueueServiceClient(os.environ["QUEUES_URL"], credential=DefaultAzureCredential())
blobs = BlobServiceClient.from_connection_string(os.environ["BLOBS_CONNECTION_STRING"])


@app.service_bus_queue_trigger(arg_name="msg", queue_name="orders", connection="Bus")
def take(msg: func.ServiceBusMessage) -> None:
    print(msg)


@app.kafka_trigger(arg_name="event", topic="clicks", broker_list="%Brokers%", password="%Hub%")
def count(event: func.KafkaEvent) -> None:
    print(event)
"""
STORAGE = (
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={storage-account-key};EndpointSuffix=core.windows.net"
)
SETTINGS = f"""\
QUEUES_URL=https://acme.queue.core.windows.net
BLOBS_CONNECTION_STRING={STORAGE}
OLD_STORAGE={STORAGE}
Bus__fullyQualifiedNamespace=acme.servicebus.windows.net
Hub=Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey={{servicebus-key}}
AZURE_CLIENT_SECRET=placeholder
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / ".env").write_text(expand(SETTINGS))
    (tmp_path / "requirements.txt").write_text("azure-storage-blob\nmsrestazure==0.6.4\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["status", *arguments])


def test_every_state_is_told(repository: Path) -> None:
    done = run("--format", "json")
    assert done.exit_code == 1, done.output
    told = json.loads(done.output)
    assert [line["place"] for line in told["done"]] == ["app.py:14", "app.py:10"]
    assert [line["place"] for line in told["pending"]["review"]] == ["app.py:11"]
    assert [(line["place"], "no identity form" in line["why"]) for line in told["blocked"]] == [("app.py:19", True)]
    assert [(line["place"], line["what"].split()[-3:]) for line in told["leftovers"]] == [
        (".env:3", ["nothing", "reads", "it"]),
        (".env:6", ["comes", "before", "it"]),
        ("requirements.txt:2", ["use", "any", "more"]),
    ]
    assert told["summary"]["percent"] == 50
    assert expand("{storage-account-key}") not in done.output
    assert run("--format", "json").output == done.output  # from what an earlier run left


def test_a_finished_migration_ends_well(repository: Path) -> None:
    assert "Under way: 2 of 4 places use an identity (50%)." in run().output
    (repository / "app.py").write_text(CODE.split("blobs = ")[0])
    (repository / ".env").write_text("QUEUES_URL=https://acme.queue.core.windows.net\n")
    (repository / "requirements.txt").write_text("azure-storage-queue\n")
    done = run()
    assert done.exit_code == 0, done.output
    assert "Finished: 1 of 1 places use an identity (100%)." in done.output


def test_where_nothing_was_looked_at_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run().exit_code == 3
    (tmp_path / "plain.py").write_text("print('hello')\n")
    done = run()
    assert (done.exit_code, done.output) == (0, "Nothing here signs in to Azure in a way that mi-lint knows.\n")
