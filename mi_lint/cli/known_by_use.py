"""Secrets that only the call which takes them gives away, as findings beside those of the scan of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from mi_lint.edits import place_of
from mi_lint.findings import Finding, Place
from mi_lint.textfile import TextFile

if TYPE_CHECKING:
    from mi_lint.secrets.run import Settings
    from mi_lint.uses import Use


def known_by_use(
    uses: Iterable[Use],
    requested: Collection[str],
    sources: Mapping[str, TextFile],
    settings: Settings,
    found: Iterable[Finding],
) -> list[Finding]:
    """The uses in requested files that are no finding yet."""
    from mi_lint.secrets.by_use import secret_of
    from mi_lint.secrets.findings import as_finding
    from mi_lint.secrets.run import detector_for

    detector = detector_for(settings)
    taken: dict[str, list[Place]] = {}
    for finding in found:
        taken.setdefault(finding.place.path, []).extend(finding.parts)
    more: list[Finding] = []
    for use in uses:
        file = sources.get(use.path)
        if use.path not in requested or file is None:
            continue
        place = place_of(file, use.span)
        if any(place.start < part.end and part.start < place.end for part in taken.get(use.path, ())):
            continue
        secret = secret_of(use.value, use.span, use.name, use.kinds, detector)
        if secret is not None:
            more.append(as_finding(file, secret))
            taken.setdefault(use.path, []).append(place)
    return more
