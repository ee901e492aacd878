"""Scalars of YAML with their names, read from parser events: every style, anchors, several documents.

A file that is no YAML (or a template of it) gives what was read up to its first error; the line by line reader sees
the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mi_lint.documents.decode import json_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View, ViewBuilder

_MOST_EVENTS = 500_000
_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "defaultvalue", "default"})
_HEADER = re.compile(r"[|>][^\n]*\n?")
_DEEPEST = 200


@dataclass(slots=True)
class _Level:
    """An open mapping or list; in a mapping `key` is the pending key."""

    mapping: bool
    group: int
    key: str | None = None
    last: str = ""
    name: str = ""
    value: View | None = None
    fields: list[NamedValue] = field(default_factory=list)


def values(text: str) -> list[NamedValue]:
    """All scalars that are values; an item with a name and a value is one value of that name beside its neighbours."""
    reader = _Reader(View.of(text))
    for event in _events(text):
        reader.take(event)
        if len(reader.stack) > _DEEPEST:
            break
    return reader.found


def _events(text: str) -> Iterator[Any]:
    import yaml

    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        for number, event in enumerate(events):
            if number > _MOST_EVENTS:
                return
            yield event
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        return


class _Reader:
    def __init__(self, base: View) -> None:
        self.base = base
        self.found: list[NamedValue] = []
        self.stack: list[_Level] = [_Level(False, 0)]
        self.anchors: dict[str, View] = {}
        self.count = 0

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "AliasEvent":
            view = self.anchors.get(event.anchor)
            if view is not None:
                self._value(view)
            elif self.stack[-1].mapping:
                self._advance("")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self.count += 1
            self.stack.append(_Level(kind.startswith("M"), self.count))
        elif kind in ("MappingEndEvent", "SequenceEndEvent") and len(self.stack) > 1:
            closed = self.stack.pop()
            if closed.name and closed.value is not None:
                self.found.append(NamedValue(closed.name, closed.value, self._path(), self.stack[-1].group))
            if self.stack[-1].mapping:
                self._advance("")

    def _scalar(self, event: Any) -> None:
        top = self.stack[-1]
        if top.mapping and top.key is None:
            top.key = event.value[:200]
            return
        view = _view(self.base, event)
        if event.anchor:
            self.anchors[event.anchor] = view
        self._value(view)

    def _value(self, view: View) -> None:
        top = self.stack[-1]
        key = top.key or ""
        if key.lower() in _NAMES:
            top.name = view.text[:200]
        elif key.lower() in _VALUES:
            top.value = view
        path = self._path()
        name = key or (path[-1] if path else "")
        self.found.append(NamedValue(name, view, path[:-1] if path else (), top.group))
        if top.mapping:
            self._advance(key)

    def _advance(self, key: str) -> None:
        """The value of the pending key is done; the next scalar is a key again."""
        self.stack[-1].last = key
        self.stack[-1].key = None

    def _path(self) -> tuple[str, ...]:
        return tuple(level.key for level in self.stack[-_DEEPEST:] if level.key)


def _view(base: View, event: Any) -> View:
    """The decoded scalar with its places in the text."""
    start, end, style = event.start_mark.index, event.end_mark.index, event.style
    value: str = event.value
    if style in ("|", ">"):
        return _aligned(base, start + _header(base.text[start:end]), end, value)
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    raw = base.text[start:end]
    if raw == value:
        return base[start:end]
    if style == '"' and "\n" not in raw:
        decoded = json_text(base[start:end])
        if decoded.text == value:
            return decoded
    return _aligned(base, start, end, value)


def _header(raw: str) -> int:
    match = _HEADER.match(raw)
    return match.end() if match else 0


def _aligned(base: View, start: int, end: int, value: str) -> View:
    """`value` laid along the raw text: each character at its next occurrence, folded blanks wherever they are."""
    text, at = base.text, start
    builder = ViewBuilder()
    for character in value:
        place = text.find(character, at, end)
        if place < 0 or (character.isspace() and text[at:place].strip()):
            builder.put(character, at, at)
            continue
        builder.put(character, place, place + 1)
        at = place + 1
    return builder.build()
