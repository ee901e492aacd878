"""How well a scanner did on the corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.corpus.generate import Expected


@dataclass(frozen=True)
class Found:
    """One report of a scanner: a byte range, and the kind where it names one. `parts`: all pieces of the secret."""

    path: str
    start: int
    end: int
    kind: str = ""
    parts: tuple[tuple[int, int], ...] = ()


@dataclass
class Score:
    """Counts; shares are between 0 and 1."""

    expected: int = 0
    hit: int = 0
    plain: int = 0
    plain_hit: int = 0
    right_kind: int = 0
    exact: int = 0
    reports: int = 0
    false: list[Found] = field(default_factory=list)
    missed: list[Expected] = field(default_factory=list)
    wrong_kind: list[tuple[Expected, str]] = field(default_factory=list)
    inexact: list[Expected] = field(default_factory=list)
    by_kind: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_where: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.expected)

    @property
    def plain_recall(self) -> float:
        return self.plain_hit / max(1, self.plain)

    @property
    def precision(self) -> float:
        return (self.reports - len(self.false)) / max(1, self.reports)


def score(expected: Sequence[Expected], found: Iterable[Found]) -> Score:
    """Compare reports with what is there. Several reports on one range count once."""
    result = Score(expected=len(expected))
    by_path: dict[str, list[Found]] = defaultdict(list)
    for report in dict.fromkeys(found):
        by_path[report.path].append(report)
    used: set[int] = set()
    for item in expected:
        hits = [report for report in by_path[item.path] if _overlaps(report, item)]
        used |= {id(report) for report in hits}
        for table, key in ((result.by_kind, item.kind), (result.by_where, item.where)):
            table[key][0] += 1
            table[key][1] += bool(hits)
        result.plain += item.plain
        if not hits:
            result.missed.append(item)
            continue
        result.hit += 1
        result.plain_hit += item.plain
        if any(report.kind == item.kind for report in hits):
            result.right_kind += 1
        else:
            result.wrong_kind.append((item, hits[0].kind))
        if any(_exact(report, item) for report in hits):
            result.exact += 1
        else:
            result.inexact.append(item)
    for reports in by_path.values():
        ranges = {(report.start, report.end): report for report in reports}
        result.reports += len(ranges)
        result.false += [report for report in ranges.values() if id(report) not in used]
    return result


def _overlaps(report: Found, item: Expected) -> bool:
    return any(report.start < end and start < report.end for start, end in item.spans)


def _exact(report: Found, item: Expected) -> bool:
    return report.parts == item.spans or (len(item.spans) == 1 and item.spans[0] == (report.start, report.end))
