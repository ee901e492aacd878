"""Moments as programs compute them: the present time and a duration: `datetime.now(utc) + timedelta(hours=1)`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mi_lint.python.names import Binding
from mi_lint.python.project import Module, Project

_NOW = frozenset({"datetime.datetime.now", "datetime.datetime.utcnow"})
_DURATION = "datetime.timedelta"
_SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_ORDER = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """`node` is the expression of the moment, `now` that of the present time which it is computed from.

    `duration` is the source of the callable that makes durations (empty: it is the present time itself), `seconds` how
    far it is from now (None: not known), and `through` are the variables on the way. `is_local`: without a time zone
    it is the time of where the program runs, which others take for that of UTC.
    """

    node: ast.expr
    now: ast.expr
    duration: str
    seconds: float | None
    through: tuple[Binding, ...] = ()
    is_local: bool = False


def moment_of(project: Project, module: Module, node: ast.expr) -> Moment | None:
    """What an expression says about a moment; None if it is not the present time, with one duration or none."""
    through: list[Binding] = []
    value = _followed(module, node, through)
    if _is_now(project, module, value):
        return Moment(node, value, "", 0, tuple(through), _is_local(project, module, value))
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub)):
        return None
    sides = [(value.left, value.right)]
    if isinstance(value.op, ast.Add):
        sides.append((value.right, value.left))
    for now, duration in sides:
        made = _followed(module, duration, through)
        present = _followed(module, now, through)
        is_duration = isinstance(made, ast.Call) and _symbol(project, module, made.func) == _DURATION
        if isinstance(made, ast.Call) and is_duration and _is_now(project, module, present):
            seconds = _seconds(made)
            if seconds is not None and isinstance(value.op, ast.Sub):
                seconds = -seconds
            is_local = _is_local(project, module, present)
            return Moment(node, now, module.source(made.func), seconds, tuple(through), is_local)
    return None


def _is_now(project: Project, module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _symbol(project, module, node.func) in _NOW


def _is_local(project: Project, module: Module, node: ast.expr) -> bool:
    plain = isinstance(node, ast.Call) and not node.args and not node.keywords
    return plain and isinstance(node, ast.Call) and _symbol(project, module, node.func) == "datetime.datetime.now"


def _followed(module: Module, node: ast.expr, through: list[Binding]) -> ast.expr:
    """What a variable holds that is assigned once; the variables are added to `through`."""
    for _ in range(_MOST_STEPS):
        if not isinstance(node, ast.Name):
            return node
        bindings = module.names.bindings(module.names.scope_of[node], node.id)
        if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].value is None:
            return node
        through.append(bindings[0])
        node = bindings[0].value
    return node


def _symbol(project: Project, module: Module, node: ast.expr) -> str:
    symbol = project.qualified(module, node)
    return symbol.name if symbol is not None and symbol.certain else ""


def _seconds(call: ast.Call) -> float | None:
    total = 0.0
    given = [*zip(_ORDER, call.args, strict=False), *((k.arg, k.value) for k in call.keywords)]
    for name, node in given:
        try:
            number = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        if name not in _SECONDS or not isinstance(number, int | float):
            return None
        total += number * _SECONDS[name]
    return total
