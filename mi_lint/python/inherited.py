"""Calls that reach the constructor or a factory of an SDK's class through a subclass of the repository."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mi_lint.python import classes
from mi_lint.python.project import Definition, External, Module, Project
from mi_lint.rulebook.model import Call

_CONSTRUCTORS = ("__init__", "__new__")


@dataclass(frozen=True, slots=True)
class Inherited:
    """What is called in the end. `builds` where the call creates the subclass; `own` is what the subclass overrides."""

    symbol: External
    builds: bool
    own: str = ""

    def problem(self, form: Call) -> str:
        """Why the call cannot take the new form, which was written for the SDK's own class; empty if it can."""
        if self.own:
            return f"it is called on a class with {self.own} of its own, which may need the secret"
        new = form.new.symbol if form.new is not None else ""
        wanted = form.old.symbol if self.builds else form.old.symbol.rpartition(".")[0]
        return "" if new == wanted else "it is called on a class that derives from the SDK's class"


def inherited(project: Project, module: Module, function: ast.expr) -> Inherited | None:
    """The symbol of an SDK that `Mine(...)`, `Mine.factory(...)` or `super().__init__(...)` reaches; None if none."""
    if _is_super_init(function):
        owner = module.names.class_scope(module.names.scope_of[function])
        definition = classes.enclosing_class(module, owner) if owner is not None else None
        base = _outside(project, definition) if definition is not None else None
        between = classes.lineage(project, definition)[1:] if definition is not None else []
        return Inherited(base, True) if base is not None and not _any_defines(between, _CONSTRUCTORS) else None
    whole = project.symbol(module, function)
    if isinstance(whole, Definition) and whole.binding.kind == "class":
        base = _outside(project, whole)
        overridden = _defined(project, whole, _CONSTRUCTORS)
        return Inherited(base, True) if base is not None and not overridden else None
    if not isinstance(function, ast.Attribute) or whole is not None:
        return None
    holder = project.symbol(module, function.value)
    if not isinstance(holder, Definition) or holder.binding.kind != "class":
        own = classes.self_class(module, function.value)
        holder = own if own is not None and _is_cls(function.value) else None
    if holder is None or _defined(project, holder, (function.attr,)):
        return None
    base = _outside(project, holder)
    if base is None:
        return None
    changed = "a constructor" if _defined(project, holder, _CONSTRUCTORS) else ""
    return Inherited(External(f"{base.name}.{function.attr}", base.certain), False, changed)


def _is_cls(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "cls"


def _is_super_init(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "__init__"
        and isinstance(function.value, ast.Call)
        and isinstance(function.value.func, ast.Name)
        and function.value.func.id == "super"
    )


def _defined(project: Project, definition: Definition, names: tuple[str, ...]) -> bool:
    return _any_defines(classes.lineage(project, definition), names)


def _any_defines(lineage: list[Definition], names: tuple[str, ...]) -> bool:
    return any(name in classes.class_scope(current).bindings for current in lineage for name in names)


def _outside(project: Project, definition: Definition) -> External | None:
    """The only base of a class that is no class of the repository; None if there are several, or one is unknown."""
    found: set[External] = set()
    for current in classes.lineage(project, definition):
        node = current.binding.node
        assert isinstance(node, ast.ClassDef)
        for base in node.bases:
            symbol = project.symbol(current.module, base)
            if isinstance(symbol, External):
                found.add(symbol)
            elif not classes.is_class(symbol):
                return None
    return found.pop() if len(found) == 1 else None
