"""`local.settings.json`: the object `Values` becomes the environment of the program."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mi_lint.settings.json_members import Member, added, is_json, members, renamed, without
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(r"(?i)local[._-]settings(?:[._-][\w.-]+)?\.json(?:[._-](?:example|sample|template|dist))?")
_EXAMPLE = re.compile(r"(?i)example|sample|template|dist")


class LocalSettings:
    """Only strings are settings there; a file that says `"IsEncrypted": true` holds none that can be read."""

    in_sections = False
    whole = True

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path.rpartition("/")[2]))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        example = bool(_EXAMPLE.search(file.path.rpartition("/")[2]))
        return [
            SettingEntry(file.path, m.name, m.value, m.name_span, m.text, m.span, '"', example)
            for m in _values(file)
            if m.text is not None
        ]

    def references(self, file: TextFile, name: str) -> list[Span]:
        """Values do not refer to each other by `%name%` here: only the host resolves that, in bindings."""
        return [entry.value_span for entry in self.entries(file) if entry.value == name]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        return renamed(entry, new_name, entry.name, new_value)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        siblings = _values(file)
        names = {entry.name_span for entry in entries}
        spans = without(siblings, [member for member in siblings if member.name_span in names])
        return tuple((span, "") for span in spans)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """In the manner of the entry before, which is the last one where none is given."""
        known = self.entries(file)
        if after is None and not known:
            return ()
        return added(file, after or known[-1], name, value)

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Plain JSON stays plain JSON; with comments, which its host allows, the members must still be found."""
        if is_json(file.text):
            return is_json(text)
        return bool(members(text))


def _values(file: TextFile) -> list[Member]:
    top = {member.name: member for member in members(file.text)}
    if "Values" not in top:
        return []
    encrypted = top.get("IsEncrypted")
    if encrypted is not None and file.text[encrypted.span.start : encrypted.span.end].endswith("true"):
        return []
    return top["Values"].members
