"""Dataclasses: classes whose constructor is made from their fields."""

from __future__ import annotations

import ast

from mi_lint.python.project import Definition, External, Module, Project

_DATACLASS = "dataclasses.dataclass"
# What turns fields into names or positions that nobody sees in the code.
_UNFOLDING = frozenset(f"dataclasses.{name}" for name in ("asdict", "astuple", "fields", "replace")) | {"copy.replace"}
_WORDS = frozenset({"vars", "__dict__", "__dataclass_fields__", "__match_args__", "from_dict", "structure"})


def record_fields(project: Project, definition: Definition) -> list[str] | None:
    """The parameters of the made constructor in order; None for a class that has no plain one."""
    node = definition.binding.node
    if not isinstance(node, ast.ClassDef) or not _is_plain_record(project, definition, node):
        return None
    names = []
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in ("__init__", "__new__", "__post_init__"):
            return None
        if not isinstance(statement, ast.AnnAssign):
            continue
        special = any(word in ast.unparse(statement.annotation) for word in ("ClassVar", "InitVar", "KW_ONLY"))
        if special or not isinstance(statement.target, ast.Name) or not _is_plain_field(statement.value):
            return None
        names.append(statement.target.id)
    return names


def _is_plain_record(project: Project, definition: Definition, node: ast.ClassDef) -> bool:
    if node.keywords or node.bases or len(node.decorator_list) != 1:
        return False
    decorator = node.decorator_list[0]
    options = decorator.keywords if isinstance(decorator, ast.Call) else []
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    plain = all(option.arg in ("frozen", "slots", "repr", "eq", "order", "unsafe_hash") for option in options)
    return plain and project.symbol(definition.module, function) == External(_DATACLASS)


def _is_plain_field(value: ast.expr | None) -> bool:
    """Whether a field is a parameter like any other."""
    keywords = value.keywords if isinstance(value, ast.Call) else []
    return not any(keyword.arg in ("init", "kw_only") for keyword in keywords)


def unfolded_at(project: Project, module: Module) -> int:
    """The line of a module that may reach the fields of any record without their names; 0 if none does."""
    for node in module.names.scope_of:
        if isinstance(node, ast.MatchClass):
            return node.lineno
        if isinstance(node, ast.Name | ast.Attribute):
            word = node.attr if isinstance(node, ast.Attribute) else node.id
            symbol = project.qualified(module, node)
            if word in _WORDS or (symbol is not None and symbol.name in _UNFOLDING):
                return node.lineno
    return 0
