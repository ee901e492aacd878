"""Options that hold a secret: mappings given to a library, attributes of its classes, names in its settings.

All options of one place are seen as one call of the name that a rule gives to them, whose keywords they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mi_lint.python.classes import instance_of
from mi_lint.python.displays import displays, made
from mi_lint.python.everywhere import options_anywhere
from mi_lint.python.flow import Flow
from mi_lint.python.guards import guard_test
from mi_lint.python.items import read_from
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.named_options import named_options
from mi_lint.python.project import Definition, External, Module
from mi_lint.python.references import Reference
from mi_lint.python.sinks import Option, Sink, Written
from mi_lint.python.told_options import sinks_of, static_text, told_options
from mi_lint.python.values import Carried
from mi_lint.rulebook.model import OptionSet


@dataclass(slots=True, eq=False)
class _Place:
    """One mapping, all that it is given to, and the carriers between."""

    module: Module
    node: ast.Dict | ast.Call
    takers: dict[OptionSet, str] = field(default_factory=dict)  # with the label of the first
    path: list[Carried] = field(default_factory=list)


def find_options(flow: Flow, known: Knowledge) -> Iterator[Sink]:
    """All options of a project that hold a secret, in the order of the files and of the code."""
    if not known.options:
        return
    places = _places(flow, known)
    via: set[ast.AST] = {carried.node for place in places for carried in place.path}
    found = [sink for place in places for sink in _sinks(flow, known, place, via)]
    found += told_options(flow, known)
    found += named_options(flow, known, found)
    found += options_anywhere(flow, known)
    yield from sorted(found, key=lambda sink: (sink.module.path, sink.call.lineno, sink.call.col_offset))


def _places(flow: Flow, known: Knowledge) -> list[_Place]:
    places: dict[ast.AST, _Place] = {}
    for module, given, options, label in _taken(flow, known):
        for value, path in displays(flow, made(flow, module, given)):
            if isinstance(value.node, ast.Dict | ast.Call):
                place = places.setdefault(value.node, _Place(value.module, value.node))
                place.takers.setdefault(options, label)
                place.path += [carried for carried in path if carried not in place.path]
    return list(places.values())


# -- what takes options ------------------------------------------------------------------------------------------------


def _taken(flow: Flow, known: Knowledge) -> Iterator[tuple[Module, ast.expr, OptionSet, str]]:
    """Every expression that is given where options are taken, with the options and a label."""
    for module in flow.project.modules.values():
        for node in list(module.names.scope_of):
            if isinstance(node, ast.Call) and node.keywords:
                yield from _arguments(flow, known, module, node)
    for options in known.options.values():
        for module, text in flow.references.strings(options.backend) if options.member else ():
            outer = module.names.parents.get(text)
            for key, value in zip(outer.keys, outer.values, strict=True) if isinstance(outer, ast.Dict) else ():
                if isinstance(key, ast.Constant) and key.value == options.member:
                    yield module, value, options, f"`{options.member}` of `{options.backend.rpartition('.')[2]}`"

        yield from _told_by_entry(flow, options)


def _told_by_entry(flow: Flow, options: OptionSet) -> Iterator[tuple[Module, ast.expr, OptionSet, str]]:
    """Mappings that say themselves what they are for, as `{"ENGINE": "package.backend", ...}` does."""
    for key, values in options.entry:
        for text in values:
            for module, node in flow.references.strings(text):
                outer = module.names.parents.get(node)
                pairs = zip(outer.keys, outer.values, strict=True) if isinstance(outer, ast.Dict) else ()
                if any(isinstance(k, ast.Constant) and k.value == key and v is node for k, v in pairs):
                    assert isinstance(outer, ast.Dict)
                    yield module, outer, options, f"the mapping with `{key}` {text}"


def _arguments(
    flow: Flow, known: Knowledge, module: Module, call: ast.Call
) -> Iterator[tuple[Module, ast.expr, OptionSet, str]]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    wanted = [
        o for o in known.options.values() if (o.parameter and o.parameter in given) or (o.unpacked and None in given)
    ]
    symbol = _symbol(flow, module, call.func) if wanted else ""
    if symbol is None:
        return
    name = call.func.attr if isinstance(call.func, ast.Attribute) else symbol.rpartition(".")[2]
    for options in wanted:
        own = not symbol or symbol.partition(".")[0] in {taker.partition(".")[0] for taker in options.takers}
        if options.parameter in given and (_is_among(symbol, options.takers) or (own and name in options.methods)):
            yield module, given[options.parameter], options, f"`{options.parameter}` of `{name}`"
        if symbol and _is_among(symbol, options.unpacked):
            for keyword in call.keywords:
                if keyword.arg is None:
                    yield module, keyword.value, options, f"a mapping of options for `{symbol.rpartition('.')[2]}`"


def _symbol(flow: Flow, module: Module, function: ast.expr) -> str | None:
    """The qualified name of what is called; empty where it cannot be told, None for code of the repository."""
    symbol = flow.project.qualified(module, function)
    if symbol is not None:
        return symbol.name
    if isinstance(flow.project.symbol(module, function), Definition):
        return None
    if isinstance(function, ast.Attribute):
        owner = instance_of(flow.project, module, function.value)
        if isinstance(owner, External):
            return f"{owner.name}.{function.attr}"
        return None if owner is not None else ""
    return None


def _is_among(symbol: str, patterns: tuple[str, ...]) -> bool:
    return any(symbol == p or (p.endswith(".*") and symbol.startswith(p[:-1])) for p in patterns)


# -- the options of one mapping ----------------------------------------------------------------------------------------


def _sinks(flow: Flow, known: Knowledge, place: _Place, via: set[ast.AST]) -> Iterator[Sink]:
    options, label = next(iter(place.takers.items()))
    problem = "" if len(place.takers) == 1 else "its options are given to libraries that take different ones"
    written = _written(place, options)
    stored, elsewhere = _stored(flow, place, options)
    problem = problem or elsewhere
    for sink in sinks_of(flow, known, place.module, options, Written(place.node, (*written, *stored), label)):
        gone = _gone(sink, options)
        yield replace(sink, problem=sink.problem or problem or _other_use(flow, place, via, gone, stored))


def _written(place: _Place, options: OptionSet) -> Iterator[Option]:
    node = place.node
    if isinstance(node, ast.Dict):
        for number, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            text = static_text(key) if key is not None else None
            name = options.option(text) if text is not None else f"[{number}]"
            yield Option(name if key is not None else "", key, value)
    else:
        yield from (Option("", None, argument) for argument in node.args)
        yield from (Option(options.option(k.arg or ""), None, k.value) for k in node.keywords)


def _stored(flow: Flow, place: _Place, options: OptionSet) -> tuple[list[Option], str]:
    """Options that are put into the mapping later, and what is wrong with one of them."""
    found: dict[ast.AST, Option] = {}
    problem = ""
    for carried in place.path:
        for reference in flow.references.of(carried.carrier):
            parent = reference.module.names.parents.get(reference.node)
            if not (isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)):
                continue
            where = f"{reference.module.path}:{parent.lineno}"
            statement, key = reference.module.names.statement(parent), parent.slice
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                problem = f"more options are stored at {where}, by a computed name"
            elif not isinstance(statement, ast.Assign) or statement.targets != [parent]:
                problem = f"its options are changed at {where}: write them in one place"
            elif reference.module is place.module:
                found[statement] = Option(options.option(key.value), key, statement.value, statement)
                if not _in_same_block(place, statement):
                    problem = f"`{key.value}` is stored at {where} on some condition: remove that branch"
            else:
                problem = f"`{key.value}` is stored at {where}, in another file: write it where the others are"
    return list(found.values()), problem


def _in_same_block(place: _Place, statement: ast.stmt) -> bool:
    """Whether a statement runs whenever the mapping is made."""
    parents = place.module.names.parents
    made = place.module.names.statement(place.node)
    if made is None:
        return False
    if parents.get(made) is parents.get(statement):
        return True
    outer = parents.get(statement)
    inside = isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module)
    return (
        inside
        and outer is not None
        and made in ast.walk(outer)
        and outer is place.module.names.scope_of[statement].node
    )


def _gone(sink: Sink, options: OptionSet) -> set[str]:
    """The options that go, by all their names."""
    gone = {sink.rule.secret, *sink.form.drops}
    return gone | {other for own, others in options.aliases if own in gone for other in others}


def _other_use(flow: Flow, place: _Place, via: set[ast.AST], gone: set[str], stored: list[Option]) -> str:
    """What else the mapping is used for, as a problem."""
    keys = {option.key for option in stored}
    for carried in place.path:
        for reference in flow.references.of(carried.carrier):
            if reference.kind in ("store", "import", "keyword") or reference.node in via:
                continue
            if reference.kind == "doubtful" or not _harmless(reference, gone, keys):
                line = getattr(reference.node, "lineno", 1)
                what = "may also be used" if reference.kind == "doubtful" else "are also used"
                name = carried.carrier.spelled
                return f"the options `{name}` {what} at {reference.module.path}:{line}, where the secret may be needed"
    return ""


def _harmless(reference: Reference, gone: set[str], stored: set[ast.expr | None]) -> bool:
    """Whether a use only reads an option that stays, stores one that is known, or asks whether there are any."""
    module, node = reference.module, reference.node
    path, _ = read_from(module, node, 1)
    if path:
        return path[0] not in gone
    parent = module.names.parents.get(node)
    if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store):
        return parent.slice in stored
    return isinstance(parent, ast.If | ast.IfExp | ast.BoolOp) and guard_test(module, node) is not None
