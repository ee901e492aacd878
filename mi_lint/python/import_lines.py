"""Where import statements stand: their characters, indentation, neighbours, and what can be seen from where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mi_lint.python.commas import NEWLINE
from mi_lint.textfile import Span

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Lines:
    """Offsets of lines, and of `ast` positions (whose columns count UTF-8 bytes)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in NEWLINE.finditer(text))]
        found = NEWLINE.search(text)
        self.newline = found[0] if found else "\n"

    def offset(self, line: int, column: int) -> int:
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.stmt | ast.alias) -> Span:
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Span(self.offset(node.lineno, node.col_offset), end)

    def before(self, statement: ast.stmt) -> int:
        """Where the line of a statement starts, its decorators included."""
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        return self.starts[min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1]

    def after(self, statement: ast.stmt) -> int:
        """Where the line after a statement starts."""
        line = statement.end_lineno or statement.lineno
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def indent(self, statement: ast.stmt) -> str | None:
        """The white space before a statement; None if other code stands before or after it on its lines."""
        span = self.span(statement)
        before = self.text[self.starts[statement.lineno - 1] : span.start]
        rest = self.text[span.end : self.after(statement)].strip()
        return before if not before.strip() and (not rest or rest.startswith("#")) else None


@dataclass(frozen=True, slots=True)
class Level:
    """A statement list on the way from a statement out to the module."""

    statements: list[ast.stmt]
    position: int  # of the statement (or of the one that holds it)
    scope: ast.AST
    optional: bool  # only type checkers run it


def levels(tree: ast.Module, statement: ast.stmt) -> list[Level]:
    """The statement lists around a statement, innermost first; empty if it is not in the tree."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    out: list[Level] = []
    child: ast.AST = statement
    while child in parents:
        parent = parents[child]
        for _, value in ast.iter_fields(parent):
            if isinstance(child, ast.stmt) and isinstance(value, list) and any(item is child for item in value):
                position = next(i for i, item in enumerate(value) if item is child)
                body = isinstance(parent, ast.If) and value is parent.body
                optional = body and "TYPE_CHECKING" in ast.unparse(parent.test)  # type: ignore[attr-defined]
                out.append(Level(value, position, _scope(parent, parents), optional))
        child = parent
    return out


def _scope(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while node in parents and not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        node = parents[node]
    return node


def visible(tree: ast.Module, near: ast.stmt | None) -> list[ast.stmt]:
    """Statements whose names are bound wherever those of `near` are used, the nearest block first.

    `near` itself counts; so does what follows it, up to the first use of its names. Functions run later than their
    module, so from inside one all statements of the module can be seen.
    """
    around = levels(tree, near) if near is not None else []
    if not around or near is None:
        return list(tree.body)
    own = around[0].scope
    out: list[ast.stmt] = []
    for level in around:
        if level.scope is own:
            out += [*level.statements[: level.position + 1], *_until_use(level, near)]
        elif level.scope is tree:
            out += level.statements if level.statements is tree.body else level.statements[: level.position]
        elif not isinstance(level.scope, ast.ClassDef):
            out += level.statements[: level.position]
    return out


def _until_use(level: Level, near: ast.stmt) -> Iterator[ast.stmt]:
    names = set(bound_names(near))
    following = level.statements[level.position + 1 :]
    if level.statements[level.position] is not near and _uses(level.statements[level.position], names):
        return
    for statement in following:
        if _uses(statement, names):
            return
        yield statement


def _uses(node: ast.AST, names: set[str]) -> bool:
    """Whether running a statement reads one of the names; the bodies of functions run later."""
    stack = [node]  # not by recursion: code may be nested more deeply than the stack allows
    while stack:
        current = stack.pop()
        if isinstance(current, ast.Name) and current.id in names:
            return True
        if isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef):
            stack.extend([*current.decorator_list, current.args])
        else:
            stack.extend(ast.iter_child_nodes(current))
    return False


def bound_names(statement: ast.stmt) -> list[str]:
    """The local names that an import statement binds."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return []
    return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]


def is_import(statement: ast.stmt) -> bool:
    """Whether a statement is an import beside which another one may stand."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module != "__future__"
    return isinstance(statement, ast.Import)


def run_of(lines: Lines, block: list[ast.stmt], near: ast.stmt) -> list[ast.stmt]:
    """The imports on adjacent lines around `near`, without `from __future__`."""
    index = next(i for i, item in enumerate(block) if item is near)

    def joined(first: ast.stmt, second: ast.stmt) -> bool:
        alone = lines.indent(first) is not None and lines.indent(second) is not None
        return is_import(first) and is_import(second) and alone and second.lineno == (first.end_lineno or 0) + 1

    start = end = index
    while start > 0 and joined(block[start - 1], block[start]):
        start -= 1
    while end + 1 < len(block) and joined(block[end], block[end + 1]):
        end += 1
    return block[start : end + 1]


def leading(tree: ast.Module) -> list[ast.stmt]:
    """The docstring and the imports that a module starts with."""
    out: list[ast.stmt] = []
    for index, statement in enumerate(tree.body):
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        out.append(statement)
    return out
