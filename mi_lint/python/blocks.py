"""Statement lists: which block a node stands in, what dominates it, and where a line can be put before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mi_lint.python.project import Module
from mi_lint.textfile import Span

Block = list[ast.stmt]


def blocks_around(module: Module, node: ast.AST) -> Iterator[tuple[Block, ast.stmt]]:
    """Every statement list around a node, innermost first, with the statement of it that holds the node.

    Ends at the function, class or module that the node belongs to.
    """
    statement = module.names.statement(node)
    while statement is not None:
        parent = module.names.parents.get(statement)
        if parent is None:
            return
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and any(item is statement for item in value):
                yield value, statement
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            return
        statement = parent if isinstance(parent, ast.stmt) else module.names.statement(parent)


def before_all(module: Module, nodes: list[ast.AST]) -> ast.stmt | None:
    """The statement before which a line runs before all of `nodes`, in the innermost block around them all."""
    chains = [list(blocks_around(module, node)) for node in nodes]
    if not all(chains):
        return None
    for block, _ in chains[0]:
        statements = [next((s for b, s in chain if b is block), None) for chain in chains]
        if None in statements:
            continue
        first = min((s for s in statements if s is not None), key=lambda s: (s.lineno, s.col_offset))
        if starts_line(module, first):
            return first
    return None


def starts_line(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement is the first thing on its line, and not an `elif`."""
    start = line_start(module, statement)
    span = statement_span(module, statement)
    before = module.file.text[start : span.start]
    return not before.strip() and not module.file.text.startswith("elif", span.start)


def statement_span(module: Module, statement: ast.stmt) -> Span:
    """Characters of a statement, its decorators included."""
    span = module.span(statement)
    decorators = getattr(statement, "decorator_list", [])
    if decorators:
        first = module.span(decorators[0]).start
        return Span(module.file.text.rindex("@", 0, first), span.end)
    return span


def line_start(module: Module, statement: ast.stmt) -> int:
    """Offset of the first character of the line that a statement starts on."""
    line, _ = module.file.line_column(statement_span(module, statement).start)
    return module.file.line_starts[line - 1]


def indentation(module: Module, statement: ast.stmt) -> str:
    start = line_start(module, statement)
    return module.file.text[start : statement_span(module, statement).start]


def runs_before(module: Module, binding: ast.stmt, node: ast.AST) -> bool:
    """Whether a statement has always run when control reaches `node`, both in the same function or module."""
    for block, statement in blocks_around(module, node):
        if any(item is binding for item in block):
            return block.index(binding) < block.index(statement)
    return False


def whole_lines(module: Module, statement: ast.stmt) -> Span | None:
    """The full lines of a statement with its line ending; None if it shares a line with other code."""
    span = statement_span(module, statement)
    text = module.file.text
    start = line_start(module, statement)
    line, _ = module.file.line_column(span.end)
    starts = module.file.line_starts
    end = starts[line] if line < len(starts) else len(text)
    rest = text[span.end : end].strip()
    if text[start : span.start].strip() or (rest and not rest.startswith("#")):
        return None
    return Span(start, end)


def is_only_statement(module: Module, statement: ast.stmt) -> bool:
    """Whether a block would be empty without this statement."""
    block = next(iter(blocks_around(module, statement)), None)
    return block is not None and len(block[0]) == 1
