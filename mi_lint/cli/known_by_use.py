"""Secrets that only the call which takes them gives away, as findings beside those of the scan of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from mi_lint.findings import Finding, Place
from mi_lint.textfile import TextFile

if TYPE_CHECKING:
    from mi_lint.secrets.run import Settings
    from mi_lint.uses import Use


def known_by_use(uses: Iterable[Use], sources: Mapping[str, TextFile], settings: Settings) -> list[Finding]:
    """A finding for each use of a secret, in the whole project."""
    from mi_lint.secrets.by_use import secret_of
    from mi_lint.secrets.findings import as_finding
    from mi_lint.secrets.run import detector_for

    detector = detector_for(settings)
    found: list[Finding] = []
    for use in uses:
        file = sources.get(use.path)
        secret = secret_of(use.value, use.span, use.name, use.kinds, detector) if file is not None else None
        if file is not None and secret is not None:
            found.append(as_finding(file, secret))
    return found


def not_found_yet(values: Iterable[Finding], requested: Collection[str], found: Iterable[Finding]) -> list[Finding]:
    """Those of `values` in requested files that overlap with no finding of the scan of files, nor with each other."""
    taken: dict[str, list[Place]] = {}
    for finding in found:
        taken.setdefault(finding.place.path, []).extend(finding.parts)
    more: list[Finding] = []
    for value in values:
        place = value.place
        beside = taken.setdefault(place.path, [])
        if place.path in requested and not any(place.start < p.end and p.start < place.end for p in beside):
            more.append(value)
            beside.append(place)
    return more
