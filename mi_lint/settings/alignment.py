"""Signs that assign stand in one column in neighbouring lines of HCL; edits keep it so, as its own formatter would."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mi_lint.edits import TextEdit, apply, compose, ordered
from mi_lint.settings.items import HCL, Item, bodies
from mi_lint.textfile import Span


@dataclass(frozen=True, slots=True)
class _Line:
    """A member on a line of its own: where its name ends with the quotes, and where its sign is."""

    number: int
    start: int
    name_end: int
    sign: int

    @property
    def width(self) -> int:
        return self.name_end - self.start


def aligned(text: str, edits: Sequence[TextEdit]) -> list[TextEdit]:
    """Edits of a file that also line up what they touch, where the lines around it are lined up."""
    after = apply(text, edits)
    starts = [0, *(at + 1 for at, char in enumerate(after) if char == "\n")]
    touched = _touched(edits, starts)
    wide = _wide_columns(text)
    further: list[TextEdit] = []
    for group in _groups(after, starts):
        if any(line.number in touched for line in group):
            further += _lined_up(group, touched, wide)
    return compose(text, edits, further) if further else list(edits)


def _wide_columns(text: str) -> set[int]:
    """Columns further right than the longest name asks for: somebody's choice, which stays."""
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    wide: set[int] = set()
    for group in _groups(text, starts):
        columns = Counter(line.sign - line.start for line in group)
        common, times = columns.most_common(1)[0]
        needed = max(line.width for line in group if line.sign - line.start == common) + 1
        wide |= {common} if times > 1 and common > needed else set()
    return wide


def _lined_up(group: list[_Line], touched: set[int], wide: set[int]) -> Iterator[TextEdit]:
    """One column for what changed and for the lines around that have one; lines out of line stay as they are."""
    around = [line for line in group if line.number not in touched]
    columns = Counter(line.sign - line.start for line in around or group)
    common, times = columns.most_common(1)[0]
    if around and times * 2 < columns.total():
        return
    chosen = [line for line in group if line.number in touched or line.sign - line.start == common]
    column = max(line.width for line in chosen) + 1
    column = max(column, common) if common in wide else column
    for line in chosen:
        if line.sign - line.start != column:
            yield TextEdit(Span(line.name_end, line.sign), " " * (column - line.width))


def _touched(edits: Sequence[TextEdit], starts: list[int]) -> set[int]:
    """Numbers of the lines that changed, and of those around a place where lines went."""
    found: set[int] = set()
    shift = 0
    for edit in ordered(edits):
        first = edit.span.start + shift
        last = first + len(edit.text)
        shift += len(edit.text) - (edit.span.end - edit.span.start)
        low, high = _line(starts, first), _line(starts, max(first, last - 1))
        found.update(range(low, high + 1))
        found.update(() if edit.text else (low - 1, low))
    return found


def _line(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _groups(text: str, starts: list[int]) -> Iterator[list[_Line]]:
    """Members of one body on lines that follow each other."""
    for body in bodies(text, HCL) or ():
        group: list[_Line] = []
        for item in body.items:
            line = _line_of(text, starts, item)
            if group and (line is None or line.number != group[-1].number + 1):
                yield group
                group = []
            group += [line] if line is not None else []
        if group:
            yield group


def _line_of(text: str, starts: list[int], item: Item) -> _Line | None:
    number = _line(starts, item.span.start)
    if _line(starts, item.span.end) != number:
        return None
    quoted = text[item.name_span.end : item.name_span.end + 1] == '"'
    start, end = item.name_span.start - quoted, item.name_span.end + quoted
    sign = text.find("=", end, item.value.start)
    own = not text[starts[number] : start].strip()
    return _Line(number, start, end, sign) if own and sign >= 0 and not text[end:sign].strip(" ") else None
