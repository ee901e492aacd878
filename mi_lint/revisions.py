"""What git says about a change: since a commit, in the index, in the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mi_lint.errors import UsageError
from mi_lint.git import GitFailed, ask, names


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
        found = ask(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    except GitFailed:
        raise UsageError(f"--since: git knows no revision '{revision}' here; {_advice(top, revision)}") from None
    commit = os.fsdecode(found)
    try:
        return os.fsdecode(ask(top, "merge-base", commit, "HEAD").strip())
    except GitFailed:
        if ask(top, "rev-parse", "--is-shallow-repository").strip() == b"true":
            raise UsageError(
                f"--since: the history here ends before the one of '{revision}' begins to differ; run "
                "`git fetch --unshallow`, or check out with the whole history (fetch-depth: 0)"
            ) from None
        return commit  # two histories without a common commit


def _advice(top: Path, revision: str) -> str:
    """What makes git know a revision."""

    def answers(*arguments: str) -> str:
        try:
            return os.fsdecode(ask(top, *arguments)).strip()
        except GitFailed:
            return ""

    if not answers("rev-parse", "--verify", "--quiet", "HEAD"):
        return "there is no commit yet; --staged reports what is staged"
    remotes = answers("remote").splitlines()
    near = (f"{remote}/{revision}" for remote in remotes)
    known = [name for name in near if answers("rev-parse", "--verify", "--quiet", f"refs/remotes/{name}")]
    if known:
        return f"did you mean '{known[0]}'?"
    shallow = answers("rev-parse", "--is-shallow-repository") == "true"
    remote, _, branch = revision.partition("/")
    if remote in remotes and branch:
        whole = "--unshallow " if shallow else ""
        return f"run `git fetch {whole}{remote} {branch}:refs/remotes/{revision}`, or name another one"
    if shallow:
        return "the clone is shallow: run `git fetch --unshallow`, or check out with the whole history (fetch-depth: 0)"
    return "fetch it first or name another one"


def changes(top: Path, base: str, staged: bool = False) -> list[Change]:
    """What differs from a commit: in the index, or in the work tree, new files included."""
    where = ("--cached",) if staged else ()
    arguments = ("--name-status", "-z", "-M", "--no-ext-diff", "--ignore-submodules", base, "--")
    fields = iter(names(ask(top, "diff", *where, *arguments)))
    found = []
    for status in fields:
        first = next(fields)
        if status[:1] in "RC":
            found.append(Change(first if status[:1] == "R" else "", next(fields)))
        else:
            found.append(Change("" if status == "A" else first, "" if status == "D" else first))
    if not staged:
        new = names(ask(top, "ls-files", "-z", "-o", "--exclude-standard"))
        found.extend(Change("", path) for path in new)
    return found


def last_commit(top: Path) -> str:
    """The commit that is checked out; the empty tree before the first one."""
    try:
        return os.fsdecode(ask(top, "rev-parse", "--verify", "--quiet", "HEAD").strip())
    except GitFailed:
        return os.fsdecode(ask(top, "hash-object", "-t", "tree", os.devnull).strip())


def unstaged_files(top: Path) -> list[str]:
    """Tracked files whose content in the work tree is not what is staged, those that were deleted there too."""
    return names(ask(top, "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", "--ignore-submodules"))


def content(top: Path, path: str, commit: str = "") -> bytes:
    """The content of a file in a commit, or in the index."""
    return ask(top, "cat-file", "blob", f"{commit}:{path}")


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
        prefix = os.fsdecode(ask(root, "rev-parse", "--show-prefix").rstrip(b"\r\n"))
        arguments = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--")
        output = ask(root, *arguments, *(f":(literal){path}" for path in wanted))
    except GitFailed as error:
        raise UsageError(
            f"git can't tell which files are committed ({error}); --allow-dirty writes without asking"
        ) from None
    return sorted(name[3:].removeprefix(prefix) for name in names(output) if name[1] != " ")
