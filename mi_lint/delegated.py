"""A call that signs with an account key takes a delegated key from a client, whose validity covers the signature's."""

from __future__ import annotations

from mi_lint.change import Plan
from mi_lint.edits import TextEdit
from mi_lint.python.blocks import indentation, line_start
from mi_lint.python.form import CallForm
from mi_lint.textfile import Span


def sign(plan: Plan, form: CallForm) -> None:
    """Write the key and the moments into the call, and the lines that compute them before it."""
    signing, module = form.sink.signing, form.sink.module
    if signing is None:
        return
    for argument in form.arguments:
        if argument.role == "identity":
            argument.role, argument.text = "constant", signing.key
        elif argument.parameter in signing.moments:
            argument.text = signing.moments[argument.parameter]
    statement = module.names.statement(form.sink.call)
    if signing.lines and statement is not None:
        indent, at = indentation(module, statement), line_start(module, statement)
        lines = [f"{indent}{name} = {source}{module.file.newline}" for name, source in signing.lines]
        plan.edit(module, TextEdit(Span(at, at), "".join(lines)))
    if signing.note:
        plan.note(signing.note)
