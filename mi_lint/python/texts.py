"""All texts that an expression may be, as far as they are known: what the settings files say included."""

from __future__ import annotations

import ast
import itertools

from mi_lint.python.flow import Flow
from mi_lint.python.project import Module
from mi_lint.python.values import Composed, Literal, Setting, Value, children
from mi_lint.templates import hole

UNKNOWN = "{}"
_MOST = 16
_DEEPEST = 12


def texts(flow: Flow, module: Module, node: ast.expr) -> list[str]:
    """Every text that an expression may be, with `{}` for what is not known of it."""
    return list(dict.fromkeys(_texts(flow, flow.trace(module, node), _DEEPEST)))[:_MOST]


def _texts(flow: Flow, value: Value, depth: int) -> list[str]:
    if not depth:
        return [UNKNOWN]
    if isinstance(value, Literal):
        return [value.text]
    if isinstance(value, Setting):
        found = [text for text in flow.setting_values(value.name) if text]
        default = _texts(flow, value.default, depth - 1) if value.default is not None else []
        return [*found, *default] or [UNKNOWN]
    if isinstance(value, Composed):
        return _composed(flow, value, depth)
    return [text for inner in children(value) for text in _texts(flow, inner, depth - 1)] or [UNKNOWN]


def _composed(flow: Flow, value: Composed, depth: int) -> list[str]:
    parts = [_texts(flow, flow.trace(value.module, part), depth - 1)[:_MOST] for part in value.parts]
    found = []
    for chosen in itertools.islice(itertools.product(*parts), _MOST):
        text = value.text
        for index, part in enumerate(chosen):
            text = text.replace(hole(index), part)
        found.append(text)
    return found
