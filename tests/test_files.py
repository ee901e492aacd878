"""Discovery: the project, the part that was asked for, and what is left out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mi_lint.errors import UsageError
from mi_lint.files import discover, is_binary
from mi_lint.globs import matches_any


def _tree(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def test_git_lists_tracked_and_new_files_but_not_ignored_ones(tmp_path: Path) -> None:
    _tree(tmp_path, {"a.py": "1", "new.py": "1", "out/x.py": "1", ".gitignore": "out/\n", "with blank\u00e9.py": "1"})
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "a.py")
    project = discover([tmp_path])
    assert sorted(project.files) == [".gitignore", "a.py", "new.py", "with blank\u00e9.py"]
    assert project.requested == frozenset(project.files)


def test_local_settings_are_read_although_git_ignores_them(tmp_path: Path) -> None:
    ignored = {
        ".env": "A=1",
        "deploy/prod.env": "A=2",
        ".env.local": "A=3",
        "node_modules/x/.env": "A=4",
        "big.log": "x",
    }
    _tree(tmp_path, {"a.py": "1", ".gitignore": "*.env\n.env*\nnode_modules/\n*.log\n", **ignored})
    _git(tmp_path, "init", "-q")
    assert sorted(discover([tmp_path]).files) == [".env", ".env.local", ".gitignore", "a.py", "deploy/prod.env"]


def test_the_whole_repository_is_read_but_only_the_paths_are_requested(tmp_path: Path) -> None:
    _tree(tmp_path, {"app/a.py": "1", "lib/b.py": "1", ".env": "A=1"})
    _git(tmp_path, "init", "-q")
    project = discover([tmp_path / "app"])
    assert project.root == tmp_path
    assert sorted(project.files) == [".env", "app/a.py", "lib/b.py"]
    assert project.requested == {"app/a.py"}


def test_explicit_files_count_even_if_ignored(tmp_path: Path) -> None:
    _tree(tmp_path, {".env": "A=1", ".gitignore": ".env\n", "node_modules/x.py": "1"})
    _git(tmp_path, "init", "-q")
    assert discover([tmp_path / ".env"]).requested == {".env"}
    assert discover([tmp_path / "node_modules"]).requested == {"node_modules/x.py"}


def test_without_git_tool_folders_are_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, {"a.py": "1", ".venv/b.py": "1", "node_modules/c.js": "1", "env/pyvenv.cfg": "", "env/d.py": "1"})
    monkeypatch.chdir(tmp_path)
    assert sorted(discover([Path()]).files) == ["a.py"]
    assert sorted(discover([Path("a.py")]).requested) == ["a.py"]


def test_a_single_file_elsewhere_does_not_walk_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, {"here/x": "", "far/a.py": "1", "far/.env": "A=1", "far/deep/b.py": "1"})
    monkeypatch.chdir(tmp_path / "here")
    project = discover([tmp_path / "far" / "a.py"])
    assert sorted(project.files) == [".env", "a.py"]
    assert project.requested == {"a.py"}


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        discover([tmp_path / "nothing"])


def test_links_are_never_followed_out(tmp_path: Path) -> None:
    _tree(tmp_path, {"outside/x.py": "1", "root/a.py": "1"})
    root = tmp_path / "root"
    (root / "link.py").symlink_to(tmp_path / "outside" / "x.py")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root / "loop")
    _git(root, "init", "-q")
    project = discover([root])
    assert sorted(project.files) == ["a.py"]
    assert any("link.py: is a link out of the project" in note for note in project.notes)


def test_binary_and_large_files_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "b.bin").write_bytes(b"ab\0cd")
    (tmp_path / "u.txt").write_bytes("A=1".encode("utf-16"))
    (tmp_path / "big.txt").write_bytes(b"x" * 200)
    project = discover([tmp_path], max_file_size=100)
    assert sorted(project.files) == ["u.txt"]
    assert project.notes == ["big.txt: has 200 bytes, more than max-file-size (100); skipped"]
    assert is_binary(b"\0")
    assert not is_binary(b"")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_files_are_collected(tmp_path: Path) -> None:
    _tree(tmp_path, {"a.py": "1", "b.py": "1"})
    (tmp_path / "a.py").chmod(0)
    project = discover([tmp_path])
    assert [str(error) for error in project.errors] == ["a.py: can't be read: Permission denied"]
    assert project.requested == {"b.py"}


def test_exclude_holds_for_named_files_too(tmp_path: Path) -> None:
    _tree(tmp_path, {"a.py": "1", "vendor/b.py": "1"})
    project = discover([tmp_path / "vendor" / "b.py", tmp_path / "a.py"], exclude=["vendor"])
    assert project.requested == {"a.py"}
    assert project.excluded


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("vendor", "a/vendor/b.py", True),
        ("vendor/", "vendor/b.py", True),
        ("*.env", "a/.env", True),
        ("tests/*", "tests/a/b.py", True),
        ("tests/*.py", "other/tests/a.py", False),
        ("**/gen/*.py", "a/b/gen/c.py", True),
        ("**/gen/*.py", "gen/c.py", True),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
    ],
)
def test_globs(pattern: str, path: str, expected: bool) -> None:
    assert matches_any(path, [pattern]) is expected
