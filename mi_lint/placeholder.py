"""Names that stand in generated code for an import which is only decided once the rest of the file is known.

They are valid identifiers, so that the file parses in between; `render.py` replaces every one of them.
"""

from __future__ import annotations

import ast
import re

from mi_lint.python.project import Module

PATTERN = re.compile(r"_mi_lint_import__(\w+?)__as__(\w*?)__at__(\w*?)__end_")


def import_token(module: str, name: str, where: Module, near: ast.AST) -> str:
    """A stand-in for `name` imported from `module` (or for `module` itself), next to the import that `near` uses."""
    root = _root_name(near)
    return f"_mi_lint_import__{module.replace('.', '_dot_')}__as__{name}__at__{root}__end_"


def read_token(match: re.Match[str]) -> tuple[str, str, str]:
    """Module, name and root name of a stand-in."""
    return match[1].replace("_dot_", "."), match[2], match[3]


def _root_name(node: ast.AST) -> str:
    """The first name of a call's callee; empty for anything else."""
    current: ast.AST = node.func if isinstance(node, ast.Call) else ast.Pass()
    while isinstance(current, ast.Attribute | ast.Call):
        current = current.value if isinstance(current, ast.Attribute) else current.func
    return current.id if isinstance(current, ast.Name) else ""
