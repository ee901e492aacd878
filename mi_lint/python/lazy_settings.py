"""Settings that a framework's object hands out: `django.conf.settings.NAME` is `NAME` of the settings module."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from mi_lint.python.project import Definition, External, Module, Project

_OBJECT = "django.conf.settings"
SETTINGS_VARIABLE = "DJANGO_SETTINGS_MODULE"


def settings_name(symbol: External) -> str:
    """The name of the setting that a symbol is; empty if it is none."""
    owner, _, name = symbol.name.rpartition(".")
    return name if owner == _OBJECT and name.isupper() else ""


def settings_module(project: Project, mentions: Iterable[tuple[Module, ast.Constant]]) -> Module | None:
    """The module that the repository names as its settings, everywhere the same; None if it is not plain."""
    found: set[Module | None] = set()
    for module, node in mentions:
        named = _named(module, node)
        if named is not None:
            found.add(project.find_module(named, module))
    return found.pop() if len(found) == 1 else None


def _named(module: Module, node: ast.Constant) -> str | None:
    """The value beside the variable's name: `setdefault(NAME, "proj.settings")`, `environ[NAME] = "proj.settings"`."""
    parent = module.names.parents.get(node)
    value: ast.expr | None = None
    if isinstance(parent, ast.Call) and node in parent.args[:-1]:
        value = parent.args[parent.args.index(node) + 1]
    elif isinstance(parent, ast.Subscript):
        statement = module.names.statement(node)
        value = statement.value if isinstance(statement, ast.Assign) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def sole_definition(project: Project, home: Module, name: str) -> Definition | str:
    """Where a setting is defined; a string says why that is not certain."""
    bindings = home.names.module.bindings.get(name, [])
    if len(bindings) != 1 or bindings[0].kind != "assign":
        return f"{home.path} does not define it by one plain assignment"
    for other in project.modules.values():
        if other is not home and name in other.names.module.bindings:
            return f"{other.path} defines {name} too"
    return Definition(home, bindings[0])
