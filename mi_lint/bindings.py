"""Declarations that name a setting with a connection string: decorators of functions, and `function.json`.

The declaration stays as it is. The setting gives way to others whose names begin with its own, for whoever reads it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mi_lint.chain import taken_elsewhere
from mi_lint.change import Plan, SettingChange
from mi_lint.derived import derived_setting, words
from mi_lint.edits import place_of
from mi_lint.errors import SourceError
from mi_lint.findings import Applicability, Place, Precondition
from mi_lint.identity import Options
from mi_lint.link import Connection
from mi_lint.prefilter import DECLARATIONS
from mi_lint.python.project import Module
from mi_lint.python.values import Literal, leaves
from mi_lint.rulebook.model import Binding, ConnectionFormat, Rule
from mi_lint.settings.items import JSON, Body, bodies
from mi_lint.settings.model import SettingEntry
from mi_lint.templates import parse_connection_string
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace

_HOST = "host.json"


@dataclass(frozen=True, slots=True, eq=False)
class BindingUse:
    """One declaration. `setting` is the name that it gives; `named` says whether it also names its entity."""

    rule: Rule
    binding: Binding
    label: str
    setting: str
    place: Place
    named: bool


@dataclass(slots=True, eq=False)
class BindingPlan(Plan):
    """All declarations that name one setting; there are no calls to change."""

    uses: list[BindingUse] = field(default_factory=list)


def binding_plans(workspace: Workspace, options: Options) -> list[BindingPlan]:
    """What changes for each setting that declarations name and that some file defines with a connection string."""
    groups: dict[str, list[BindingUse]] = {}
    for use in [*_decorators(workspace), *_declarations(workspace), *_host_settings(workspace)]:
        if _selected(use.rule, options):
            groups.setdefault(use.setting, []).append(use)
    plans = []
    for number, (name, uses) in enumerate(sorted(groups.items()), 1):
        entries = [entry for entry in workspace.entries.get(name, []) if _holds(workspace, entry, uses)]
        if entries:
            plan = BindingPlan(Connection(f"B{number}"), uses=uses, limit=Applicability.REVIEW)
            _plan(workspace, plan, name, entries, options)
            plans.append(plan)
    return plans


def bound_settings(workspace: Workspace) -> dict[str, str]:
    """Settings that declarations name, with the place of the first one."""
    found: dict[str, str] = {}
    for use in [*_decorators(workspace), *_declarations(workspace)]:
        found.setdefault(use.setting, f"{use.place.path}:{use.place.line}")
    return found


def _selected(rule: Rule, options: Options) -> bool:
    def matches(chosen: frozenset[str]) -> bool:
        return any(rule.id.startswith(item) or rule.name == item for item in chosen)

    return (not options.select or matches(options.select)) and not matches(options.ignore)


# -- where declarations stand ------------------------------------------------------------------------------------------


def _rules(workspace: Workspace) -> Iterator[tuple[Rule, Binding]]:
    for pack in workspace.known.packs.values():
        for rule in pack.rules:
            if rule.binding is not None:
                yield rule, rule.binding


def _decorators(workspace: Workspace) -> Iterator[BindingUse]:
    methods = {
        name: (rule, binding, argument) for rule, binding in _rules(workspace) for name, argument in binding.methods
    }
    modules = {binding.module for _, binding in _rules(workspace)}
    for module in workspace.project.modules.values():
        if not any(target == name or target.startswith(f"{name}.") for target in module.imports for name in modules):
            continue
        for node in list(module.names.scope_of):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in node.decorator_list:
                    if (
                        isinstance(call, ast.Call)
                        and isinstance(call.func, ast.Attribute)
                        and call.func.attr in methods
                    ):
                        use = _decorator(workspace, module, call, *methods[call.func.attr])
                        if use is not None:
                            yield use


def _decorator(
    workspace: Workspace, module: Module, call: ast.Call, rule: Rule, binding: Binding, argument: str
) -> BindingUse | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given:
        return None
    value = given.get(argument)
    name = _text(workspace, module, value) if value is not None else binding.default
    if name is None:
        return None
    entity = given.get(binding.entity)
    named = not binding.entity or (entity is not None and _text(workspace, module, entity) != "")
    place = place_of(module.file, module.span(value if value is not None else call))
    assert isinstance(call.func, ast.Attribute)
    return BindingUse(rule, binding, call.func.attr, name or binding.default, place, named)


def _text(workspace: Workspace, module: Module, node: ast.expr) -> str | None:
    texts = {value.text if isinstance(value, Literal) else None for value in leaves(workspace.flow.trace(module, node))}
    return texts.pop() if len(texts) == 1 else None


def _declarations(workspace: Workspace) -> Iterator[BindingUse]:
    types = {name: (rule, binding, member) for rule, binding in _rules(workspace) for name, member in binding.types}
    for path in workspace.files:
        if path.rpartition("/")[2] != DECLARATIONS:
            continue
        try:
            file = workspace.text(path)
        except SourceError:
            continue
        for body in bodies(file.text, JSON) or ():
            kind = _member(file.text, body, "type")
            if kind is None or kind[0] not in types:
                continue
            rule, binding, member = types[kind[0]]
            given = _member(file.text, body, member)
            entity = _member(file.text, body, _camel(binding.entity))
            name, span = given if given is not None and given[0] else (binding.default, kind[1])
            named = not binding.entity or (entity is not None and entity[0] != "")
            yield BindingUse(rule, binding, kind[0], name, place_of(file, span), named)


def _member(text: str, body: Body, name: str) -> tuple[str, Span] | None:
    """A string in an object, and its place."""
    item = body.value(name)
    if item is None:
        return None
    try:
        value = json.loads(text[item.value.start : item.value.end])
    except ValueError:
        return None
    return (value, item.value) if isinstance(value, str) else None


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _host_settings(workspace: Workspace) -> Iterator[BindingUse]:
    for rule, binding in _rules(workspace):
        for name in binding.hosts:
            for entry in workspace.entries.get(name, [])[:1]:
                place = place_of(workspace.text(entry.path), entry.name_span)
                yield BindingUse(rule, binding, "the host", name, place, True)


# -- what becomes of a setting -----------------------------------------------------------------------------------------


def _formats(workspace: Workspace, uses: list[BindingUse]) -> list[ConnectionFormat]:
    names = dict.fromkeys(use.binding.format for use in uses if use.binding.format)
    return [workspace.known.formats[name] for name in names if name in workspace.known.formats]


def _holds(workspace: Workspace, entry: SettingEntry, uses: list[BindingUse]) -> bool:
    """Whether an entry may hold a connection string with a key, other than that of an emulator."""
    formats = _formats(workspace, uses)
    if any(text.lower() in entry.value.lower() for known in formats for text in known.emulator):
        return False
    if entry.origin or entry.computed:
        return True
    parts = parse_connection_string(entry.value)
    return not formats or any(secret.lower() in parts for known in formats for secret in known.secrets)


def _plan(workspace: Workspace, plan: BindingPlan, name: str, entries: list[SettingEntry], options: Options) -> None:
    becomes = list(dict.fromkeys(item for use in plan.uses for item in use.binding.becomes))
    formats = _formats(workspace, plan.uses)
    for use in plan.uses:
        if use.rule.applicability is Applicability.MANUAL or not use.binding.becomes:
            plan.problem(None, use.rule.advice or use.rule.summary)
    if not formats or plan.problems:
        return
    for read in workspace.reads.get(name, [])[:1]:
        plan.problem(
            None,
            f"{name} is also read at {read.module.path}:{getattr(read.node, 'lineno', 1)}, which needs the whole "
            f"connection string: read another setting there, such as {name}__{becomes[0].setting}",
        )
    for entry in entries:
        place = f"{entry.path}:{workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
        missing = [item for item in becomes if derived_setting(workspace, entry, item) is None]
        if missing and entry.computed:
            plan.note(f"{name} at {place} is an expression: set {name}__{missing[0].setting} there")
        elif missing:
            plan.problem(None, f"the value of {name} at {place} does not say the {words(missing[0])}")
        if workspace.is_outside(entry):
            plan.note(taken_elsewhere(workspace, entry, becomes[0], f"{name}__{becomes[0].setting}"))
        parts = parse_connection_string(entry.value)
        for use in plan.uses:
            if "entitypath" in parts and not use.named:
                plan.problem(None, f"its connection string names an entity: write it as `{use.binding.entity}`")
    _mentions(workspace, plan, name)
    for number, item in enumerate(becomes):
        plan.settings.append(SettingChange(name, f"{name}__{item.setting}", item, formats[0], keep=number > 0))
    if not plan.problems:
        _notes(workspace, plan, name)
        plan.preconditions.extend(_preconditions(workspace, plan, name, options))


def _mentions(workspace: Workspace, plan: BindingPlan, name: str) -> None:
    declared = {use.place.path for use in plan.uses}
    places = [(path, line) for path, line in workspace.mentions(name) if path not in declared]
    if places:
        listed = ", ".join(f"{path}:{line}" for path, line in places[:5])
        plan.note(f"{name} is also named in {listed}: change it there too")


def _notes(workspace: Workspace, plan: BindingPlan, name: str) -> None:
    plan.note(f"where {name} itself stays set, even empty, its connection string is still used: delete it there")
    wanted = max(use.binding.version for use in plan.uses)
    for path in workspace.files:
        if path.rpartition("/")[2] == _HOST:
            version = _bundle(workspace.files[path])
            if version is not None and version < wanted:
                plan.note(f"{path} asks for extensions of version {version}: raise the range to [4.0.0, 5.0.0)")


def _bundle(data: bytes) -> int | None:
    """The least major version of the extension bundle that a `host.json` asks for."""
    try:
        whole = json.loads(data)
        text = str(whole["extensionBundle"]["version"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    digits = text.strip("[( ").partition(".")[0]
    return int(digits) if digits.isdigit() else None


def _preconditions(workspace: Workspace, plan: BindingPlan, name: str, options: Options) -> Iterator[Precondition]:
    found: dict[Precondition, None] = {}
    for use in plan.uses:
        pack = workspace.known.pack(use.rule)
        role = dict(pack.roles).get(use.rule.role)
        if role is not None:
            text = f"the identity needs the role '{role.name}' on the {role.resource or f'{pack.title} resource'}"
            data = (("name", role.name), ("id", role.id), ("kind", role.kind), ("service", pack.service))
            found[Precondition("role", text, data)] = None
    for change in plan.settings:
        text = f"the setting {change.new} holds the {words(change.derivation)}"
        text += f"; {change.old} is deleted" if not change.keep else ""
        found[Precondition("setting", text, (("name", change.new), ("replaces", change.old)))] = None
    if options.identity == "user":
        for suffix, text in _user_assigned(options).items():
            told = f"in Azure, but not on a developer's machine, the setting {name}__{suffix} holds {text}"
            found[Precondition("setting", told, (("name", f"{name}__{suffix}"),))] = None
    yield from found


def _user_assigned(options: Options) -> Mapping[str, str]:
    client = options.client_id or "the client id of the user-assigned identity"
    return {"credential": "managedidentity", "clientId": client}
