"""Strings of JSON with their names, as people write it: comments, trailing commas, bare keys, several documents.

A tokenizer and a stack, so that neither depth nor errors stop it: after an error it goes on with the next token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mi_lint.documents.decode import json_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_TOKEN = re.compile(
    r"\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>(?:\\.|[^'\\\r\n])*)'|//[^\r\n]*|/\*.*?\*/|#[^\r\n]*"
    r"|(?P<mark>[{}\[\]:,])|(?P<bare>[^\s{}\[\]:,\"'/#]+)",
    re.DOTALL,
)
_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "connectionstring"})
_DEEPEST = 200  # names of a path that are kept


@dataclass(frozen=True, slots=True)
class JsonString:
    """One string that is a value. `path` has the keys around it, `name` its own key or the nearest one.

    `group` numbers the object or list that holds it directly, `owner` the nearest object.
    """

    view: View
    path: tuple[str, ...]
    name: str
    group: int
    owner: int


@dataclass(slots=True)
class _Level:
    """An open object or list."""

    group: int
    is_list: bool = False
    key: str = ""
    name: View | None = None
    value: View | None = None


def values(text: str) -> list[NamedValue]:
    """All string values; an object with a name and a value is one value of that name beside its neighbours."""
    return [NamedValue(s.name, s.view, s.path, s.group) for s in strings(text)]


def strings(text: str) -> Iterator[JsonString]:
    """The string values of a text, as they come."""
    base = View.of(text)
    stack = [_Level(0)]
    groups = 0
    pending: View | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("double", "single"):
            start, end = match.span(kind)
            pending = json_text(base[start:end])
        elif kind == "bare":
            is_key = text[match.end() : match.end() + 8].lstrip().startswith(":")
            pending = base[match.start() : match.end()] if is_key else None
        elif kind == "mark":
            mark = match["mark"]
            if pending is not None:
                if mark == ":":
                    stack[-1].key = pending.text
                elif mark in ",}]":
                    yield _string(stack, pending)
            pending = None
            if mark in "{[":
                groups += 1
                stack.append(_Level(groups, mark == "["))
            elif mark in "}]" and len(stack) > 1:
                closed = stack.pop()
                if closed.name is not None and closed.value is not None:
                    top = stack[-1]
                    yield JsonString(closed.value, _path(stack), closed.name.text, top.group, top.group)
            elif mark == "," and not stack[-1].is_list:
                stack[-1].key = ""
    if pending is not None:
        yield _string(stack, pending)


def _string(stack: list[_Level], view: View) -> JsonString:
    top = stack[-1]
    key = top.key.lower()
    if key in _NAMES:
        top.name = view
    elif key in _VALUES:
        top.value = view
    path = _path(stack)
    owner = next((level.group for level in reversed(stack) if not level.is_list), 0)
    return JsonString(view, path[:-1], path[-1] if path else "", top.group, owner)


def _path(stack: list[_Level]) -> tuple[str, ...]:
    return tuple(level.key for level in stack[-_DEEPEST:] if level.key)
