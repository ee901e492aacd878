"""Manifests and pipelines around the code: what is shared stays, what is taken from elsewhere is said."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli

CODE = """\
import os
from azure.storage.blob import BlobServiceClient

client = BlobServiceClient.from_connection_string(os.environ["CONN"])
"""


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), env={"CI": ""})


@pytest.fixture
def value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(CODE)
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    return f"AccountName=acme;AccountKey={key}"


def _manifest(value: str, *takers: str) -> str:
    taken = "".join(
        f"      - name: {name}\n        valueFrom:\n          secretKeyRef:\n            name: s\n            key: k\n"
        for name in takers
    )
    return (
        f"kind: Secret\nmetadata:\n  name: s\nstringData:\n  k: {value}\n---\n"
        f"kind: Pod\nspec:\n  containers:\n    - env:\n{taken}"
    )


def test_a_key_that_serves_one_name_moves(tmp_path: Path, value: str) -> None:
    (tmp_path / "pod.yaml").write_text(_manifest(value, "CONN"))
    _run("migrate", "--write", "--allow-dirty", ".")
    new = _manifest("https://acme.blob.core.windows.net", "ACCOUNT_URL")
    assert (tmp_path / "pod.yaml").read_text() == new.replace("  k:", "  account-url:").replace(
        "key: k", "key: account-url"
    )


def test_a_key_that_serves_two_names_stays(tmp_path: Path, value: str) -> None:
    text = _manifest(value, "CONN", "REPORTS")
    (tmp_path / "pod.yaml").write_text(text)
    shown = _run("migrate", "--write", "--unsafe-fixes", "--allow-dirty", ".")
    assert (tmp_path / "pod.yaml").read_text() == text
    assert (tmp_path / "app.py").read_text() == CODE
    assert "does not say the account URL" in shown.output


def test_a_secret_of_the_repository_becomes_a_variable(tmp_path: Path, value: str) -> None:
    workflow = tmp_path / ".github" / "workflows" / "ci.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: push\nenv:\n  CONN: ${{ secrets.DEV_CONN }}\n")
    shown = _run("migrate", "--write", "--unsafe-fixes", "--allow-dirty", ".")
    assert workflow.read_text() == "on: push\nenv:\n  ACCOUNT_URL: ${{ vars.DEV_ACCOUNT_URL }}\n"
    told = "takes CONN from the secret DEV_CONN of the repository on GitHub; ACCOUNT_URL is taken from"
    assert f".github/workflows/ci.yml {told} `${{{{ vars.DEV_ACCOUNT_URL }}}}`, which has to exist" in shown.output


@pytest.mark.parametrize("text", ["env:\n  CONN: ${{ secrets.A || secrets.B }}\n", "env: &e\n  <<: *e\n"])
def test_what_is_not_understood_is_left_alone(tmp_path: Path, value: str, text: str) -> None:
    workflow = tmp_path / ".github" / "workflows" / "ci.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(text)
    _run("migrate", "--write", "--allow-dirty", ".")
    assert workflow.read_text() == text
