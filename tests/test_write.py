"""Writing: all files or none, and never over content that git could not bring back."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.errors import UsageError, WriteError
from mi_lint.write import refuse_dirty, write_changes


@dataclass
class Change:
    before: bytes
    after: bytes


@dataclass
class Changes:
    files: dict[str, Change] = field(default_factory=dict)


def _snapshot(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and ".git/" not in f"{p}/"
    }


def test_writes_content_and_keeps_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a" / "run.py"
    target.parent.mkdir()
    target.write_bytes(b"old\r\n")
    target.chmod(0o755)
    assert write_changes(tmp_path, Changes({"a/run.py": Change(b"old\r\n", b"new\r\n")})) == ["a/run.py"]
    assert target.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    assert os.listdir(target.parent) == ["run.py"]


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    before = (tmp_path / "a").stat().st_ino
    assert write_changes(tmp_path, Changes({"a": Change(b"x", b"x")})) == []
    assert (tmp_path / "a").stat().st_ino == before


_NAMES = st.sampled_from(["a", "b", "c", "d", "e"])


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(_NAMES, st.tuples(st.binary(max_size=40), st.binary(max_size=40)), min_size=1), st.data())
def test_all_or_nothing(contents: dict[str, tuple[bytes, bytes]], data: st.DataObject) -> None:
    """One file that is not what was analysed stops everything; without one everything is written."""
    stale = data.draw(st.none() | st.sampled_from(sorted(contents)))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        changes = Changes({name: Change(*pair) for name, pair in contents.items()})
        for name, (before, _) in contents.items():
            (root / name).write_bytes(before + (b"!" if name == stale else b""))
        at_first = _snapshot(root)
        if stale and contents[stale][0] != contents[stale][1]:
            with pytest.raises(WriteError, match=f"{stale}: has changed"):
                write_changes(root, changes)
            assert _snapshot(root) == at_first
        elif stale is None:
            write_changes(root, changes)
            assert _snapshot(root) == {name: after for name, (_, after) in contents.items()}


def test_a_failed_rename_is_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["a", "b", "c"]
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    real, count = os.replace, 0

    def replace(source: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(WriteError, match=r"c: can't be replaced .No space left on device.; everything is as it was"):
        write_changes(tmp_path, Changes({name: Change(b"old", b"new") for name in names}))
    assert _snapshot(tmp_path) == dict.fromkeys(names, b"old")


def test_never_through_links_or_out_of_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "real").write_bytes(b"old")
    (root / "link").symlink_to(tmp_path / "real")
    (root / "folder").symlink_to(tmp_path)
    for path in ("link", "folder/real", "../real", str(tmp_path / "real")):
        with pytest.raises(WriteError, match="nothing was written"):
            write_changes(root, Changes({path: Change(b"old", b"new")}))
    assert (tmp_path / "real").read_bytes() == b"old"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="gone: can't be read"):
        write_changes(tmp_path, Changes({"gone": Change(b"", b"new")}))


def _git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, "-C", str(root), *arguments], check=True, capture_output=True)


def test_dirty_files_are_refused_and_others_do_not_matter(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "[x].py"):
        (tmp_path / name).write_text("1")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "all")
    (tmp_path / "b.py").write_text("2")
    refuse_dirty(tmp_path, Changes({"a.py": Change(b"", b""), "[x].py": Change(b"", b"")}))
    with pytest.raises(UsageError, match=r"not committed: b\.py; nothing was written"):
        refuse_dirty(tmp_path, Changes({"a.py": Change(b"", b""), "b.py": Change(b"", b"")}))


def test_local_settings_that_git_ignores_are_not_dirty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1")
    (tmp_path / ".gitignore").write_text(".env\n")
    _git(tmp_path, "init", "-q")
    refuse_dirty(tmp_path, Changes({".env": Change(b"", b"")}))


def test_files_that_git_never_saw_are_dirty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1")
    _git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match=r"not committed: \.env"):
        refuse_dirty(tmp_path, Changes({".env": Change(b"", b"")}))


def test_without_git_there_is_nothing_to_refuse(tmp_path: Path) -> None:
    refuse_dirty(tmp_path, Changes({"a": Change(b"", b"")}))
