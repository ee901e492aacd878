"""Configuration in TOML: the strings of its tables that are written on one line."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mi_lint.documents.toml_spans import Statement, statements
from mi_lint.entry_names import file_of, option, place_in
from mi_lint.settings.dotenv import EXAMPLE, EXAMPLE_WORD
from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.trees import Path, settled
from mi_lint.textfile import Span, TextFile

_toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

_KEY = re.compile(r"[\w-]+\Z|\"[^\"\\\r\n]*\"\Z|'[^'\r\n]*'\Z", re.ASCII)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r"(?P<quote>[\"'])(?!(?P=quote){2})[^\r\n]*(?P=quote)")
_SECRETS = re.compile(rf"(?i)(?:.*/)?\.streamlit/secrets(?:[._-]{EXAMPLE_WORD})?\.toml(?:[._-]{EXAMPLE_WORD})?")


class TomlTree:
    """Inline tables, arrays and strings of several lines are read, and not edited."""

    in_sections = True
    whole = False

    def matches(self, path: str) -> bool:
        return path.lower().endswith(".toml")

    def entries(self, file: TextFile) -> list[SettingEntry]:
        tree = _read(file.text)
        found = [pair for item in statements(file.text) if (pair := _entry(file, item)) is not None]
        return settled(file, "toml", found if tree is not None else [], tree)

    def references(self, file: TextFile, name: str) -> list[Span]:
        return []

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """The name in the comment right above and behind the value changes with it."""
        old, new = option(entry.name), option(new_name)
        edits = []
        if new_value is not None and new_value != entry.value:
            edits.append((Span(entry.value_span.start - 1, entry.value_span.end + 1), _spelled(new_value, entry.quote)))
        if new != old:
            width = 1 if file.text[entry.name_span.end] in "\"'" else 0
            edits.append((Span(entry.name_span.start - width, entry.name_span.end + width), _key(new)))
            above = comment_above(file, entry, self.entries(file))
            behind = Span(entry.value_span.end + 1, entry.line_span.end)
            edits += [(span, new) for part in (above, behind) for span in mentions(file, part, old)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """The table stays, also an empty one: the program may ask for it."""
        known = self.entries(file)
        return tuple((_with_its_comment(file, entry, known), "") for entry in entries)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        if after is None:
            return ()
        width = 1 if file.text[after.name_span.end] in "\"'" else 0
        lead = file.text[after.line_span.start : after.name_span.start - width]
        between = file.text[after.name_span.end + width : after.value_span.start - 1]
        line = f"{lead}{_key(option(name))}{between}{_spelled(value, after.quote)}"
        end = after.line_span.end
        if file.text[end - 1] not in "\r\n":
            return ((Span(end, end), file.newline + line),)
        return ((Span(end, end), line + file.newline),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return _read(text) is not None or _read(file.text) is None


class StreamlitSecrets(TomlTree):
    """Outside of tables its settings are environment variables too, and have their plain names."""

    in_sections = False
    whole = True

    def matches(self, path: str) -> bool:
        return bool(_SECRETS.fullmatch(path))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        example = bool(EXAMPLE.search(file.path.rpartition("/")[2]))
        return [
            replace(entry, name=_plain(entry.name), form="", example=example)
            for entry in super().entries(file)
            if not (entry.fixed and not option(entry.name))
        ]


def _plain(name: str) -> str:
    return name if "." in place_in(name) or not file_of(name) else option(name)


def _read(text: str) -> dict[str, Any] | None:
    try:
        return dict(_toml.loads(text.replace("\r\n", "\n")))
    except (ValueError, RecursionError):
        return None


def _entry(file: TextFile, item: Statement) -> tuple[Path, SettingEntry] | None:
    """A key with a string of one line."""
    text = file.text
    raw, key = text[item.value.start : item.value.end], _KEY.search(text[item.key.start : item.key.end])
    read = _read(f"x = {raw}") if key is not None and _STRING.fullmatch(raw) else None
    if key is None or read is None or not isinstance(read["x"], str):
        return None
    width = 1 if key[0][0] in "\"'" else 0
    name = Span(item.key.start + key.start() + width, item.key.end - width)
    line, _ = file.line_column(item.key.start)
    last, _ = file.line_column(item.value.end)
    end = file.line_starts[last] if last < len(file.line_starts) else len(text)
    lines = Span(file.line_starts[line - 1], end)
    value = Span(item.value.start + 1, item.value.end - 1)
    return item.path, SettingEntry(file.path, item.path[-1], read["x"], name, value, lines, raw[0])


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _spelled(value: str, quote: str) -> str:
    if quote == "'" and not re.search(r"['\x00-\x1f\x7f]", value):
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with_its_comment(file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry]) -> Span:
    name = option(entry.name)
    comment = comment_above(file, entry, entries)
    others = {option(other.name) for other in entries} - {name}
    alone = speaks_only_of(file.text[comment.start : comment.end], name, others)
    return Span(comment.start if alone else entry.line_span.start, entry.line_span.end)
