"""Check and migrate on a real repository, with the real rules: found, shown without the secret, written, and done."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli

pytest.importorskip("mi_lint.engine")

_CODE = """\
import os

from azure.storage.blob import BlobServiceClient

client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
"""


def _run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=stdin, env={"CI": ""})


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], check=True)


@pytest.fixture
def key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "store.py").write_text(_CODE)
    value = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"
    (tmp_path / ".env").write_text(f"STORAGE_CONNECTION_STRING={value}\n")
    _git("init", "-q")
    _git("add", ".")
    _git("commit", "-q", "-m", "start")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--color", "always"],
        ["check", "--output-format", "json"],
        ["check", "--output-format", "jsonl"],
        ["check", "--diff", "--unsafe-fixes"],
        ["check", "app", "--verbose"],
        ["migrate", "--unsafe-fixes"],
    ],
)
def test_findings_are_shown_without_the_key(shop: Path, key: str, arguments: list[str]) -> None:
    before = {p: p.read_bytes() for p in shop.rglob("*") if p.is_file() and ".git" not in p.parts}
    result = _run(*arguments)
    assert result.exit_code == 1, result.output
    assert "store.py" in result.output
    assert not any(key[i : i + 12] in result.output for i in range(len(key) - 12))
    assert {p: p.read_bytes() for p in before} == before


def test_migrate_writes_once_and_proves_it(shop: Path) -> None:
    result = _run("migrate", "--write", "--unsafe-fixes")
    assert result.exit_code == 0, result.output
    assert "Checked again: nothing is left to do" in result.stderr
    assert "DefaultAzureCredential()" in (shop / "app" / "store.py").read_text()
    assert "AccountKey" not in (shop / ".env").read_text()
    assert "No findings" in _run("check").output


def test_migrate_refuses_what_is_not_committed(shop: Path) -> None:
    with (shop / "app" / "store.py").open("a") as file:
        file.write("# more\n")
    result = _run("migrate", "--write", "--unsafe-fixes")
    assert result.exit_code == 2
    assert "not committed: app/store.py" in result.stderr
    assert "from_connection_string" in (shop / "app" / "store.py").read_text()
    assert _run("migrate", "--write", "--unsafe-fixes", "--allow-dirty").exit_code == 0


def test_interactive(shop: Path) -> None:
    assert _run("migrate", "--interactive", "--unsafe-fixes", stdin="n\n").exit_code == 1
    assert "from_connection_string" in (shop / "app" / "store.py").read_text()
    assert _run("migrate", "--interactive", "--unsafe-fixes", stdin="y\n").exit_code == 0


def test_ignored_connections_are_not_changed(shop: Path) -> None:
    path = shop / "app" / "store.py"
    path.write_text(_CODE.rstrip() + "  # mi-lint: ignore\n")
    result = _run("check", "--fix", "--unsafe-fixes")
    assert "MI201" not in result.stdout
    assert "storage-connstr" in result.stdout  # the key in .env is a finding of its own
    assert "from_connection_string" in path.read_text()
    assert "AccountKey" in (shop / ".env").read_text()


def test_an_open_patch_can_be_applied(shop: Path) -> None:
    result = _run("check", "--diff", "--unsafe-fixes", "--show-secrets")
    subprocess.run(["git", "apply", "-"], input=result.stdout.encode(), check=True, env={**os.environ})
    assert _run("check").exit_code == 0
