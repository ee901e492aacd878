"""Add and remove imports in place: next to the import that the new name belongs with, in that block's own manner."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable

from mi_lint.edits import TextEdit
from mi_lint.python.commas import NEWLINE
from mi_lint.python.import_lines import Lines, bound_names, is_import, leading, levels, run_of, visible
from mi_lint.python.import_names import with_name, without_name, without_statement
from mi_lint.textfile import Span


def plan_import(
    text: str,
    tree: ast.Module,
    module: str,
    name: str,
    near: ast.stmt | None,
    taken: Callable[[str], bool],
) -> tuple[str, TextEdit | None]:
    """The local name for `name` of `module` (or for `module` itself, if `name` is empty), and the edit that brings it.

    `near` is the import statement beside which the new one belongs; `taken` tells whether a local name already means
    something else. The edit is None if the name is already imported where it can be seen.
    """
    lines = Lines(text)
    around = levels(tree, near) if near is not None else []
    if any(level.optional for level in around):  # such an import never runs
        near, around = None, []
    seen = visible(tree, near)
    for statement in seen:
        local = _already(statement, module, name)
        if local is not None and not _hidden(tree, near, seen, statement, local):
            return local, None
    wanted = name or module
    local = _free(wanted, module, taken)
    if name and local == wanted:
        for statement in seen:
            if isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
                edit = with_name(lines, statement, name)
                if edit is not None:
                    return local, edit
    alias = f" as {local}" if local != wanted else ""
    line = f"from {module} import {name}{alias}" if name else f"import {module}{alias}"
    indent = lines.indent(near) if near is not None else None
    if not name and (near is None or not around or around[0].scope is tree):
        return local, _plain(lines, tree, module, line)
    if near is None or not around or indent is None:
        return local, _leading(lines, tree, line)
    run = run_of(lines, around[0].statements, near)
    return local, _beside(lines, run, near, module, indent + line, plain=not name)


def _already(statement: ast.stmt, module: str, name: str) -> str | None:
    """The local name of what is wanted, if a statement imports it."""
    if name and isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
        return next((alias.asname or name for alias in statement.names if alias.name == name), None)
    if not name and isinstance(statement, ast.Import):
        return next((alias.asname or module for alias in statement.names if alias.name == module), None)
    return None


def _hidden(tree: ast.Module, near: ast.stmt | None, seen: list[ast.stmt], statement: ast.stmt, local: str) -> bool:
    """Whether another import gives the same local name to something else, as far as `near` can tell."""
    others: list[ast.stmt] = list(seen)
    around = levels(tree, near) if near is not None else []
    if around and around[0].scope is not tree and not any(statement is item for item in around[0].statements):
        others += [node for node in ast.walk(around[0].scope) if isinstance(node, ast.Import | ast.ImportFrom)]
    source = getattr(statement, "module", None)
    return any(
        local in bound_names(other) and getattr(other, "module", None) != source
        for other in others
        if other is not statement
    )


def _free(wanted: str, module: str, taken: Callable[[str], bool]) -> str:
    prefix = "Async" if module.endswith(".aio") else "Sync" if "Azure" in wanted else "Azure"
    base = wanted.replace(".", "_")
    styled = f"{prefix}{base}" if base[:1].isupper() else f"{prefix.lower()}_{base}"
    for candidate in (wanted, styled, *(f"{styled}{number}" for number in range(2, 99))):
        if not taken(candidate):
            return candidate
    raise ValueError(f"no free name for {wanted}")


def _beside(lines: Lines, run: list[ast.stmt], near: ast.stmt, module: str, line: str, plain: bool) -> TextEdit:
    """A new import in a run of imports: in sorted position if the run is sorted, else with its family or `near`."""
    if plain:
        return _before(lines, run[0], line)
    froms = [s for s in run if isinstance(s, ast.ImportFrom) and not s.level]
    keys = [(s.module or "").lower() for s in froms]
    if keys != sorted(keys):
        top = module.partition(".")[0]
        froms = [s for s in froms if (s.module or "").partition(".")[0] == top]
    later = next((s for s in froms if (s.module or "").lower() > module.lower()), None)
    if later is not None:
        return _before(lines, later, line)
    return _after(lines, froms[-1] if froms else near, line)


def _before(lines: Lines, statement: ast.stmt, line: str, gap: bool = False) -> TextEdit:
    at = lines.before(statement)
    return TextEdit(Span(at, at), f"{line}{lines.newline * (2 if gap else 1)}")


def _after(lines: Lines, statement: ast.stmt, line: str, gap: bool = False) -> TextEdit:
    at = lines.after(statement)
    first = lines.newline if gap else ""
    if at == len(lines.text) and not NEWLINE.search(lines.text[-1:]):
        return TextEdit(Span(at, at), f"{lines.newline}{first}{line}")
    return TextEdit(Span(at, at), f"{first}{line}{lines.newline}")


def _plain(lines: Lines, tree: ast.Module, module: str, line: str) -> TextEdit:
    """`import x` of the standard library: sorted among its like at the top, or before the first import."""
    top = [s for s in leading(tree) if is_import(s) and lines.indent(s) is not None]
    if not top:
        return _leading(lines, tree, line)
    alike = [s for s in top if isinstance(s, ast.Import) and _root(s) in sys.stdlib_module_names]
    if not alike:
        return _before(lines, top[0], line, gap=_root(top[0]) not in sys.stdlib_module_names)
    names = [s.names[0].name for s in alike]
    later = next((s for s in alike if s.names[0].name > module), None) if names == sorted(names) else None
    return _before(lines, later, line) if later is not None else _after(lines, alike[-1], line)


def _root(statement: ast.stmt) -> str:
    if isinstance(statement, ast.ImportFrom):
        return "" if statement.level else (statement.module or "").partition(".")[0]
    return statement.names[0].name.partition(".")[0] if isinstance(statement, ast.Import) else ""


def _leading(lines: Lines, tree: ast.Module, line: str) -> TextEdit:
    """After the leading imports of the module; else after its docstring; else before its first statement."""
    top = leading(tree)
    if top:
        last = top[-1]
        if any(statement.lineno <= (last.end_lineno or last.lineno) for statement in tree.body[len(top) :]):
            opening = next(statement for statement in tree.body if statement.lineno == last.lineno)
            if is_import(opening):  # other code shares the line and may use the new name
                return _before(lines, opening, line)
        return _after(lines, last, line, gap=not is_import(top[-1]))
    if tree.body:
        return _before(lines, tree.body[0], line)
    end = len(lines.text)
    first = lines.newline if lines.text and not NEWLINE.search(lines.text[-1:]) else ""
    return TextEdit(Span(end, end), f"{first}{line}{lines.newline}")


def remove_import_name(text: str, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> TextEdit:
    """Remove one name of an import; the whole statement, with its line, if it was the only one."""
    lines = Lines(text)
    if len(statement.names) > 1:
        return without_name(lines, statement, alias)
    return without_statement(lines, ast.parse(text), statement)
