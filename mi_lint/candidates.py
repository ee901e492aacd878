"""Names that removed code mentioned: what may be dead now, wherever it is bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mi_lint.python import classes
from mi_lint.python.items import entry_of
from mi_lint.python.names import Scope
from mi_lint.python.project import Definition, Module, Project


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that removed code mentioned: where it is bound, by path and by the qualified name of the scope."""

    path: str
    scope: str
    order: int  # among scopes of the same qualified name
    name: str
    kind: str = "name"  # name | attribute (of the class `scope`)


def scope_key(module: Module, scope: Scope) -> tuple[str, int]:
    """Qualified name and ordinal of a scope: the same before and after edits that add or remove no scope."""
    same = [s for s in module.names.scopes if s.qualname == scope.qualname and s.kind == scope.kind]
    return f"{scope.kind}:{scope.qualname}", same.index(scope)


def find_scope(module: Module, key: str, order: int) -> Scope | None:
    kind, _, qualname = key.partition(":")
    same = [s for s in module.names.scopes if s.qualname == qualname and s.kind == kind]
    return same[order] if order < len(same) else None


def candidates_in(project: Project, module: Module, root: ast.AST) -> Iterator[Candidate]:
    """Every name and attribute that an expression or statement mentions, with the place that binds it."""
    for node in ast.walk(root):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            scope = module.names.scope_of.get(node)
            owner = module.names.owner(scope, node.id) if scope is not None else None
            if owner is not None:
                yield Candidate(module.path, *scope_key(module, owner), node.id)
                yield from _through_import(project, module, owner, node.id)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(project, module, node)
        elif isinstance(node, ast.Subscript | ast.Call):
            yield from _item(project, module, node)


def _through_import(project: Project, module: Module, owner: Scope, name: str) -> Iterator[Candidate]:
    """A name imported from another module of the repository may die there too."""
    for binding in owner.bindings[name]:
        if binding.kind == "from":
            symbol = project.bound(module, binding)
            if isinstance(symbol, Definition):
                found = symbol.binding
                yield Candidate(symbol.module.path, *scope_key(symbol.module, found.scope), found.name)


def _item(project: Project, module: Module, node: ast.expr) -> Iterator[Candidate]:
    """`settings["key"]` may be the last use of an entry of a dict display."""
    entry = entry_of(project, module, node)
    if entry is not None and len(entry.path) == 1:
        yield Candidate(entry.module.path, *scope_key(entry.module, entry.binding.scope), entry.name, "item")


def _attribute(project: Project, module: Module, node: ast.Attribute) -> Iterator[Candidate]:
    holder = classes.self_class(module, node.value) or classes.instance_of(project, module, node.value)
    symbol = project.symbol(module, node.value)
    if holder is None and symbol is not None and classes.is_class(symbol):
        holder = symbol
    if isinstance(holder, Definition) and classes.is_class(holder):
        for current in classes.lineage(project, holder):
            scope = classes.class_scope(current)
            yield Candidate(current.module.path, *scope_key(current.module, scope), node.attr, "attribute")
    target = project.symbol(module, node)
    if isinstance(target, Definition) and target.binding.scope.kind == "module":
        scope = target.binding.scope
        yield Candidate(target.module.path, *scope_key(target.module, scope), target.binding.name)
