"""A setting of a declaration that keeps its name: its value loses the secret, and says that an identity signs in."""

from __future__ import annotations

from mi_lint.bindings.uses import BindingUse
from mi_lint.change import Plan, SettingChange
from mi_lint.derived import trimmed_value
from mi_lint.identity import Options
from mi_lint.needs import role_needed, setting_needed
from mi_lint.settings.model import SettingEntry
from mi_lint.trim import for_identity, said
from mi_lint.workspace import Workspace


def trim(
    workspace: Workspace, plan: Plan, name: str, uses: list[BindingUse], entries: list[SettingEntry], options: Options
) -> None:
    """What becomes of the setting `name`, of which all uses ask for the same."""
    binding = uses[0].binding
    if len({use.rule.id for use in uses}) > 1:
        plan.problem(None, f"{name} is the connection of bindings of different kinds: give each its own")
        return
    wanted = for_identity(binding.becomes[0], options)
    if options.identity == "user" and binding.becomes[0].user and not options.client_id:
        plan.problem(None, f"the value of {name} has to say the client id of the identity: give --client-id")
        return
    change = SettingChange(name, name, wanted, workspace.known.formats[binding.format], only=binding.holds)
    for entry in entries:
        place = f"{entry.path}:{workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
        if entry.computed or entry.origin:
            plan.note(f"{name} at {place} comes from elsewhere: it has to become {said(wanted)}")
        elif trimmed_value(change, entry.value) is None:
            plan.problem(None, f"the value of {name} at {place} is written in a way that mi-lint cannot take apart")
    for read in workspace.reads.get(name, [])[:1]:
        place = f"{read.module.path}:{getattr(read.node, 'lineno', 1)}"
        plan.note(f"{name} is also read at {place}: its driver has to take {said(wanted)}")
    if plan.problems:
        return
    plan.settings.append(change)
    plan.note(uses[0].rule.traps[0] if uses[0].rule.traps else f"{name} becomes {said(wanted)}")
    pack = workspace.known.pack(uses[0].rule)
    for key in dict.fromkeys(key for use in uses for key in use.role_names):
        plan.preconditions.append(role_needed(pack, dict(pack.roles)[key], ""))
    plan.preconditions.append(setting_needed(workspace, change))
