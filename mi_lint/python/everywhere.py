"""Settings of a library that code may give a value anywhere: variables, attributes, keys and keywords of some names.

What reads them cannot be told, so the value itself has to say what it is; nothing but the value changes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.project import Module
from mi_lint.python.sinks import Option, Sink, Written
from mi_lint.python.told_options import sinks_of


def options_anywhere(flow: Flow, known: Knowledge) -> Iterator[Sink]:
    """The sinks of all places that give such a setting a value."""
    chosen = {name: options for options in known.options.values() for name in options.anywhere}
    for module in flow.project.modules.values() if chosen else ():
        for node in list(module.names.scope_of):
            for name, key, value in _given(module, node):
                options = chosen.get(name.lower())
                statement = module.names.statement(value) if options is not None else None
                if options is not None and statement is not None:
                    option = Option(options.option(name), key, value, statement)
                    yield from sinks_of(flow, known, module, options, Written(value, (option,), f"`{name}`"))


def _given(module: Module, node: ast.AST) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Names that a node gives a value to: each with what spells it, and the value."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from ((name, target, node.value) for name in _spelled(target))
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield from ((name, node.target, node.value) for name in _spelled(node.target))
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, key, value
    elif isinstance(node, ast.Call):
        yield from ((keyword.arg, keyword.value, keyword.value) for keyword in node.keywords if keyword.arg)


def _spelled(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        yield target.attr
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        yield str(target.slice.value)
