"""Dependencies in `pyproject.toml`: lists of PEP 621 and PEP 735, and the tables of Poetry.

An addition is one insertion beside a neighbour, in its manner. It is offered only when a TOML parser then reads the
very same document with one element more.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from mi_lint.dependencies.addition import Addition, conflict, excludes, names_any, parse, predecessor, same
from mi_lint.dependencies.poetry import allowed, spell
from mi_lint.documents.toml_spans import Item, Statement, items, statements
from mi_lint.textfile import Span, TextFile

_toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

_LISTS: tuple[tuple[str, ...], ...] = (
    ("project", "dependencies"),
    ("project", "optional-dependencies", "*"),
    ("dependency-groups", "*"),
)
_TABLES: tuple[tuple[str, ...], ...] = (
    ("tool", "poetry", "dependencies", "*"),
    ("tool", "poetry", "group", "*", "dependencies", "*"),
)
_OWN = (("project", "dependencies"), ("tool", "poetry", "dependencies"))


@dataclass(frozen=True, slots=True)
class _Place:
    """A list or a table of dependencies: its path, what it names in order, and the spans of those."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    array: Span | None = None


def is_pyproject(path: str) -> bool:
    return path.rpartition("/")[2] == "pyproject.toml"


def listed(file: TextFile) -> list[str]:
    """Names of the packages that the file lists, in whatever group."""
    return [name for place in _places(file.text) for name in place.names if name]


def add(file: TextFile, needed: Requirement, companions: Collection[str] = ()) -> Addition:
    """Into the first list that names one of the companions, else into the project's own."""
    document = _load(file.text)
    if document is None:
        return Addition(reason=f"{file.path} is not valid TOML: add `{needed}` by hand")
    places = list(_places(file.text))
    own = [place for place in places if place.path in _OWN]
    chosen = next((place for place in places if names_any(filter(None, place.names), companions)), None)
    chosen = chosen or next(iter(own), None)
    if chosen is None:
        return Addition(reason=f"{file.path} has no list of dependencies that can be added to: add `{needed}` by hand")
    for place in (chosen, *own):  # what is installed together
        if any(same(name, needed.name) for name in place.names if name):
            return _present(file, document, place, needed)
    edit = _into_array(file, chosen, needed) if chosen.array else _into_table(file, chosen, needed)
    if not _adds_one(file.text, document, edit, chosen, needed):
        return Addition(reason=f"{file.path} is written in a way that is not understood: add `{needed}` by hand")
    return Addition((edit,))


def _load(text: str) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = _toml.loads(text)
    except (ValueError, RecursionError):  # not only TOMLDecodeError: huge numbers, deep nesting
        return None
    return document


def _places(text: str) -> Iterator[_Place]:
    """All lists and tables of dependencies, the project's own first."""
    found = list(statements(text))
    for pattern in _LISTS:
        for statement in found:
            if _fits(statement.path, pattern) and text[statement.value.start : statement.value.start + 1] == "[":
                entries = items(text, statement.value)
                names = tuple(_name(entry) for entry in entries)
                yield _Place(statement.path, names, tuple(entry.span for entry in entries), statement.value)
    for pattern in _TABLES:
        tables: dict[tuple[str, ...], list[Statement]] = {}
        for statement in found:
            if _fits(statement.path, pattern):
                tables.setdefault(statement.path[:-1], []).append(statement)
        for path, entries_ in tables.items():
            spans = tuple(Span(entry.key.start, entry.value.end) for entry in entries_)
            yield _Place(path, tuple(entry.path[-1] for entry in entries_), spans)


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    return len(path) == len(pattern) and all(want in ("*", part) for part, want in zip(path, pattern, strict=True))


def _name(item: Item) -> str:
    requirement = parse(_unquoted(item.text))
    return requirement.name if requirement else ""


def _unquoted(literal: str) -> str:
    document = _load(f"v = {literal}")
    return str(document["v"]) if document else ""


def _present(file: TextFile, document: dict[str, Any], place: _Place, needed: Requirement) -> Addition:
    found = [index for index, name in enumerate(place.names) if name and same(name, needed.name)]
    for index in found:
        span = place.spans[index]
        text = file.text[span.start : span.end]
        if place.array:
            text = _unquoted(text)
            ranges: SpecifierSet | None = Requirement(text).specifier
        else:
            ranges = allowed(_inside(document, place.path)[place.names[index]])
        if ranges is None or not excludes(ranges, needed.specifier):
            return Addition()
    line, _ = file.line_column(span.start)
    return Addition(reason=conflict(f"{file.path}:{line}", text, needed))


def _into_array(file: TextFile, place: _Place, needed: Requirement) -> tuple[Span, str]:
    assert place.array is not None
    text, spans = file.text, place.spans
    if not spans:
        at = place.array.start + 1
        return Span(at, at), _quoted(str(needed), '"')
    before = predecessor([name for name in place.names if name], needed.name) if all(place.names) else len(spans) - 1
    beside = spans[before or 0]
    new = _quoted(str(needed), text[beside.start])
    start = max(text.rfind("\n", 0, beside.start), text.rfind("\r", 0, beside.start)) + 1
    lead = text[start : beside.start]
    step = file.newline + lead if not lead.strip() else " "
    if before is None:
        return Span(beside.start, beside.start), f"{new},{step}"
    rest = re.compile(r"(?P<comma>[ \t]*,)?[ \t]*(?P<comment>#[^\r\n]*)?").match(text, beside.end)
    if rest and rest["comment"]:  # a comment stays behind the element that it explains
        if rest["comma"]:
            return Span(rest.end(), rest.end()), f"{file.newline}{lead if not lead.strip() else '    '}{new},"
        return Span(beside.start, beside.start), f"{new},{step}"
    return Span(beside.end, beside.end), f",{step}{new}"


def _into_table(file: TextFile, place: _Place, needed: Requirement) -> tuple[Span, str]:
    packages = [(name, span) for name, span in zip(place.names, place.spans, strict=True) if name != "python"]
    line = f"{needed.name} = {spell(needed)}"
    before = predecessor([name for name, _ in packages], needed.name) if packages else None
    if before is None and packages:
        start = packages[0][1].start
        return Span(start, start), line + file.newline
    beside = packages[before][1] if before is not None else place.spans[-1]
    end = re.compile(r"[^\r\n]*").match(file.text, beside.end)
    at = end.end() if end else beside.end
    return Span(at, at), file.newline + line


def _quoted(text: str, quote: str) -> str:
    quote = quote if quote not in text else "'" if quote == '"' else '"'
    return json.dumps(text) if quote in text else f"{quote}{text}{quote}"


def _inside(document: dict[str, Any], path: Sequence[str]) -> Any:
    value: Any = document
    for part in path:
        value = value[part]
    return value


def _adds_one(text: str, before: dict[str, Any], edit: tuple[Span, str], place: _Place, needed: Requirement) -> bool:
    """Whether the document after the edit is the one before it and the new requirement."""
    span, new = edit
    after = _load(text[: span.start] + new + text[span.end :])
    if after is None:
        return False
    changed = _inside(after, place.path)
    if place.array:
        if changed.count(str(needed)) != 1:
            return False
        changed.remove(str(needed))
    elif changed.pop(needed.name, None) is None:
        return False
    return after == before
