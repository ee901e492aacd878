"""Take statements and entries out of a text, with their lines and no more."""

from __future__ import annotations

import ast
import re

from mi_lint.edits import TextEdit
from mi_lint.python.blocks import is_only_statement, whole_lines
from mi_lint.python.project import Module
from mi_lint.textfile import Span

# Comments that are meant for tools, or that mark a region of the file.
_DIRECTIVE = re.compile(r"(?i)\s*#\s*(<|!|%%|-\*-|-{3,}|={3,}|#|(end)?region|type:|noqa|fmt:|pylint|mypy|ruff|copyr)")


def without_entry(module: Module, display: ast.Dict, index: int) -> TextEdit | None:
    """Remove one entry of a dict display: its lines if it has them to itself, else from its key to the next."""
    key = display.keys[index]
    assert key is not None
    span = Span(module.span(key).start, module.span(display.values[index]).end)
    text, starts = module.file.text, module.file.line_starts
    first, _ = module.file.line_column(span.start)
    last, _ = module.file.line_column(span.end)
    end = starts[last] if last < len(starts) else len(text)
    rest = text[span.end : end].strip()
    if not text[starts[first - 1] : span.start].strip() and (
        rest.startswith(",") and rest.lstrip(", ")[:1] in ("", "#")
    ):
        return TextEdit(Span(starts[first - 1], end), "")
    if index + 1 < len(display.keys) and display.keys[index + 1] is not None:
        return TextEdit(Span(span.start, module.span(display.keys[index + 1]).start), "")  # type: ignore[arg-type]
    if index > 0:
        return TextEdit(Span(module.span(display.values[index - 1]).end, span.end), "")
    return None


def removal(module: Module, statement: ast.stmt) -> TextEdit | None:
    """Remove a statement with its lines; `pass` stays where a block would be empty. None if lines are shared."""
    span = whole_lines(module, statement)
    if span is None or isinstance(module.names.parents.get(statement), ast.Match):
        return None
    if is_only_statement(module, statement) and not isinstance(module.names.parents.get(statement), ast.Module):
        return TextEdit(module.span(statement), "pass")
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        span = Span(_comment_start(module, span), span.end)
    return TextEdit(Span(span.start, span.end + _surplus_blank(module, span)), "")


def _comment_start(module: Module, span: Span) -> int:
    """Where the comment right above removed lines begins, if it spoke of nothing else: blank lines are around both."""
    file = module.file
    first, _ = file.line_column(span.start)
    following, _ = file.line_column(span.end)
    indent = _indent(file.line_text(first))
    end = file.line_text(following) if following <= len(file.line_starts) else ""
    if end.strip() and _indent(end) == indent:
        return span.start
    line = first
    while line > 1 and file.line_text(line - 1).lstrip().startswith("#"):
        line -= 1
        if _indent(file.line_text(line)) != indent or _DIRECTIVE.match(file.line_text(line)):
            return span.start
    above = file.line_text(line - 1) if line > 1 else ""
    opens = bool(above.strip()) and _indent(above) < indent
    return file.line_starts[line - 1] if line > 1 and (not above.strip() or opens) else span.start


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _surplus_blank(module: Module, span: Span) -> int:
    """Characters of the blank lines after removed lines that would only add to those before them."""
    file = module.file
    first, _ = file.line_column(span.start)
    following, _ = file.line_column(span.end)
    before = 0
    while first - 1 - before >= 1 and not file.line_text(first - 1 - before).strip():
        before += 1
    allowed = before if first - before > 1 else len(file.line_starts)
    after = 0
    while (
        after < allowed and following + after < len(file.line_starts) and not file.line_text(following + after).strip()
    ):
        after += 1
    return file.line_starts[following + after - 1] - span.end if after else 0
