"""Scalars of YAML with their names, read from parser events: every style, anchors, several documents.

A file that is no YAML (or a template of it) gives what was read up to its first error; the line by line reader sees
the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View
from mi_lint.documents.yaml_scalars import scalar_view

_MOST_EVENTS = 500_000
_MOST_ALIASED = 1_000_000  # characters that aliases may repeat
_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "defaultvalue", "default"})
_DEEPEST = 200
_LONGEST_NAME = 200
_MARK = "\ufeff"


@dataclass(slots=True)
class _Level:
    """An open mapping or list; `path` are the names around it. In a mapping `key` is the pending key."""

    mapping: bool
    group: int
    path: tuple[str, ...] = ()
    is_key: bool = False
    key: str | None = None
    name: str = ""
    value: View | None = None


def values(text: str) -> list[NamedValue]:
    """All scalars that are values; an item with a name and a value is one value of that name beside its neighbours."""
    marked = len(text) - len(text.lstrip(_MARK))  # which the parser does not count
    reader = _Reader(View.of(text), marked)
    for event in _events(text[marked:]):
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
    def __init__(self, base: View, offset: int) -> None:
        self.base = base
        self.offset = offset
        self.found: list[NamedValue] = []
        self.stack: list[_Level] = [_Level(False, 0)]
        self.anchors: dict[str, View] = {}
        self.aliased = 0
        self.count = 0

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "AliasEvent":
            self._alias(event.anchor)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._open(kind == "MappingStartEvent")
        elif kind in ("MappingEndEvent", "SequenceEndEvent") and len(self.stack) > 1:
            self._close()

    def _open(self, mapping: bool) -> None:
        top = self.stack[-1]
        self.count += 1
        path = (*top.path, top.key) if top.key else top.path
        self.stack.append(_Level(mapping, self.count, path, is_key=top.mapping and top.key is None))

    def _close(self) -> None:
        closed = self.stack.pop()
        top = self.stack[-1]
        if closed.name and closed.value is not None:
            self.found.append(NamedValue(closed.name, closed.value, closed.path, top.group))
        top.key = "" if closed.is_key else None

    def _scalar(self, event: Any) -> None:
        top = self.stack[-1]
        if top.mapping and top.key is None and not event.anchor:
            top.key = event.value[:_LONGEST_NAME]
            return
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        start, end = start + self.offset, end + self.offset
        view = scalar_view(self.base, start, end, style, event.value, bool(event.anchor or event.tag))
        if event.anchor:
            self.anchors[event.anchor] = view
        self._take(view)

    def _alias(self, anchor: str) -> None:
        """A scalar stands once more where its alias is; what a mapping or a list holds is told at its anchor only."""
        view = self.anchors.get(anchor)
        self.aliased += len(view) if view else 0
        if view is not None and self.aliased <= _MOST_ALIASED:
            self._take(view)
        elif self.stack[-1].mapping:
            self.stack[-1].key = "" if self.stack[-1].key is None else None

    def _take(self, view: View) -> None:
        top = self.stack[-1]
        if top.mapping and top.key is None:
            top.key = view.text[:_LONGEST_NAME]
            return
        key = top.key or ""
        if key.lower() in _NAMES:
            top.name = view.text[:_LONGEST_NAME]
        elif key.lower() in _VALUES:
            top.value = view
        if key or not top.path:
            self.found.append(NamedValue(key, view, top.path, top.group))
        else:
            self.found.append(NamedValue(top.path[-1], view, top.path[:-1], top.group))
        top.key = None
