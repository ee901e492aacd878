"""The layout of a comma separated list: items dropped, moved and added, with every comment where it belongs.

What stays together keeps its own characters. A comment at the end of a line belongs to the item before it and goes with
it; a comment on a line of its own always stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

NEWLINE = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"#[^\r\n]*|\\(?:\r\n|\r|\n)|\r\n|\r|\n|[^\S\r\n]+|.")
_COMMENT = re.compile(r"[^\S\r\n]*#[^\r\n]*")
_LINE = 88  # columns that a line of items may fill before each gets its own
_STEP = "    "


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the new list: its text, and the old item whose place and comments it has (None: a new one)."""

    index: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The old list. `gaps[0]` stands before the first item, `gaps[i]` after item i - 1; the last ends the list."""

    gaps: tuple[str, ...]
    newline: str

    @property
    def count(self) -> int:
        return len(self.gaps) - 1


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between two items: the rest of a line, lines of their own, and the indentation of the next item."""

    text: str
    comma: bool
    broken: bool  # the next item starts a line
    tail: str  # the comment at the end of the line, with the white space before it
    lines: tuple[str, ...]
    indent: str
    pad: str | None = None  # white space after a comma that starts a line


def arrange(listing: Listing, items: Sequence[Item], measure: Callable[[str], int] = len) -> str:
    """All that stands between the brackets, for the new items in their order.

    New items get lines of their own where all old ones have. One old item tells little: it gets company on its line if
    that stays short (by `measure`) and no trailing comma says otherwise.
    """
    return _Arrangement(listing, items, measure).text()


class _Arrangement:
    """One call of `arrange`: the old gaps, and what follows from which items stay."""

    def __init__(self, listing: Listing, items: Sequence[Item], measure: Callable[[str], int]) -> None:
        self.items = items
        self.newline = listing.newline
        self.gaps = [_gap(text) for text in listing.gaps]
        self.end = listing.count
        self.carried = self._carried()
        between = self.gaps[1 : self.end]
        self.indent = self._indent(between)
        self.stacked = all(gap.broken for gap in between) if between else self._alone(measure)
        self.pad = next((gap.pad for gap in between if gap.pad is not None), None)

    def text(self) -> str:
        if not self.items:
            return self._nothing()
        if not self.end:
            return self._first()
        out: list[str] = []
        previous: Item | None = None
        for item in self.items:
            out += [self._opening(item) if previous is None else self._joint(previous, item), item.text]
            previous = item
        assert previous is not None
        return "".join([*out, self._closing(previous)])

    def _carried(self) -> dict[int, list[str]]:
        """Comment lines above dropped items, by the kept item (or the end) that they stand above from now on."""
        kept = {item.index for item in self.items}
        carried: dict[int, list[str]] = {}
        waiting: list[str] = []
        for index, gap in enumerate(self.gaps):
            if index < self.end and index not in kept:
                waiting += [line for line in gap.lines if line.strip()]
            elif waiting:
                carried[index], waiting = waiting, []
        return carried

    def _indent(self, between: Sequence[_Gap]) -> str:
        broken = [gap for gap in [*between, self.gaps[0]] if gap.broken]
        return broken[0].indent if broken and self.end else self.gaps[-1].indent + _STEP

    def _alone(self, measure: Callable[[str], int]) -> bool:
        if not self.end or not self.gaps[0].broken:
            return False
        texts = [item.text for item in self.items]
        width = len(self.indent) + sum(measure(text) for text in texts) + 2 * (len(texts) - 1)
        return self.gaps[-1].comma or width > _LINE or any(NEWLINE.search(text) for text in texts)

    def _block(self, lines: Sequence[str]) -> str:
        return "".join(line + self.newline for line in ("", *lines))

    def _nothing(self) -> str:
        """No item is left: only comments may be."""
        first, last = self.gaps[0], self.gaps[-1]
        lines = [*self.carried.get(self.end, []), *last.lines]
        if not first.tail and not any(line.strip() for line in lines):
            return ""
        return f"{first.tail}{self._block(lines)}{last.indent}"

    def _first(self) -> str:
        """Items for a list that had none."""
        inner = ", ".join(item.text for item in self.items)
        gap = self.gaps[0]
        if not gap.tail and not any(line.strip() for line in gap.lines):
            return inner
        return f"{gap.tail}{self._block(gap.lines)}{self.indent}{inner}{self.newline}{gap.indent}"

    def _leads(self, item: Item) -> list[str]:
        """The comment lines that stand above an item."""
        if item.index is not None:
            return [*self.carried.get(item.index, []), *self.gaps[item.index].lines]
        position = next(number for number, other in enumerate(self.items) if other is item)
        last_old = max((n for n, other in enumerate(self.items) if other.index is not None), default=-1)
        return self.carried.pop(self.end, []) if position == last_old + 1 else []

    def _tail(self, item: Item) -> str:
        return self.gaps[item.index + 1].tail if item.index is not None else ""

    def _opening(self, item: Item) -> str:
        gap = self.gaps[0]
        if item.index == 0:
            return gap.text
        lines = self._leads(item)
        if not gap.broken and not lines:
            return gap.text
        return f"{gap.tail}{self._block(lines)}{gap.indent if gap.broken else self.indent}"

    def _joint(self, previous: Item, item: Item) -> str:
        old, before = item.index, previous.index
        if old is not None and before is not None and old == before + 1:
            return self.gaps[old].text
        tail, lines = self._tail(previous), self._leads(item)
        indent, broken = self.indent, self.stacked
        if old:
            start = before + 1 if before is not None and before < old else old
            breaks = [gap for gap in self.gaps[start : old + 1] if gap.broken]
            broken = bool(breaks)
            indent = breaks[-1].indent if breaks else indent
        if not (broken or tail or lines):
            return ", "
        if self.pad is not None:
            return f"{tail}{self._block(lines)}{indent},{self.pad}"
        return f",{tail}{self._block(lines)}{indent}"

    def _closing(self, last: Item) -> str:
        gap = self.gaps[-1]
        extra = self.carried.get(self.end, [])
        if last.index == self.end - 1 and not extra:
            return gap.text
        tail = self._tail(last)
        comma = "," if gap.comma else ""
        if not (gap.broken or tail or extra):
            return f"{comma}{gap.indent}"
        return f"{comma}{tail}{self._block([*extra, *gap.lines])}{gap.indent if gap.broken else self.indent}"


def _gap(text: str) -> _Gap:
    rows, commas = [""], []
    for token in _TOKEN.findall(text):
        if NEWLINE.fullmatch(token):
            rows.append("")
        elif token == ",":
            commas.append((len(rows) - 1, len(rows[-1])))
        else:
            rows[-1] += token
    broken = len(rows) > 1
    indent, pad = rows[-1], None
    if commas and broken and commas[0][0] == len(rows) - 1:
        indent, pad = rows[-1][: commas[0][1]], rows[-1][commas[0][1] :]
    tail = _COMMENT.search(rows[0]) if broken else None
    comma_row = commas[0][0] if commas else 0
    lines = tuple(row for number, row in enumerate(rows[1:-1], 1) if number != comma_row or row.strip())
    return _Gap(text, bool(commas), broken, tail[0] if tail else "", lines, indent, pad)
