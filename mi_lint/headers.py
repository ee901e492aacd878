"""Headers of requests that become a token: one dict may serve several requests, and all of them must take the token."""

from __future__ import annotations

import ast

from mi_lint.change import Plan
from mi_lint.python.form import CallForm
from mi_lint.python.project import Module
from mi_lint.python.references import Reference
from mi_lint.workspace import Workspace


def share_headers(workspace: Workspace, plan: Plan) -> None:
    """Let one request write the header that several send; a use that is no such request is a problem."""
    first: dict[ast.expr, CallForm] = {}
    for form in plan.calls:
        entry = form.sink.entry
        if entry is None:
            continue
        owner = first.setdefault(entry.key, form)
        form.shared = owner is not form
        if owner.credential != form.credential:
            plan.problem(form.sink, "requests to several services send the same headers, and each needs its own token")
    for form in first.values():
        _check_uses(workspace, plan, form)


def _check_uses(workspace: Workspace, plan: Plan, form: CallForm) -> None:
    entry = form.sink.entry
    assert entry is not None
    via = {c.node for f in plan.calls if f.sink.entry is not None for c in f.sink.entry.path}
    for carried in entry.path:
        for reference in workspace.references.of(carried.carrier):
            if reference.kind in ("store", "import") or reference.node in via:
                continue
            if carried.carrier.kind == "function" and _is_no_function(reference):
                continue
            if reference.kind == "doubtful" or not _stores(reference.module, reference):
                line = getattr(reference.node, "lineno", 1)
                what = "may also be used" if reference.kind == "doubtful" else "are also used"
                place = f"{reference.module.path}:{line}"
                plan.problem(
                    form.sink, f"the headers `{carried.carrier.name}` {what} at {place}, where no such request is sent"
                )
                return


def _is_no_function(reference: Reference) -> bool:
    """Whether a reference of the same name is none to a function: a keyword, or the headers of a response."""
    parent = reference.module.names.parents.get(reference.node)
    of_mapping = isinstance(parent, ast.Subscript | ast.Attribute) and parent.value is reference.node
    return isinstance(reference.node, ast.keyword) or (isinstance(reference.node, ast.Attribute) and of_mapping)


def _stores(module: Module, reference: Reference) -> bool:
    """Whether a reference only puts a further header into the dict."""
    parent = module.names.parents.get(reference.node)
    return isinstance(parent, ast.Subscript) and parent.value is reference.node and isinstance(parent.ctx, ast.Store)
