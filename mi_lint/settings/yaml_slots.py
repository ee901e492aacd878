"""Settings in YAML, each on lines of its own: `NAME: value`, `- NAME=value`, or `- name: NAME` with its value below.

What is common to all formats of that kind; a format says where in its documents settings stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.yaml_scalars import documents, inner, pairs, spell
from mi_lint.textfile import Span, TextFile

_DEEPEST = 40
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """An entry in its place.

    `whole` is the scalar of a list item `NAME=value`; `head` is where the key above the entries begins, or -1 where
    something else may stand between; `named` entries have their name and their value as members of one mapping.
    """

    entry: SettingEntry
    whole: Span | None
    holder: int
    head: int = -1
    named: bool = False
    encoded: bool = False  # the value is written in base64


class YamlSettings:
    """Only entries on lines of their own; the commas of `{A: b}`, anchors and block scalars are not understood."""

    in_sections = False
    whole = False

    def matches(self, path: str) -> bool:
        raise NotImplementedError

    def slots_in(self, file: TextFile, document: Any) -> Iterator[Slot]:
        """Where a document defines settings; the same place may come more than once."""
        raise NotImplementedError

    def may_hold(self, file: TextFile) -> bool:
        """Whether a file of this name is worth reading as YAML."""
        return True

    def spelled(self, entry: SettingEntry) -> str:
        """How its file spells the name of an entry."""
        return entry.name

    def key_of(self, entry: SettingEntry, old: str, new_name: str) -> str:
        """The new spelling of a name that is spelled `old`."""
        return new_name

    def encode(self, value: str) -> str:
        """A value as a slot that is `encoded` writes it."""
        return value

    def _slots(self, file: TextFile) -> list[Slot]:
        found: dict[int, Slot] = {}
        if self.may_hold(file):
            for document in documents(file.text):
                for slot in self.slots_in(file, document):
                    found.setdefault(slot.entry.name_span.start, slot)
        return [found[start] for start in sorted(found)]

    def entries(self, file: TextFile) -> list[SettingEntry]:
        return [slot.entry for slot in self._slots(file)]

    def references(self, file: TextFile, name: str) -> list[Span]:
        pattern = re.compile(
            rf"(?<!\$)\$(?:\{{({re.escape(name)})(?![A-Za-z0-9_])|({re.escape(name)})(?![A-Za-z0-9_]))"
        )
        return [Span(*match.span(match.lastindex or 0)) for match in pattern.finditer(file.text)]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        slots = self._slots(file)
        slot = next(slot for slot in slots if slot.entry.name_span == entry.name_span)
        known = [other.entry for other in slots]
        value = entry.value if new_value is None else new_value
        old = self.spelled(slot.entry)
        name = old if new_name == entry.name else self.key_of(entry, old, new_name)
        edits = []
        if slot.whole is not None:
            text = f"{name}={value}" if _has_value(file, entry) or value else name
            spelled = spell(text, entry.quote)
            if text != file.text[slot.whole.start + len(entry.quote) : slot.whole.end - len(entry.quote)]:
                edits.append((slot.whole, spelled))
        else:
            if name != old:
                edits.append((entry.name_span, name))
            if value != entry.value:
                edits.append(self._new_value(file, slot, value))
        if name != old:
            end = slot.whole.end if slot.whole is not None else entry.value_span.end + len(entry.quote)
            comments = (comment_above(file, entry, known), Span(min(end, entry.line_span.end), entry.line_span.end))
            edits += [(span, name) for part in comments for span in mentions(file, part, old)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def _new_value(self, file: TextFile, slot: Slot, value: str) -> tuple[Span, str]:
        entry = slot.entry
        width = len(entry.quote)
        lead = "" if file.text[entry.value_span.start - width - 1 : entry.value_span.start - width] != ":" else " "
        span = Span(entry.value_span.start - width, entry.value_span.end + width)
        return span, lead + spell(self.encode(value) if slot.encoded else value, entry.quote)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """With the last entry the key above them goes too, which may not be empty."""
        slots = self._slots(file)
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
                spans[_with_its_comment(file, slot.entry, known, self.spelled)] = None
        return tuple((span, "") for span in spans)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """Which program a setting is for can only be told by another one of it."""
        slot = next((s for s in self._slots(file) if after is not None and s.entry.name_span == after.name_span), None)
        if slot is None or after is None:
            return ()
        text = file.text
        own = self.key_of(after, self.spelled(slot.entry), name)
        if slot.named:
            lines = after.line_span
            (span, new), width = self._new_value(file, slot, value), len(_quote(text, after.name_span))
            inner_edits = [
                (Span(after.name_span.start - width, after.name_span.end + width), spell(name, "")),
                (span, new),
            ]
            line, at = "", lines.start
            for part, replacement in sorted(inner_edits, key=lambda edit: edit[0].start):
                line, at = line + text[at : part.start] + replacement, part.end
            line += text[at : lines.end].partition("\n")[0].partition("\r")[0].partition(" #")[0]
        elif slot.whole is not None:
            line = text[after.line_span.start : slot.whole.start] + spell(f"{own}={value}", after.quote)
        else:
            close = text[after.name_span.end : after.name_span.end + 1].strip(": \t\r\n")
            lead = text[after.line_span.start : after.name_span.start]
            line = f"{lead}{own}{close}: {spell(self.encode(value) if slot.encoded else value, after.quote)}"
        end = after.line_span.end
        if end and text[end - 1] not in "\r\n":
            return ((Span(end, end), file.newline + line),)
        return ((Span(end, end), line + file.newline),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return bool(documents(text)) or not documents(file.text)


def members(file: TextFile, key: Any, holder: Any, accepts: Callable[[str], bool] = lambda name: True) -> list[Slot]:
    """The entries under a key: a mapping, a list of `NAME=value`, or one of mappings with a name and a value."""
    import yaml

    at = _line_start(file, key.start_mark.index)
    alone = not file.text[at : key.start_mark.index].strip() and holder.start_mark.index > key.end_mark.index
    alone = alone and file.text[key.end_mark.index : holder.start_mark.index].strip() == ":"
    if isinstance(holder, yaml.SequenceNode):
        slots = [_item(file, item, id(holder)) for item in holder.value]
    elif isinstance(holder, yaml.MappingNode):
        slots = [pair(file, name, value, id(holder)) for name, value in pairs(holder)]
        alone = alone and not any(name.value == "<<" for name, _ in holder.value)
    else:
        return []
    understood = [slot for slot in slots if slot is not None and accepts(slot.entry.name)]
    whole = alone and len(understood) == len(slots)
    return [replace(slot, head=at) for slot in understood] if whole else understood


def _item(file: TextFile, item: Any, holder: int) -> Slot | None:
    """`- NAME=value`, `- NAME`, or `- name: NAME` with a value."""
    import yaml

    if isinstance(item, yaml.MappingNode):
        return _named(file, item, holder)
    raw = inner(file.text, item) if isinstance(item, yaml.ScalarNode) else None
    if raw is None or file.text[raw[0].start : raw[0].end] != item.value:
        return None
    span, quote = raw
    name, equals, value = item.value.partition("=")
    lines = _lines(file, item.start_mark.index, item.end_mark.index, r"\s*-\s+")
    if lines is None or not NAME.fullmatch(name):
        return None
    middle = span.start + len(name)
    entry = SettingEntry(
        file.path, name, value, Span(span.start, middle), Span(middle + len(equals), span.end), lines, quote
    )
    return Slot(entry, Span(item.start_mark.index, item.end_mark.index), holder)


def _named(file: TextFile, item: Any, holder: int) -> Slot | None:
    """A mapping that says `name` and `value`, or where the value is taken from."""

    parts = {key.value: value for key, value in pairs(item)}
    name, value, source = parts.get("name"), parts.get("value"), None
    if value is None and "secureValue" in parts:
        value = parts["secureValue"]
    if value is None:
        value, source = _taken(parts)
    slot = named_slot(file, item, name, value, holder)
    if slot is None or source is None:
        return slot
    return replace(slot, entry=replace(slot.entry, origin=source[0], address=source[1]))


def named_slot(file: TextFile, item: Any, name: Any, value: Any, holder: int) -> Slot | None:
    """A mapping among others in a list, of which two scalars are a name and a value."""
    import yaml

    if not isinstance(name, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
        return None
    named, text = inner(file.text, name), inner(file.text, value)
    if named is None or text is None or not NAME.fullmatch(name.value):
        return None
    if file.text[named[0].start : named[0].end] != name.value or value.start_mark.index == value.end_mark.index:
        return None
    lines = _lines(file, item.start_mark.index, _last(item), r"\s*-\s+")
    if lines is None:
        return None
    entry = SettingEntry(file.path, name.value, value.value, named[0], text[0], lines, text[1])
    return Slot(entry, None, holder, named=True)


def _taken(parts: dict[str, Any]) -> tuple[Any, tuple[str, str] | None]:
    """The scalar that names a key elsewhere, and that key in words and as an address."""
    import yaml

    reference = parts.get("secretRef")
    if isinstance(reference, yaml.ScalarNode):
        return reference, (f"the secret {reference.value}", f"app/{reference.value}")
    for kind, word in (("secretKeyRef", "secret"), ("configMapKeyRef", "config map")):
        for key, value in pairs(parts.get("valueFrom")):
            inside = {name.value: node for name, node in pairs(value)} if key.value == kind else {}
            own, where = inside.get("key"), inside.get("name")
            if isinstance(own, yaml.ScalarNode) and isinstance(where, yaml.ScalarNode):
                told = f"the key {own.value} of the {word} {where.value}"
                return own, (told, f"{word}/{where.value}/{own.value}")
    return None, None


def pair(file: TextFile, key: Any, value: Any, holder: int) -> Slot | None:
    """`NAME: value` or `NAME:`."""
    import yaml

    if not isinstance(value, yaml.ScalarNode):
        return None
    name, text = inner(file.text, key), inner(file.text, value)
    if name is None or text is None or value.start_mark.index < key.end_mark.index:
        return None
    if not NAME.fullmatch(key.value) or file.text[name[0].start : name[0].end] != key.value:
        return None
    empty = value.start_mark.index == value.end_mark.index
    at = key.end_mark.index + file.text[key.end_mark.index :].index(":") + 1 if empty else value.start_mark.index
    end = at if empty else value.end_mark.index
    lines = _lines(file, key.start_mark.index, end, r"\s*")
    if lines is None:
        return None
    span = Span(at, at) if empty else text[0]
    return Slot(SettingEntry(file.path, key.value, value.value, name[0], span, lines, text[1]), None, holder)


def scalars(file: TextFile, node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Slot]]:
    """The entries of a mapping and of the mappings in it, each with the keys that lead to it."""
    import yaml

    if not isinstance(node, yaml.MappingNode) or len(path) >= _DEEPEST:
        return
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            slot = pair(file, key, value, id(node))
            if slot is not None:
                yield (*path, key.value), slot
            yield from scalars(file, value, (*path, key.value))


def _last(node: Any) -> int:
    """Where the last scalar of a node ends; a block ends only with the next token."""
    import yaml

    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return int(node.end_mark.index)
    inside = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_last(part) for part in inside), default=int(node.end_mark.index))


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


def _quote(text: str, span: Span) -> str:
    before = text[span.start - 1 : span.start]
    return before if before in ("'", '"') else ""


def _has_value(file: TextFile, entry: SettingEntry) -> bool:
    return file.text[entry.name_span.end : entry.name_span.end + 1] == "="


def _with_its_comment(
    file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry], spelled: Callable[[SettingEntry], str]
) -> Span:
    comment = comment_above(file, entry, entries)
    others = {spelled(other) for other in entries} - {spelled(entry)}
    alone = speaks_only_of(file.text[comment.start : comment.end], spelled(entry), others)
    return Span(comment.start if alone else entry.line_span.start, entry.line_span.end)
