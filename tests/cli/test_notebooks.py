"""Notebooks move with the code and the settings around them; what is no Python in them is left alone."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), env={"CI": ""})


def _code(source: str, printed: str = "") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed.splitlines(True)}] if printed else []
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": outputs,
        "source": source.splitlines(True),
    }


def _write(path: Path, *cells: dict[str, Any], newline: str = "\n") -> None:
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline=newline)


def _sources(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells]


@pytest.fixture
def value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    return f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"


SETUP = "import os\nfrom azure.storage.blob import BlobServiceClient"
READ = 'conn = os.environ["STORAGE_CONNECTION_STRING"]'
CALL = "service = BlobServiceClient.from_connection_string(conn)\nservice.get_container_client('a').create_container()"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_notebook_moves_with_module_and_settings(tmp_path: Path, value: str, newline: str) -> None:
    _write(
        tmp_path / "n.ipynb", _code("%pip install x"), _code(SETUP), _code(READ + "  # é"), _code(CALL), newline=newline
    )
    (tmp_path / "job.py").write_text(f"{SETUP}\n\n{READ}\n{CALL}\n")
    (tmp_path / ".env").write_text(f"STORAGE_CONNECTION_STRING={value}\n")
    before = (tmp_path / "n.ipynb").read_bytes()

    shown = _run("migrate", ".")
    assert '+    "account_url = os.environ[\\"STORAGE_ACCOUNT_URL\\"]  # é"' in shown.output
    assert '-    "service = BlobServiceClient.from_connection_string(conn)\\n",' in shown.output
    assert value.split("AccountKey=")[1][:20] not in shown.output

    _run("migrate", "--write", "--allow-dirty", ".")
    assert _sources(tmp_path / "n.ipynb") == [
        "%pip install x",
        SETUP.replace("os\n", "os\nfrom azure.identity import DefaultAzureCredential\n"),
        'account_url = os.environ["STORAGE_ACCOUNT_URL"]  # é',
        "service = BlobServiceClient(account_url, credential=DefaultAzureCredential())\n"
        "service.get_container_client('a').create_container()",
    ]
    assert (tmp_path / ".env").read_text() == "STORAGE_ACCOUNT_URL=https://acme.blob.core.windows.net\n"
    assert 'os.environ["STORAGE_ACCOUNT_URL"]' in (tmp_path / "job.py").read_text()
    after = (tmp_path / "n.ipynb").read_bytes()
    assert len(set(after.split(b"\n")) - set(before.split(b"\n"))) == 3
    assert after.count(b"\r\n") == (after.count(b"\n") if newline == "\r\n" else 0)

    again = _run("migrate", "--write", "--allow-dirty", ".")
    assert again.exit_code == 0
    assert (tmp_path / "n.ipynb").read_bytes() == after


def test_a_literal_and_an_output_with_its_secret(tmp_path: Path, value: str) -> None:
    literal = f'conn = "{value}"\n{CALL}'
    _write(tmp_path / "n.ipynb", _code(SETUP), _code(literal, printed=f"using {value}\n"))
    key = value.split("AccountKey=")[1].split(";")[0]
    for arguments in (["check", "."], ["migrate", "."], ["check", "--output-format", "json", "."]):
        shown = _run(*arguments).output
        assert key not in shown
    _run("migrate", "--write", "--allow-dirty", ".")
    text = (tmp_path / "n.ipynb").read_text()
    assert text.count(key) == 1
    assert 'account_url = \\"https://acme.blob.core.windows.net\\"' in text
    left = json.loads(_run("check", "--output-format", "json", ".").output)["findings"]
    line = next(i for i, line in enumerate(text.splitlines(), 1) if key in line)
    assert [(f["kind"], f["line"]) for f in left] == [("storage-connstr", line)]


@pytest.mark.parametrize(
    ("command", "reason"),
    [("!echo {conn}", "may use conn"), ("%%bash\necho $conn", "may use conn")],
)
def test_a_name_that_a_command_uses_stays(tmp_path: Path, value: str, command: str, reason: str) -> None:
    _write(tmp_path / "n.ipynb", _code(SETUP), _code(READ), _code(CALL), _code(command))
    before = (tmp_path / "n.ipynb").read_bytes()
    shown = _run("migrate", "--write", "--unsafe-fixes", "--allow-dirty", ".")
    assert reason in shown.output
    assert (tmp_path / "n.ipynb").read_bytes() == before


@pytest.mark.parametrize("cell", [_code("%env STORAGE_CONNECTION_STRING=x"), {"cell_type": "markdown", "metadata": {},
                                  "source": ["# Über\n", "Set STORAGE_CONNECTION_STRING first."]}])  # fmt: skip
def test_other_text_that_names_the_setting_is_shown(tmp_path: Path, value: str, cell: dict[str, Any]) -> None:
    _write(tmp_path / "n.ipynb", cell, _code(SETUP), _code(READ), _code(CALL))
    found = json.loads(_run("check", "--output-format", "json", ".").output)["findings"]
    assert [(f["rule"], f["applicability"]) for f in found] == [("MI201", "review")]
    shown = _run("check", ".").output
    line = next(
        i
        for i, line in enumerate((tmp_path / "n.ipynb").read_text(encoding="utf-8").splitlines(), 1)
        if "STORAGE_CONNECTION_STRING" in line
    )
    assert f"STORAGE_CONNECTION_STRING is also named in n.ipynb:{line}" in shown


def test_a_broken_notebook_is_only_searched_for_secrets(tmp_path: Path, value: str) -> None:
    _write(tmp_path / "n.ipynb", _code(SETUP), _code(f'conn = "{value}"'), _code(CALL))
    text = (tmp_path / "n.ipynb").read_text(encoding="utf-8")
    (tmp_path / "n.ipynb").write_text(text.rstrip("}\n"), encoding="utf-8")
    shown = _run("check", ".")
    assert shown.exit_code == 1
    assert "storage-connstr" in shown.output
    assert "MI201" not in shown.output
