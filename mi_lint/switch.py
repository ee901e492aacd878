"""Code that chooses between a secret and an identity: it is able already, and the branch with the secret is to go."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink, shapes_of
from mi_lint.workspace import Workspace

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def identity_branch(workspace: Workspace, sink: Sink) -> int | None:
    """The line where the other branch of a choice makes the same client with an identity; None if there is none."""
    symbol = sink.form.new.symbol if sink.form.new is not None else ""
    inner: ast.AST = sink.site
    for outer in sink.module.names.ancestors(sink.site):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            return None
        for node in _others(sink.module, outer, inner):
            if symbol and _signs_in(workspace, sink.module, node, symbol):
                return node.lineno
        inner = outer
    return None


def _others(module: Module, outer: ast.AST, inner: ast.AST) -> Iterator[ast.Call]:
    """Every call that runs only where the branch with `inner` does not."""
    roots: Iterable[ast.AST] = ()
    if isinstance(outer, ast.IfExp):
        roots = (outer.orelse,) if inner is outer.body else (outer.body,) if inner is outer.orelse else ()
    elif isinstance(outer, ast.If) and inner in outer.body:
        roots = [*outer.orelse, *(_following(module, outer) if isinstance(outer.body[-1], _LEAVING) else [])]
    elif isinstance(outer, ast.If) and inner in outer.orelse:
        roots = outer.body
    for root in roots:
        yield from (node for node in ast.walk(root) if isinstance(node, ast.Call))


def _following(module: Module, statement: ast.If) -> list[ast.stmt]:
    """The statements after one in its block."""
    parent = module.names.parents.get(statement)
    for _, block in ast.iter_fields(parent) if parent is not None else ():
        if isinstance(block, list) and statement in block:
            return block[block.index(statement) + 1 :]
    return []


def _signs_in(workspace: Workspace, module: Module, call: ast.Call, symbol: str) -> bool:
    found = workspace.project.qualified(module, call.func)
    if found is None or found.name != symbol:
        return False
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(_is_identity(shapes_of(workspace.flow.trace(module, argument)), argument) for argument in given)


def _is_identity(shapes: set[str], argument: ast.expr) -> bool:
    """A token credential, or what is not known but called a credential: a function of the repository makes it."""
    return "token" in shapes or (shapes == {"unknown"} and "credential" in ast.unparse(argument).lower())
