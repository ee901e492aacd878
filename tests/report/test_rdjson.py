"""rdjson as reviewdog takes it: a suggestion that is applied is the fix, and what can't be applied is no suggestion."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mi_lint.cli.main import cli

IMPORTS = "import os\nfrom azure.storage.blob import BlobServiceClient\n"
CALL = "client = BlobServiceClient.from_connection_string(os.environ['A_CONN_STR'])"

SOURCES = {
    "plain": f"{IMPORTS}\n{CALL}\nprint(client)\n",
    "wide": f"{IMPORTS}\nname = 'größe 😀'; {CALL}; print('🙂')\n".replace("import os", "'''größe'''; import os"),
    "windows": f"{IMPORTS}\n{CALL}\n\n\n".replace("\n", "\r\n"),
    "mark": f"\ufeff{IMPORTS}{CALL}\n",
    "no last newline": f"{IMPORTS}{CALL}",
    "one wrapper": "from azure.core.credentials import AzureKeyCredential\n"
    "from azure.search.documents import SearchClient\nimport os\n\n\ndef make():\n"
    "    key = os.environ['SEARCH_API_KEY']\n    return SearchClient('https://x', 'i', AzureKeyCredential(key))\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "")
    return tmp_path


def diagnostics() -> list[dict[str, Any]]:
    output = CliRunner().invoke(cli, ["check", "--output-format", "rdjson"]).output
    document = json.loads(output)
    assert set(document) == {"source", "diagnostics"}
    for item in document["diagnostics"]:
        assert set(item) <= {"message", "location", "severity", "code", "suggestions"}
        assert item["severity"] in ("ERROR", "WARNING", "INFO")
    found: list[dict[str, Any]] = document["diagnostics"]
    return found


def between(data: bytes, ends: dict[str, dict[str, int]]) -> tuple[int, int]:
    """The offsets of a range: lines from 1, columns from 1 in bytes of UTF-8, the end exclusive."""
    starts = [0, *(at + 1 for at, byte in enumerate(data) if byte == 0x0A)]
    low, high = (starts[ends[name]["line"] - 1] + ends[name]["column"] - 1 for name in ("start", "end"))
    return low, high


@pytest.mark.parametrize("name", SOURCES)
def test_an_applied_suggestion_is_the_fix(folder: Path, name: str) -> None:
    file = folder / "app.py"
    before = SOURCES[name].encode()
    file.write_bytes(before)
    (item,) = diagnostics()
    low, high = between(before, item["location"]["range"])
    assert before[low:high].decode().startswith(("BlobServiceClient.from", "SearchClient("))
    (suggestion,) = item["suggestions"]
    low, high = between(before, suggestion["range"])
    last = before.split(b"\n")[suggestion["range"]["end"]["line"] - 1]
    assert suggestion["range"]["end"]["column"] == len(last.rstrip(b"\r")) + 1  # whole lines
    CliRunner().invoke(cli, ["check", "--fix", "--unsafe-fixes"])
    assert (before[:low] + suggestion["text"].encode() + before[high:]).decode() == file.read_bytes().decode()
    assert "Before it works: the identity needs the role" in item["message"]


def test_half_a_fix_is_no_suggestion(folder: Path) -> None:
    """The setting would keep its old name in the other file."""
    made = base64.b64encode(secrets.token_bytes(64)).decode()
    (folder / "app.py").write_text(SOURCES["plain"])
    (folder / ".env").write_text(
        f"A_CONN_STR=DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={made};EndpointSuffix=core.windows.net\n"
    )
    found = diagnostics()
    assert {item["code"]["value"] for item in found} == {"MI103", "MI201"}
    assert not any("suggestions" in item for item in found)
    assert any("`mi-lint migrate` shows the fix" in item["message"] for item in found)


def test_a_suggestion_never_repeats_a_secret(folder: Path) -> None:
    """The lines between two changes hold another secret."""
    made = base64.b64encode(secrets.token_bytes(32)).decode()
    (folder / "app.py").write_text(f"{IMPORTS}PASSWORD = '{made}'\n\n{CALL}\n")
    found = diagnostics()
    assert found
    assert made not in json.dumps(found)
    assert not any("suggestions" in item for item in found)
