"""The hooks under the real pre-commit, and prek: the index is checked, a fix is left to be staged, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CLEAN = "print('hello')\n"
OLD = """\
import os
from azure.storage.blob import BlobServiceClient

client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONN_STR"])
"""
NEW = """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

client = BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
"""


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


RUNNERS = {
    "pre-commit": [sys.executable, "-m", "pre_commit"],
    "prek": [str(Path(sys.executable).with_name("prek"))],
}
both = pytest.mark.parametrize("runner", RUNNERS)


def _repository(folder: Path, hook: str, runner: str = "pre-commit") -> None:
    """A repository whose commits run one of the shipped hooks, with the Python of the tests."""
    known = {item["id"]: item for item in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    entry = known[hook] | {"language": "system"}
    entry["entry"] = entry["entry"].replace("mi-lint", f"{sys.executable} -m mi_lint", 1)
    config = {"repos": [{"repo": "local", "hooks": [entry]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (folder / "app.py").write_text(CLEAN)
    (folder / ".env.example").write_text("STORAGE_CONN_STR=<connection string>\n")
    assert _git("init", "-q").returncode == 0
    _git("add", ".")
    _git("commit", "-q", "-m", "start")
    subprocess.run([*RUNNERS[runner], "install"], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path.parent / f"{tmp_path.name}-cache"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path.parent / f"{tmp_path.name}-prek"))
    return tmp_path


def test_a_commit_with_a_finding_is_stopped(folder: Path) -> None:
    _repository(folder, "mi-lint")
    (folder / "app.py").write_text(OLD)
    _git("add", "app.py")
    done = _git("commit", "-m", "bad")
    assert done.returncode == 1
    assert "MI201" in done.stdout + done.stderr
    (folder / "app.py").write_text(NEW)
    _git("add", "app.py")
    assert _git("commit", "-m", "good").returncode == 0


@both
def test_only_what_is_staged_counts(folder: Path, runner: str) -> None:
    _repository(folder, "mi-lint", runner)
    (folder / "app.py").write_text(CLEAN * 2)
    _git("add", "app.py")
    (folder / "app.py").write_text(OLD)
    assert _git("commit", "-m", "clean").returncode == 0
    assert (folder / "app.py").read_text() == OLD
    assert _git("show", "HEAD:app.py").stdout == CLEAN * 2


def test_renamed_and_deleted_files(folder: Path) -> None:
    _repository(folder, "mi-lint")
    _git("mv", "app.py", "main.py")
    assert _git("commit", "-m", "renamed").returncode == 0
    _git("rm", "-q", "main.py")
    assert _git("commit", "-m", "deleted").returncode == 0


@both
def test_a_fix_is_left_to_be_staged(folder: Path, runner: str) -> None:
    _repository(folder, "mi-lint-fix", runner)
    (folder / "other.py").write_text(CLEAN)
    _git("add", "other.py")
    _git("commit", "-m", "other")
    (folder / "app.py").write_text(OLD)
    _git("add", "app.py")
    (folder / "other.py").write_text(CLEAN * 3)  # not staged: must survive
    done = _git("commit", "-m", "fixed")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout + done.stderr
    assert (folder / "app.py").read_text() == NEW
    assert (folder / ".env.example").read_text() == "STORAGE_ACCOUNT_URL=<account-url>\n"
    assert (folder / "other.py").read_text() == CLEAN * 3
    assert _git("show", ":app.py").stdout == OLD
    _git("add", "app.py", ".env.example")
    assert _git("commit", "-m", "fixed").returncode == 0
    assert (folder / "other.py").read_text() == CLEAN * 3


@both
def test_a_part_of_a_file_that_is_staged(folder: Path, runner: str) -> None:
    """The other part, which is worse, is put aside while the hook looks, and comes back."""
    _repository(folder, "mi-lint-fix", runner)
    (folder / "app.py").write_text(f"{CLEAN}x = 1\n")
    _git("add", "app.py")
    whole = f"{CLEAN}x = 1\n\n\n{OLD}"
    (folder / "app.py").write_text(whole)
    assert _git("commit", "-m", "part").returncode == 0
    assert (folder / "app.py").read_text() == whole
    assert _git("show", "HEAD:app.py").stdout == f"{CLEAN}x = 1\n"


def test_submodules_and_work_trees(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    inner = tmp_path_factory.mktemp("inner")
    (inner / "legacy.py").write_text(OLD)
    _git("init", "-q", str(inner))
    _git("-C", str(inner), "add", ".")
    _git("-C", str(inner), "commit", "-q", "-m", "inner")
    _repository(folder, "mi-lint")
    added = _git("-c", "protocol.file.allow=always", "submodule", "add", str(inner), "vendored")
    assert added.returncode == 0, added.stderr
    done = _git("commit", "-m", "a repository inside")  # whose files are none of ours
    assert done.returncode == 0, done.stdout + done.stderr
    tree = tmp_path_factory.mktemp("trees") / "tree"
    _git("worktree", "add", "-q", str(tree), "-b", "side")
    (tree / "app.py").write_text(OLD)
    _git("-C", str(tree), "add", "app.py")
    stopped = _git("-C", str(tree), "commit", "-m", "bad")
    assert stopped.returncode == 1
    assert "MI201" in stopped.stdout + stopped.stderr
