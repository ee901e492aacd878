"""What a change presupposes in Azure, as data for the plan: roles on resources, and settings with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mi_lint.change import Plan, SettingChange
from mi_lint.derived import derived_setting, words
from mi_lint.entry_names import named
from mi_lint.findings import Precondition
from mi_lint.python.flow import Flow
from mi_lint.python.sinks import Sink
from mi_lint.python.values import Composed, Literal, Setting, Value, VaultSecret, leaves, walk
from mi_lint.rulebook.model import Derivation, Pack, Role
from mi_lint.settings.model import SettingEntry
from mi_lint.templates import derive, is_hole, parse_connection_string
from mi_lint.trim import changed_entry, said
from mi_lint.workspace import Workspace

# A host name with the name of a resource as its first part, such as `acme.blob.core.windows.net`.
_HOST = re.compile(r"(?:[a-z]+://)?(?P<name>[a-z0-9][a-z0-9-]{1,62})(?:\.[a-z0-9-]+){2,}(?::\d+)?(?:/.*)?")
# What may be shown of a derived value: an address without a query and without a user.
_ADDRESS = re.compile(r"(?:[a-z]+://)?[\w.-]+(?::\d+)?(?:/[\w./-]*)?")


def role_needed(pack: Pack, role: Role, on: str) -> Precondition:
    """`on` is the name of the resource, where it is known."""
    text = f"the identity needs the role '{role.name}' on the {role.resource or f'{pack.title} resource'}"
    data = (("name", role.name), ("id", role.id), ("kind", role.kind), ("service", pack.service), ("on", on))
    return Precondition("role", f"{text} {on}" if on else text, data)


def setting_needed(workspace: Workspace, change: SettingChange) -> Precondition:
    section = workspace.section_of(change.old)
    if change.new == change.old:
        text = f"the value of the setting {named(change.new, section)} becomes {said(change.derivation)}"
        entries = workspace.entries.get(change.old, [])
        found = {value for value in (changed_entry([change], entry) for entry in entries) if value and "$" not in value}
        known = found.pop() if len(found) == 1 else ""
        return Precondition("setting", text, (("name", change.new), ("value", known), ("kept", "yes")))
    text = f"the setting {named(change.new, section)} holds the {words(change.derivation)}"
    text += f"; {named(change.old, section)} is deleted" if not change.keep else ""
    values = _known(workspace, workspace.entries.get(change.old, []), [change.derivation])
    value = next((text for text in values if len(values) == 1 and _ADDRESS.fullmatch(text)), "")
    data = (("name", change.new), ("replaces", change.old), ("value", value), ("az", change.derivation.az))
    return Precondition("setting", text, data)


def vault_left(value: VaultSecret) -> Precondition:
    """What stays in a vault when a program does not read it any more."""
    name = f" '{value.name}'" if value.name else ""
    return Precondition("later", f"the vault's secret{name}: delete it once nothing reads it any more")


def resource_of(workspace: Workspace, plan: Plan, sink: Sink) -> str:
    """The name of the Azure resource that a call signs in to, where the repository says it."""
    for change in plan.settings:
        name = resource_name(workspace, workspace.entries.get(change.old, []), [change.derivation])
        if name:
            return name
    return _one(_texts(workspace, sink))


def _texts(workspace: Workspace, sink: Sink) -> Iterator[str]:
    """Values in the code that may say it: a connection string, or the URL that is an argument of the call."""
    derivations = workspace.known.pack(sink.rule).derive
    for value in walk(sink.value):
        if isinstance(value, Literal):
            parts = parse_connection_string(value.text)
            yield from (text for item in derivations if (text := derive(item.templates, parts)) is not None)
    for argument in sink.bound.arguments.values():
        if argument is not sink.secret:
            yield from _whole_texts(workspace.flow, workspace.flow.trace(sink.module, argument))


def _whole_texts(flow: Flow, value: Value) -> Iterator[str]:
    """The texts that a value is known to be; what is put into one at run time is a `{`, which no name has."""
    for leaf in leaves(value):
        if isinstance(leaf, Setting):
            yield from flow.setting_values(leaf.name)
        elif isinstance(leaf, Literal):
            yield leaf.text
        elif isinstance(leaf, Composed):
            yield "".join("{" if is_hole(c) else c for c in leaf.text)


def resource_name(workspace: Workspace, entries: Iterable[SettingEntry], wanted: Iterable[Derivation]) -> str:
    """The name of the Azure resource that settings point to; empty if they do not agree, or do not say it."""
    return _one(_known(workspace, entries, wanted))


def _known(workspace: Workspace, entries: Iterable[SettingEntry], wanted: Iterable[Derivation]) -> set[str]:
    """The derived values of settings whose values are written in the repository."""
    derivations = list(wanted)
    written = [entry for entry in entries if not entry.computed and not entry.origin and not entry.example]
    values = (derived_setting(workspace, entry, item) for entry in written for item in derivations)
    return {value for value in values if value and "<" not in value and "{" not in value and "$" not in value}


def _one(texts: Iterable[str]) -> str:
    names = {match["name"] for text in texts if (match := _HOST.fullmatch(text)) is not None}
    return names.pop() if len(names) == 1 else ""
