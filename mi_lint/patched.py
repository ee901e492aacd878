"""Test code that puts something else in the place of a call: when the call moves, it is no longer reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mi_lint.change import Plan
from mi_lint.python.form import CallForm
from mi_lint.python.project import External, Module
from mi_lint.workspace import Workspace

_SHOWN = 3


def note_patches(workspace: Workspace, plan: Plan) -> None:
    """Say which places replace a factory that the plan's code does not call any more."""
    for form in plan.calls:
        if form.whole:
            _note_class(workspace, plan, form)
        if form.function is None:
            continue
        owner, _, factory = form.sink.form.old.symbol.rpartition(".")
        name = owner.rpartition(".")[2]
        places = sorted({f"{module.path}:{line}" for module, line in _patches(workspace, form, name, factory)})
        if places:
            more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
            plan.note(
                f"`{name}.{factory}`, which the code no longer calls, is replaced by test code at "
                f"{', '.join(places[:_SHOWN])}{more}: replace `{name}` there"
            )


def _note_class(workspace: Workspace, plan: Plan, form: CallForm) -> None:
    """A class that goes as a whole is patched by its dotted name."""
    name = form.sink.form.old.symbol.rpartition(".")[2]
    for module, text in workspace.references.named(name):
        if str(text.value).endswith(f".{name}"):
            place = f"{module.path}:{text.lineno}"
            plan.note(f"`{name}`, which the code no longer calls, is replaced by test code at {place}")
            return


def _patches(workspace: Workspace, form: CallForm, name: str, factory: str) -> Iterator[tuple[Module, int]]:
    for module, text in workspace.references.named(factory):
        spelled = str(text.value)
        if spelled.endswith(f"{name}.{factory}") or (spelled == factory and _is_argument(module, text)):
            yield module, text.lineno
    for module, node in workspace.references.attributes(factory):
        symbol = workspace.project.symbol(module, node)
        other = isinstance(symbol, External) and symbol.name != form.sink.form.old.symbol
        if not other and (isinstance(node.ctx, ast.Store) or _is_looked_into(module, node)):
            yield module, node.lineno


def _is_argument(module: Module, node: ast.Constant) -> bool:
    """Whether a string is given to a call together with what it is looked up in, as in `patch.object(A, "b")`."""
    call = module.names.parents.get(node)
    return isinstance(call, ast.Call) and node in call.args[1:]


def _is_looked_into(module: Module, node: ast.Attribute) -> bool:
    """`Client.factory.return_value`, `Client.factory.assert_called_once()`: only a stand-in has these."""
    return isinstance(module.names.parents.get(node), ast.Attribute)
