"""String literals of Python source as views: each decoded character with the characters that write it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mi_lint.documents.view import View, ViewBuilder

_ESCAPE = re.compile(
    r"\\(?:\r\n|\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "\n": "", "\r\n": ""}
_OPENING = re.compile(r"(?P<prefix>[rRbBuUfFtT]{0,3})(?P<quote>\"\"\"|'''|\"|')|#[^\n]*|[\s\\()]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a string expression: text with its places, or a replacement field (`text` is None) of an f-string."""

    text: View | None
    start: int = 0
    end: int = 0
    plain: bool = False  # a field without conversion and format


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """One literal of a string expression, `[start, end)` with its prefix and quotes; `body` is what stands between."""

    start: int
    end: int
    prefix: str  # in lower case
    body: tuple[int, int]
    pieces: tuple[Piece, ...]


class Source:
    """Python source, with node positions (lines and UTF-8 columns) as character offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.view = View.of(text)
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self._ascii = text.isascii()

    def offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return start + len(self.text[start:end].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def span(self, node: ast.expr) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def hole(self, node: ast.expr, text: str) -> View:
        """Text that stands for the whole of an expression."""
        builder = ViewBuilder()
        builder.put(text, *self.span(node))
        return builder.build()

    def pieces(self, node: ast.expr) -> list[Piece]:
        """The parts of a (perhaps implicitly concatenated) literal, in order."""
        return [piece for literal in self.literals(*self.span(node)) for piece in literal.pieces]

    def literals(self, start: int, end: int) -> list[StringLiteral]:
        """The literals that stand one after another in a range of the source."""
        found: list[StringLiteral] = []
        at = start
        while at < end:
            opening = _OPENING.match(self.text, at, end)
            if opening is None:
                break
            at = opening.end()
            if opening["quote"]:
                prefix = opening["prefix"].lower()
                body = at
                stop, parts = self._literal(at, end, opening["quote"], prefix)
                at = stop + len(opening["quote"])
                found.append(StringLiteral(opening.start(), at, prefix, (body, stop), tuple(parts)))
        return found

    def _literal(self, start: int, end: int, quote: str, prefix: str) -> tuple[int, list[Piece]]:
        """The parts of one literal whose body begins at `start`, and where its closing quote stands."""
        text, raw, formatted = self.text, "r" in prefix, "f" in prefix or "t" in prefix
        found: list[Piece] = []
        at = begin = start
        while at < end:
            character = text[at]
            if character == "\\" and not (raw and formatted and text[at + 1 : at + 2] in "{}"):
                at += 2
            elif text.startswith(quote, at):
                break
            elif formatted and character in "{}":
                found.append(Piece(self._decoded(begin, at, raw)))
                if text[at : at + 2] in ("{{", "}}"):
                    found.append(Piece(self.view[at : at + 1]))
                    at += 2
                elif character == "{":
                    stop = _field_end(text, at + 1, end)
                    found.append(
                        Piece(None, at, stop, plain=not re.search(r"[!:=]", _outside(text[at + 1 : stop - 1])))
                    )
                    at = stop
                else:
                    at += 1
                begin = at
            else:
                at += 1
        found.append(Piece(self._decoded(begin, min(at, end), raw)))
        return at, [piece for piece in found if piece.text is None or piece.text.text]

    def _decoded(self, start: int, end: int, raw: bool) -> View:
        part = self.view[start:end]
        if raw or "\\" not in part.text:
            return part
        builder = ViewBuilder()
        at = 0
        for match in _ESCAPE.finditer(part.text):
            builder.copy(part, at, match.start())
            builder.put(_character(match.group()[1:]), part.starts[match.start()], part.ends[match.end() - 1])
            at = match.end()
        builder.copy(part, at, len(part))
        return builder.build()


def _character(code: str) -> str:
    if code in _SIMPLE:
        return _SIMPLE[code]
    try:
        if code[0] in "xuU":
            return chr(int(code[1:], 16))
        if code[0] in "01234567":
            return chr(int(code, 8))
    except (ValueError, OverflowError):
        return "\\" + code
    return code if code in ("\\", "'", '"') else "\\" + code


def _field_end(text: str, at: int, end: int) -> int:
    """The end of a replacement field, behind its brace; strings and nested braces in it are passed over."""
    depth = 1
    while at < end and depth:
        character = text[at]
        if character in "\"'":
            closing = text.find(character, at + 1, end)
            at = closing if closing >= 0 else at
        depth += (character == "{") - (character == "}")
        at += 1
    return at


def _outside(field: str) -> str:
    """A replacement field without what stands in brackets, strings, or comparison operators."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", field)
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", bare)
    return re.sub(r"[!=<>]=", "", bare)


def literal_views(pieces: list[Piece]) -> Iterator[View]:
    """The views of pieces that are all text."""
    yield from (piece.text for piece in pieces if piece.text is not None)
