"""Find the declarations that name a setting: decorators, `function.json`, the host's own file, the host itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mi_lint.bindings.sites import Declaration, Decorator, Site, camel
from mi_lint.edits import place_of
from mi_lint.errors import SourceError
from mi_lint.findings import Place
from mi_lint.prefilter import DECLARATIONS
from mi_lint.python.project import Module
from mi_lint.python.values import Literal, leaves
from mi_lint.rulebook.model import Binding, DeclaredAt, Rule
from mi_lint.settings.items import JSON, bodies
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class BindingUse:
    """One declaration. `setting` is the name that it gives; `named` says whether it also names its entity.

    `role_names` are keys of the pack's roles; `argument` is what names the setting at `site`.
    """

    rule: Rule
    binding: Binding
    label: str
    setting: str
    place: Place
    named: bool = True
    role_names: tuple[str, ...] = ()
    site: Site | None = None
    argument: str = ""


def find_uses(workspace: Workspace) -> list[BindingUse]:
    """All declarations, and the settings that hosts read themselves."""
    return [*_decorators(workspace), *_declarations(workspace), *_declared(workspace), *_host_settings(workspace)]


def _rules(workspace: Workspace) -> Iterator[tuple[Rule, Binding]]:
    for pack in workspace.known.packs.values():
        for rule in pack.rules:
            if rule.binding is not None:
                yield rule, rule.binding


def _roles(rule: Rule, binding: Binding, label: str, direction: str = "") -> tuple[str, ...]:
    own = dict(binding.roles)
    found = own.get(f"{label}.{direction}") or own.get(label)
    return found or ((rule.role,) if rule.role else ())


# -- decorators --------------------------------------------------------------------------------------------------------

_Known = Mapping[str, list[tuple[Rule, Binding, tuple[str, ...]]]]


def _table(workspace: Workspace, key: str) -> _Known:
    found: dict[str, list[tuple[Rule, Binding, tuple[str, ...]]]] = {}
    for rule, binding in _rules(workspace):
        for name, given in binding.methods if key == "methods" else binding.types:
            found.setdefault(name, []).append((rule, binding, given))
    return found


def _decorators(workspace: Workspace) -> Iterator[BindingUse]:
    methods, types = _table(workspace, "methods"), _table(workspace, "types")
    modules = {binding.module for _, binding in _rules(workspace)}
    for module in workspace.project.modules.values():
        if not any(target == name or target.startswith(f"{name}.") for target in module.imports for name in modules):
            continue
        for node in list(module.names.scope_of):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in node.decorator_list:
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                        yield from _decorator(workspace, module, call, methods, types)


def _decorator(
    workspace: Workspace, module: Module, call: ast.Call, methods: _Known, types: _Known
) -> Iterator[BindingUse]:
    assert isinstance(call.func, ast.Attribute)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given:
        return
    label = call.func.attr
    known = methods.get(label, [])
    if not known and "type" in given:  # a decorator for whatever type it is told
        label = _text(workspace, module, given["type"]) or ""
        known = types.get(label, [])
    for number, (rule, binding, names) in enumerate(known):
        spelled = [next((k for k in given if k and camel(k) == camel(name)), name) for name in names]
        if number and not any(name in given for name in spelled):
            continue
        for name in spelled:
            value = given.get(name)
            text = _text(workspace, module, value) if value is not None else None
            if value is None and name == spelled[0]:
                text = binding.default
            if text is None or not (text or binding.default):
                continue
            entity = given.get(binding.entity)
            named = not binding.entity or (entity is not None and _text(workspace, module, entity) != "")
            place = place_of(module.file, module.span(value if value is not None else call))
            roles, site = _roles(rule, binding, label), Decorator(module, call)
            setting = f"{text}{binding.suffix}" if text and value is not None else binding.default
            yield BindingUse(rule, binding, label, setting, place, named, roles, site, name)


def _text(workspace: Workspace, module: Module, node: ast.expr) -> str | None:
    texts = {value.text if isinstance(value, Literal) else None for value in leaves(workspace.flow.trace(module, node))}
    text = texts.pop() if len(texts) == 1 else None
    return text.strip("%") if text is not None else None  # `%NAME%` is how a host names a setting


# -- JSON --------------------------------------------------------------------------------------------------------------


def _files(workspace: Workspace, name: str) -> Iterator[TextFile]:
    for path in workspace.files:
        if path.rpartition("/")[2] == name:
            try:
                yield workspace.text(path)
            except SourceError:
                continue


def _declarations(workspace: Workspace) -> Iterator[BindingUse]:
    types = _table(workspace, "types")
    for file in _files(workspace, DECLARATIONS):
        for body in bodies(file.text, JSON) or ():
            site = Declaration(file, body)
            kind = site.member("type")
            if kind is not None and kind[0] in types:
                yield from _declaration(site, kind, types[kind[0]])


def _declaration(
    site: Declaration, kind: tuple[str, Span], known: list[tuple[Rule, Binding, tuple[str, ...]]]
) -> Iterator[BindingUse]:
    label, direction = kind[0], (site.member("direction") or ("", None))[0]
    spoken = [item for item in known if any(site.member(name) for name in item[2])]
    for rule, binding, names in spoken or known[:1]:
        for name in names:
            given = site.member(name)
            told = (f"{given[0]}{binding.suffix}", given[1]) if given is not None and given[0] else None
            text, span = told or (binding.default, kind[1])
            if not text or (given is None and name != names[0]):
                continue
            entity = site.member(camel(binding.entity))
            named = not binding.entity or (entity is not None and entity[0] != "")
            place, roles = place_of(site.file, span), _roles(rule, binding, label, direction)
            yield BindingUse(rule, binding, label, text, place, named, roles, site, name)


def _declared(workspace: Workspace) -> Iterator[BindingUse]:
    for rule, binding in _rules(workspace):
        for where in binding.declared:
            for file in _files(workspace, where.file):
                for body in bodies(file.text, JSON) or ():
                    site = Declaration(file, body)
                    given = site.member(where.keys[-1]) if _is_at(site, where) else None
                    if given is not None and given[0]:
                        label, place = where.keys[-1], place_of(file, given[1])
                        roles = _roles(rule, binding, label)
                        yield BindingUse(rule, binding, label, given[0], place, True, roles, site, label)


def _is_at(site: Declaration, where: DeclaredAt) -> bool:
    owners = [around.owner for around in site.body.around() if around.owner]
    if owners[::-1] != [*where.keys[:-1]]:
        return False
    told = site.member(where.unless) if where.unless else None
    return told is None or told[0].lower() not in {value.lower() for value in where.values}


def _host_settings(workspace: Workspace) -> Iterator[BindingUse]:
    for rule, binding in _rules(workspace):
        for name in binding.hosts:
            places = [
                place_of(workspace.text(entry.path), entry.name_span) for entry in workspace.entries.get(name, [])
            ]
            if binding.becomes and _is_spelled(workspace, name):  # no file defines it, but the code reads it
                places += [place_of(r.module.file, r.module.span(r.node)) for r in workspace.reads.get(name, [])]
            for place in places[:1]:
                yield BindingUse(rule, binding, "the host", name, place, True, _roles(rule, binding, name))


def _is_spelled(workspace: Workspace, name: str) -> bool:
    """A quick look before all reads of settings are followed."""
    return any(name in module.file.text for module in workspace.project.modules.values())
