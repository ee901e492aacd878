"""Options that are not in a mapping: names in a settings module with a prefix, and attributes of subclasses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mi_lint.python import classes
from mi_lint.python.blocks import starts_line
from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.names import Scope
from mi_lint.python.project import External, Module
from mi_lint.python.sinks import Option, Sink, Written, matches
from mi_lint.python.values import Carrier
from mi_lint.rulebook.model import OptionSet


def named_options(flow: Flow, known: Knowledge, mappings: Iterable[Sink]) -> list[Sink]:
    """The sinks of names and attributes. `mappings` are those of mappings, in which such a name may stand too."""
    given = {option.value for sink in mappings if sink.written is not None for option in sink.written.options}
    found: list[Sink] = []
    for options in known.options.values():
        if not options.backend:
            continue
        for module, scope in _scopes(flow, options):
            prefix = options.prefix if scope.kind == "module" else ""
            found += _sinks(flow, known, options, module, scope, prefix, given)
    return found


def _scopes(flow: Flow, options: OptionSet) -> Iterator[tuple[Module, Scope]]:
    """The modules whose names are settings of the library, and the classes that derive from its own."""
    named = {module.path: module for module, _ in flow.references.strings(options.backend)} if options.prefix else {}
    for module in flow.project.modules.values():
        for target in (t for scope in module.names.scopes for t in scope.stars):
            other = flow.project.find_module(target, module)
            if other is not None and {other.path, module.path} & named.keys():
                named = {**named, other.path: other, module.path: module}
        for scope in module.names.scopes:
            owner = classes.enclosing_class(module, scope) if scope.kind == "class" else None
            bases = classes.bases(flow.project, owner) if owner is not None else ()
            if any(isinstance(base, External) and base.name == options.backend for base in bases):
                yield module, scope
    yield from ((module, module.names.module) for module in named.values())


def _sinks(
    flow: Flow,
    known: Knowledge,
    options: OptionSet,
    module: Module,
    scope: Scope,
    prefix: str,
    given: set[ast.expr],
) -> Iterator[Sink]:
    parameters = {p.name for _, call in known.calls.get(options.name, ()) for p in call.old.parameters}
    found = []
    for name, bindings in scope.bindings.items():
        named = name[len(prefix) :].lower() if prefix else name
        if name.startswith(prefix) and named in parameters and (not prefix or name.isupper()):
            for binding in bindings:
                statement, value = binding.statement, binding.value
                if binding.kind == "assign" and isinstance(statement, ast.Assign | ast.AnnAssign) and value is not None:
                    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
                    found.append(Option(named, target, value, statement))
    if not found:
        return
    ordered = sorted(found, key=lambda option: (option.value.lineno, option.value.col_offset))
    names = [option.name for option in ordered]
    keywords = [ast.keyword(option.name, option.value) for option in ordered if names.count(option.name) == 1]
    for number, option in enumerate(ordered):
        if names.count(option.name) > 1 and option.name not in names[:number]:
            keywords.append(ast.keyword(option.name, option.value))
    first = ordered[0].value
    call = ast.copy_location(ast.Call(func=first, args=[], keywords=keywords), first)
    for sink in matches(flow, known, module, call, External(options.name, True)):
        secret = next(option for option in ordered if option.value is sink.secret)
        uses = _uses(flow, module, scope, secret)
        if uses and all(node in given for _, node in uses):
            continue  # a variable like any other, whose value stands among the options of a mapping
        label = f"the setting `{prefix}{secret.name.upper()}`" if prefix else f"`{secret.name}` of `{scope.name}`"
        written = Written(secret.value, tuple(ordered), label, prefix)
        ast.copy_location(call, secret.value)
        call.func = secret.value
        problem = sink.problem or _problem(module, sink, ordered, uses)
        yield replace(sink, written=written, problem=problem)


def _uses(flow: Flow, module: Module, scope: Scope, option: Option) -> list[tuple[Module, ast.AST]]:
    """Where a name is used, beside being a setting."""
    assert isinstance(option.key, ast.Name)
    kind = "attribute" if scope.kind == "class" else "variable"
    references = flow.references.of(Carrier(kind, module, scope, option.key.id))
    return [(r.module, r.node) for r in references if r.kind not in ("store", "import")]


def _problem(module: Module, sink: Sink, options: list[Option], uses: list[tuple[Module, ast.AST]]) -> str:
    """Why the assignments cannot change."""
    gone = {sink.rule.secret, *sink.form.drops}
    for other, node in uses:
        return f"`{sink.rule.secret}` is also used at {other.path}:{getattr(node, 'lineno', 1)}, by its name"
    names = [option.name for option in options]
    for option in (option for option in options if option.name in gone):
        statement = option.statement
        line = f"{module.path}:{option.value.lineno}"
        plain = isinstance(statement, ast.AnnAssign) or (
            isinstance(statement, ast.Assign) and len(statement.targets) == 1
        )
        if names.count(option.name) > 1:
            return f"`{option.name}` is assigned more than once, also at {line}"
        if statement is None or not plain or not starts_line(module, statement):
            return f"`{option.name}` at {line} is not assigned on a line of its own"
    return ""
