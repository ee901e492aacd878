"""Detection over many files, in several processes where that pays. Results do not depend on how many there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from mi_lint.findings import Finding
from mi_lint.rulebook.kinds import SecretKind
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.findings import as_finding
from mi_lint.secrets.scan import find_secrets
from mi_lint.textfile import decode_any

_WORTH = 30_000_000  # bytes from which a second process pays for its start
_CHUNK = 4_000_000  # bytes that a process gets at a time
_MOST = 8  # processes that are started by themselves


@dataclass(frozen=True, slots=True)
class Settings:
    """What is looked for. `key` is the project's key for fingerprints; `engine` runs the prefilter."""

    kinds: tuple[SecretKind, ...]
    emulator_keys: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    key: str = ""
    engine: str = "auto"


def find_all(files: Mapping[str, bytes], settings: Settings, jobs: int = 0) -> list[Finding]:
    """The secrets of all files, by path and place. `jobs` 0: as many processes as the work is worth."""
    size = sum(map(len, files.values()))
    workers = jobs or (min(_MOST, os.cpu_count() or 1) if size > _WORTH else 1)
    chunks = list(_chunks(files))
    if workers == 1 or len(chunks) == 1:
        detector = detector_for(settings)
        found = [finding for chunk in chunks for finding in _scan(chunk, detector, settings.key)]
    else:
        with ProcessPoolExecutor(workers, initializer=_start, initargs=(settings,)) as pool:
            found = [finding for part in pool.map(_work, chunks) for finding in part]
    return sorted(found, key=lambda f: (f.place.path, f.place.start, f.place.end, f.rule))


@dataclass(slots=True)
class _Worker:
    """What one process keeps between its chunks."""

    detector: Detector | None = None
    key: str = ""


_WORKER = _Worker()


def _start(settings: Settings) -> None:
    _WORKER.detector = detector_for(settings)
    _WORKER.key = settings.key


def _work(chunk: Sequence[tuple[str, bytes]]) -> list[Finding]:
    assert _WORKER.detector is not None
    return _scan(chunk, _WORKER.detector, _WORKER.key)


def detector_for(settings: Settings) -> Detector:
    """A detector for what the settings name."""
    return Detector.of(settings.kinds, settings, settings.engine)


def _scan(chunk: Sequence[tuple[str, bytes]], detector: Detector, key: str) -> list[Finding]:
    found = []
    for path, data in chunk:
        file = decode_any(path, data)
        found += [as_finding(file, secret, key) for secret in find_secrets(file, detector)]
    return found


def _chunks(files: Mapping[str, bytes]) -> Iterator[list[tuple[str, bytes]]]:
    chunk: list[tuple[str, bytes]] = []
    size = 0
    for path in sorted(files):
        chunk.append((path, files[path]))
        size += len(files[path])
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
