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
        derived = list(_subclasses(flow, options))
        for module, scope in derived:
            found += _sinks(flow, known, options, module, scope, "", given)
        given |= {option.value for sink in found if sink.written is not None for option in sink.written.options}
        for module in _settings_modules(flow, options, [scope.name for _, scope in derived]):
            found += _sinks(flow, known, options, module, module.names.module, options.prefix, given)
    return found


def _subclasses(flow: Flow, options: OptionSet) -> Iterator[tuple[Module, Scope]]:
    """The classes of the repository that derive from the library's own."""
    for module in flow.project.modules.values():
        for scope in module.names.scopes:
            owner = classes.enclosing_class(module, scope) if scope.kind == "class" else None
            bases = classes.bases(flow.project, owner) if owner is not None else ()
            if any(isinstance(base, External) and base.name == options.backend for base in bases):
                yield module, scope


def _settings_modules(flow: Flow, options: OptionSet, derived: list[str]) -> list[Module]:
    """The modules whose names are settings of the library: they choose its class, or those that they build on do."""
    if not options.prefix:
        return []
    chosen = [module for module, _ in flow.references.strings(options.backend)]
    for name in derived:
        chosen += [module for module, text in flow.references.named(name) if "." in str(text.value)]
    settings = flow.references.settings_module() if derived else None
    named = {module.path: module for module in (*chosen, *([settings] if settings is not None else []))}
    for module in flow.project.modules.values():
        for target in (t for scope in module.names.scopes for t in scope.stars):
            other = flow.project.find_module(target, module)
            if other is not None and {other.path, module.path} & named.keys():
                named = {**named, other.path: other, module.path: module}
    return list(named.values())


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
    first = {option.name: option for option in reversed(ordered)}
    single = [option for option in ordered if first[option.name] is option]
    keywords = [ast.keyword(option.name, option.value) for option in single]
    call = ast.copy_location(ast.Call(func=single[0].value, args=[], keywords=keywords), single[0].value)
    for sink in matches(flow, known, module, call, External(options.name, True)):
        secret = next(option for option in single if option.value is sink.secret)
        gone = {sink.rule.secret, *sink.form.drops}
        uses = [u for option in single if option.name in gone for u in _uses(flow, module, scope, option)]
        others = [(other, node) for other, node in uses if node not in given]
        problem = sink.problem or _problem(module, ordered, gone, others)
        if not others and _uses(flow, module, scope, secret):
            sink = _without_identity(sink)  # other options get the identity, and need its value no more
        label = f"the setting `{prefix}{secret.name.upper()}`" if prefix else f"`{secret.name}` of `{scope.name}`"
        call.func = secret.value
        ast.copy_location(call, secret.value)
        yield replace(sink, written=Written(secret.value, tuple(single), label, prefix), problem=problem)


def _without_identity(sink: Sink) -> Sink:
    new = sink.form.new
    if new is None:
        return sink
    kept = tuple(parameter for parameter in new.parameters if parameter.credential is None)
    return replace(sink, form=replace(sink.form, new=replace(new, parameters=kept)))


def _uses(flow: Flow, module: Module, scope: Scope, option: Option) -> list[tuple[Module, ast.AST]]:
    """Where a name is used, beside being a setting."""
    assert isinstance(option.key, ast.Name)
    kind = "attribute" if scope.kind == "class" else "variable"
    references = flow.references.of(Carrier(kind, module, scope, option.key.id))
    return [(r.module, r.node) for r in references if r.kind not in ("store", "import")]


def _problem(module: Module, options: list[Option], gone: set[str], uses: list[tuple[Module, ast.AST]]) -> str:
    """Why the assignments cannot change."""
    for other, node in uses:
        return f"its name is also used at {other.path}:{getattr(node, 'lineno', 1)}, where the secret may be needed"
    names = [option.name for option in options]
    for option in (option for option in options if option.name in gone):
        statement = option.statement
        line = f"{module.path}:{option.value.lineno}"
        targets = statement.targets if isinstance(statement, ast.Assign) else [option.key]
        if names.count(option.name) > 1:
            return f"`{option.name}` is assigned more than once, also at {line}"
        if statement is None or len(targets) != 1 or not starts_line(module, statement):
            return f"`{option.name}` at {line} is not assigned on a line of its own"
    return ""
