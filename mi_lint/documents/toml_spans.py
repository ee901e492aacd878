"""Where the statements of a TOML file and the strings of its arrays stand.

TOML parsers give values without positions; this finds positions in files that such a parser has accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mi_lint.textfile import Span

_STRING = r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\r\n])*\"|'[^'\r\n]*'"
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<comment>#[^\r\n]*)|[\[{{]|[\]}}]|\r\n|\r|\n|[^\[\]{{}}\r\n#\"']+", re.DOTALL
)
_PART = re.compile(r"\"[^\"\r\n]*\"|'[^'\r\n]*'|[\w-]+")
_KEYS = rf"(?:{_PART.pattern})(?:[ \t]*\.[ \t]*(?:{_PART.pattern}))*"
_HEADER = re.compile(rf"\[\[?[ \t]*({_KEYS})[ \t]*\]\]?")
_KEY = re.compile(rf"({_KEYS})[ \t]*=[ \t]*")
_GAP = re.compile(r"(?:\s|#[^\r\n]*)*")


@dataclass(frozen=True, slots=True)
class Statement:
    """`path` joins the keys of the table and of the statement; `value` is the text right of the equals sign."""

    path: tuple[str, ...]
    key: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Item:
    """One string in an array, quotes included."""

    text: str
    span: Span


def statements(text: str) -> Iterator[Statement]:
    """All `key = value` of the file, in order; stops at what is no TOML."""
    table: tuple[str, ...] = ()
    position = _skip(text, 0)
    while position < len(text):
        header = _HEADER.match(text, position)
        key = _KEY.match(text, position)
        if header:
            table, position = _path(header[1]), header.end()
        elif key:
            end = _value_end(text, key.end())
            yield Statement((*table, *_path(key[1])), Span(*key.span(1)), Span(key.end(), end))
            position = end
        else:
            return
        position = _skip(text, position)


def items(text: str, array: Span) -> list[Item]:
    """The strings that are elements of the array itself."""
    found, depth = [], 0
    for token in _TOKEN.finditer(text, array.start, array.end):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token["string"] and depth == 1:
            found.append(Item(token[0], Span(*token.span())))
    return found


def _value_end(text: str, start: int) -> int:
    depth, end = 0, start
    for token in _TOKEN.finditer(text, start):
        if depth == 0 and (token["comment"] or token[0][0] in "\r\n"):
            break
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0].strip():
            end = token.start() + len(token[0].rstrip())
    return end


def _path(keys: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(keys))


def _skip(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position
