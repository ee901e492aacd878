"""`--since` and `--staged` report what a change adds, wherever it shows, and nothing that was there before."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli

HEAD = "import os\nfrom azure.storage.blob import BlobServiceClient\n\n"
OLD = HEAD + 'a = BlobServiceClient.from_connection_string(os.environ["A_CONN_STR"])\n'
NEW = OLD + 'b = BlobServiceClient.from_connection_string(os.environ["B_CONN_STR"])\n'


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), env={"CI": ""})


def _git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _found(*arguments: str) -> list[tuple[str, int, str]]:
    result = _run("check", "--output-format", "json", *arguments)
    findings = json.loads(result.output)["findings"]
    assert result.exit_code == (1 if findings else 0)
    return [(f["path"], f["line"], f["rule"]) for f in findings]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    _git("init", "-q", "-b", "main")
    (tmp_path / "app.py").write_text(OLD)
    (tmp_path / "old.py").write_text(OLD.replace("A_CONN", "OLD_CONN"))
    _git("add", ".")
    _git("commit", "-q", "-m", "start")
    return tmp_path


def test_only_what_a_change_adds(repository: Path) -> None:
    assert _found("--since", "HEAD") == []
    (repository / "app.py").write_text("# moved down\n\n" + NEW)
    assert _found("--since", "HEAD") == [("app.py", 7, "MI201")]
    assert len(_found()) == 3


def test_a_branch_is_compared_with_where_it_began(repository: Path) -> None:
    _git("checkout", "-q", "-b", "topic")
    (repository / "app.py").write_text(NEW)
    _git("commit", "-q", "-a", "-m", "topic")
    _git("checkout", "-q", "main")
    (repository / "old.py").unlink()
    _git("commit", "-q", "-a", "-m", "gone on main")
    _git("checkout", "-q", "topic")
    assert _found("--since", "main") == [("app.py", 5, "MI201")]


def test_a_renamed_file_is_not_new(repository: Path) -> None:
    _git("mv", "old.py", "new.py")
    assert _found("--staged") == []
    assert _found("--since", "HEAD") == []


def test_what_a_change_causes_elsewhere(repository: Path) -> None:
    (repository / "config.py").write_text('NAME = "UseDevelopmentStorage=true"\n')
    (repository / "use.py").write_text(
        HEAD + "from config import NAME\nc = BlobServiceClient.from_connection_string(NAME)\n"
    )
    _git("add", ".")
    _git("commit", "-q", "-m", "more")
    (repository / "config.py").write_text('import os\nNAME = os.environ["C_CONN_STR"]\n')
    assert _found("--since", "HEAD") == [("use.py", 5, "MI201")]


def test_what_is_staged_is_what_is_checked(repository: Path) -> None:
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    (repository / "app.py").write_text(NEW)
    (repository / "conf.txt").write_text(f"AccountName=acme;AccountKey={key}\n")
    _git("add", ".")
    (repository / "app.py").write_text(OLD)
    (repository / "conf.txt").unlink()
    assert [(path, line) for path, line, _ in _found("--staged")] == [("app.py", 5), ("conf.txt", 1)]
    _git("reset", "-q")
    (repository / "app.py").write_text(NEW)
    assert _found("--staged") == []


def test_before_the_first_commit_all_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _git("init", "-q")
    (tmp_path / "app.py").write_text(OLD)
    assert _found("--staged") == []
    _git("add", ".")
    assert _found("--staged") == [("app.py", 4, "MI201")]


def test_a_history_that_is_cut_off_is_said(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = _git("rev-parse", "HEAD")
    _git("checkout", "-q", "-b", "topic")
    _git("commit", "-q", "--allow-empty", "-m", "two")
    _git("checkout", "-q", "-b", "other", first)
    _git("commit", "-q", "--allow-empty", "-m", "three")
    clone = tmp_path_factory.mktemp("clone")
    _git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository}", str(clone))
    result = CliRunner().invoke(cli, ["check", "--since", "origin/topic", str(clone)], env={"CI": ""})
    assert result.exit_code == 2
    assert "fetch --unshallow" in result.stderr
    assert "fetch-depth: 0" in result.stderr


def test_a_work_tree_beside_the_repository(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("trees") / "tree"
    _git("worktree", "add", "-q", str(folder), "-b", "side")
    (folder / "app.py").write_text(NEW)
    result = _run("check", "--output-format", "json", "--since", "main", str(folder))
    assert [(f["path"], f["line"]) for f in json.loads(result.output)["findings"]] == [("app.py", 5)]


def test_a_baseline_makes_itself_and_shrinks(repository: Path) -> None:
    first = _run("check", "--baseline", "known.json")
    assert first.exit_code == 0
    assert "known.json is new: 2 findings recorded" in first.stderr
    _git("add", "known.json")
    (repository / "app.py").write_text(NEW)
    result = _run("check", "--baseline", "known.json")
    assert result.exit_code == 1
    assert "B_CONN_STR" in result.stdout
    assert "1 finding in 1 file" in result.stdout
    (repository / "old.py").unlink()
    (repository / "app.py").write_text(OLD)
    again = _run("check", "--baseline", "known.json")
    assert again.exit_code == 0
    assert "known.json has shrunk: 1 gone, 1 left" in again.stderr
    assert _run("check", "--baseline", "known.json").stderr == ""


def test_a_build_writes_no_baseline(repository: Path) -> None:
    build = {"CI": "true"}
    missing = CliRunner().invoke(cli, ["check", "--baseline", "known.json"], env=build)
    assert missing.exit_code == 2
    assert not (repository / "known.json").exists()
    assert _run("check", "--baseline", "known.json").exit_code == 0
    before = (repository / "known.json").read_bytes()
    (repository / "old.py").unlink()
    idle = CliRunner().invoke(cli, ["check", "--baseline", "known.json", "--fail-on", "any"], env=build)
    assert idle.exit_code == 1
    assert "unused-baseline-entry" in idle.stdout
    assert (repository / "known.json").read_bytes() == before


def test_a_part_does_not_shrink_the_whole(repository: Path) -> None:
    _run("check", "--baseline", "known.json")
    before = (repository / "known.json").read_bytes()
    (repository / "old.py").write_text("x = 1\n")
    assert _run("check", "--baseline", "known.json", "--select", "MI3").exit_code in (0, 1)
    assert _run("check", "--baseline", "known.json", "--since", "HEAD").exit_code in (0, 1)
    assert (repository / "known.json").read_bytes() == before
    assert _run("check", "--baseline", "known.json", "app.py").exit_code == 0
    assert (repository / "known.json").read_bytes() == before
