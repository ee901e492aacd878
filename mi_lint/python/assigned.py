"""Attributes of a library that take a secret by assignment, such as `library.api_key = key`.

All that a file assigns to attributes of the same owner is seen as one call, whose arguments they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mi_lint.python.knowledge import Knowledge
from mi_lint.python.project import External, Module, Project


def assignments(project: Project, module: Module, known: Knowledge) -> Iterator[tuple[ast.Call, External]]:
    """A call per assignment to a known attribute. It stands where the assignment stands, but is no part of the tree."""
    if not known.assigned:
        return
    stores = [n for n in module.names.scope_of if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
    found: dict[str, list[tuple[ast.Attribute, External, ast.stmt, ast.expr]]] = {}
    for node in sorted(stores, key=lambda n: (n.lineno, n.col_offset)):
        statement = module.names.statement(node)
        value = _value(statement, node)
        symbol = project.qualified(module, node) if value is not None else None
        if statement is not None and value is not None and symbol is not None:
            found.setdefault(symbol.name.rpartition(".")[0], []).append((node, symbol, statement, value))
    for group in found.values():
        for node, symbol, statement, value in group:
            if symbol.name in known.assigned:
                others = {other.attr: given for other, _, _, given in group if other.attr != node.attr}
                keywords = [ast.keyword(name, given) for name, given in {node.attr: value, **others}.items()]
                yield ast.copy_location(ast.Call(func=node, args=[], keywords=keywords), statement), symbol


def _value(statement: ast.stmt | None, node: ast.Attribute) -> ast.expr | None:
    """The expression that a plain assignment gives to an attribute."""
    if isinstance(statement, ast.Assign) and node in statement.targets:
        return statement.value
    if isinstance(statement, ast.AnnAssign) and statement.target is node:
        return statement.value
    return None
