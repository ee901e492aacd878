"""What earlier runs found out about files, so that files that did not change need not be looked at again.

One file per project in the user's cache folder. It holds names, sizes, times and verdicts; nothing of what stands in
the files. A cache that is missing, stale, damaged or unwritable costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time

TYPE_CHECKING = False  # `typing` itself would take a good part of the time that is saved here
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

CONCERNS, CLEAN, BINARY = 1, 2, 4  # may cause a finding of a call; holds no secret and no ignore; is no text
_FINE, _COARSE = 50_000_000, 2_100_000_000  # nanoseconds in which a file may change without a new time of change
_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def cache_folder() -> str:
    """The user's cache folder by the XDG rules; empty where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "mi-lint") if base else ""


def state_key(start: str) -> str:
    """A hash of all that decides about verdicts beside the files: this program, its packs, the configuration.

    `start` is what is checked, a file or a folder.
    """
    digest = hashlib.sha256()
    inside = os.path.isdir(os.path.join(_PACKAGE, "_rules"))
    for folder in (_PACKAGE,) if inside else (_PACKAGE, os.path.join(os.path.dirname(_PACKAGE), "rules")):
        for entry in _files_below(folder):
            digest.update(entry.encode("utf-8", "surrogateescape"))
    for path in _configurations(start):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            data = file.read()
            if b"mi-lint" in data or path.endswith("mi-lint.toml"):
                digest.update(f"{path}:{len(data)}\n".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()


def _files_below(folder: str) -> Iterable[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _files_below(entry.path)
        elif entry.name.endswith((".py", ".yaml", ".yml")):
            status = entry.stat()
            yield f"{entry.path}:{status.st_size}:{status.st_mtime_ns}\n"


def _configurations(start: str) -> Iterable[str]:
    at = os.path.realpath(start)
    while True:
        yield os.path.join(at, "mi-lint.toml")
        yield os.path.join(at, "pyproject.toml")
        above = os.path.dirname(at)
        if above == at:
            return
        at = above


class Verdicts:
    """Verdicts about the files of one project, by path and by what the file system says of the file."""

    def __init__(self, path: str, key: str, known: dict[str, list[int]]) -> None:
        self._path, self._key, self._known = path, key, known
        self._changed = False
        self._now = time.time_ns()

    @classmethod
    def load(cls, root: str, key: str) -> Verdicts:
        """What is known about the project at `root`, where it was found out in the same state of all else."""
        folder = cache_folder()
        if not folder:
            return cls("", key, {})
        name = hashlib.sha256(os.path.realpath(root).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        path = os.path.join(folder, f"files-{name}.json")
        document = read(path)
        same = document.get("key") == key and isinstance(document.get("files"), dict)
        return cls(path, key, document["files"] if same else {})

    def of(self, path: str, status: os.stat_result) -> int | None:
        """The verdict about a file; None where it is not known, or may have changed."""
        entry = self._known.get(path)
        if type(entry) is list and len(entry) == 5 and entry[:4] == _mark(status) and type(entry[4]) is int:
            return entry[4]
        return None

    def note(self, path: str, status: os.stat_result, verdict: int) -> None:
        """Remember a verdict. `status` was asked for before the file was read.

        A file that has changed just now may change again within the same tick of the clock: nothing is kept of it.
        """
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        tick = _FINE if changed % 1_000_000 else _COARSE
        if self.of(path, status) != verdict and changed + tick < self._now:
            self._known[path] = [*_mark(status), verdict]
            self._changed = True

    def keep(self, paths: Iterable[str]) -> None:
        """Forget all files but these."""
        gone = self._known.keys() - set(paths)
        for path in gone:
            del self._known[path]
        self._changed = self._changed or bool(gone)

    def save(self) -> None:
        if self._changed and self._path:
            write(self._path, {"key": self._key, "files": self._known})
            self._changed = False


def _mark(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def read(path: str) -> dict[str, Any]:
    """A document that `write` wrote; empty where there is none, or another."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def write(path: str, document: dict[str, Any]) -> None:
    """Write beside the target and rename, so that a reader never sees half a file. Failing is no error."""
    with contextlib.suppress(OSError, UnicodeError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        aside = f"{path}.{os.getpid()}"
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(document, file, separators=(",", ":"))
            os.replace(aside, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(aside)
