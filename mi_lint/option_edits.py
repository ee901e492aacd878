"""The edits that give options their new form: items of a mapping, and assignments of single ones."""

from __future__ import annotations

import ast

from mi_lint.edits import TextEdit
from mi_lint.python.blocks import indentation
from mi_lint.python.call import Argument as CallArgument
from mi_lint.python.call import rewrite_call
from mi_lint.python.display import Pair, rewrite_display
from mi_lint.python.form import Argument, CallForm
from mi_lint.python.project import Module
from mi_lint.python.sinks import Option, Written
from mi_lint.removal import removal
from mi_lint.replacing import changed_source, replaced, width
from mi_lint.textfile import Span


def write_options(module: Module, form: CallForm, credential: str, edits: list[TextEdit]) -> list[TextEdit]:
    """The edits of a file, with those that write the options of a form.

    Raises:
        ValueError: an assignment shares its lines with something else.
    """
    written = form.sink.written
    assert written is not None
    for argument in form.arguments:
        argument.text = credential if argument.role == "identity" else argument.text
    wanted = [a for a in form.arguments if a.role != "client-id" or a.text is not None]
    by_index = {a.index: a for a in wanted if a.index is not None}
    added = [argument for argument in wanted if argument.index is None]
    if any(option.statement is None for option in written.options):
        edits = _mapping(module, written, by_index, added, edits)
        added = []
    for index, option in enumerate(written.options):
        if option.statement is not None:
            edits = _assignment(module, written, option, by_index.get(index), edits)
    after = next(o.statement for o in written.options if o.value is form.sink.secret) if added else None
    for argument in added:
        assert after is not None
        at = module.span(after).end
        line = f"{indentation(module, after)}{_name(written, argument.parameter)} = {argument.text}"
        edits = [*edits, TextEdit(Span(at, at), module.file.newline + line)]
    return edits


def _name(written: Written, option: str) -> str:
    return f"{written.prefix}{option.upper()}" if written.prefix else option


def _mapping(
    module: Module, written: Written, by_index: dict[int, Argument], added: list[Argument], edits: list[TextEdit]
) -> list[TextEdit]:
    span = module.span(written.node)
    source, others = changed_source(module, span, edits)
    inside = [index for index, option in enumerate(written.options) if option.statement is None]
    kept = [(place, by_index[index]) for place, index in enumerate(inside) if index in by_index]
    names = {index: written.options[index].name for index in inside}
    if isinstance(written.node, ast.Dict):
        pairs = [
            Pair(place, None if a.index is None or a.name == names[a.index] else a.name, a.text) for place, a in kept
        ]
        pairs += [Pair(None, argument.parameter, argument.text) for argument in added]
        return [*others, TextEdit(span, rewrite_display(source, pairs, width))]
    arguments = [CallArgument(place, None if a.name == "**" else a.name, a.text) for place, a in kept]
    arguments += [CallArgument(None, argument.parameter, argument.text) for argument in added]
    return [*others, TextEdit(span, rewrite_call(source, None, arguments, width))]


def _assignment(
    module: Module, written: Written, option: Option, argument: Argument | None, edits: list[TextEdit]
) -> list[TextEdit]:
    """One option that is assigned by itself: it goes, or it gets another name, another value, or both."""
    statement, key = option.statement, option.key
    assert statement is not None
    assert key is not None
    if argument is None:
        edit = removal(module, statement)
        if edit is None:
            raise ValueError("an option shares its line")
        return replaced(edits, edit.span, edit.text)
    if argument.text is not None:
        edits = replaced(edits, module.span(option.value), argument.text)
    if argument.parameter != option.name:
        name, source = _name(written, argument.parameter), module.source(key)
        quote = source[:1] if isinstance(key, ast.Constant) else ""
        edits = replaced(edits, module.span(key), f"{quote}{name}{quote}")
    return edits
