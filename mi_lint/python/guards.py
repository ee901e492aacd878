"""Tests of whether a value is present, such as `if not key: raise`: they survive a rename and fall with the value."""

from __future__ import annotations

import ast

from mi_lint.python.project import Module


def guard_test(module: Module, node: ast.AST) -> ast.AST | None:
    """The statement (or expression) whose test is about nothing but the presence of `node`'s value; None if other."""
    current = node
    for parent in module.names.ancestors(node):
        if _passes_on(parent, current):
            current = parent
        elif isinstance(parent, ast.If | ast.IfExp | ast.While | ast.Assert) and parent.test is current:
            return parent if not isinstance(current, ast.List | ast.Tuple) else None
        else:
            return None
    return None


def _passes_on(parent: ast.AST, current: ast.AST) -> bool:
    """Whether an expression still says nothing but whether the value is there."""
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    if isinstance(parent, ast.Compare):
        return _against_nothing(parent)
    if isinstance(parent, ast.Call):
        return _is_presence_call(parent, current)
    return isinstance(parent, ast.BoolOp | ast.List | ast.Tuple)


def _against_nothing(node: ast.Compare) -> bool:
    """`x is None`, `x == ""` and their negations."""
    return all(isinstance(c, ast.Constant) and not c.value for c in node.comparators)


def _is_presence_call(node: ast.Call, argument: ast.AST) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Name)
        and function.id in ("bool", "all", "any", "len")
        and node.args == [argument]
        and not node.keywords
    )
