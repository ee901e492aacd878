"""Configuration in JSON: the strings of its objects, however deep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from mi_lint.entry_names import option
from mi_lint.settings.json_members import Member, added, is_json, members, renamed, without
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.trees import Path, settled
from mi_lint.textfile import Span, TextFile


class JsonTree:
    """Only what Python's own reader takes."""

    in_sections = True
    whole = False

    def matches(self, path: str) -> bool:
        return path.lower().endswith(".json")

    def entries(self, file: TextFile) -> list[SettingEntry]:
        if not file.text.lstrip().startswith("{"):
            return []
        found = [
            (path, SettingEntry(file.path, member.name, member.value, member.name_span, value, member.span, '"'))
            for path, member in _walk(members(file.text), ())
            if (value := _value(file, member)) is not None
        ]
        return settled(file, "json", found, _read(file.text))

    def references(self, file: TextFile, name: str) -> list[Span]:
        return []

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """A null stays one: it is filled in elsewhere."""
        is_null = file.text[entry.value_span.start - 1] != '"'
        return renamed(entry, option(new_name), option(entry.name), None if is_null else new_value)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        gone = {entry.name_span for entry in entries}
        spans: list[Span] = []
        for siblings in _groups(members(file.text)):
            removed = [member for member in siblings if member.name_span in gone]
            spans += without(siblings, removed) if removed else []
        return tuple((span, "") for span in spans)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """Which object it belongs to can only be told by another member."""
        return added(file, after, option(name), value) if after is not None else ()

    def still_parses(self, file: TextFile, text: str) -> bool:
        return is_json(text) or not is_json(file.text)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _value(file: TextFile, member: Member) -> Span | None:
    """The text of a string, or a null."""
    if member.text is not None:
        return member.text
    null = file.text[member.name_span.end + 1 : member.span.end].lstrip(": \t\r\n") == "null"
    return Span(member.span.end - len("null"), member.span.end) if null else None


def _walk(siblings: Sequence[Member], path: Path) -> Iterator[tuple[Path, Member]]:
    for member in siblings:
        yield (*path, member.name), member
        yield from _walk(member.members, (*path, member.name))


def _groups(siblings: Sequence[Member]) -> Iterator[Sequence[Member]]:
    yield siblings
    for member in siblings:
        yield from _groups(member.members)
