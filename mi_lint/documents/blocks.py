"""Sections and blocks of settings files: which of them a place is in."""

from __future__ import annotations

import bisect
import re

_EDGE = re.compile(
    r"(?m)^[ \t]*\[{1,2}(?P<section>[^\]\r\n]{1,120})\]{1,2}[ \t]*$"
    r"|^[a-z_]{1,40}(?P<labels>(?:[ \t]{1,4}\"[^\"\r\n]{1,120}\"){1,3})[ \t]{0,4}\{|^(?P<end>\})"
)


class Blocks:
    """The `[sections]` of ini and TOML, and the labelled blocks of HCL, in the order of the text."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        self._paths: list[tuple[str, ...]] = [()]
        in_block = False
        for match in _EDGE.finditer(text):
            if match["section"]:
                path: tuple[str, ...] = (match["section"],)
            elif match["labels"]:
                path, in_block = tuple(match["labels"].split('"')[1::2]), True
            elif in_block:
                path, in_block = (), False
            else:
                continue
            self._starts.append(match.start())
            self._paths.append(path)

    def at(self, place: int) -> tuple[int, tuple[str, ...]]:
        """Number and names of the block around a place; the text before the first one is number 0."""
        number = bisect.bisect_right(self._starts, place) - 1
        return number, self._paths[number]
