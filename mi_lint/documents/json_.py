"""Strings of JSON with their names, as people write it: comments, trailing commas, bare keys, several documents.

A tokenizer and a stack, so that neither depth nor errors stop it: after an error it goes on with the next token.
"""

from __future__ import annotations

from dataclasses import dataclass

from mi_lint.documents.decode import json_text
from mi_lint.documents.json_tokens import BARE, STRING, tokens
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "connectionstring"})
_DEEPEST = 100  # levels that are told apart


@dataclass(slots=True)
class _Level:
    """An open object or list.

    `owner` numbers the nearest object; `name` is the nearest key around the level, `around` has those around that key,
    `path` has all of them.
    """

    group: int
    owner: int
    is_list: bool
    name: str
    around: tuple[str, ...]
    path: tuple[str, ...]
    key: str = ""
    title: str = ""
    value: View | None = None

    def inner(self, group: int, is_list: bool) -> _Level:
        """The level that opens as the value of the key."""
        owner = self.owner if is_list else group
        if self.key:
            return _Level(group, owner, is_list, self.key, self.path, (*self.path, self.key))
        return _Level(group, owner, is_list, self.name, self.around, self.path)

    def add(self, view: View) -> NamedValue:
        """A string in this level. The strings of a list have its name."""
        if not self.key:
            return NamedValue(self.name, view, self.around, self.group)
        key = self.key.lower()
        if key in _NAMES:
            self.title = self.title or view.text
        elif key in _VALUES:
            self.value = view
        return NamedValue(self.key, view, self.path, self.group)


def values(text: str) -> list[NamedValue]:
    """All strings that are not empty. An object with a name and a value is also one value of that name in its list."""
    return _read(text).found


def owned_values(text: str) -> list[tuple[NamedValue, int]]:
    """The values of a text, each with the number of the object that holds it, be it by way of a list."""
    reader = _read(text)
    return list(zip(reader.found, reader.owners, strict=True))


def _read(text: str) -> _Reader:
    reader = _Reader(text)
    for kind, start, end in tokens(text):
        reader.token(kind, start, end)
    reader.end()
    return reader


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: list[NamedValue] = []
        self.owners: list[int] = []
        self._text = text
        self._stack = [_Level(0, 0, False, "", (), ())]
        self._open = {True: 0, False: 0}  # lists, objects
        self._groups = 0
        self._deeper = 0  # levels open beyond those of the stack
        self._before = (",", 0, 0)  # the token before this one

    def token(self, kind: str, start: int, end: int) -> None:
        top = self._stack[-1]
        before, low, high = self._before
        self._before = (kind, start, end)
        if kind == ":":
            top.key = self._view(low, high).text if before in (STRING, BARE) else ""
            return
        if before == STRING:
            if low < high:
                self._add(top.add(self._view(low, high)), top.owner)
            top.key = ""
        if kind == ",":
            top.key = ""
        elif kind in "{[":
            self._enter(kind == "[")
        elif kind in "}]":
            self._leave(kind == "]")

    def _view(self, start: int, end: int) -> View:
        return json_text(View.of(self._text[start:end], start))

    def _add(self, value: NamedValue, owner: int) -> None:
        self.found.append(value)
        self.owners.append(owner)

    def end(self) -> None:
        """What the end of the text completes."""
        self.token(",", 0, 0)
        while len(self._stack) > 1:
            self._pop()

    def _enter(self, is_list: bool) -> None:
        if len(self._stack) > _DEEPEST:
            self._deeper += 1
            return
        self._groups += 1
        self._open[is_list] += 1
        self._stack.append(self._stack[-1].inner(self._groups, is_list))

    def _leave(self, is_list: bool) -> None:
        """Close the innermost level of that kind and what was left open in it; without one the mark means nothing."""
        if self._deeper:
            self._deeper -= 1
        elif self._open[is_list]:
            while self._pop().is_list is not is_list:
                pass

    def _pop(self) -> _Level:
        level, top = self._stack.pop(), self._stack[-1]
        if level.title and level.value is not None:
            self._add(NamedValue(level.title, level.value, level.path, top.group), top.owner)
        self._open[level.is_list] -= 1
        top.key = ""
        return level
