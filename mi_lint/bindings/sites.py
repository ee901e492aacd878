"""Where a declaration is written, a decorator or an object in JSON: what it says, and how to change that in place."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass

from mi_lint.edits import TextEdit
from mi_lint.python.project import Module
from mi_lint.settings.items import Body
from mi_lint.textfile import Span, TextFile


@dataclass(frozen=True, slots=True, eq=False)
class Decorator:
    """A call that decorates a function; its arguments are keywords."""

    module: Module
    call: ast.Call

    @property
    def file(self) -> TextFile:
        return self.module.file

    def argument(self, name: str) -> ast.keyword | None:
        return next((keyword for keyword in self.call.keywords if keyword.arg == name), None)

    def has(self, name: str) -> bool:
        return self.argument(name) is not None

    def is_false(self, name: str) -> bool:
        given = self.argument(name)
        return given is None or (isinstance(given.value, ast.Constant) and not given.value.value)

    def text(self, name: str, value: str, after: str) -> TextEdit:
        """Give an argument a text; an absent one comes after another."""
        given = self.argument(name)
        if given is not None:
            return TextEdit(self.module.span(given.value), json.dumps(value, ensure_ascii=False))
        return self._added(f"{name}={json.dumps(value, ensure_ascii=False)}", after)

    def turned_off(self, name: str) -> TextEdit | None:
        given = self.argument(name)
        plain = given is not None and isinstance(given.value, ast.Constant)
        return TextEdit(self.module.span(given.value), "False") if given is not None and plain else None

    def renamed(self, old: str, new: str) -> TextEdit | None:
        """The name of the method or of an argument."""
        func = self.call.func
        if isinstance(func, ast.Attribute) and func.attr == old:
            end = self.module.span(func).end
            return TextEdit(Span(end - len(old), end), new)
        given = self.argument(old)
        if given is None:
            return None
        start = self.module.span(given).start
        return TextEdit(Span(start, start + len(old)), new)

    def _added(self, source: str, after: str) -> TextEdit:
        given = self.argument(after)
        if given is None:
            span = self.module.span(self.call)
            lead = ", " if self.call.args or self.call.keywords else ""
            text = self.file.text
            at = span.end - 1
            while lead and text[at - 1].isspace():
                at -= 1
            lead = " " if lead and text[at - 1] == "," else lead
            return TextEdit(Span(at, at), lead + source)
        span = self.module.span(given)
        return TextEdit(Span(span.end, span.end), f",{_gap(self.file, span.start)}{source}")


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """An object in a JSON file; its members are named like arguments, in camel case."""

    file: TextFile
    body: Body

    def has(self, name: str) -> bool:
        return self.body.value(camel(name)) is not None

    def member(self, name: str) -> tuple[str, Span] | None:
        """A text in the object, and its place."""
        item = self.body.value(name)
        value = self._value(name)
        return (value, item.value) if item is not None and isinstance(value, str) else None

    def is_false(self, name: str) -> bool:
        return not self._value(camel(name))

    def text(self, name: str, value: str, after: str) -> TextEdit:
        item = self.body.value(camel(name))
        written = json.dumps(value, ensure_ascii=False)
        if item is not None:
            return TextEdit(item.value, written)
        before = self.body.value(after) or self.body.items[-1]
        added = f',{_gap(self.file, before.name_span.start - 1)}"{camel(name)}": {written}'
        return TextEdit(Span(before.value.end, before.value.end), added)

    def turned_off(self, name: str) -> TextEdit | None:
        item = self.body.value(camel(name))
        return TextEdit(item.value, "false") if item is not None and self._value(camel(name)) is True else None

    def renamed(self, old: str, new: str) -> TextEdit | None:
        item = self.body.value(camel(old))
        return TextEdit(item.name_span, camel(new)) if item is not None else None

    def _value(self, name: str) -> object:
        item = self.body.value(name)
        try:
            return json.loads(self.file.text[item.value.start : item.value.end]) if item is not None else None
        except ValueError:
            return None


Site = Decorator | Declaration


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _gap(file: TextFile, start: int) -> str:
    """What stands before an item: a line break and its indentation, or a space."""
    line = file.line_starts[file.line_column(start)[0] - 1]
    indent = file.text[line:start]
    return f"{file.newline}{indent}" if not indent.strip() else " "
