"""What every match of a pattern must hold, so that long texts are searched only around it.

A pattern that starts with a class of characters is tried at each place of a text; in an image that is written out in
base64 this takes seconds, while looking for the few fixed letters in its middle takes none.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LEAST = 3  # letters; fewer are everywhere
_WIDEST = 2_000  # characters of a match
_SLACK = 8  # characters around a match that its borders may ask about


@dataclass(frozen=True, slots=True)
class Anchor:
    """Letters (in lower case) that stand in each match, and how long a match can be."""

    letters: str
    width: int

    def matches(self, pattern: re.Pattern[str], text: str, lower: str) -> Iterator[re.Match[str]]:
        """All matches in a text, of which `lower` is the lower case."""
        for start, end in self._windows(lower):
            yield from pattern.finditer(text, start, end)

    def _windows(self, lower: str) -> Iterator[tuple[int, int]]:
        reach = self.width + _SLACK
        start, end = 0, 0
        at = lower.find(self.letters)
        while at >= 0:
            if at - reach > end:
                if end:
                    yield start, end
                start = at - reach
            end = min(len(lower), at + len(self.letters) + reach)
            at = lower.find(self.letters, at + 1)
        if end:
            yield start, end


def anchor_of(pattern: str) -> Anchor | None:
    """The anchor of a pattern; None where it has none, or where a match may be long or looks far around."""
    parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    tree = parser.parse(pattern)
    widest = int(tree.getwidth()[1])
    runs = _runs(tree)
    letters = max(runs, key=len, default="") if runs is not None else ""
    return Anchor(letters, widest) if len(letters) >= _LEAST and widest <= _WIDEST else None


def _runs(items: Any) -> list[str] | None:
    """The fixed letters that each match holds in a row; None where the pattern asks about what is around a match."""
    runs = [""]
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL" and argument < 128:
            runs[-1] += chr(argument).lower()
            continue
        if name.startswith("ASSERT"):
            return None
        inner = _inner(name, argument)
        if inner is None:
            return None
        runs += [*inner, ""]
    return runs


def _inner(name: str, argument: Any) -> list[str] | None:
    """The fixed letters inside of a part of a pattern."""
    if name == "SUBPATTERN":
        return _runs(argument[3])
    if name.endswith("_REPEAT") and _asks(argument[2]):
        return None
    if name.endswith("_REPEAT") and argument[0]:
        return _runs(argument[2])
    if name == "BRANCH" and any(_asks(branch) for branch in argument[1]):
        return None
    return []


def _asks(items: Any) -> bool:
    return _runs(items) is None
