"""Secrets as findings: from here on nothing holds a value any more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from mi_lint.edits import place_of
from mi_lint.findings import Applicability, Finding
from mi_lint.secrets.fingerprint import fingerprint, sha1
from mi_lint.secrets.secret import Secret
from mi_lint.textfile import TextFile

_LONGEST_NAME = 400
_ASSIGNED = re.compile(
    r"[\s#/*>-]*(?:(?:export|set|ENV|ARG|const|let|var|public|private|static|string)\s+){0,4}"
    r"[\"'$]*([A-Za-z_][\w.:-]{0,79})[\"']?\s*(?:[:?]?=|:)(?!=)"
)
_IDENTITY = {
    "yes": "a managed identity can take its place",
    "partial": "a managed identity can take its place for some uses",
    "no": "no managed identity can take its place",
}


def as_finding(file: TextFile, secret: Secret, key: str = "") -> Finding:
    """One secret as a finding. `key` is the project's key for fingerprints."""
    kind = secret.kind
    called = secret.name or _name_on_line(file, secret.start)
    name = f" in `{called}`" if called.isprintable() and 0 < len(called) <= 80 else ""
    parts = tuple(place_of(file, span) for span in secret.spans)
    checked = ("its checksum holds, so it is a real key",) if secret.verified else ()
    assembled = (f"it is put together from {len(parts)} parts",) if len(parts) > 1 else ()
    identity = () if kind.secret_class == "not-secret" else (_IDENTITY[kind.identity],)
    return Finding(
        rule=kind.id,
        name=kind.name,
        kind=kind.name,
        service=kind.service,
        severity=secret.severity,
        confidence=secret.confidence,
        applicability=Applicability.MANUAL,
        place=parts[0],
        message=f"{kind.title}{name}: {kind.grants[:1].lower()}{kind.grants[1:]}" if kind.grants else kind.title + name,
        fingerprint=fingerprint(secret.value, kind.name, kind.secret_class, key),
        redacted=f"[{kind.name}]",
        help_url=kind.docs,
        notes=(*checked, *secret.notes, *assembled, *identity),
        advice=kind.advice,
        parts=parts,
        sha1=tuple(sha1(reading) for reading in _readings(secret)),
    )


def _name_on_line(file: TextFile, start: int) -> str:
    """What is assigned on the line where a secret stands, as far as it stands before it."""
    line, column = file.line_column(start)
    match = _ASSIGNED.match(file.line_text(line)[: min(column - 1, _LONGEST_NAME)])
    return match[1] if match else ""


def _readings(secret: Secret) -> list[str]:
    """What other scanners take for the secret: its value, `Field=value`, or the whole string that it is part of."""
    before, found, _ = secret.extent.partition(secret.value)
    assigned = re.search(r"[A-Za-z_-]{1,60}=$", before) if found else None
    readings = [secret.value, assigned.group() + secret.value if assigned else "", secret.extent.strip()]
    return list(dict.fromkeys(reading for reading in readings if reading))


def merge_same(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per secret: the first place is its own, the others are in `also`. Other findings stay as they are."""
    single = [finding for finding in findings if not finding.parts]
    secrets = sorted((f for f in findings if f.parts), key=lambda f: (f.fingerprint, f.place.path, f.place.start))
    for _, group in groupby(secrets, key=lambda f: f.fingerprint):
        single.append(_merged(list(group)))
    return sorted(single, key=lambda f: (f.place.path, f.place.start, f.place.end, f.rule))


def _merged(same: Sequence[Finding]) -> Finding:
    first = same[0]
    if len(same) == 1:
        return first
    worst = max(same, key=lambda f: (f.severity, f.confidence))
    return replace(
        first,
        severity=worst.severity,
        confidence=max(f.confidence for f in same),
        also=tuple(f.place for f in same[1:]),
        hidden=tuple(place for f in same for place in f.parts),
    )
