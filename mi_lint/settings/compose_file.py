"""`environment:` in the compose files of Docker, as a mapping or as a list of `NAME=value`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.yaml_scalars import child, documents, inner, pairs, spell
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(r"(?i)(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class _Slot:
    """An entry in its place. `whole` is the scalar of a list item; `head` is where `environment:` begins."""

    entry: SettingEntry
    whole: Span | None
    holder: int
    head: int = -1  # where nothing is known to stand between it and the entries


class ComposeFile:
    """Only entries on lines of their own; the commas of `{A: b}`, anchors and block scalars are not understood."""

    in_sections = False
    whole = False

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path.rpartition("/")[2]))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        return [slot.entry for slot in _slots(file)]

    def references(self, file: TextFile, name: str) -> list[Span]:
        pattern = re.compile(
            rf"(?<!\$)\$(?:\{{({re.escape(name)})(?![A-Za-z0-9_])|({re.escape(name)})(?![A-Za-z0-9_]))"
        )
        return [Span(*match.span(match.lastindex or 0)) for match in pattern.finditer(file.text)]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        slots = _slots(file)
        slot = next(slot for slot in slots if slot.entry.name_span == entry.name_span)
        known = [other.entry for other in slots]
        value = entry.value if new_value is None else new_value
        edits = []
        if slot.whole is not None:
            text = f"{new_name}={value}" if _has_value(file, entry) or value else new_name
            spelled = spell(text, entry.quote)
            if text != file.text[slot.whole.start + len(entry.quote) : slot.whole.end - len(entry.quote)]:
                edits.append((slot.whole, spelled))
        else:
            if new_name != entry.name:
                edits.append((entry.name_span, new_name))
            if value != entry.value:
                width = len(entry.quote)
                lead = (
                    "" if file.text[entry.value_span.start - width - 1 : entry.value_span.start - width] != ":" else " "
                )
                span = Span(entry.value_span.start - width, entry.value_span.end + width)
                edits.append((span, lead + spell(value, entry.quote)))
        if new_name != entry.name:
            end = slot.whole.end if slot.whole is not None else entry.value_span.end + len(entry.quote)
            comments = (comment_above(file, entry, known), Span(end, entry.line_span.end))
            edits += [(span, new_name) for part in comments for span in mentions(file, part, entry.name)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """With the last entry `environment:` goes too, which may not be empty."""
        slots = _slots(file)
        known = [slot.entry for slot in slots]
        gone = {entry.name_span for entry in entries}
        spans: dict[Span, None] = {}
        for slot in slots:
            if slot.entry.name_span not in gone:
                continue
            siblings = [other for other in slots if other.holder == slot.holder]
            if slot.head >= 0 and all(other.entry.name_span in gone for other in siblings):
                spans[Span(slot.head, siblings[-1].entry.line_span.end)] = None
            else:
                spans[_with_its_comment(file, slot.entry, known)] = None
        return tuple((span, "") for span in spans)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """Which service a setting is for can only be told by another one of it."""
        slot = next((s for s in _slots(file) if after is not None and s.entry.name_span == after.name_span), None)
        if slot is None or after is None:
            return ()
        text = file.text
        if slot.whole is not None:
            line = text[after.line_span.start : slot.whole.start] + spell(f"{name}={value}", after.quote)
        else:
            close = text[after.name_span.end : after.name_span.end + 1].strip(": \t\r\n")
            lead = text[after.line_span.start : after.name_span.start]
            line = f"{lead}{name}{close}: {spell(value, after.quote)}"
        end = after.line_span.end
        if end and text[end - 1] not in "\r\n":
            return ((Span(end, end), file.newline + line),)
        return ((Span(end, end), line + file.newline),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return bool(documents(text)) or not documents(file.text)


def _slots(file: TextFile) -> list[_Slot]:
    found: dict[int, _Slot] = {}
    for document in documents(file.text):
        for _, service in pairs(child(document, "services")):
            for key, value in pairs(service):
                if key.value == "environment":
                    for slot in _environment(file, key, value):
                        found.setdefault(slot.entry.name_span.start, slot)
    return [found[start] for start in sorted(found)]


def _environment(file: TextFile, key: Any, holder: Any) -> list[_Slot]:
    import yaml

    at = _line_start(file, key.start_mark.index)
    alone = not file.text[at : key.start_mark.index].strip() and holder.start_mark.index > key.end_mark.index
    alone = alone and file.text[key.end_mark.index : holder.start_mark.index].strip() == ":"
    if isinstance(holder, yaml.SequenceNode):
        slots = [_item(file, item, id(holder)) for item in holder.value]
    else:
        slots = [_pair(file, name, value, id(holder)) for name, value in pairs(holder)]
        alone = alone and not any(name.value == "<<" for name, _ in getattr(holder, "value", ()))
    understood = [slot for slot in slots if slot is not None]
    whole = alone and len(understood) == len(slots)
    return [replace(slot, head=at) for slot in understood] if whole else understood


def _item(file: TextFile, item: Any, holder: int) -> _Slot | None:
    """`- NAME=value` or `- NAME`."""
    import yaml

    raw = inner(file.text, item) if isinstance(item, yaml.ScalarNode) else None
    if raw is None or file.text[raw[0].start : raw[0].end] != item.value:
        return None
    span, quote = raw
    name, equals, value = item.value.partition("=")
    lines = _lines(file, item.start_mark.index, item.end_mark.index, r"\s*-\s+")
    if lines is None or not _NAME.fullmatch(name):
        return None
    middle = span.start + len(name)
    entry = SettingEntry(
        file.path, name, value, Span(span.start, middle), Span(middle + len(equals), span.end), lines, quote
    )
    return _Slot(entry, Span(item.start_mark.index, item.end_mark.index), holder)


def _pair(file: TextFile, key: Any, value: Any, holder: int) -> _Slot | None:
    """`NAME: value` or `NAME:`."""
    import yaml

    if not isinstance(value, yaml.ScalarNode):
        return None
    name, text = inner(file.text, key), inner(file.text, value)
    if name is None or text is None or value.start_mark.index < key.end_mark.index:
        return None
    if not _NAME.fullmatch(key.value) or file.text[name[0].start : name[0].end] != key.value:
        return None
    empty = value.start_mark.index == value.end_mark.index
    at = key.end_mark.index + file.text[key.end_mark.index :].index(":") + 1 if empty else value.start_mark.index
    end = at if empty else value.end_mark.index
    lines = _lines(file, key.start_mark.index, end, r"\s*")
    if lines is None:
        return None
    span = Span(at, at) if empty else text[0]
    return _Slot(SettingEntry(file.path, key.value, value.value, name[0], span, lines, text[1]), None, holder)


def _lines(file: TextFile, start: int, end: int, lead: str) -> Span | None:
    """The lines of an entry that has them to itself but for a comment; None where something else stands there."""
    first = _line_start(file, start)
    line, _ = file.line_column(end)
    after = file.line_starts[line] if line < len(file.line_starts) else len(file.text)
    rest = file.text[end:after].strip()
    if not re.fullmatch(lead, file.text[first:start]) or (rest and not rest.startswith("#")):
        return None
    return Span(first, after)


def _line_start(file: TextFile, offset: int) -> int:
    return file.line_starts[file.line_column(offset)[0] - 1]


def _has_value(file: TextFile, entry: SettingEntry) -> bool:
    return file.text[entry.name_span.end : entry.name_span.end + 1] == "="


def _with_its_comment(file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry]) -> Span:
    comment = comment_above(file, entry, entries)
    others = {other.name for other in entries} - {entry.name}
    alone = speaks_only_of(file.text[comment.start : comment.end], entry.name, others)
    return Span(comment.start if alone else entry.line_span.start, entry.line_span.end)
