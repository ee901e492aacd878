"""Carry a change of settings into the settings files: rename, add, remove, each file in its own format."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from mi_lint.change import Plan, SettingChange
from mi_lint.derived import derived_setting
from mi_lint.edits import TextEdit
from mi_lint.entry_names import file_of, option
from mi_lint.findings import Precondition
from mi_lint.python.project import Module
from mi_lint.python.values import Composed, Setting, Unknown, Value, walk
from mi_lint.settings.formats import format_for
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.templates import Template
from mi_lint.trim import changed_entry
from mi_lint.workspace import Workspace


def settings_edits(
    workspace: Workspace, plans: Iterable[Plan], changed: Mapping[str, Module]
) -> dict[str, list[TextEdit]]:
    """Edits to every settings file. `changed` are the modules that the plans change, as they are afterwards."""
    found: dict[str, list[TextEdit]] = {}
    chosen = list(plans)
    changes = list(dict.fromkeys(change for plan in chosen for change in plan.settings))
    by_old: dict[str, list[SettingChange]] = {}
    for change in changes:
        by_old.setdefault(change.old, []).append(change)
    removed: dict[tuple[str, str], list[SettingEntry]] = {}
    for old, wanted in by_old.items():
        for entry in workspace.entries.get(old, []):
            edits, stays = _moved(workspace, entry, wanted)
            _add(found, entry.path, edits)
            if not stays:
                removed.setdefault((entry.path, entry.form), []).append(entry)
    for name in _dead(workspace, chosen, changed):
        for entry in (e for e in workspace.entries.get(name, []) if _may_go(e)):
            removed.setdefault((entry.path, entry.form), []).append(entry)
    for (path, _), entries in removed.items():
        _add(found, path, format_for(entries[0]).remove(workspace.text(path), entries))
    return found


def left_to_delete(workspace: Workspace, plans: list[Plan], changed: Mapping[str, Module]) -> Iterator[Precondition]:
    """What nothing needs any more after the plans, outside the files: settings of hosts, and what they were taken from.

    A setting with a successor is not among them, since the plan names it there.
    """
    dead = _dead(workspace, plans, changed)
    needed = {dict(item.data).get("name") for plan in plans for item in plan.preconditions if item.kind == "setting"}
    for name in (name for name in dead if workspace.section_of(name) is None and name not in needed):
        yield Precondition("delete", f"nothing reads the setting {name} any more", (("name", name),))
    gone = {*dead, *(change.old for plan in plans for change in plan.settings if not change.keep)}
    gone -= {change.new for plan in plans for change in plan.settings}
    taken = {e.address or e.origin for name, entries in workspace.entries.items() if name not in gone for e in entries}
    for entry in (entry for name in sorted(gone) for entry in workspace.entries.get(name, [])):
        if workspace.is_outside(entry) and (entry.address or entry.origin) not in taken:
            yield Precondition("later", f"{entry.origin}: delete it once nothing takes it any more")


def _dead(workspace: Workspace, plans: list[Plan], changed: Mapping[str, Module]) -> list[str]:
    """Settings that nothing reads any more, and that have no successor."""
    replaced = {change.old for plan in plans for change in plan.settings}
    return sorted(_no_longer_read(workspace, plans, changed) - replaced)


def _may_go(entry: SettingEntry) -> bool:
    """Whether nobody else can take the value of an entry: what a chart or a vault offers may have other takers."""
    offered = entry.provides or (entry.address.startswith("value/") and not entry.origin)
    return not entry.fixed and not offered


def _add(found: dict[str, list[TextEdit]], path: str, edits: Edits) -> None:
    known = found.setdefault(path, [])
    known.extend(edit for edit in (TextEdit(span, text) for span, text in edits) if edit not in known)


def _moved(workspace: Workspace, entry: SettingEntry, wanted: list[SettingChange]) -> tuple[Edits, bool]:
    """The old entry becomes the first new one; further ones follow it. Whether the entry stays, under whatever name."""
    format_ = format_for(entry)
    file = workspace.text(entry.path)
    kept = [change for change in wanted if change.new == change.old]
    if kept:
        value = changed_entry(kept, entry)
        return (format_.rename(file, entry, entry.name, value) if value is not None else ()), True
    replacing = [change for change in wanted if not change.keep]
    lowered = entry.value.lower()
    if any(text.lower() in lowered for change in wanted for text in change.format.emulator):
        return (), True  # an emulator keeps its own connection string
    if entry.computed and any(derived_setting(workspace, entry, change.derivation) is None for change in wanted):
        return (), True  # the plan says that a person has to change it
    defined = {e.name for entries in workspace.entries.values() for e in entries if e.path == entry.path}
    first = replacing[0] if replacing else None
    moved = first is not None and bool(defined & {first.new, *first.instead})
    out: Edits = ()
    if first is not None and not moved:
        out += format_.rename(file, entry, first.new, derived_setting(workspace, entry, first.derivation, first.new))
    for change in wanted:
        value = derived_setting(workspace, entry, change.derivation, change.new)
        there = bool(defined & {change.new, *change.instead}) or (change.deployed and not isinstance(format_, Template))
        if change is not first and not there and value is not None:
            out += format_.add(file, entry, change.new, value)
    return out, not moved


def _no_longer_read(workspace: Workspace, plans: list[Plan], changed: Mapping[str, Module]) -> set[str]:
    """Settings that held a secret or served the old sign-in, and that no Python file names any more."""
    names = {name for plan in plans for name in plan.secret_settings}
    for plan in plans:
        names |= _dropped_reads(workspace, plan)
    modules = [changed.get(path, module) for path, module in workspace.project.modules.items()]
    return {name for name in names if not any(named_at(module, name) for module in modules)}


def _dropped_reads(workspace: Workspace, plan: Plan) -> set[str]:
    """Settings that dropped expressions read, however far back."""
    found = set()
    for dropped in plan.dropped:
        if isinstance(dropped.node, ast.expr):
            found |= _reads(workspace, workspace.flow.trace(dropped.module, dropped.node), set())
    return found


def _reads(workspace: Workspace, value: Value, seen: set[ast.AST]) -> set[str]:
    """The settings that a value is made of, also by way of a call that is not followed: `quote_plus(secret)`."""
    found = set()
    for item in walk(value):
        if isinstance(item, Setting):
            found.add(item.name)
        if item.node in seen:
            continue
        inner: list[ast.expr] = []
        if isinstance(item, Unknown) and isinstance(item.node, ast.Call):
            inner = item.node.args
        elif isinstance(item, Composed):
            inner = [*item.parts]
        seen.add(item.node)
        for node in inner:
            found |= _reads(workspace, workspace.flow.trace(item.module, node), seen)
    return found


def named_at(module: Module, name: str) -> int:
    """The line where code may read a setting: a string that is its name, or a settings field; 0 if there is none.

    The name of an option of a section is its last part, in any case.

    Prose does not count: a docstring that explains a setting does not read it.
    """
    lines = [module.texts.get(name, 0)]
    if "." in name:
        last = option(name).lower()
        lines += [line for text, line in module.texts.items() if text.lower() == last]
        lines += [module.attributes.get(option(name), 0)] if file_of(name) else []
    lower = name.lower()
    lines += [line for field, line in module.fields.items() if lower.endswith(field.lower())]
    return min((line for line in lines if line), default=0)
