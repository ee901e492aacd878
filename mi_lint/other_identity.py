"""What would make a moved call sign in as somebody else than the identity of the run."""

from __future__ import annotations

import ast

from mi_lint.change import Plan
from mi_lint.identity import Options
from mi_lint.placement import Placer
from mi_lint.python.form import CallForm
from mi_lint.workspace import Workspace


def note_other_identities(workspace: Workspace, plan: Plan, options: Options) -> None:
    """Say where a secret comes before the identity, and where a credential does not name the one that is asked for."""
    signing = [form for form in plan.calls if form.wants_identity]
    if signing and options.credential == "default":
        _left_behind(workspace, plan, options)
    if options.identity == "user":
        for form in signing:
            _without_client_id(workspace, plan, options, form)


def _left_behind(workspace: Workspace, plan: Plan, options: Options) -> None:
    """A secret that a credential reads by itself: settings files that hold it keep the old sign-in in use."""
    style = workspace.known.identities.get(options.credential)
    packages = (style.sync, style.aio) if style is not None else ()
    found = [
        rule for symbol, pairs in workspace.known.calls.items() for rule, _ in pairs if _package(symbol) in packages
    ]
    for name in sorted({rule.implicit for rule in found if rule.implicit} - plan.secret_settings):
        for entry in workspace.entries.get(name, []):
            line = workspace.text(entry.path).line_column(entry.name_span.start)[0]
            plan.note(f"{entry.path}:{line} sets {name}, which comes before the managed identity: remove it there")


def _package(symbol: str) -> str:
    return symbol.rpartition(".")[0]


def _without_client_id(workspace: Workspace, plan: Plan, options: Options, form: CallForm) -> None:
    """A credential that is there already is used again: with a user-assigned identity it has to name it."""
    module = form.sink.module
    name = Placer(workspace, module, options).existing(form)
    bindings = module.names.bindings(form.sink.scope, name) if name is not None else []
    for binding in bindings:
        value = binding.value
        if isinstance(value, ast.Call) and not any("client_id" in (k.arg or "client_id") for k in value.keywords):
            plan.note(
                f"`{name}` at {module.path}:{value.lineno} has no client id: with a user-assigned identity, give it one"
            )
