"""The members of the objects in a JSON text, with exact positions; comments and trailing commas may be in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from mi_lint.documents.json_tokens import BARE, STRING, tokens
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import Span, TextFile


@dataclass(slots=True)
class Member:
    """`"name": value`; `span` is all of it, quotes included; `text` is that of a string value, between its quotes."""

    name: str
    name_span: Span
    span: Span
    text: Span | None = None
    value: str = ""
    members: list[Member] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Member({self.name!r})"  # the value may be a secret


def members(text: str) -> list[Member]:
    """The members of the outermost object; those of the objects in it hang below. Lists count as values of no kind."""
    reader = _Reader(text)
    for kind, start, end in tokens(text):
        reader.token(kind, start, end)
    return reader.top.members


class _Reader:
    """A stack of open brackets; a list stands on it with a member of its own, which nobody looks at."""

    def __init__(self, text: str) -> None:
        nowhere = Span(0, 0)
        self.top = Member("", nowhere, nowhere)
        self._text = text
        self._stack: list[Member] = []
        self._key: tuple[str, Span] | None = None
        self._string: Span | None = None

    def token(self, kind: str, start: int, end: int) -> None:
        if kind == ":":
            if self._string is not None:
                self._key = _decoded(self._text, self._string), self._string
            self._string = None
            return
        if kind in (STRING, BARE):
            self._string = Span(start, end) if kind == STRING else None
            if self._key is not None and self._stack:
                self._member(Span(start - 1, end + 1) if kind == STRING else Span(start, end), self._string)
                self._string = None
            return
        self._string = None
        if kind in "{[":
            inner = self.top if not self._stack else Member("", Span(start, end), Span(start, end))
            if self._key is not None and self._stack:
                inner = self._member(Span(start, end), None)
            self._stack.append(inner)
        elif kind in "}]" and self._stack:
            closed = self._stack.pop()
            closed.span = Span(closed.span.start, end)
        self._key = None

    def _member(self, value: Span, text: Span | None) -> Member:
        assert self._key is not None
        name, span = self._key
        made = Member(name, span, Span(span.start - 1, value.end), text, _decoded(self._text, text) if text else "")
        self._stack[-1].members.append(made)
        self._key = None
        return made


def _decoded(text: str, span: Span) -> str:
    raw = text[span.start : span.end]
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def without(siblings: Sequence[Member], removed: Sequence[Member]) -> list[Span]:
    """What to delete so that these members are gone and the commas between the others are right."""
    spans: list[Span] = []
    run: list[Member] = []
    kept: Member | None = None
    for member in siblings:
        if member in removed:
            run.append(member)
            continue
        if run:
            spans.append(Span(run[0].span.start, member.span.start))
        run, kept = [], member
    if run:
        spans.append(Span(kept.span.end if kept else run[0].span.start, run[-1].span.end))
    return spans


def spelled(text: str) -> str:
    """A text between the quotes of a string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def is_json(text: str) -> bool:
    """Whether a text is plain JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def renamed(entry: SettingEntry, new_key: str, old_key: str, new_value: str | None) -> Edits:
    """Another key, and another value unless that is None."""
    edits = [(entry.name_span, spelled(new_key))] if new_key != old_key else []
    if new_value is not None and new_value != entry.value:
        edits.append((entry.value_span, spelled(new_value)))
    return tuple(edits)


def added(file: TextFile, after: SettingEntry, key: str, value: str) -> Edits:
    """A member after another one, in its manner."""
    text, start, end = file.text, after.line_span.start, after.line_span.end
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    indent = text[line:start]
    lead = f"{file.newline}{indent}" if not indent.strip() else " "
    between = text[after.name_span.end + 1 : after.value_span.start].removesuffix('"')
    return ((Span(end, end), f',{lead}"{spelled(key)}"{between}"{spelled(value)}"'),)
