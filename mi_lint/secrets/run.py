"""Detection over many files, in several processes where that pays. Results do not depend on how many there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mi_lint.findings import Finding
from mi_lint.progress import tracked
from mi_lint.rulebook.kinds import SecretKind
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.findings import as_finding
from mi_lint.secrets.scan import find_secrets
from mi_lint.textfile import decode_any

_WORTH = 30_000_000  # bytes from which a second process pays for its start
_CHUNK = 4_000_000  # bytes that a process gets at a time
_TITLE = "Looking for secrets"
_MOST = 8  # processes that are started by themselves


@dataclass(frozen=True, slots=True)
class Settings:
    """What is looked for. `key` is the project's key for fingerprints; `engine` runs the prefilter."""

    kinds: tuple[SecretKind, ...]
    emulator_keys: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    key: str = ""
    engine: str = "auto"


@dataclass(slots=True)
class Result:
    """Findings by path and place, and the files that could not be scanned, with the reason."""

    findings: list[Finding]
    errors: list[tuple[str, str]]


def find_all(files: Mapping[str, bytes], settings: Settings, jobs: int = 0) -> Result:
    """The secrets of all files. `jobs` 0: as many processes as the work is worth."""
    size = sum(map(len, files.values()))
    workers = jobs or (min(_MOST, os.cpu_count() or 1) if size > _WORTH else 1)
    chunks = list(_chunks(files))
    if workers == 1 or len(chunks) == 1:
        detector = detector_for(settings)
        results = [_scan(tracked(sorted(files.items()), _TITLE, len(files)), detector, settings.key)]
    else:
        from concurrent.futures import ProcessPoolExecutor  # slow to import, and rarely needed

        with ProcessPoolExecutor(workers, initializer=_start, initargs=(settings,)) as pool:
            done = zip(chunks, pool.map(_work, chunks), strict=True)
            results = [result for _, result in tracked(done, _TITLE, len(files), size=lambda pair: len(pair[0]))]
    found = [finding for result in results for finding in result.findings]
    errors = [error for result in results for error in result.errors]
    return Result(sorted(found, key=lambda f: (f.place.path, f.place.start, f.place.end, f.rule)), errors)


@dataclass(slots=True)
class _Worker:
    """What one process keeps between its chunks."""

    detector: Detector | None = None
    key: str = ""


_WORKER = _Worker()


def _start(settings: Settings) -> None:
    _WORKER.detector = detector_for(settings)
    _WORKER.key = settings.key


def _work(chunk: Sequence[tuple[str, bytes]]) -> Result:
    assert _WORKER.detector is not None
    return _scan(chunk, _WORKER.detector, _WORKER.key)


def detector_for(settings: Settings) -> Detector:
    """A detector for what the settings name."""
    return Detector.of(settings.kinds, settings, settings.engine)


def _scan(chunk: Iterable[tuple[str, bytes]], detector: Detector, key: str) -> Result:
    result = Result([], [])
    for path, data in chunk:
        try:
            file = decode_any(path, data)
            result.findings += [as_finding(file, secret, key) for secret in find_secrets(file, detector)]
        except Exception as error:  # one file must not end the scan; what was not scanned is reported as such
            result.errors.append((path, f"could not be scanned for secrets ({type(error).__name__})"))
    return result


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
