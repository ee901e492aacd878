"""Which of several overlapping matches is the secret: the most exact kind, and for it the most direct reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mi_lint.findings import Confidence, Severity
from mi_lint.secrets.detector import CompiledSearch
from mi_lint.secrets.secret import Secret
from mi_lint.secrets.tokens import terms
from mi_lint.secrets.verdict import Verdict
from mi_lint.textfile import Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """One match that was judged real. `extent` is the value that it is part of, decoded."""

    search: CompiledSearch
    value: str = field(repr=False)
    spans: tuple[Span, ...]
    extent: str = field(repr=False)
    verdict: Verdict
    name: str
    plain: bool


def settle(found: Sequence[Candidate], now: datetime) -> list[Secret]:
    """One secret per place, in the order of the file."""
    return sorted((s for group in _groups(found) for s in _settle(group, now)), key=lambda s: (s.start, s.end))


def _groups(found: Sequence[Candidate]) -> Iterable[list[Candidate]]:
    """Candidates that touch each other, directly or through others."""
    owner = list(range(len(found)))

    def root(number: int) -> int:
        while owner[number] != number:
            owner[number] = owner[owner[number]]
            number = owner[number]
        return number

    reach, last = -1, 0
    for start, end, number in sorted((s.start, s.end, n) for n, c in enumerate(found) for s in c.spans):
        if start < reach:
            owner[root(number)] = root(last)
        if end > reach:
            reach, last = end, number
    groups: dict[int, list[Candidate]] = {}
    for number, candidate in enumerate(found):
        groups.setdefault(root(number), []).append(candidate)
    return groups.values()


def _settle(found: Sequence[Candidate], now: datetime) -> list[Secret]:
    refuted = [candidate.spans for candidate in found if candidate.verdict.drop and not candidate.verdict.holds]
    standing = [c for c in found if c.verdict.holds or not any(_overlap(c.spans, spans) for spans in refuted)]
    chosen: list[Candidate] = []
    for candidate in sorted(standing, key=_rank, reverse=True):
        if not any(_overlap(candidate.spans, other.spans) for other in chosen):
            chosen.append(candidate)
    return [_secret(candidate, standing, now) for candidate in chosen]


def _rank(candidate: Candidate) -> tuple[int, int, int, int, int]:
    own = candidate.search.kind.name in candidate.verdict.kinds
    return (
        candidate.search.precedence + 3 * own,
        len(candidate.value),
        int(candidate.plain),
        -len(candidate.spans),
        -candidate.spans[0].start,
    )


def _overlap(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return any(a.overlaps(b) for a in one for b in other)


def _secret(candidate: Candidate, standing: Sequence[Candidate], now: datetime) -> Secret:
    kind, verdict = candidate.search.kind, candidate.verdict
    severity = kind.severity
    confidence = candidate.search.search.confidence
    if confidence is None:
        confidence = kind.confidence
    if verdict.holds:
        confidence = Confidence.HIGH
    elif verdict.lower:
        confidence = Confidence(max(confidence - 1, 0))
    told = terms(kind, candidate.extent, now)
    if told.expired:
        severity, confidence = min(severity, Severity.LOW), Confidence.LOW
    name = candidate.name or next((c.name for c in standing if c.name and _overlap(c.spans, candidate.spans)), "")
    return Secret(
        kind,
        candidate.value,
        candidate.spans,
        severity,
        confidence,
        name,
        bool(verdict.holds),
        (*verdict.notes, *told.notes),
        candidate.extent,
    )
