"""Which expression a name stands for, where it is bound exactly once: module constants, locals, class attributes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_NAMES = frozenset({ast.Name, ast.Attribute})
_LEAVES = frozenset({ast.Load, ast.Store, ast.Del, ast.Constant, ast.alias, ast.Pass})
_BINDING = frozenset(
    {ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign, ast.For, ast.AsyncFor, ast.comprehension, ast.withitem}
    | {ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal}
)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass
class _Names:
    """The bindings of one scope: a name that is bound in more than one way has no value."""

    parent: _Names | None
    values: dict[str, ast.expr | None] = field(default_factory=dict)
    is_class: bool = False

    def bind(self, name: str, value: ast.expr | None) -> None:
        self.values[name] = None if name in self.values else value


class Scopes:
    """The names of a module, found in one walk without recursion."""

    def __init__(self, tree: ast.Module) -> None:
        self._of: dict[int, _Names] = {}  # the scope of each name and attribute
        self._classes: dict[str, _Names] = {}
        self._attributes: dict[int, _Names] = {}  # per class scope: what `self.x = ...` binds
        self._walk(tree)

    def value_of(self, node: ast.expr) -> ast.expr | None:
        """The only expression that a name or attribute is bound to; None if there is none or more than one."""
        if isinstance(node, ast.Name):
            scope = self._of.get(id(node))
            first = True
            while scope is not None:
                if node.id in scope.values and (first or not scope.is_class):
                    return scope.values[node.id]
                scope, first = scope.parent, False
            return None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._class_of(node.value)
            return owner.values.get(node.attr) if owner is not None else None
        return None

    def _class_of(self, name: ast.Name) -> _Names | None:
        if name.id not in ("self", "cls"):
            return self._classes.get(name.id)
        scope = self._of.get(id(name))
        while scope is not None and not scope.is_class:
            scope = scope.parent
        return scope

    def _walk(self, tree: ast.Module) -> None:
        todo: list[tuple[ast.AST, _Names]] = [(tree, _Names(None))]
        while todo:
            node, scope = todo.pop()
            if type(node) in _NAMES:
                self._of[id(node)] = scope
            if type(node) in _BINDING:
                self._bind(node, scope)
            inner = scope
            if isinstance(node, _SCOPES):
                inner = _Names(scope, is_class=isinstance(node, ast.ClassDef))
                if isinstance(node, ast.ClassDef):
                    self._classes[node.name] = inner
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                    for argument in _arguments(node.args):
                        inner.bind(argument.arg, None)
            todo.extend((child, inner) for child in children(node))

    def _bind(self, node: ast.AST, scope: _Names) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._target(target, node.value, scope)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._target(node.target, node.value, scope)
        elif isinstance(node, ast.AugAssign | ast.For | ast.AsyncFor | ast.comprehension):
            self._target(node.target, None, scope)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._target(node.optional_vars, None, scope)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                scope.bind((alias.asname or alias.name).split(".")[0], None)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope.bind(node.name, None)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            for name in node.names:
                scope.bind(name, None)

    def _target(self, target: ast.expr, value: ast.expr | None, scope: _Names) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                values = list(value.elts)
            for element, part in zip(target.elts, values, strict=True):
                self._target(element, part, scope)
        elif (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id in ("self", "cls")
        ):
            owner: _Names | None = scope
            while owner is not None and not owner.is_class:
                owner = owner.parent
            if owner is not None:
                owner.bind(target.attr, value)


def children(node: ast.AST) -> list[ast.AST]:
    """The child nodes that can hold names or values: `ast.iter_child_nodes` without what never does, and faster."""
    found: list[ast.AST] = []
    for field_name in node._fields:
        value = getattr(node, field_name, None)
        if isinstance(value, list):
            found.extend(item for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST) and type(value) not in _LEAVES:
            found.append(value)
    return found


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None)
