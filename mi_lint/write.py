"""Writes changed files: all of them or none.

Every new content is first written beside its target and synced; then all targets are renamed in one go. If anything
fails in between, what was already renamed is put back.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mi_lint import revisions
from mi_lint.errors import UsageError, WriteError


class Change(Protocol):
    """The content of one file before and after."""

    @property
    def before(self) -> bytes: ...

    @property
    def after(self) -> bytes: ...


class Changes(Protocol):
    """A set of changed files by their path relative to the project root."""

    @property
    def files(self) -> Mapping[str, Change]: ...


def refuse_dirty(root: Path, changes: Changes) -> None:
    """Stop before work that git could not undo.

    Raises:
        UsageError: a file to be changed has content that is not committed.
    """
    dirty = revisions.uncommitted(root, changes.files)
    if dirty:
        shown = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
        raise UsageError(
            f"not committed: {shown}; nothing was written. Commit first (git commit -a), or pass --allow-dirty"
        )


def write_changes(root: Path, changes: Changes) -> list[str]:
    """Write all changes below `root`; the paths that were written.

    Raises:
        WriteError: nothing was changed; the message says which file is to blame.
    """
    wanted = {path: change for path, change in sorted(changes.files.items()) if change.before != change.after}
    prepared: list[tuple[Path, Path, Change]] = []
    try:
        for path, change in wanted.items():
            target = _target(root, path)
            _expect(path, target, change.before)
            prepared.append((_beside(path, target, change.after), target, change))
        for (path, change), (_, target, _change) in zip(wanted.items(), prepared, strict=True):
            _expect(path, target, change.before)
        _rename(list(wanted), prepared)
    finally:
        for temporary, _, _ in prepared:
            with contextlib.suppress(OSError):
                temporary.unlink()
    for folder in {target.parent for _, target, _ in prepared}:
        _sync_folder(folder)
    return list(wanted)


def _target(root: Path, path: str) -> Path:
    """The file to replace: a regular file below the root, reached without any link."""
    target = root
    parts = Path(path).parts
    if Path(path).is_absolute() or ".." in parts:
        raise WriteError(f"{path}: is outside of the project; nothing was written")
    for part in parts:
        target = target / part
        if target.is_symlink():
            raise WriteError(
                f"{path}: is or passes a symbolic link; nothing was written. Change the linked file instead"
            )
    if target.exists() and not target.is_file():
        raise WriteError(f"{path}: is not a regular file; nothing was written")
    return target


def _expect(path: str, target: Path, content: bytes) -> None:
    try:
        unchanged = target.read_bytes() == content
    except OSError as error:
        raise WriteError(f"{path}: can't be read ({error.strerror}); nothing was written") from None
    if not unchanged:
        raise WriteError(f"{path}: has changed since it was analysed; nothing was written. Run the command again")


def _beside(path: str, target: Path, content: bytes) -> Path:
    """A synced temporary file in the target's folder, with the target's permissions and, if allowed, its owner."""
    try:
        status = target.stat()
        if not os.access(target, os.W_OK):
            raise WriteError(f"{path}: is read-only; nothing was written")
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".mi-lint", dir=target.parent)
    except OSError as error:
        raise WriteError(f"{path}: can't be written ({error.strerror}); nothing was written") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            if hasattr(os, "fchown"):
                with contextlib.suppress(OSError):
                    os.fchown(stream.fileno(), status.st_uid, status.st_gid)
            temporary.chmod(stat.S_IMODE(status.st_mode))
            os.fsync(stream.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise WriteError(f"{path}: can't be written ({error.strerror}); nothing was written") from None
    return temporary


def _rename(paths: list[str], prepared: list[tuple[Path, Path, Change]]) -> None:
    """Put all temporary files in place; on a failure or an interrupt put the old contents back."""
    done = 0
    try:
        for temporary, target, _ in prepared:
            os.replace(temporary, target)
            done += 1
    except BaseException as error:
        lost = [
            paths[i] for i in range(min(done + 1, len(prepared))) if not _restore(prepared[i][1], prepared[i][2].before)
        ]
        if lost:
            raise WriteError(
                f"{', '.join(lost)}: could not be put back after a failed write; compare with git"
            ) from None
        if isinstance(error, OSError):
            raise WriteError(
                f"{paths[done]}: can't be replaced ({error.strerror}); everything is as it was before"
            ) from None
        raise


def _restore(target: Path, content: bytes) -> bool:
    try:
        if target.read_bytes() == content:
            return True
        os.replace(_beside(target.name, target, content), target)
    except (OSError, WriteError):
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make the renames last; not every system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
