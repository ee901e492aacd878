"""The few questions we ask git: where the project is, which files it has, what is not committed.

Hooks and programs that a repository's configuration names are switched off: looking at a repository must not run it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mi_lint.errors import UsageError

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "-c", "core.hooksPath=/dev/null")


class GitFailed(Exception):
    """Git is absent or refused; the text is its own first line."""


def _git(folder: Path, *arguments: str) -> bytes:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", *_SAFE, "-C", str(folder), *arguments], capture_output=True, env=environment, check=False
        )
    except OSError as error:
        raise GitFailed(error.strerror or "git could not be started") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailed(lines[0] if lines else f"git exited with {done.returncode}")
    return done.stdout


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def top_level(folder: Path) -> Path | None:
    """The root of the work tree that holds `folder`; None outside of one, or without a usable git."""
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return None
    try:
        line = _git(folder, "rev-parse", "--show-toplevel")
    except GitFailed:
        return None
    return Path(os.fsdecode(line.rstrip(b"\r\n"))).resolve()


def project_files(top: Path) -> list[str]:
    """Tracked files and new files that are not ignored, relative to `top`."""
    return sorted(set(_names(_git(top, "ls-files", "-z", "-co", "--exclude-standard"))))


def ignored_settings(top: Path, names: Sequence[str]) -> list[str]:
    """Files that git ignores and whose names match one of the patterns: local settings, which change with the code."""
    patterns = [f":(glob)**/{name}" for name in names]
    return _names(_git(top, "ls-files", "-z", "-o", "-i", "--exclude-standard", "--", *patterns))


@dataclass(frozen=True, slots=True)
class Change:
    """A file that differs: its path before and after, empty where there is none."""

    before: str
    after: str


def base_of(top: Path, revision: str) -> str:
    """The commit at which this branch left the one of `revision`.

    Raises:
        UsageError: there is no such revision, or the history is cut off before that commit.
    """
    try:
        found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    except GitFailed:
        raise UsageError(
            f"--since: git knows no revision '{revision}' here; fetch it first or name another one"
        ) from None
    commit = os.fsdecode(found)
    try:
        return os.fsdecode(_git(top, "merge-base", commit, "HEAD").strip())
    except GitFailed:
        if _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true":
            raise UsageError(
                f"--since: the history here ends before the one of '{revision}' begins to differ; run "
                "`git fetch --unshallow`, or check out with the whole history (fetch-depth: 0)"
            ) from None
        return commit  # two histories without a common commit


def changes(top: Path, base: str, staged: bool = False) -> list[Change]:
    """What differs from a commit: in the index, or in the work tree, new files included."""
    where = ("--cached",) if staged else ()
    arguments = ("--name-status", "-z", "-M", "--no-ext-diff", "--ignore-submodules", base, "--")
    fields = iter(_names(_git(top, "diff", *where, *arguments)))
    found = []
    for status in fields:
        first = next(fields)
        if status[:1] in "RC":
            found.append(Change(first if status[:1] == "R" else "", next(fields)))
        else:
            found.append(Change("" if status == "A" else first, "" if status == "D" else first))
    if not staged:
        new = _names(_git(top, "ls-files", "-z", "-o", "--exclude-standard"))
        found.extend(Change("", path) for path in new)
    return found


def last_commit(top: Path) -> str:
    """The commit that is checked out; the empty tree before the first one."""
    try:
        return os.fsdecode(_git(top, "rev-parse", "--verify", "--quiet", "HEAD").strip())
    except GitFailed:
        return os.fsdecode(_git(top, "hash-object", "-t", "tree", os.devnull).strip())


def unstaged_files(top: Path) -> list[str]:
    """Tracked files whose content in the work tree is not what is staged, those that were deleted there too."""
    return _names(_git(top, "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", "--ignore-submodules"))


def content(top: Path, path: str, commit: str = "") -> bytes:
    """The content of a file in a commit, or in the index."""
    return _git(top, "cat-file", "blob", f"{commit}:{path}")


def uncommitted(root: Path, paths: Iterable[str]) -> list[str]:
    """Those of `paths` (relative to `root`) of whose content git has no copy; none outside a repository.

    What is staged can be restored from the index. Files that git ignores do not count: local settings are never
    committed, and they must move with the code.

    Raises:
        UsageError: there is a repository, but git does not answer.
    """
    wanted = sorted(paths)
    if not wanted or not any((parent / ".git").exists() for parent in (root, *root.parents)):
        return []
    try:
        prefix = os.fsdecode(_git(root, "rev-parse", "--show-prefix").rstrip(b"\r\n"))
        arguments = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--")
        output = _git(root, *arguments, *(f":(literal){path}" for path in wanted))
    except GitFailed as error:
        raise UsageError(
            f"git can't tell which files are committed ({error}); --allow-dirty writes without asking"
        ) from None
    return sorted(name[3:].removeprefix(prefix) for name in _names(output) if name[1] != " ")
