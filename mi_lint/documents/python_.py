"""Constant strings of Python source with their names: every maximal expression, folded to its final text."""

from __future__ import annotations

import ast
import warnings

from mi_lint.documents.named import NamedValue
from mi_lint.documents.python_fold import HOLE, Folder
from mi_lint.documents.python_literals import Source
from mi_lint.documents.python_scopes import Scopes

_SETTERS = frozenset({"set", "setenv", "putenv", "setdefault", "add_header", "putheader", "update_setting"})
_READERS = _SETTERS | frozenset({"get", "getenv", "config", "pop", "env", "str", "secret", "get_secret", "getattr"})
_FOLDED = frozenset({ast.Constant, ast.JoinedStr, ast.BinOp, ast.Call, ast.Subscript, ast.Name, ast.Attribute})
_EMPTY = frozenset({ast.Load, ast.Store, ast.Del})


def values(text: str) -> list[NamedValue]:
    """All values; none where the text is no Python of this version."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    try:
        return _Walk(text, tree).run()
    except RecursionError:  # nested more deeply than any code that people write
        return []


class _Walk:
    def __init__(self, text: str, tree: ast.Module) -> None:
        self.folder = Folder(Source(text), Scopes(tree))
        self.tree = tree
        self.found: list[NamedValue] = []
        self.groups = 0

    def run(self) -> list[NamedValue]:
        self._body(self.tree, (), self._group())
        return self.found

    def _group(self) -> int:
        self.groups += 1
        return self.groups

    def _body(self, node: ast.AST, path: tuple[str, ...], group: int) -> None:
        for child in ast.iter_child_nodes(node):
            if type(child) not in _EMPTY:
                self._visit(child, "", path, group)

    def _visit(self, node: ast.AST, name: str, path: tuple[str, ...], group: int) -> None:
        """One node; `name` is what a value at this place is called."""
        if type(node) in _FOLDED:
            self._expression(node, name, path, group)  # type: ignore[arg-type]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._definition(node, path)
        elif isinstance(node, ast.Assign):
            self._visit(node.value, _target_name(node.targets[0]), path, group)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            self._visit(node.value, _target_name(node.target), path, group)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                self._visit(node.value, path[-1] if path else "", path, group)
        elif isinstance(node, ast.keyword):
            self._visit(node.value, node.arg or "", path, group)
        elif isinstance(node, ast.IfExp):
            self._visit(node.test, "", path, group)
            self._visit(node.body, name, path, group)
            self._visit(node.orelse, name, path, group)
        elif isinstance(node, ast.BoolOp):
            self._choices(node, name, path, group)
        elif isinstance(node, ast.Compare):
            self._comparison(node, path, group)
        elif isinstance(node, ast.Dict):
            self._mapping(node, name, path)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            self._sequence(node, name, path, group)
        else:
            self._body(node, path, group)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, path: tuple[str, ...]) -> None:
        inner, group = (*path, node.name), self._group()
        if not isinstance(node, ast.ClassDef):
            arguments = node.args
            plain = [*arguments.posonlyargs, *arguments.args]
            pairs = list(zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True))
            pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
            for argument, default in pairs:
                self._visit(default, argument.arg, inner, group)
        for decorator in node.decorator_list:
            self._visit(decorator, "", path, group)
        for statement in node.body:
            self._visit(statement, "", inner, group)

    def _choices(self, node: ast.BoolOp, name: str, path: tuple[str, ...], group: int) -> None:
        """`os.environ.get("NAME") or "default"`: the default goes by the name that is read, if there is no other."""
        for value in node.values:
            self._visit(value, name or _read_name(node.values[0]), path, group)

    def _comparison(self, node: ast.Compare, path: tuple[str, ...], group: int) -> None:
        sides = [node.left, *node.comparators]
        names = [_target_name(side) for side in sides]
        for side in sides:
            self._visit(side, next((name for name in names if name), ""), path, group)

    def _mapping(self, node: ast.Dict, name: str, path: tuple[str, ...]) -> None:
        group, inner = self._group(), (*path, name) if name else path
        for key, value in zip(node.keys, node.values, strict=True):
            text = self.folder.fold(key) if key is not None else None
            self._visit(value, text.text if text is not None else "", inner, group)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, name: str, path: tuple[str, ...], group: int) -> None:
        """Items go by the name of the whole; of a pair the second goes by the first, as in headers."""
        parts = node.elts
        if isinstance(node, ast.Tuple) and len(parts) == 2 and isinstance(parts[0], ast.Constant):
            first = parts[0].value
            if isinstance(first, str) and first.replace("-", "_").replace(".", "_").isidentifier():
                self._visit(parts[1], first, path, group)
                return
        for part in parts:
            self._visit(part, name, path, group)

    def _expression(self, node: ast.expr, name: str, path: tuple[str, ...], group: int) -> None:
        view = self.folder.fold(node)
        if view is not None:
            if view.text.strip(HOLE):
                self.found.append(NamedValue(name, view, path, group))
            if HOLE in view.text or isinstance(node, ast.Call):
                self._rest(node, path, group)
            return
        if isinstance(node, ast.Call):
            self._call(node, name, path)
        else:
            self._body(node, path, group)

    def _rest(self, node: ast.AST, path: tuple[str, ...], group: int) -> None:
        """Parts of a folded expression that were left out of it."""
        for child in ast.iter_child_nodes(node):
            view = self.folder.fold(child) if isinstance(child, ast.expr) else None
            if view is not None:
                if HOLE in view.text:
                    self._rest(child, path, group)
            elif isinstance(child, ast.Call):
                self._call(child, "", path)
            else:
                self._rest(child, path, group)

    def _call(self, node: ast.Call, name: str, path: tuple[str, ...]) -> None:
        callee = _dotted(node.func)
        group, inner = self._group(), (*path, callee) if callee else path
        self._visit(node.func, "", path, group)
        read = _read_name(node)
        for index, argument in enumerate(node.args):
            given = (read if index == 1 else "") if read else ""
            self._visit(argument, given, inner, group)
        for keyword in node.keywords:
            self._visit(keyword.value, read if keyword.arg == "default" and read else keyword.arg or "", inner, group)


def _target_name(node: ast.expr) -> str:
    """What a value that is put there is called."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return ""


def _read_name(node: ast.expr) -> str:
    """The name of a setting that a call reads: `os.environ.get("NAME", ...)`."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = _dotted(node.func).rpartition(".")[2]
        first = node.args[0].value
        if called in _READERS and isinstance(first, str):
            return first
    return _target_name(node) if isinstance(node, ast.Subscript) else ""


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*([node.id] if isinstance(node, ast.Name) else []), *reversed(parts)])
