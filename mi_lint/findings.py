"""What a run produces: findings at places, fixes made of byte edits, and what a fix presupposes.

These types flow from analysis to every report; none of them may hold a secret.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Severity(enum.IntEnum):
    """How bad the problem is. Orders from least to most severe."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Confidence(enum.IntEnum):
    """How sure we are that the problem exists."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Applicability(enum.IntEnum):
    """How far a fix may be applied without a person. Orders from least to most automatic."""

    MANUAL = 0
    REVIEW = 1
    SAFE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A range in a file. Lines and columns are 1-based, columns in characters, `start`/`end` in bytes."""

    path: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes of `place` by `text` (encoded in the file's own encoding)."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Precondition:
    """Something that must be true in Azure or in the settings before a fix works.

    `kind` is one of role, setting, package, dependency (a package to list by hand), manual, or what is done once it
    works: later, and delete (a setting that nothing reads any more). `text` is one sentence for a person; `data` is
    for tools.
    """

    kind: str
    text: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits (over one or more files) that move one connection to managed identity."""

    connection: str
    title: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()
    preconditions: tuple[Precondition, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of a sink comes from: kind (literal, environment, key-vault, ...), a label, and its place."""

    kind: str
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule at a place. `reasons` say why there is no fix, or why a fix needs review.

    `related` are the places of every literal that the secret comes from: what stands there is never shown. A secret
    written out in a file has `parts`, the places that carry it (several if it is assembled), and `also`, further places
    where the same secret stands; `hidden` are the parts of those, and `sha1` is for baselines of detect-secrets only.
    """

    rule: str
    name: str
    kind: str
    service: str
    severity: Severity
    confidence: Confidence
    applicability: Applicability
    place: Place
    message: str
    fingerprint: str
    redacted: str = ""
    source: Source | None = None
    help_url: str = ""
    fix: Fix | None = None
    reasons: tuple[str, ...] = ()
    advice: str = ""
    related: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Place, ...] = ()
    also: tuple[Place, ...] = ()
    hidden: tuple[Place, ...] = ()
    sha1: tuple[str, ...] = ()


@dataclass(slots=True)
class Run:
    """The result of one run over a set of files."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    files_scanned: int = 0
    bytes_scanned: int = 0
    suppressed: int = 0
