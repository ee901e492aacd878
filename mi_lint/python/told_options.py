"""Options that code tells one by one: `settings.set("name", value)`, or a statement in another language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.project import External, Module
from mi_lint.python.sinks import Option, Sink, Written, matches, static_texts
from mi_lint.python.strings import assembled
from mi_lint.rulebook.model import OptionSet
from mi_lint.templates import is_hole


def sinks_of(flow: Flow, known: Knowledge, module: Module, options: OptionSet, written: Written) -> Iterator[Sink]:
    """The sink that options are by the first rule that speaks of them."""
    ordered = sorted(written.options, key=lambda option: (option.value.lineno, option.value.col_offset))
    keywords = [ast.keyword(option.name or None, option.value) for option in ordered if option.name]
    call = ast.copy_location(ast.Call(func=written.node, args=[], keywords=keywords), written.node)
    for sink in matches(flow, known, module, call, External(options.name, True)):
        whole = [ast.keyword(option.name or None, option.value) for option in ordered]
        call.keywords = whole
        yield replace(sink, written=replace(written, options=tuple(ordered)))


def static_text(node: ast.expr) -> str | None:
    """The text of a string, or what is fixed of one that is put together; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    found = assembled(node)
    return "".join(c for c in found[0] if not is_hole(c)) if found is not None else None


def told_options(flow: Flow, known: Knowledge) -> Iterator[Sink]:
    """The sinks of all calls that set one option, or that hand over a statement with one."""
    chosen = [options for options in known.options.values() if options.setters or options.statements]
    for module in flow.project.modules.values() if chosen else ():
        for node in list(module.names.scope_of):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                for options in chosen:
                    option = _told(flow, module, node, node.func.attr, options)
                    if option is not None:
                        label = f"`{'.'.join(ast.unparse(node.func).split('.')[-2:])}`"
                        for sink in sinks_of(flow, known, module, options, Written(node, (option,), label)):
                            yield replace(sink, form=replace(sink.form, new=None))  # which no mapping holds


def _told(flow: Flow, module: Module, call: ast.Call, method: str, options: OptionSet) -> Option | None:
    first = call.args[0]
    if method in options.setters and len(call.args) == 2:
        names = {options.matched(text) for text in static_texts(flow, flow.trace(module, first))} - {""}
        return Option(names.pop(), first, call.args[1]) if len(names) == 1 else None
    if method in options.statements and not isinstance(first, ast.Starred):
        names = {options.matched(text) for text in static_texts(flow, flow.trace(module, first))} - {""}
        return Option(names.pop(), None, first) if len(names) == 1 else None
    return None
