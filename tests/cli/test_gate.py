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


def test_a_new_file_makes_nothing_else_new(repository: Path) -> None:
    (repository / "other.py").write_text("x = 1\n")
    assert _found("--since", "HEAD") == []
    (repository / "other.py").write_text(OLD.replace("A_CONN", "C_CONN"))
    assert _found("--since", "HEAD") == [("other.py", 4, "MI201")]


def test_a_deleted_file_may_be_the_cause(repository: Path) -> None:
    (repository / "azure").mkdir()
    (repository / "azure/__init__.py").write_text("")  # not the library
    (repository / "azure/storage").mkdir()
    (repository / "azure/storage/__init__.py").write_text("")
    (repository / "azure/storage/blob.py").write_text("class BlobServiceClient: ...\n")
    _git("add", ".")
    _git("commit", "-q", "-m", "own")
    assert _found() == []
    _git("rm", "-q", "-r", "azure")
    assert len(_found("--since", "HEAD")) == len(_found("--staged")) == 2


def test_names_that_are_hard_to_write(repository: Path) -> None:
    name = 'a folder/\N{LATIN SMALL LETTER A WITH DIAERESIS}\n"b".py'
    _git("config", "core.quotepath", "true")
    (repository / "a folder").mkdir()
    (repository / name).write_text(OLD)
    (repository / "binary.dat").write_bytes(bytes(range(256)))
    assert _found("--since", "HEAD") == [(name, 4, "MI201")]
    _git("add", ".")
    assert _found("--staged") == [(name, 4, "MI201")]
    _git("commit", "-q", "-m", "two")
    _git("checkout", "-q", "--detach")
    (repository / name).write_text(NEW)
    assert _found("--since", "main") == [(name, 5, "MI201")]


def test_a_revision_that_git_does_not_know(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    def advice(folder: Path, revision: str) -> str:
        result = _run("check", "--since", revision, str(folder))
        assert result.exit_code == 2
        return result.stderr

    empty, clone = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("clone")
    _git("init", "-q", str(empty))
    assert "there is no commit yet" in advice(empty, "HEAD")
    _git("clone", "-q", f"file://{repository}", str(clone))
    _git("-C", str(clone), "checkout", "-q", "-b", "topic")
    _git("-C", str(clone), "branch", "-q", "-D", "main")
    assert "did you mean 'origin/main'?" in advice(clone, "main")
    assert "git fetch origin other:refs/remotes/origin/other" in advice(clone, "origin/other")
    _git("clone", "-q", "--depth", "1", f"file://{repository}", str(clone / "shallow"))
    assert "fetch-depth: 0" in advice(clone / "shallow", "HEAD~3")


def test_without_git_nothing_is_said_to_be_clean(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused = _run("check", "--since", "HEAD")
    assert refused.exit_code == 2
    assert f"git config --global --add safe.directory {repository}" in refused.stderr
    assert "safe.directory" in _run("check").stderr
    monkeypatch.setenv("PATH", str(repository))
    missing = _run("check", "--staged")
    assert missing.exit_code == 2
    assert "git is not installed" in missing.stderr


def test_a_baseline_with_conflicts_is_said(repository: Path) -> None:
    _run("baseline", "create")
    path = repository / ".mi-lint-baseline.json"
    text = path.read_text()
    path.write_text(text.replace("{", "{\n<<<<<<< HEAD", 1) + "=======\n" + text + ">>>>>>> topic\n")
    result = _run("check", "--baseline", path.name)
    assert result.exit_code == 2
    assert ".mi-lint-baseline.json:2: has merge conflicts; take either side" in result.stderr
    path.write_text(text)
    assert _run("check", "--baseline", path.name).exit_code == 0


@pytest.mark.parametrize(
    ("limit", "known", "new"), [("new", 0, 1), ("any", 0, 1), ("high", 0, 1), ("critical", 0, 0), ("never", 0, 0)]
)
def test_what_fails_a_run_with_a_baseline(repository: Path, limit: str, known: int, new: int) -> None:
    _run("baseline", "create")
    arguments = ("check", "--baseline", ".mi-lint-baseline.json", "--fail-on", limit)
    assert _run(*arguments).exit_code == known
    (repository / "app.py").write_text(NEW)
    assert _run(*arguments).exit_code == new


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
