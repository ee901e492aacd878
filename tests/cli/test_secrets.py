"""Secrets in `check`, baselines and their audit, and detect-secrets, as a user meets them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shipped import shipped_rulebook

from mi_lint.cli.main import cli
from mi_lint.secrets.minting import mint

KINDS = {kind.name: kind for kind in shipped_rulebook().kinds}


def _mint(kind: str, seed: int = 1) -> str:
    return mint(KINDS[kind], random.Random(seed), KINDS)


def _run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, [*arguments], input=typed)


def _findings(*arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(_run("check", "--output-format", "json", *arguments).stdout)["findings"]
    return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_one_secret_in_three_files_is_one_finding(project: Path) -> None:
    key = _mint("storage-key")
    (project / "a.py").write_text(f'KEY = "{key}"\n')
    (project / "b.json").write_text(json.dumps({"x": key}))
    (project / "c.env").write_text(f"\n\nKEY={key}\n")
    [finding] = _findings()
    assert (finding["rule"], finding["kind"], finding["path"], finding["line"]) == ("MI101", "storage-key", "a.py", 1)
    assert [place["path"] for place in finding["places"]] == ["a.py", "b.json", "c.env"]  # type: ignore[attr-defined]
    assert "also at: b.json:1:8, c.env:3:5" in _run("check").stdout


def test_the_place_is_the_value(project: Path) -> None:
    key = _mint("storage-key")
    text = f'# ü\nCONN = "AccountName=a;AccountKey={key};EndpointSuffix=core.windows.net"\n'
    (project / "a.py").write_text(text, encoding="utf-8")
    [finding] = _findings()
    [place] = finding["places"]  # type: ignore[misc]
    assert text.encode()[place["start"] : place["end"]].decode() == key
    assert finding["column"] == text.splitlines()[1].index(key) + 1


def test_parts_of_an_assembled_secret(project: Path) -> None:
    key = _mint("storage-key")
    text = f'A = "{key[:50]}"\nKEY = A + "{key[50:]}"\n'
    (project / "a.py").write_text(text)
    [finding] = _findings()
    assert [text[part["start"] : part["end"]] for part in finding["parts"]] == [key[:50], key[50:]]  # type: ignore[attr-defined]


def test_use_makes_a_key(project: Path) -> None:
    draw = random.Random(3)
    used, unused, from_settings = (draw.randbytes(16).hex() for _ in range(3))
    (project / "a.py").write_text(
        "import os\nfrom openai import AzureOpenAI\n"
        f'a = AzureOpenAI(azure_endpoint="https://x", api_version="1", api_key="{used}")\netag = "{unused}"\n'
        'b = AzureOpenAI(azure_endpoint="https://x", api_version="1", api_key=os.environ["WHATEVER"])\n'
    )
    (project / ".env").write_text(f"WHATEVER={from_settings}\n")
    found = [(f["path"], f["line"]) for f in _findings() if f["kind"] == "cognitive-key-legacy"]
    assert found == [(".env", 1), ("a.py", 3)]


def test_an_expired_token_is_a_note(project: Path) -> None:
    sas = "https://a.blob.core.windows.net/c?sv=2022-11-02&sr=c&sp=rl&se=2021-01-01T00:00:00Z&sig=" + _mint(
        "storage-sas-service"
    )
    (project / "a.env").write_text(f"URL={sas}\n")
    [finding] = _findings()
    assert (finding["severity"], finding["confidence"]) == ("low", "low")
    assert "expired on 2021-01-01" in _run("check").stdout
    assert "it allows to read, list" in _run("check").stdout


def test_off_by_default_and_on_request(project: Path) -> None:
    (project / "a.env").write_text("A=InstrumentationKey=0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\n")
    assert _findings() == []
    assert [f["kind"] for f in _findings("--select", "appinsights-connstr")] == ["appinsights-connstr"]
    assert _findings("--select", "MI1") == []


@pytest.mark.parametrize("comment", ["mi-lint: ignore[MI101]", "mi-lint: ignore", "pragma: allowlist secret"])
def test_inline_ignores(project: Path, comment: str) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("storage-key")}"  # {comment}\n')
    (project / "b.env").write_text(f"KEY={_mint('storage-key', 2)} # {comment}\n")
    assert _findings() == []
    (project / "a.py").write_text(f"KEY = None  # {comment}\n")
    assert [f["rule"] for f in _findings()] == (["MI001"] if comment.startswith("mi-lint") else [])


def test_a_file_that_is_not_utf8_is_scanned(project: Path) -> None:
    (project / "a.ini").write_bytes(b"name = caf\xe9\nkey = " + _mint("storage-key").encode() + b"\n")
    assert [f["kind"] for f in _findings()] == ["storage-key"]


def test_baseline_hides_what_it_knows_and_nothing_else(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = project / "a.py"
    source.write_text(f'KEY = "{_mint("storage-key")}"\n')
    assert _run("baseline", "create").exit_code == 0
    known = ("check", "--baseline", ".mi-lint-baseline.json")
    assert _run(*known).exit_code == 0
    source.write_text(f'import os\n\n\nKEY = "{_mint("storage-key")}"\n')  # moved
    assert _run(*known, "--fail-on", "new").exit_code == 0
    source.write_text(f'import os\n\n\nKEY = "{_mint("storage-key", 2)}"\n')  # another secret on the same line
    result = _run(*known, "--fail-on", "new")
    assert result.exit_code == 1
    assert "storage-key" in result.stdout
    assert ".mi-lint-baseline.json has shrunk: 1 gone, 0 left" in result.stderr
    assert _run("baseline", "update").exit_code == 0
    assert _run(*known).exit_code == 0
    source.write_text("import os\n")
    monkeypatch.setenv("CI", "true")
    result = _run(*known)
    assert "nothing matches this entry for storage-key any more (it was at a.py:4)" in result.stdout
    assert _run(*known, "--fail-on", "new").exit_code == 0


def test_a_partial_scan_does_not_call_entries_unused(project: Path) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("storage-key")}"\n')
    (project / "b.py").write_text("x = 1\n")
    _run("baseline", "create")
    result = _run("check", "--baseline", ".mi-lint-baseline.json", "b.py")
    assert result.exit_code == 0
    assert "MI002" not in result.stdout


def test_create_does_not_overwrite(project: Path) -> None:
    (project / "a.py").write_text("x = 1\n")
    _run("baseline", "create")
    result = _run("baseline", "create")
    assert result.exit_code == 2
    assert "`mi-lint baseline update` changes it, --force replaces it" in result.stderr
    assert _run("baseline", "create", "--force").exit_code == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9, "findings": []}', '{"version": 1, "findings": [{}]}'])
def test_a_damaged_baseline_is_an_error(project: Path, text: str) -> None:
    (project / "base.json").write_text(text)
    result = _run("check", "--baseline", "base.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: base.json: ")


def test_audit_keeps_labels(project: Path) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("storage-key")}"\nB = "{_mint("cosmos-key")}"\n')
    _run("baseline", "create")
    result = _run("baseline", "audit", typed="n\nrotated in May\nf\nq\n")
    assert result.exit_code == 0
    assert 'KEY = "***"' in result.stdout
    (project / "a.py").write_text(f'\n\nKEY = "{_mint("storage-key")}"\nB = "{_mint("cosmos-key")}"\n')
    _run("baseline", "update")
    entries = json.loads((project / ".mi-lint-baseline.json").read_text())["findings"]
    assert [(e["name"], e["label"], e["note"]) for e in entries] == [
        ("storage-key", "false-positive", "rotated in May"),
        ("cosmos-key", "unreviewed", ""),
    ]
    assert entries[0]["places"] == [{"path": "a.py", "line": 3}]


def test_the_plugins_run_in_detect_secrets(project: Path) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("servicebus-key")}"\nOLD = "{"A" * 43}="\n')
    plugins = subprocess.run(
        [sys.executable, "-m", "mi_lint.secrets.plugins"], capture_output=True, text=True, check=True
    )
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "-p", plugins.stdout.strip(), "a.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=project)
    types = [row["type"] for row in json.loads(done.stdout)["results"]["a.py"]]
    assert "Service Bus shared access key" in types
    (project / ".secrets.baseline").write_text(done.stdout)
    assert _run("check", "--baseline", ".secrets.baseline", "a.py").exit_code == 0


def test_a_baseline_for_detect_secrets_is_read_by_it(project: Path) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("servicebus-key")}"\n')
    (project / "b.py").write_text(f'KEY = "{_mint("cosmos-key")}"\n')
    assert _run("baseline", "create", "--format", "detect-secrets", "--file", ".secrets.baseline").exit_code == 0
    before = json.loads((project / ".secrets.baseline").read_text())
    assert sorted(before["results"]) == ["a.py", "b.py"]
    before["results"]["a.py"][0]["is_secret"] = False
    (project / ".secrets.baseline").write_text(json.dumps(before))
    subprocess.run(["git", "init", "-q"], check=True, cwd=project)
    subprocess.run(["git", "add", "a.py", "b.py"], check=True, cwd=project)
    command = [sys.executable, "-m", "detect_secrets", "scan", "--baseline", ".secrets.baseline"]
    subprocess.run(command, check=True, cwd=project)
    kept = json.loads((project / ".secrets.baseline").read_text())["results"]["a.py"]
    assert [row["is_secret"] for row in kept if row["type"] == "Service Bus shared access key"] == [False]
    assert _run("check", "--baseline", ".secrets.baseline", "a.py", "b.py").exit_code == 0
    (project / "b.py").write_text("x = 1\n")
    assert _run("baseline", "update", "--file", ".secrets.baseline", "a.py", "b.py").exit_code == 0
    after = json.loads((project / ".secrets.baseline").read_text())
    types = {path: {row["type"] for row in rows} for path, rows in after["results"].items()}
    assert not any("Cosmos" in name for name in types.get("b.py", ()))
    labels = {row["type"]: row.get("is_secret") for row in after["results"]["a.py"]}
    assert labels["Service Bus shared access key"] is False


def test_a_failing_file_makes_the_scan_incomplete(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "a.py").write_text(f'KEY = "{_mint("storage-key")}"\n')

    def fail(*_: object) -> None:
        raise RuntimeError("anything")

    monkeypatch.setattr("mi_lint.secrets.run.find_secrets", fail)
    result = _run("check")
    assert result.exit_code == 3
    assert "warning: a.py: could not be scanned for secrets (RuntimeError)" in result.stderr
