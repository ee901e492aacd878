"""What becomes of each setting that declarations name, with the code that reads it too as one change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from mi_lint.bindings.bundle import change_site, raise_bundle
from mi_lint.bindings.trimmed import trim
from mi_lint.bindings.uses import BindingUse, find_uses
from mi_lint.chain import taken_elsewhere
from mi_lint.change import Plan, SettingChange
from mi_lint.derived import derived_setting, words
from mi_lint.findings import Applicability, Precondition
from mi_lint.identity import Options
from mi_lint.link import Connection
from mi_lint.needs import resource_name, role_needed, setting_needed
from mi_lint.python.values import Setting, walk
from mi_lint.rulebook.model import ConnectionFormat, Derivation
from mi_lint.secrets.placeholders import is_placeholder
from mi_lint.settings.model import SettingEntry
from mi_lint.templates import parse_connection_string
from mi_lint.workspace import Workspace


@dataclass(slots=True, eq=False)
class BindingPlan(Plan):
    """All declarations that name one setting, and the calls of the code that read it."""

    uses: list[BindingUse] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Bindings:
    """The declarations of a repository, by the setting that they name; `ignored` are those of rules that do not run."""

    workspace: Workspace
    uses: list[BindingUse]
    ignored: list[BindingUse]
    by_setting: dict[str, list[BindingUse]] = field(default_factory=dict)

    def new_names(self) -> dict[str, tuple[tuple[str, Derivation], ...]]:
        """The settings that take the place of each, for the code that reads it too."""
        return {
            name: tuple((f"{name}__{item.setting}", item) for item in _becomes(uses) if not item.drops)
            for name, uses in self.by_setting.items()
        }

    def declared(self) -> dict[str, frozenset[str]]:
        """The files of the declarations that name each setting."""
        return {name: frozenset(use.place.path for use in uses) for name, uses in self.by_setting.items()}


def find_bindings(workspace: Workspace, options: Options) -> Bindings:
    every = find_uses(workspace)
    uses = [use for use in every if options.selects(use.rule)]
    found = Bindings(workspace, uses, [use for use in every if not options.selects(use.rule)])
    for use in uses:
        prefixed = f"{use.binding.prefix}{use.setting}" if use.binding.prefix else use.setting
        names = [name for name in dict.fromkeys((prefixed, use.setting)) if name in workspace.entries]
        for name in names or [use.setting]:
            found.by_setting.setdefault(name, []).append(use)
    return found


def with_bindings(bindings: Bindings, options: Options, plans: Sequence[Plan]) -> list[Plan]:
    """The plans of the code, and those of declarations; where both need a setting, they are one."""
    found = list(plans)
    number = 0
    for use in bindings.ignored:
        for plan in (plan for plan in found if _reads(plan, use.setting)):
            plan.problem(
                None, f"{use.setting} is also the connection of the binding at {_place(use)}, which is ignored"
            )
    for name, uses in sorted(bindings.by_setting.items()):
        workspace = bindings.workspace
        entries = [entry for entry in workspace.entries.get(name, []) if _holds(workspace, entry, name, uses)]
        sharing = [plan for plan in found if _reads(plan, name)]
        if not entries and all(plan.problems for plan in sharing):
            continue
        number += 1
        plan = BindingPlan(Connection(f"B{number}"), limit=Applicability.REVIEW)
        if len(sharing) == 1 and not sharing[0].problems:
            plan = _joined(sharing[0])
            found[found.index(sharing[0])] = plan
        else:
            found.append(plan)
            if sharing:
                _both(plan, sharing, name, uses)
        plan.uses.extend(use for use in uses if use not in plan.uses)
        _plan(bindings, plan, name, uses, entries, options)
    return found


def _reads(plan: Plan, name: str) -> bool:
    values = (value for sink in plan.connection.sinks for value in walk(sink.value))
    return any(isinstance(value, Setting) and value.name == name for value in values)


def _joined(plan: Plan) -> BindingPlan:
    if isinstance(plan, BindingPlan):
        return plan
    joined = BindingPlan(**{item.name: getattr(plan, item.name) for item in fields(plan)})
    joined.limit = min(joined.limit, Applicability.REVIEW)
    return joined


def _both(plan: Plan, sharing: list[Plan], name: str, uses: list[BindingUse]) -> None:
    """A setting moves for all who read it, or for none."""
    sink = sharing[0].connection.sinks[0]
    plan.problem(None, f"{name} is also read for the call at {sink.module.path}:{sink.call.lineno}, which cannot move")
    for other in sharing:
        other.problem(None, f"{name} is also the connection of the binding at {_place(uses[0])}")


def _place(use: BindingUse) -> str:
    return f"{use.place.path}:{use.place.line}"


def _formats(workspace: Workspace, uses: Iterable[BindingUse]) -> list[ConnectionFormat]:
    names = dict.fromkeys(use.binding.format for use in uses if use.binding.format)
    return [workspace.known.formats[name] for name in names if name in workspace.known.formats]


def _becomes(uses: Iterable[BindingUse]) -> list[Derivation]:
    return list(dict.fromkeys(item for use in uses for item in use.binding.becomes))


def _beside(workspace: Workspace, entry: SettingEntry, name: str, uses: list[BindingUse]) -> str:
    """A setting in the same file that already says what takes the place of this one."""
    suffixes = [item.setting for item in _becomes(uses)] + [a for use in uses for a in use.binding.aliases]
    for suffix in suffixes:
        if any(other.path == entry.path for other in workspace.entries.get(f"{name}__{suffix}", [])):
            return f"{name}__{suffix}"
    return ""


def _holds(workspace: Workspace, entry: SettingEntry, name: str, uses: list[BindingUse]) -> bool:
    """Whether an entry may hold a secret, other than that of an emulator, or stands in the way of its successor."""
    formats = _formats(workspace, uses)
    if any(text.lower() in entry.value.lower() for known in formats for text in known.emulator):
        return False
    patterns = [use.binding.holds for use in uses]
    if all(patterns):
        return not is_placeholder(entry.value) and any(re.search(pattern, entry.value[:2000]) for pattern in patterns)
    if entry.origin or entry.computed or _beside(workspace, entry, name, uses):
        return True
    parts = parse_connection_string(entry.value)
    return not formats or any(secret.lower() in parts for known in formats for secret in known.secrets)


def _plan(
    bindings: Bindings,
    plan: BindingPlan,
    name: str,
    uses: list[BindingUse],
    entries: list[SettingEntry],
    options: Options,
) -> None:
    workspace = bindings.workspace
    for use in uses:
        if use.rule.applicability is Applicability.MANUAL or not use.binding.becomes:
            plan.problem(None, use.rule.advice or use.rule.summary)
    if plan.problems:
        return
    if any(item.drops for item in _becomes(uses)):
        trim(workspace, plan, name, uses, entries, options)
        return
    _check_reads(workspace, plan, name, uses)
    for entry in entries:
        _check_entry(workspace, plan, entry, name, uses)
    _entities(plan, uses, entries)
    for use in uses:
        _turn_off(plan, use)
    raise_bundle(workspace, plan, uses, bindings.uses)
    before = list(plan.settings)
    _changes(workspace, plan, name, uses, options)
    if not plan.problems:
        _mentions(workspace, plan, name)
        plan.note(f"where {name} itself stays set, even empty, its connection string is still used: delete it there")
        known = set(plan.preconditions)
        added = [change for change in plan.settings if change not in before]
        found = _preconditions(workspace, uses, entries, name, added, options)
        plan.preconditions.extend(item for item in dict.fromkeys(found) if item not in known)


def _check_reads(workspace: Workspace, plan: BindingPlan, name: str, uses: list[BindingUse]) -> None:
    """Code that reads the setting moves with it, unless it is no call that we know."""
    if _reads(plan, name):
        return
    for read in workspace.reads.get(name, [])[:1]:
        plan.problem(
            None,
            f"{name} is also read at {read.module.path}:{getattr(read.node, 'lineno', 1)}, which needs the whole "
            f"connection string: read another setting there, such as {name}__{_becomes(uses)[0].setting}",
        )


def _check_entry(
    workspace: Workspace, plan: BindingPlan, entry: SettingEntry, name: str, uses: list[BindingUse]
) -> None:
    place = f"{entry.path}:{workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
    beside = _beside(workspace, entry, name, uses)
    if beside:
        plan.note(f"{name} at {place} comes before {beside}, which is set beside it: {name} is deleted")
        return
    becomes = _becomes(uses)
    missing = [item for item in becomes if derived_setting(workspace, entry, item) is None]
    if missing and entry.computed:
        plan.note(f"{name} at {place} is an expression: set {name}__{missing[0].setting} there")
    elif missing:
        plan.problem(None, f"the value of {name} at {place} does not say the {words(missing[0])}")
    if workspace.is_outside(entry):
        plan.note(taken_elsewhere(workspace, entry, becomes[0], f"{name}__{becomes[0].setting}"))


# -- declarations that have to say more, or less -----------------------------------------------------------------------


def _entities(plan: BindingPlan, uses: list[BindingUse], entries: list[SettingEntry]) -> None:
    """The entity of a connection string goes to the declarations that name none."""
    parts = [parse_connection_string(entry.value) for entry in entries]
    found = list(dict.fromkeys(part["entitypath"] for part in parts if "entitypath" in part))
    for use in uses:
        site, name = use.site, use.binding.entity
        if use.named or site is None:
            continue
        if len(found) > 1:
            plan.problem(None, f"its connection strings name different entities: write one as `{name}`")
        elif found:
            change_site(plan, site, site.text(name, found[0], use.argument))
        else:
            plan.note(f"where the connection string has an EntityPath, write it as `{name}` of `{use.label}`")


def _turn_off(plan: BindingPlan, use: BindingUse) -> None:
    """What an identity may not do, such as creating what it writes to."""
    site = use.site
    for name in use.binding.turned_off if site is not None else ():
        if site is None or site.is_false(name):
            continue
        edit = site.turned_off(name)
        if edit is None:
            plan.problem(None, f"`{name}` of `{use.label}` has to be false: an identity cannot do that")
            continue
        plan.note(f"`{name}` of `{use.label}` becomes false, since an identity cannot do that: do it before you deploy")
        change_site(plan, site, edit)


# -- settings ----------------------------------------------------------------------------------------------------------


def _changes(workspace: Workspace, plan: BindingPlan, name: str, uses: list[BindingUse], options: Options) -> None:
    format_ = _formats(workspace, uses)[0]
    aliases = tuple(f"{name}__{alias}" for use in uses for alias in use.binding.aliases)
    for item in _becomes(uses):
        new = f"{name}__{item.setting}"
        if not any(change.new == new for change in plan.settings):
            keep = any(change.old == name and not change.keep for change in plan.settings)
            plan.settings.append(SettingChange(name, new, item, format_, keep, aliases))
    if options.identity == "user" and options.client_id:
        for suffix, text in _user_assigned(options).items():
            constant = Derivation(suffix, (text,), suffix)
            new = f"{name}__{suffix}"
            plan.settings.append(SettingChange(name, new, constant, format_, keep=True, deployed=True))


def _mentions(workspace: Workspace, plan: BindingPlan, name: str) -> None:
    declared = {use.place.path for use in plan.uses}
    places = [(path, line) for path, line in workspace.mentions(name) if path not in declared]
    if places and not _reads(plan, name):
        listed = ", ".join(f"{path}:{line}" for path, line in places[:5])
        plan.note(f"{name} is also named in {listed}: change it there too")


def _preconditions(
    workspace: Workspace,
    uses: list[BindingUse],
    entries: list[SettingEntry],
    name: str,
    added: list[SettingChange],
    options: Options,
) -> Iterator[Precondition]:
    on = resource_name(workspace, entries, _becomes(uses))
    wanted = {key for use in uses for key in use.role_names}
    for use in uses:
        pack = workspace.known.pack(use.rule)
        covered = {other for key in wanted for other in dict(pack.roles)[key].covers}
        for key in (key for key in use.role_names if key not in covered):
            yield role_needed(pack, dict(pack.roles)[key], on)
    for change in added:
        if not change.deployed:
            yield setting_needed(workspace, change)
    if options.identity == "user":
        for suffix, value in _user_assigned(options).items():
            told = f"in Azure, but not on a developer's machine, the setting {name}__{suffix} holds {value}"
            known = value if suffix == "credential" or options.client_id else ""
            yield Precondition("setting", told, (("name", f"{name}__{suffix}"), ("value", known)))


def _user_assigned(options: Options) -> Mapping[str, str]:
    client = options.client_id or "the client id of the user-assigned identity"
    return {"credential": "managedidentity", "clientId": client}
