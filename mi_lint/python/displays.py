"""Mappings that are written out: which dict displays an expression may be, and what carries them on the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mi_lint.python.classes import attribute_bindings, self_class, sole_return
from mi_lint.python.flow import Flow
from mi_lint.python.project import Definition, Module
from mi_lint.python.values import Carried, Carrier, Choice, Mapping, Value, is_dict_call


def made(flow: Flow, module: Module, node: ast.expr) -> Value:
    """What a mapping is made of: those that a function or a method of the repository returns are followed too."""
    if isinstance(node, ast.Name):
        scope = module.names.owner(module.names.scope_of[node], node.id)
        bindings = scope.bindings[node.id] if scope is not None else []
        value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
        if scope is not None and isinstance(value, ast.Call):
            found = _returned(flow, module, value)
            if found is not None:
                return Carried(module, node, Carrier("variable", module, scope, node.id), (found,))
    found = _returned(flow, module, node) if isinstance(node, ast.Call) else None
    return found if found is not None else flow.trace(module, node)


def _returned(flow: Flow, module: Module, node: ast.Call) -> Value | None:
    """What the only `return` of a called function of the repository gives, or of a method that is called on `self`."""
    function = node.func
    owner = self_class(module, function.value) if isinstance(function, ast.Attribute) else None
    if owner is not None and isinstance(function, ast.Attribute):
        found = attribute_bindings(flow.project, owner, function.attr)
    else:
        symbol = flow.project.symbol(module, function)
        found = [(symbol.module, symbol.binding)] if isinstance(symbol, Definition) else []
    if len(found) != 1 or not isinstance(found[0][1].node, ast.FunctionDef):
        return None
    where, binding = found[0]
    value = sole_return(where, found[0][1].node)
    if value is None:
        return None
    return Carried(
        module, function, Carrier("function", where, binding.scope, binding.name), (flow.trace(where, value),)
    )


def displays(flow: Flow, value: Value, path: tuple[Carried, ...] = ()) -> Iterator[tuple[Value, tuple[Carried, ...]]]:
    """The dict displays, and calls of `dict`, that a value may be, with the carriers on the way.

    Those that they unpack are included.
    """
    waiting = [(value, path)]
    seen: set[ast.AST] = set()
    while waiting:
        value, path = waiting.pop(0)
        inner: list[Value] = []
        if isinstance(value, Mapping) and isinstance(value.node, ast.Dict):
            inner = [one for key, one in zip(value.node.keys, value.inners, strict=True) if key is None]
        elif is_dict_call(value.node) and not isinstance(value, Carried):
            given = [*value.node.args, *(k.value for k in value.node.keywords if k.arg is None)]
            inner = [flow.trace(value.module, one) for one in given]
        elif isinstance(value, Carried):
            waiting[:0] = [(one, (*path, value)) for one in value.inners]
            continue
        elif isinstance(value, Choice):
            waiting[:0] = [(one, path) for one in value.options]
            continue
        else:
            continue
        if value.node not in seen:  # a mapping may be made of what its own name held before
            seen.add(value.node)
            yield value, path
            waiting[:0] = [(one, path) for one in inner]
