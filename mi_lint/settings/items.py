"""Items `name = value` and `name: value` in the bodies of HCL, Bicep and JSON, with exact positions.

A scanner that knows brackets, strings with their interpolations, and comments; it needs no grammar of expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mi_lint.textfile import Span

_WORD = re.compile(r"[A-Za-z_@][\w-]*")
_HEREDOC = re.compile(r"<<-?(?P<end>\w+)[^\n]*\n")
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_CONTINUED = re.compile(r"[ \t]*(?:[?.]|:(?!:)[ \t])")  # a line that goes on with the expression of the one before


@dataclass(frozen=True, slots=True)
class Dialect:
    """`quote` opens and closes strings; `comment` is a pattern; `assigns` stand between name and value."""

    quote: str
    comment: re.Pattern[str]
    assigns: str
    heredocs: bool = False
    interpolates: bool = True


HCL = Dialect('"', re.compile(r"#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL), "=:", heredocs=True)
BICEP = Dialect("'", re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL), ":")
JSON = Dialect('"', BICEP.comment, ":", interpolates=False)


@dataclass(frozen=True, slots=True)
class Item:
    """`name` is without quotes, `name_span` too; `value` is the whole expression; `span` is from name to value."""

    name: str
    name_span: Span
    value: Span
    body: Body

    @property
    def span(self) -> Span:
        return Span(min(self.name_span.start, self.value.start), self.value.end)


@dataclass(slots=True, eq=False)
class Body:
    """What stands in braces. `header` are the words before a block, `owner` the item whose value it is part of."""

    start: int
    header: tuple[str, ...]
    parent: Body | None
    owner: str = ""
    end: int = 0
    items: list[Item] = field(default_factory=list)

    def value(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)

    def around(self) -> Iterator[Body]:
        """This body and those around it, the nearest first."""
        body: Body | None = self
        while body is not None:
            yield body
            body = body.parent


@dataclass(slots=True)
class _Open:
    """An open bracket. In a body, `name` is that of the item whose value is being read."""

    closing: str
    body: Body | None
    header: list[tuple[str, Span]] = field(default_factory=list)
    name: tuple[str, Span] | None = None
    start: int = -1  # of the value
    end: int = 0

    def read(self, start: int, end: int) -> None:
        """A part of the value."""
        if self.name is not None:
            self.start = start if self.start < 0 else self.start
            self.end = end

    def finish(self) -> None:
        """The item or the header ends here."""
        if self.body is not None and self.name is not None and self.start >= 0:
            self.body.items.append(Item(*self.name, Span(self.start, self.end), self.body))
        self.name, self.start, self.header = None, -1, []


def bodies(text: str, dialect: Dialect) -> list[Body] | None:
    """All bodies, that of the file first; None where the brackets do not fit."""
    top = Body(0, (), None, end=len(text))
    found, stack = [top], [_Open("", top)]
    for kind, start, end in tokens(text, dialect):
        here = stack[-1]
        if kind in ("newline", ","):
            if here.body is not None and not (kind == "newline" and _CONTINUED.match(text, end)):
                here.finish()
        elif kind in _CLOSING:
            here.read(start, end)
            body = _opened(stack, start) if kind == "{" else None
            found.extend([body] if body is not None else [])
            stack.append(_Open(_CLOSING[kind], body))
        elif kind in "}])":
            if here.closing != kind:
                return None
            here.finish()
            if here.body is not None:
                here.body.end = end
            stack.pop()
            stack[-1].read(start, end)
        elif here.body is not None and here.name is None and kind == "assign" and len(here.header) == 1:
            here.name = here.header[0]
        elif here.body is not None and here.name is None:
            inner = Span(start + 1, end - 1) if kind == "string" else Span(start, end)
            here.header.append((text[inner.start : inner.end], inner))
        else:
            here.read(start, end)
    stack[0].finish()
    return found if len(stack) == 1 else None


def _opened(stack: list[_Open], start: int) -> Body:
    """The body that begins here: a block with a header, or a part of the value of the item around it."""
    here = stack[-1]
    around = next(o for o in reversed(stack) if o.body is not None)
    is_block = here.body is not None and here.name is None
    header = tuple(word for word, _ in here.header) if is_block else ()
    return Body(start, header, around.body, around.name[0] if around.name is not None else "")


def tokens(text: str, dialect: Dialect) -> Iterator[tuple[str, int, int]]:
    """Kind and range of each token: a bracket, `,`, newline, string, assign, word, other."""
    at = 0
    while at < len(text):
        char = text[at]
        comment = dialect.comment.match(text, at)
        heredoc = _HEREDOC.match(text, at) if dialect.heredocs and char == "<" else None
        word = _WORD.match(text, at)
        kind, end = "other", at + 1
        if comment is not None:
            at = comment.end()
            continue
        if heredoc is not None:
            close = re.compile(rf"^[ \t]*{heredoc['end']}[ \t]*$", re.MULTILINE).search(text, heredoc.end())
            kind, end = "other", close.end() if close else len(text)
        elif char == dialect.quote:
            kind, end = "string", string_end(text, at, dialect)
        elif char in "\r\n":
            kind, end = "newline", at + (2 if text.startswith("\r\n", at) else 1)
        elif char.isspace():
            at += 1
            continue
        elif char in "{}[](),":
            kind = char
        elif char in dialect.assigns and text[at + 1 : at + 2] not in ("=", ">", ":"):
            kind = "assign"
        elif char in "=!<>" and text[at + 1 : at + 2] in ("=", ">", "~"):
            end = at + 2
        elif word is not None:
            kind, end = "word", word.end()
        yield kind, at, end
        at = end


def string_end(text: str, at: int, dialect: Dialect) -> int:
    """Where the string that opens at `at` ends; interpolations may hold strings again."""
    quote = dialect.quote
    if quote == "'" and text.startswith("'''", at):
        end = text.find("'''", at + 3)
        return end + 3 if end >= 0 else len(text)
    at += 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
        elif char == quote:
            return at + 1
        elif dialect.interpolates and _opens(text, at, dialect):
            doubled = dialect.heredocs and text[at - 1] == char
            at = at + 2 if doubled else interpolation_end(text, at, dialect)
        elif char in "\r\n":
            return at
        else:
            at += 1
    return at


def _opens(text: str, at: int, dialect: Dialect) -> bool:
    """Whether an interpolation opens here, or a directive of HCL."""
    return text[at + 1 : at + 2] == "{" and (text[at] == "$" or (text[at] == "%" and dialect.heredocs))


def interpolation_end(text: str, at: int, dialect: Dialect) -> int:
    """Where the interpolation that opens at `at` ends."""
    depth, at = 1, at + 2
    while at < len(text) and depth:
        if text[at] == dialect.quote:
            at = string_end(text, at, dialect)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at
