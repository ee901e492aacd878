"""The dialect of python-dotenv, read with exact positions.

The grammar follows that library rule for rule, also in what it gives up on: a line that it skips is no entry here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPACE = re.compile(r"\s*")
_BLANKS = re.compile(r"[^\S\r\n]*")
_EXPORT = re.compile(r"(?:export[^\S\r\n]+)?")
_KEY = re.compile(r"'(?P<quoted>[^']+)'|(?P<bare>(?!')[^=#\s]+)")
_EQUALS = re.compile(r"=[^\S\r\n]*")
_QUOTED = {
    "'": re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL),
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
}
_UNQUOTED = re.compile(r"[^\r\n]*")
_COMMENT = re.compile(r"(?:[^\S\r\n]*#[^\r\n]*)?")
_END = re.compile(r"[^\S\r\n]*(?:\r\n|\n|\r|\Z)")
_REST = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_ESCAPES = {"'": re.compile(r"\\[\\']"), '"': re.compile(r"\\[\\'\"abfnrtv]")}
_NEWLINE = re.compile(r"\r\n|\r")
_SHELL_SPECIAL = re.compile(r"[\s;&|<>()`\\\"'*?\[\]~#!]|\$(?!\{\w+\})")


@dataclass(frozen=True, slots=True)
class Binding:
    """`start` is the start of its first line, `end` is after its last line ending; pairs are ranges of the text."""

    name: str
    value: str | None
    name_range: tuple[int, int]
    value_range: tuple[int, int]
    quote: str
    start: int
    end: int


def bindings(text: str) -> Iterator[Binding]:
    """All definitions that python-dotenv reads, in order."""
    position = 0
    while position < len(text):
        binding, position = _binding(text, position)
        if binding is not None:
            yield binding


def _binding(text: str, position: int) -> tuple[Binding | None, int]:
    at = _end(_SPACE, text, position)
    if at == len(text):
        return None, at
    start = max(text.rfind("\n", position, at), text.rfind("\r", position, at)) + 1 or position
    at = _end(_EXPORT, text, at)
    key = _KEY.match(text, at) if text[at : at + 1] != "#" else None
    if key is None:  # a comment, or a line without a name
        return None, _end(_REST, text, at)
    name_range = key.span(key.lastgroup or 0)
    at = _end(_BLANKS, text, key.end())
    value, value_range, quote = None, (key.end(), key.end()), ""
    equals = _EQUALS.match(text, at)
    if equals:
        found = _value(text, equals)
        if found is None:
            return None, _end(_REST, text, equals.end())
        value, value_range, quote, at = found
    at = _end(_COMMENT, text, at)
    end = _END.match(text, at)
    if end is None:
        return None, _end(_REST, text, at)
    return Binding(text[slice(*name_range)], value, name_range, value_range, quote, start, end.end()), end.end()


def _value(text: str, equals: re.Match[str]) -> tuple[str, tuple[int, int], str, int] | None:
    """Value, its range between the quotes, the quote, and where reading goes on; None where a quote is never closed."""
    at = equals.end()
    first = text[at : at + 1]
    if first in _QUOTED:
        match = _QUOTED[first].match(text, at)
        if match is None:
            return None
        raw = _NEWLINE.sub("\n", match[1])
        value = _ESCAPES[first].sub(lambda escape: codecs.decode(escape[0], "unicode-escape"), raw)
        return value, match.span(1), first, match.end()
    if first == "#" and len(equals[0]) > 1:
        return "", (at, at), "", at
    end = _end(_UNQUOTED, text, at)
    value = re.sub(r"\s+#.*", "", text[at:end]).rstrip()
    return value, (at, at + len(value)), "", end


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def spell(value: str, quote: str, shell: bool = False) -> str:
    """A value in the wanted quotes, or in others only where it would otherwise be read differently.

    `shell` asks for a spelling that also survives `source`: separators and wildcards are quoted then.
    """
    if not quote:
        special = re.search(r"[\r\n]|\s#|^['\"#]|^\s|\s$", value)
        if not special and not (shell and _SHELL_SPECIAL.search(value)):
            return value
        quote = '"' if re.search(r"[\r\n']|\$\{", value) else "'"
    value = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
    if quote == '"':
        value = value.replace("\n", "\\n").replace("\r", "\\r")
    return f"{quote}{value}{quote}"
