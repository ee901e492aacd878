"""String literals and comments of Python text, found by one pass of regular expressions.

Cheap and forgiving: it works on fragments and on files that do not compile. Used where no syntax tree is
at hand, for inline ignores and for hiding secrets in what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"#[^\r\n]*|\"\"\"|'''|\"|'")
_CLOSING = {
    '"""': re.compile(r'(?:\\.|[^\\])*?(?="""|\Z)', re.DOTALL),
    "'''": re.compile(r"(?:\\.|[^\\])*?(?='''|\Z)", re.DOTALL),
    '"': re.compile(r'(?:\\(?:\r\n|.)|[^"\\\r\n])*', re.DOTALL),
    "'": re.compile(r"(?:\\(?:\r\n|.)|[^'\\\r\n])*", re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """The body of a string literal (without its quotes), or a comment (with its `#`), in characters of the text."""

    start: int
    end: int
    comment: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """All string bodies and comments of Python text, in order."""
    at = 0
    while opening := _OPENING.search(text, at):
        mark = opening.group()
        if mark.startswith("#"):
            yield Piece(opening.start(), opening.end(), comment=True)
            at = opening.end()
            continue
        closing = _CLOSING[mark].match(text, opening.end())
        end = closing.end() if closing else len(text)
        yield Piece(opening.end(), end)
        at = end + len(mark) if text.startswith(mark, end) else max(end, opening.end())


def comments(text: str) -> list[Piece]:
    """The comments of Python text."""
    return [piece for piece in pieces(text) if piece.comment]
