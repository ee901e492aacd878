"""How a value may have been meant: what it is called, where it begins and ends, what it says when it is decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.documents.decode import base64_text, percent_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_EXTENT = 1_000  # characters on either side that may belong to the same value
_ENDS_VALUE = re.compile(r"[\"'`\r\n<>]")
_ENDS_TOKEN = re.compile(r"[\"'`\s<>]")
_ONE_TOKEN = ("sas", "webhook", "connection-url")
_EMPTY_NAMES = ("value", "defaultvalue", "default")
_LINE_END = ("\\n", "\\r")  # as escapes write it


def called(nv: NamedValue) -> tuple[str, str]:
    """The name of a value, and the name with what encloses it. In `{"apiKey": {"value": ...}}` it is the outer one."""
    if nv.name.lower() in _EMPTY_NAMES and nv.path:
        return nv.path[-1], ".".join(nv.path[-3:])
    return nv.name, ".".join((*nv.path[-2:], nv.name))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without blanks and escaped line ends around it."""
    while start < end and (text[start].isspace() or text[start : start + 2] in _LINE_END):
        start += 1 if text[start].isspace() else 2
    while end > start and (text[end - 1].isspace() or text[end - 2 : end] in _LINE_END):
        end -= 1 if text[end - 1].isspace() else 2
    return start, end


def forms(value: View) -> Iterator[View]:
    """A value as it may have been meant: trimmed, without an authorization scheme, decoded."""
    start, end = 0, len(value)
    while start < end and value.text[start] in " \t\r\n\"'":
        start += 1
    while end > start and (value.text[end - 1] in " \t\r\n\"';," or value.text[end - 2 : end] in _LINE_END):
        end -= 1 + (value.text[end - 2 : end] in _LINE_END)
    trimmed = value[start:end]
    inner = base64_text(trimmed) if len(trimmed) >= 16 else None
    if inner is not None and len(inner) >= 12:
        yield inner  # so much text does not come out of random characters
        return
    yield trimmed
    scheme = re.match(r"(?i)(?:bearer|basic|sharedkey|apikey)\s+", trimmed.text)
    if scheme:
        yield trimmed[scheme.end() :]
    if "%" in trimmed.text:
        yield percent_text(trimmed)


def extent_of(text: str, start: int, end: int, secret_class: str, whole: bool) -> str:
    """The value that a secret is part of: all of a short view, else as far as quotes, lines or blanks let it reach."""
    if whole and len(text) <= 4 * _EXTENT and "\n" not in text.strip():
        return text
    ends = _ENDS_TOKEN if secret_class in _ONE_TOKEN else _ENDS_VALUE
    before = text[max(0, start - _EXTENT) : start]
    cut = max((match.end() for match in ends.finditer(before)), default=0)
    after = ends.search(text, end, min(len(text), end + _EXTENT))
    stop = after.start() if after else min(len(text), end + _EXTENT)
    return before[cut:] + text[start:stop]
