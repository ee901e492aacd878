"""The part of a scan that looks for secrets written out in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mi_lint.cli.selection import kind_runs
from mi_lint.edits import place_of
from mi_lint.errors import SourceError
from mi_lint.findings import Finding, Place
from mi_lint.textfile import decode_any

if TYPE_CHECKING:
    from mi_lint.cli.scan import Scan
    from mi_lint.secrets.run import Settings


def find_written_out(scan: Scan, jobs: int) -> list[Finding]:
    """Secrets that are written out in the requested files."""
    kinds = tuple(kind for kind in scan.rulebook.kinds if kind_runs(kind, scan.config))
    if not kinds or not scan.project.requested:
        return []
    from mi_lint.secrets.run import Settings, find_all

    files = {path: scan.project.files[path] for path in scan.project.requested}
    settings = Settings(kinds, scan.rulebook.emulator_keys, scan.rulebook.references)
    result = find_all(files, settings, jobs)
    scan.errors += [SourceError(path, reason) for path, reason in result.errors]
    found = result.findings
    found += _by_use(scan, settings, found)
    for path in {finding.place.path for finding in found} - scan.sources.keys():
        scan.sources[path] = decode_any(path, files[path])
    return found


def _by_use(scan: Scan, settings: Settings, found: list[Finding]) -> list[Finding]:
    """Secrets that only the call which takes them gives away."""
    if scan.analysis is None:
        return []
    from mi_lint.secrets.by_use import secret_of
    from mi_lint.secrets.findings import as_finding
    from mi_lint.secrets.run import detector_for
    from mi_lint.uses import uses_of

    detector = detector_for(settings)
    taken: dict[str, list[Place]] = {}
    for finding in found:
        taken.setdefault(finding.place.path, []).extend(finding.parts)
    more: list[Finding] = []
    for use in uses_of(scan.analysis.workspace, scan.analysis.plans):
        file = scan.sources.get(use.path)
        if use.path not in scan.project.requested or file is None:
            continue
        place = place_of(file, use.span)
        if any(place.start < part.end and part.start < place.end for part in taken.get(use.path, ())):
            continue
        secret = secret_of(use.value, use.span, use.name, use.kinds, detector)
        if secret is not None:
            more.append(as_finding(file, secret))
            taken.setdefault(use.path, []).append(place)
    return more
