"""SARIF before the validator of its authors, with the rules that code scanning of GitHub has."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from servers.installed import sarif_multitool

from mi_lint.cli.main import cli
from mi_lint.rulebook.examples import expand

SOURCE = """\
import os
from azure.storage.blob import BlobServiceClient
größe = '😀'; a = BlobServiceClient.from_connection_string(os.environ['A_CONN_STR'])
b = BlobServiceClient.from_connection_string(os.environ['B_CONN_STR'])  # mi-lint: ignore[MI201] kept for the import
c = BlobServiceClient.from_connection_string('{secret}')
"""


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is reported of a finding with a fix, an ignored one, one of the baseline, and a secret at two places."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "a [b]" / "grün"
    folder.mkdir(parents=True)
    old = (
        f"import os\n{SOURCE.splitlines()[1]}\nx = BlobServiceClient.from_connection_string(os.environ['X_CONN_STR'])\n"
    )
    (folder / "old.py").write_text(old)
    assert CliRunner().invoke(cli, ["baseline", "create", "--file", "known.json"], env={"CI": ""}).exit_code == 0
    secret = expand("AccountName=acme;AccountKey={storage-account-key};EndpointSuffix=core.windows.net")
    secret = f"DefaultEndpointsProtocol=https;{secret}"
    (folder / "app.py").write_text(SOURCE.replace("{secret}", secret))
    (tmp_path / ".env").write_text(f"C_CONN_STR={secret}\n")
    (tmp_path / "broken.py").write_text("from azure.storage.blob import BlobServiceClient\ndef (\n")
    command = ["check", "--baseline", "known.json", "--output-format", "sarif"]
    output = CliRunner().invoke(cli, command, env={"CI": "true"}).stdout
    (tmp_path / "made.sarif").write_text(output, encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(output)["runs"][0]["results"]
    return found


def test_the_validator_has_nothing_to_say(results: list[dict[str, Any]], tmp_path: Path) -> None:
    command = [str(sarif_multitool()), "validate", "made.sarif", "--rule-kind", "Sarif;Ghas", "--output", "said.sarif"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout
    run = json.loads((tmp_path / "said.sarif").read_text(encoding="utf-8-sig"))["runs"][0]
    said = [(item["ruleId"], item["message"]) for item in run["results"]]
    assert [item for item in said if item[0] != "SARIF2005"] == []  # which wants a home page of the tool
    assert run["invocations"][0]["executionSuccessful"]


def test_what_a_result_says(results: list[dict[str, Any]], tmp_path: Path) -> None:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in results:
        by_kind.setdefault(item.get("suppressions", [{"kind": ""}])[0]["kind"], []).append(item)
    assert {kind: len(items) for kind, items in by_kind.items()} == {"": 3, "inSource": 1, "external": 1}
    secret = next(item for item in by_kind[""] if item["ruleId"] == "MI103")
    assert secret["message"]["text"].endswith(r"Also at [a \[b\]/grün/app.py:5](1).")
    assert secret["relatedLocations"][0]["id"] == 1
    fixed = next(item for item in by_kind[""] if "fixes" in item)
    place = fixed["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20%5Bb%5D/gr%C3%BCn/app.py", "uriBaseId": "SRCROOT"}
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (3, 18)  # in characters
    (run,) = json.loads((tmp_path / "made.sarif").read_text())["runs"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "broken.py" in note["message"]["text"]
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert f"# {rule['id']} {rule['name']}" in rule["help"]["markdown"]
        assert "](../" not in rule["help"]["markdown"]
