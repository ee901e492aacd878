"""Decoded text that remembers where each of its characters stands in the file.

A value may be escaped, percent-encoded, base64 of base64, or put together from several literals: detection looks at
the decoded text, and everything that is reported or edited goes back through the view to the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mi_lint.textfile import Span


@dataclass(frozen=True, slots=True)
class View:
    """`text`, and for its character i the source characters `[starts[i], ends[i])` of the file."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str, start: int = 0) -> View:
        """Text that stands in the file just so, from `start` on."""
        return cls(text, range(start, start + len(text)), range(start + 1, start + len(text) + 1))

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> View:
        return View(self.text[part], self.starts[part], self.ends[part])

    @property
    def plain(self) -> bool:
        """Whether the text stands in the file just so, in one piece."""
        return isinstance(self.starts, range)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The source ranges of the characters `[start, end)`, in order, neighbours merged."""
        if start >= end:
            return ()
        if self.plain:
            return (Span(self.starts[start], self.ends[end - 1]),)
        found: list[list[int]] = []
        for low, high in zip(self.starts[start:end], self.ends[start:end], strict=True):
            if found and found[-1][0] <= low <= found[-1][1]:
                found[-1][1] = max(high, found[-1][1])
            else:
                found.append([low, high])
        return tuple(Span(low, high) for low, high in found)

    def through(self, outer: View) -> View:
        """This view of `outer.text` as a view of the file that `outer` shows."""
        if self.plain and outer.plain:
            return View.of(self.text, outer.starts[self.starts[0]]) if self.text else self
        starts = array("q", (outer.starts[start] for start in self.starts))
        return View(self.text, starts, array("q", (outer.ends[end - 1] for end in self.ends)))


class ViewBuilder:
    """Collects decoded characters with their source ranges."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._starts = array("q")
        self._ends = array("q")

    def copy(self, view: View, start: int, end: int) -> None:
        """Characters `[start, end)` of `view`, unchanged."""
        self._text.append(view.text[start:end])
        self._starts.extend(view.starts[start:end])
        self._ends.extend(view.ends[start:end])

    def put(self, text: str, start: int, end: int) -> None:
        """Decoded characters that all come from the source range `[start, end)`."""
        self._text.append(text)
        self._starts.extend([start] * len(text))
        self._ends.extend([end] * len(text))

    def build(self) -> View:
        return View("".join(self._text), self._starts, self._ends)


def join(parts: Iterable[View]) -> View:
    """The parts one after the other."""
    views = [part for part in parts if part.text]
    if len(views) == 1:
        return views[0]
    builder = ViewBuilder()
    for view in views:
        builder.copy(view, 0, len(view))
    return builder.build()
