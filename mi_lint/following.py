"""Lines after the statement of a call, where its new form needs some: a listener on the object that the call made."""

from __future__ import annotations

import ast
import re

from mi_lint.edits import TextEdit
from mi_lint.naming import free_name
from mi_lint.placeholder import import_token
from mi_lint.python.blocks import blocks_around, indentation, starts_line
from mi_lint.python.form import CallForm
from mi_lint.python.project import Module
from mi_lint.textfile import Span

NO_PLACE = "assign the result of the call to a variable, on a line of its own, so that the lines it needs can follow"


def follows(module: Module, call: ast.Call) -> tuple[ast.stmt, str] | None:
    """The statement that assigns what a call makes, and to what; None where no line can follow it."""
    statement = module.names.statement(call)
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is not call:
        return None
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name | ast.Attribute):
        return None
    if module.names.scope_of[call].kind == "class" or not starts_line(module, statement):
        return None
    rest = _rest_of_line(module, statement).strip()
    return (statement, module.source(targets[0])) if not rest or rest.startswith("#") else None


def lines_after(module: Module, form: CallForm, token: str, given: set[str]) -> TextEdit:
    """The lines for one call. `token` is an expression; `given` are the names that such lines have in this module."""
    wanted, found = form.sink.rule.following, follows(module, form.sink.call)
    assert wanted is not None
    assert found is not None
    statement, target = found
    text = wanted.text.rstrip("\n").replace("{target}", target).replace("{token}", token)
    for name, symbol in wanted.uses:
        owner, _, member = symbol.rpartition(".")
        text = re.sub(rf"(?<![\w.]){name}(?=[.(])", import_token(owner, member, module, form.sink.call), text)
    taken = {name for scope in module.names.scopes for name in (*scope.bindings, *scope.loads)}
    function = free_name(wanted.function, taken | given)
    given.add(function)
    lead, newline = indentation(module, statement), module.file.newline
    lines = [lead + line if line else "" for line in text.replace("{function}", function).split("\n")]
    end = module.span(statement).end + len(_rest_of_line(module, statement))
    blank = newline * (1 if lead else 2)
    tail = "" if _is_last(module, statement) else newline * _missing(module, end, 1 if lead else 2)
    return TextEdit(Span(end, end), newline + blank + newline.join(lines) + tail)


def _rest_of_line(module: Module, statement: ast.stmt) -> str:
    end = module.span(statement).end
    line = module.file.text[end:].splitlines()[:1]
    return line[0] if line else ""


def _is_last(module: Module, statement: ast.stmt) -> bool:
    block, one = next(blocks_around(module, statement))
    return block[-1] is one


def _missing(module: Module, end: int, wanted: int) -> int:
    """How many blank lines there are too few behind an offset at the end of a line."""
    lines = module.file.text[end:].splitlines()[1:]
    there = next((index for index, line in enumerate(lines) if line.strip()), wanted)
    return max(0, wanted - there)
