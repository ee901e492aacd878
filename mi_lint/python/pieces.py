"""Expressions as text in pieces: cut at the lengths that LibCST says, and new values made fit to stand among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mi_lint.python.commas import NEWLINE

if TYPE_CHECKING:
    import libcst as cst


def expression(source: str) -> cst.BaseExpression:
    import libcst as cst

    try:
        return cst.parse_expression(source)
    except cst.ParserSyntaxError:
        raise ValueError("the expression does not parse") from None


class Cutter:
    """Takes pieces off a text, given the same pieces with plain line feeds."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, plain: str) -> str:
        start = self._at
        for character in plain:
            self._at += 2 if character == "\n" and self._text.startswith("\r\n", self._at) else 1
        piece = self._text[start : self._at]
        if NEWLINE.sub("\n", piece) != plain:
            raise ValueError("the expression does not parse")
        return piece

    @property
    def finished(self) -> bool:
        return self._at == len(self._text)


def fitted(text: str, newline: str) -> str:
    """A new value as one argument: in parentheses if it needs them, with the line endings of the call."""
    import libcst as cst

    plain = NEWLINE.sub("\n", text).strip()
    if not plain:
        raise ValueError("an argument has no text")
    node = expression(f"({plain})")
    if not node.lpar:  # the parentheses are not a pair: `a) + (b`
        raise ValueError("an argument is not one expression")
    needs = isinstance(node, cst.Tuple | cst.GeneratorExp | cst.NamedExpr | cst.Yield) and len(node.lpar) == 1
    return (f"({plain})" if needs else plain).replace("\n", newline)
