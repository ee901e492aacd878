"""Arguments that a call unpacks from a mapping which is written out: `Client(url, **options)`."""

from __future__ import annotations

import ast

from mi_lint.python.project import Definition, Module, Project
from mi_lint.python.values import is_dict_call


def unpacked_arguments(project: Project, module: Module, stars: tuple[ast.expr, ...]) -> dict[str, ast.expr]:
    """The arguments by name that dict displays, and names that are bound to one once, bring to a call."""
    found: dict[str, ast.expr] = {}
    for star in stars:
        mapping = _display(project, module, star)
        if isinstance(mapping, ast.Dict):
            for key, value in zip(mapping.keys, mapping.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found[key.value] = value
        elif mapping is not None and is_dict_call(mapping):
            found.update({keyword.arg: keyword.value for keyword in mapping.keywords if keyword.arg is not None})
    return found


def _display(project: Project, module: Module, node: ast.expr) -> ast.expr | None:
    symbol = project.symbol(module, node)
    if isinstance(symbol, Definition):
        return symbol.binding.value if symbol.module is module else None
    return node if symbol is None and (isinstance(node, ast.Dict) or is_dict_call(node)) else None
