"""Add and remove imports in place: next to the import that the new name belongs with, in that block's own manner."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from mi_lint.edits import TextEdit
from mi_lint.textfile import Span

_NEWLINE = re.compile(r"\r\n|\r|\n")


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
    lines = _Lines(text)
    block = _block(tree, near)
    for statement in [*block, *tree.body]:
        local = _already(statement, module, name)
        if local is not None and _visible(statement, near, tree):
            return local, None
    wanted = name or module
    local = _free(wanted, module, taken)
    renamed = local != wanted
    if name and not renamed:
        for statement in [*block, *tree.body]:
            if isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
                edit = _extended(lines, statement, name) if _visible(statement, near, tree) else None
                if edit is not None:
                    return local, edit
    alias = f" as {local}" if renamed else ""
    line = f"from {module} import {name}{alias}" if name else f"import {module}{alias}"
    return local, _inserted(lines, tree, block, near, module, line, plain=not name)


class _Lines:
    """Offsets of lines, and of `ast` positions (whose columns count UTF-8 bytes)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in _NEWLINE.finditer(text))]
        found = _NEWLINE.search(text)
        self.newline = found[0] if found else "\n"

    def offset(self, line: int, column: int) -> int:
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.AST) -> Span:
        start = self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return Span(start, self.offset(node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]

    def after_line(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def indent(self, statement: ast.stmt) -> str | None:
        """The white space before a statement; None if other code stands before or after it on its lines."""
        start = self.starts[statement.lineno - 1]
        span = self.span(statement)
        before = self.text[start : span.start]
        rest = self.text[span.end : self.after_line(statement.end_lineno or statement.lineno)].strip()
        return before if not before.strip() and (not rest or rest.startswith("#")) else None


def _block(tree: ast.Module, near: ast.stmt | None) -> list[ast.stmt]:
    """The statement list that holds `near`."""
    if near is not None:
        for node in ast.walk(tree):
            for _, value in ast.iter_fields(node):
                if isinstance(value, list) and any(item is near for item in value):
                    return value
    return tree.body


def _visible(statement: ast.stmt, near: ast.stmt | None, tree: ast.Module) -> bool:
    """Whether names that a statement binds can be seen wherever those that `near` binds can."""
    return statement in tree.body or near is not None


def _already(statement: ast.stmt, module: str, name: str) -> str | None:
    if name and isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
        for alias in statement.names:
            if alias.name == name:
                return alias.asname or name
    if not name and isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias.name == module:
                return alias.asname or module
    return None


def _free(wanted: str, module: str, taken: Callable[[str], bool]) -> str:
    prefix = "Async" if module.endswith(".aio") else "Azure"
    styled = f"{prefix}{wanted}" if wanted[:1].isupper() else f"{prefix.lower()}_{wanted}"
    for candidate in (wanted, styled, *(f"{styled}{number}" for number in range(2, 99))):
        if not taken(candidate):
            return candidate
    raise ValueError(f"no free name for {wanted}")


def _extended(lines: _Lines, statement: ast.ImportFrom, name: str) -> TextEdit | None:
    """Add a name to an existing `from module import ...`, in sorted position if the names are sorted."""
    names = statement.names
    if any(alias.name == "*" for alias in names):
        return None
    plain = [alias.name for alias in names]
    ordered = plain == sorted(plain)
    index = next((i for i, other in enumerate(plain) if other > name), len(plain)) if ordered else len(plain)
    spans = [lines.span(alias) for alias in names]
    one_per_line = len(names) > 1 and names[0].lineno != names[1].lineno
    hanging = len(names) == 1 and names[0].lineno != statement.lineno
    if one_per_line or hanging:
        indent = lines.text[lines.starts[names[0].lineno - 1] : spans[0].start]
        joint = f",{lines.newline}{indent if not indent.strip() else '    '}"
    else:
        joint = ", "
    if index < len(plain):
        return TextEdit(Span(spans[index].start, spans[index].start), f"{name}{joint}")
    return TextEdit(Span(spans[-1].end, spans[-1].end), f"{joint}{name}")


def _inserted(
    lines: _Lines,
    tree: ast.Module,
    block: list[ast.stmt],
    near: ast.stmt | None,
    module: str,
    line: str,
    plain: bool,
) -> TextEdit:
    """A new import statement on a line of its own."""
    if plain and (near is None or near in tree.body):
        return _plain(lines, tree, module, line)
    if near is None or lines.indent(near) is None:
        return _leading(lines, tree, line)
    run = _run(lines, block, near)
    froms = [s for s in run if isinstance(s, ast.ImportFrom) and not s.level]
    keys = [(s.module or "").lower() for s in froms]
    indent = lines.indent(near) or ""
    if plain:
        at = lines.starts[run[0].lineno - 1]
        return TextEdit(Span(at, at), f"{indent}{line}{lines.newline}")
    if keys == sorted(keys):
        later = next((s for s in froms if (s.module or "").lower() > module.lower()), None)
        if later is not None:
            at = lines.starts[later.lineno - 1]
            return TextEdit(Span(at, at), f"{indent}{line}{lines.newline}")
        anchor = froms[-1] if froms else near
    else:
        top = module.partition(".")[0]
        family = [s for s in froms if (s.module or "").partition(".")[0] == top]
        later = next((s for s in family if (s.module or "").lower() > module.lower()), None)
        if later is not None:
            at = lines.starts[later.lineno - 1]
            return TextEdit(Span(at, at), f"{indent}{line}{lines.newline}")
        anchor = family[-1] if family else near
    return _after(lines, anchor, f"{indent}{line}")


def _run(lines: _Lines, block: list[ast.stmt], near: ast.stmt) -> list[ast.stmt]:
    """The imports on adjacent lines around `near`, without `from __future__`."""
    index = next(i for i, item in enumerate(block) if item is near)

    def joined(first: ast.stmt, second: ast.stmt) -> bool:
        same = _is_import(first) and _is_import(second) and lines.indent(first) is not None
        return same and lines.indent(second) is not None and second.lineno == (first.end_lineno or 0) + 1

    start = end = index
    while start > 0 and joined(block[start - 1], block[start]):
        start -= 1
    while end + 1 < len(block) and joined(block[end], block[end + 1]):
        end += 1
    return block[start : end + 1]


def _is_import(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.module != "__future__"
    return isinstance(statement, ast.Import)


def _after(lines: _Lines, statement: ast.stmt, line: str) -> TextEdit:
    at = lines.after_line(statement.end_lineno or statement.lineno)
    if at == len(lines.text) and not _NEWLINE.search(lines.text[-1:] or " "):
        return TextEdit(Span(at, at), f"{lines.newline}{line}")
    return TextEdit(Span(at, at), f"{line}{lines.newline}")


def _plain(lines: _Lines, tree: ast.Module, module: str, line: str) -> TextEdit:
    """`import x` of the standard library: sorted among the plain imports at the top, or before the first import."""
    imports = [s for s in tree.body if isinstance(s, ast.Import) and lines.indent(s) is not None]
    for statement in imports:
        if statement.names[0].name > module:
            at = lines.starts[statement.lineno - 1]
            return TextEdit(Span(at, at), f"{line}{lines.newline}")
    if imports:
        top = _run(lines, tree.body, imports[0])
        last = [s for s in top if isinstance(s, ast.Import)][-1]
        return _after(lines, last, line)
    first = next((s for s in tree.body if _is_import(s) and lines.indent(s) is not None), None)
    if first is not None:
        at = lines.starts[first.lineno - 1]
        gap = lines.newline if isinstance(first, ast.ImportFrom) else ""
        return TextEdit(Span(at, at), f"{line}{lines.newline}{gap}")
    return _leading(lines, tree, line)


def _leading(lines: _Lines, tree: ast.Module, line: str) -> TextEdit:
    """After the leading imports of the module; else after its docstring; else before its first statement."""
    last: ast.stmt | None = None
    for index, statement in enumerate(tree.body):
        docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        leading = isinstance(statement, ast.Import | ast.ImportFrom) or docstring
        if not leading:
            break
        if lines.indent(statement) is not None:
            last = statement
    if last is not None:
        return _after(lines, last, line)
    at = lines.starts[tree.body[0].lineno - 1] if tree.body else len(lines.text)
    decorators = getattr(tree.body[0], "decorator_list", []) if tree.body else []
    if decorators:
        at = lines.starts[decorators[0].lineno - 1]
    return TextEdit(Span(at, at), f"{line}{lines.newline}")


def remove_import_name(text: str, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> TextEdit:
    """Remove one name of an import; the whole statement, with its line, if it was the only one."""
    lines = _Lines(text)
    names = statement.names
    if len(names) == 1:
        span = lines.span(statement)
        if lines.indent(statement) is None:
            return TextEdit(span, "pass")
        start = lines.starts[statement.lineno - 1]
        return TextEdit(Span(start, lines.after_line(statement.end_lineno or statement.lineno)), "")
    index = next(i for i, item in enumerate(names) if item is alias)
    if index + 1 < len(names):
        own, following = lines.span(alias), lines.span(names[index + 1])
        return TextEdit(Span(own.start, following.start), "")
    previous, own = lines.span(names[index - 1]), lines.span(alias)
    return TextEdit(Span(previous.end, own.end), "")
