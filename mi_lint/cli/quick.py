"""`mi-lint check` where nothing is to be found: answered before the command line and the rules are loaded.

It asks the questions of a full run that come first, and takes no as an answer only: whatever may be a finding, a note
or an error is left to the full run, which leaves the table of questions in the cache.
"""

from __future__ import annotations

import os
import stat
import sys

from mi_lint import cache
from mi_lint.cache import BINARY, CLEAN, CONCERNS, Verdicts
from mi_lint.cli.questions import Questions
from mi_lint.prefilter import CODE, DECLARATIONS

TYPE_CHECKING = False  # `typing` itself would take a good part of the time that is saved here
if TYPE_CHECKING:
    from collections.abc import Sequence

_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_MOST = 4_000_000  # bytes to look at; more is work for the full run's faster means


def quick(arguments: Sequence[str]) -> bool:
    """Whether the run is done: there is nothing to report, and that was said."""
    if arguments[:1] != ["check"] or any(word.startswith("-") for word in arguments[1:]):
        return False
    if (
        any(name in os.environ for name in _ELSEWHERE)
        or os.environ.get("FORCE_COLOR")
        or sys.stdout is None
        or sys.stdout.isatty()
    ):
        return False
    try:
        count = _clean_files(arguments[1:] or [os.curdir])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
    ):  # a table or verdicts of another make
        return False
    if not count:
        return False
    sys.stdout.write(closing(count))
    sys.stdout.flush()
    return True


def closing(count: int) -> str:
    return f"No findings ({count:,} file{'' if count == 1 else 's'} checked).\n"


def _clean_files(paths: Sequence[str]) -> int | None:
    """How many files were asked for; None where one of them may hold a finding."""
    given = [_resolved(path) for path in paths]
    folders = [path if stat.S_ISDIR(os.lstat(path).st_mode) else os.path.dirname(path) for path in given]
    top = _top(folders[0])
    if not top or not all(folder == top or folder.startswith(top + os.sep) for folder in folders):
        return None
    key = cache.state_key(paths[0])
    table = cache.read(table_path(key))
    if not table:
        return None
    asked = {os.path.relpath(path, top).replace(os.sep, "/") for path in given}
    run = _Run(top, Questions(table), Verdicts.load(top, key), asked)
    return run.count() if run.is_clean() else None


class _Run:
    def __init__(self, top: str, questions: Questions, verdicts: Verdicts, asked: set[str]) -> None:
        self.top = top
        self.questions = questions
        self.verdicts = verdicts
        self.whole = "." in asked
        self.asked = asked
        self.requested: list[str] = []
        self.concerned: set[str] = set()
        self.budget = _MOST

    def count(self) -> int:
        return len(self.requested)

    def is_clean(self) -> bool:
        from mi_lint import git

        try:
            listed = git.project_files(self.top)
        except git.GitFailed:
            return False
        known = {*listed, *self.asked}
        folders = self.asked - {"."} - set(listed)
        for folder in folders:
            if os.path.isdir(os.path.join(self.top, folder)):
                known.discard(folder)
                if not any(path.startswith(folder + "/") for path in listed):
                    return False  # git ignores it
        known.discard(".")
        try:
            return all(self._passes(path) for path in sorted(known)) and self._concerns_none()
        finally:
            self.verdicts.save()

    def _concerns_none(self) -> bool:
        """Calls are found in code, declarations where they are; but what they mean is known of the whole project."""
        if not self.concerned:
            return True
        return not any(
            path in self.concerned or path.endswith(CODE) or path.rpartition("/")[2] == DECLARATIONS
            for path in self.requested
        )

    def _is_asked(self, path: str) -> bool:
        if self.whole or path in self.asked:
            return True
        while path:
            path = path.rpartition("/")[0]
            if path in self.asked:
                return True
        return False

    def _passes(self, path: str) -> bool:
        """Whether one file is no reason for a full run."""
        asked = self._is_asked(path)
        full = os.path.join(self.top, path)
        if self.questions.leave_out(path):
            return path not in self.asked
        try:
            status = os.lstat(full)
        except OSError:
            return path not in self.asked  # deleted, and git does not know yet
        if not stat.S_ISREG(status.st_mode) or status.st_size > self.questions.max_size:
            return not asked
        verdict = self.verdicts.of(path, status)
        if verdict is None or (asked and not verdict & (CLEAN | BINARY)):
            verdict = self._look(path, full, status, asked, verdict)
        if verdict is None:
            return False
        if verdict & CONCERNS:
            self.concerned.add(path)
        if asked and not verdict & BINARY:
            self.requested.append(path)
            return bool(verdict & CLEAN)
        return True

    def _look(self, path: str, full: str, status: os.stat_result, asked: bool, known: int | None) -> int | None:
        self.budget -= status.st_size
        if self.budget < 0:
            return None
        with open(full, "rb") as file:
            data = file.read()
        if b"\0" in data[:8192]:
            return None
        verdict = CONCERNS if self.questions.may_concern(path, data) else 0
        if asked and not self.questions.may_hold(path, data):
            verdict |= CLEAN
        if asked or known is None:
            self.verdicts.note(path, status, verdict)
        return verdict


def table_path(key: str) -> str:
    folder = cache.cache_folder()
    return os.path.join(folder, f"quick-{key[:32]}.json") if folder else ""


def _resolved(path: str) -> str:
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode) or not (stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)):
        raise ValueError("a link")
    return os.path.realpath(path)


def _top(folder: str) -> str:
    """The folder with `.git` in it or above."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
