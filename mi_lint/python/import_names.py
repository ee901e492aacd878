"""The names of one import statement: add one, or remove one, in the layout that the statement has."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from mi_lint.edits import TextEdit, compose
from mi_lint.python.commas import Item, Listing, arrange
from mi_lint.python.import_lines import Lines
from mi_lint.textfile import Span


def with_name(lines: Lines, statement: ast.ImportFrom, name: str) -> TextEdit | None:
    """Add a name, in sorted position if the names are sorted. None for a star import."""
    names = [alias.name for alias in statement.names]
    if "*" in names:
        return None
    items = _items(lines, statement)
    items.insert(_position(names, name), Item(None, name))
    return _arranged(lines, statement, items)


def without_name(lines: Lines, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> TextEdit:
    """Remove one of several names, with its own comment."""
    items = _items(lines, statement)
    return _arranged(
        lines, statement, [i for i, other in zip(items, statement.names, strict=True) if other is not alias]
    )


def _position(names: list[str], name: str) -> int:
    key = next((key for key in _ORDERS if names == sorted(names, key=key)), None)
    if key is None:
        return len(names)
    return next((i for i, other in enumerate(names) if key(other) > key(name)), len(names))


def _by_kind(name: str) -> tuple[int, str]:
    """CONSTANTS, then Classes, then functions, as isort has it."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


_ORDERS: tuple[Callable[[str], tuple[int, str]], ...] = (
    lambda name: (0, name),
    lambda name: (0, name.casefold()),
    _by_kind,
)


def _items(lines: Lines, statement: ast.Import | ast.ImportFrom) -> list[Item]:
    spans = [lines.span(alias) for alias in statement.names]
    return [Item(index, lines.text[span.start : span.end]) for index, span in enumerate(spans)]


def _arranged(lines: Lines, statement: ast.Import | ast.ImportFrom, items: list[Item]) -> TextEdit:
    whole = lines.span(statement)
    spans = [lines.span(alias) for alias in statement.names]
    inner = Span(spans[0].start, spans[-1].end)
    bracket = lines.text.find("(", whole.start, inner.start)
    if bracket >= 0:
        inner = Span(bracket + 1, whole.end - 1)
    edges = [inner.start, *(edge for span in spans for edge in (span.start, span.end)), inner.end]
    gaps = tuple(lines.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    new = TextEdit(inner, arrange(Listing(gaps, lines.newline), items))
    return compose(lines.text, [new], [])[0]


def without_statement(lines: Lines, tree: ast.Module, statement: ast.stmt) -> TextEdit:
    """Remove a statement with its line; `pass` stays where it was all that its block had."""
    span = lines.span(statement)
    block = _block_at(tree, statement)
    if block is not tree.body and len(block) == 1:
        return TextEdit(span, "pass")
    line = lines.starts[statement.lineno - 1]
    before = lines.text[line : span.start]
    rest = lines.text[span.end : lines.after(statement)]
    if not before.strip() and re.fullmatch(r"\s*;?\s*(#.*)?", rest.rstrip()):
        return TextEdit(Span(line, lines.after(statement)), "")
    following = re.match(r"[ \t]*;[ \t]*(?=[^\s#;\\])", rest)
    if following is not None:
        return TextEdit(Span(span.start, span.end + following.end()), "")
    previous = re.search(r"[ \t]*;[ \t]*$", before)
    if previous is not None:
        return TextEdit(Span(line + previous.start(), span.end), "")
    return TextEdit(span, "pass")


def _block_at(tree: ast.Module, statement: ast.stmt) -> list[ast.stmt]:
    """The statement list that holds a statement, which may come from another parse of the same text."""
    place = (statement.lineno, statement.col_offset)
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and any(
                isinstance(item, type(statement)) and (item.lineno, item.col_offset) == place for item in value
            ):
                return value
    return tree.body
