"""How an async client is closed, so that the credential made for it can be closed the same way."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mi_lint.python.project import Module


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """`with`: the call is an item of an `async with`. `later`: its variable is. `close`: `await client.close()`.

    `node` is the `async with` item, or the statement that closes.
    """

    kind: str
    node: ast.withitem | ast.stmt
    statement: ast.stmt


def closing_of(module: Module, call: ast.Call) -> Closing | None:
    """Where the client that `call` creates is closed in the same function; None if that cannot be seen."""
    parent = module.names.parents.get(call)
    if isinstance(parent, ast.Await):
        parent = module.names.parents.get(parent)
    if isinstance(parent, ast.withitem):
        statement = module.names.statement(parent)
        return Closing("with", parent, statement) if isinstance(statement, ast.AsyncWith) else None
    if not (isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name)):
        return None
    scope = module.names.scope_of[call].function
    name = parent.targets[0].id
    if len(scope.bindings.get(name, ())) != 1 or scope.kind != "function":
        return None
    closes: list[ast.stmt] = []
    for load in module.names.loads(scope, name):
        holder = module.names.parents.get(load)
        if isinstance(holder, ast.withitem) and holder.context_expr is load:
            statement = module.names.statement(holder)
            if isinstance(statement, ast.AsyncWith) and module.names.scope_of[load].function is scope:
                return Closing("later", holder, statement)
        if isinstance(holder, ast.Attribute) and holder.attr == "close":
            statement = module.names.statement(load)
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Await):
                closes.append(statement)
    if len(closes) == 1:
        return Closing("close", closes[0], closes[0])
    return None
