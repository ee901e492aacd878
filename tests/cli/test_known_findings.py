"""A second run takes its findings from the first one, says the same, and never where anything has changed."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint import engine
from mi_lint.cli.main import cli

CODE = """\
import os
from azure.storage.blob import BlobServiceClient
from openai import AzureOpenAI

a = BlobServiceClient.from_connection_string(os.environ["A_CONN_STR"])
b = BlobServiceClient("https://acme.blob.core.windows.net", credential="{key}", retry_total=int("{other}", 36))
c = AzureOpenAI(azure_endpoint=os.environ["ENDPOINT"], api_key="{plain}", api_version="2024-06-01")
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the rules alone."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        run("rules", "list")
    return folder


@pytest.fixture
def project(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(compiled, tmp_path / "cache")
    monkeypatch.delenv("CI", raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    values = {"key": base64.b64encode(secrets.token_bytes(64)).decode(), "plain": secrets.token_hex(16)}
    (folder / "app.py").write_text(CODE.format(**values, other=secrets.token_hex(9)))
    (folder / ".env").write_text("A_CONN_STR=UseDevelopmentStorage=false\n")
    return folder


@pytest.fixture
def analyses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each analysis."""
    made: list[int] = []
    whole = engine.analyse

    def counted(*arguments: object) -> engine.Analysis:
        made.append(1)
        return whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "analyse", counted)
    return made


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code in (0, 1), result.output
    return result


def anew(*arguments: str) -> str:
    """The output of a run that knows nothing of earlier ones, but the rules."""
    for folder in Path(os.environ["XDG_CACHE_HOME"], "mi-lint").glob("f*-*"):
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    return run(*arguments).output


def test_it_says_the_same(project: Path, analyses: list[int]) -> None:
    for form in ("text", "json", "sarif", "rdjson"):
        first = anew("check", "--output-format", form)
        made = len(analyses)
        assert run("check", "--output-format", form).output == first
        assert len(analyses) == made
    for command in (("check", "--diff"), ("migrate", "--unsafe-fixes")):
        assert run(*command).output == anew(*command)


def test_any_change_is_seen(project: Path, analyses: list[int]) -> None:
    app = project / "app.py"
    run("check")
    for change in (
        lambda: (project / "notes.txt").write_text("A_CONN_STR is in the vault\n"),
        lambda: (project / "mi-lint.toml").write_text('credential = "managed-identity"\n'),
        lambda: app.write_text(app.read_text().replace("A_CONN", "B_CONN")),
        lambda: app.rename(project / "main.py"),
    ):
        change()
        before = len(analyses)
        known = run("check").output
        assert len(analyses) == before + 1
        assert known == anew("check")
    before = len(analyses)
    run("check", "--identity", "user", "--client-id-setting", "ID")
    assert len(analyses) == before + 1


def test_it_holds_no_text_of_the_files(project: Path) -> None:
    run("check")
    kept = [path for path in (project.parent / "cache").rglob("*") if path.is_file()]
    assert any(path.parent.name.startswith("found-") for path in kept)
    drawn = {part for part in (project / "app.py").read_text().split('"') if re.fullmatch(r"[\w+/=]{18,}", part)}
    held = b"".join(path.read_bytes() for path in kept)
    assert len(drawn) == 3
    assert [word for word in drawn if word.encode() in held] == []


def test_runs_beside_each_other(project: Path) -> None:
    command = [sys.executable, "-m", "mi_lint", "check", "--output-format", "json"]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: subprocess.run(command, capture_output=True, text=True), range(3)))
    assert len({run.stdout for run in done}) == 1
    assert {run.stderr for run in done} == {""}
    assert len(json.loads(done[0].stdout)["findings"]) >= 3


def test_hashes_for_detect_secrets_are_made_anew(project: Path) -> None:
    run("check")
    run("baseline", "create", "--format", "detect-secrets", "--file", "known.json")
    assert len(json.loads((project / "known.json").read_text())["results"]["app.py"]) == 2


def test_results_do_not_depend_on_the_number_of_processes(project: Path) -> None:
    for number in range(12):
        key = base64.b64encode(secrets.token_bytes(64)).decode()
        (project / f"file_{number}.txt").write_text(f"AccountName=acme;AccountKey={key}\n" + "word " * 100_000)
    outputs = {run("check", "--output-format", "json", "--jobs", jobs).output for jobs in ("1", "2", "5")}
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())["findings"]) >= 15
