"""String literals of Python source as views: each decoded character with the characters that write it."""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import dataclass

from mi_lint.documents.python_fields import field_at
from mi_lint.documents.view import View, ViewBuilder, join

_ESCAPE = re.compile(
    r"\\(?:\r\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^{}]*\}|[0-7]{1,3}|.)|\r\n?", re.DOTALL
)
_BYTES_ESCAPE = re.compile(r"\\(?:\r\n|x[0-9A-Fa-f]{2}|[0-7]{1,3}|.)|\r\n?", re.DOTALL)
_NEWLINE = re.compile(r"\r\n?")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}
_SIMPLE |= {"\\": "\\", "'": "'", '"': '"', "\n": "", "\r": "", "\r\n": ""}
_OPENING = re.compile(r"(?P<prefix>[rRbBuUfFtT]{0,3})(?P<quote>\"\"\"|'''|\"|')|#[^\r\n]*|[\s\\()]+")
_STOPS = {quote: re.compile(rf"\\|{quote}") for quote in ('"""', "'''", '"', "'")}
_FORMATTED_STOPS = {quote: re.compile(rf"[\\{{}}]|{quote}") for quote in _STOPS}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a string expression: text with its places, or the expression of a replacement field (`text` None)."""

    text: View | None
    start: int = 0
    end: int = 0


class Source:
    """Python source, with node positions (lines and UTF-8 columns) as character offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.view = View.of(text)
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self._ascii = text.isascii()
        self._columns: dict[int, list[int]] = {}

    def offset(self, line: int, column: int) -> int:
        if self._ascii:
            return self._starts[line - 1] + column
        if line not in self._columns:
            end = self._starts[line] if line < len(self._starts) else len(self.text)
            self._columns[line] = _places(self.text, self._starts[line - 1], end)
        places = self._columns[line]
        return places[min(column, len(places) - 1)] if places else self._starts[line - 1] + column

    def span(self, node: ast.expr) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def hole(self, node: ast.expr, text: str) -> View:
        """Text that stands for the whole of an expression."""
        return put(text, *self.span(node))

    def constant(self, node: ast.Constant) -> View | None:
        """The text of a literal; bytes are read as Latin-1."""
        if not isinstance(node.value, str | bytes):
            return None
        value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        start, end = self.span(node)
        if self.text[start + 1 : end - 1] == value and self.text[start : start + 1] in ("'", '"'):
            return self.view[start + 1 : end - 1]
        view = join(piece.text for piece in self._pieces(start, end) if piece.text is not None)
        return view if view.text == value else self.hole(node, value)

    def pieces(self, node: ast.JoinedStr) -> list[Piece] | None:
        """The parts of a formatted literal in order, its fields among them; None if they do not match the node's."""
        pieces = self._pieces(*self.span(node))
        given = "".join(
            value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else "\0"
            for value in node.values
        )
        return pieces if "".join(piece.text.text if piece.text else "\0" for piece in pieces) == given else None

    def _pieces(self, start: int, end: int) -> list[Piece]:
        """The parts of a (perhaps implicitly concatenated) literal, in order."""
        found: list[Piece] = []
        at = start
        while at < end:
            opening = _OPENING.match(self.text, at, end)
            if opening is None:
                break
            at = opening.end()
            if opening["quote"]:
                prefix = opening["prefix"].lower()
                at = self._literal(at, end, opening["quote"], prefix, found)
        return [piece for piece in found if piece.text is None or piece.text.text]

    def _literal(self, at: int, end: int, quote: str, prefix: str, found: list[Piece]) -> int:
        """Collect the parts of one literal whose body begins at `at`; the end of its closing quote."""
        text, formatted = self.text, "f" in prefix or "t" in prefix
        stops = _FORMATTED_STOPS[quote] if formatted else _STOPS[quote]
        begin = at
        while stop := stops.search(text, at, end):
            at = stop.start()
            if stop.group() == quote:
                found.append(Piece(self._decoded(begin, at, prefix)))
                return stop.end()
            if stop.group() == "\\":
                at = _behind_escape(text, at, end, prefix)
                continue
            doubled = text[at : at + 2] in ("{{", "}}")
            found.append(Piece(self._decoded(begin, at + doubled, prefix)))
            if doubled:
                at += 2
            elif stop.group() == "{":
                field = field_at(text, at, end)
                found += [Piece(self.view[at + 1 : field.shown]), Piece(None, field.start, field.end)]
                at = field.stop
            else:
                at += 1
            begin = at
        found.append(Piece(self._decoded(begin, end, prefix)))
        return end

    def _decoded(self, start: int, end: int, prefix: str) -> View:
        part = self.view[start:end]
        pattern = _NEWLINE if "r" in prefix else _BYTES_ESCAPE if "b" in prefix else _ESCAPE
        if "\r" not in part.text and (pattern is _NEWLINE or "\\" not in part.text):
            return part
        builder = ViewBuilder()
        at = 0
        for match in pattern.finditer(part.text):
            builder.copy(part, at, match.start())
            at = match.end()
            builder.put(_character(match.group(), "b" in prefix), start + match.start(), start + at)
        builder.copy(part, at, len(part))
        return builder.build()


def put(text: str, start: int, end: int) -> View:
    """Text that comes from the source range `[start, end)` as a whole."""
    builder = ViewBuilder()
    builder.put(text, start, end)
    return builder.build()


def _places(text: str, start: int, end: int) -> list[int]:
    """For each byte of a line the place of its character; empty for a line of ASCII."""
    if text[start:end].isascii():
        return []
    found: list[int] = []
    for place in range(start, end):
        found += [place] * len(text[place].encode("utf-8", "surrogatepass"))
    return [*found, end]


def _behind_escape(text: str, at: int, end: int, prefix: str) -> int:
    """Where to go on behind a backslash; in a formatted literal it does not escape braces."""
    if "f" in prefix or "t" in prefix:
        if text[at + 1] in "{}":
            return at + 1
        if "r" not in prefix and text.startswith("N{", at + 1):
            return text.find("}", at, end) + 1 or end
    return at + 2


def _character(escape: str, is_bytes: bool) -> str:
    code = escape[1:]
    if not escape.startswith("\\"):
        return "\n"
    if code in _SIMPLE:
        return _SIMPLE[code]
    try:
        if code[0] in "01234567":
            return chr(int(code, 8) & 0xFF if is_bytes else int(code, 8))
        if code[0] in "xuU" and len(code) > 1:
            return chr(int(code[1:], 16))
        if code[0] == "N" and len(code) > 1:
            return unicodedata.lookup(code[2:-1])
    except (KeyError, ValueError, OverflowError):
        pass
    return escape
