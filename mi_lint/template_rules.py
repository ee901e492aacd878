"""Resources of infrastructure that sign in with a secret of their own: Terraform, Bicep, and templates in JSON."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from mi_lint.config_rules import ConfigPlan, config_plan, rules_with
from mi_lint.edits import TextEdit
from mi_lint.errors import SourceError
from mi_lint.identity import Options
from mi_lint.rulebook.model import Rule, TemplateChange
from mi_lint.settings.items import Body, Item
from mi_lint.settings.members import added, removed, replaced
from mi_lint.settings.resources import Resource, resources
from mi_lint.textfile import TextFile
from mi_lint.workspace import Workspace

_EMPTY = re.compile(r"null|\"\"|''")


def template_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """A plan for each resource that has a secret which a rule knows."""
    rules = rules_with(workspace, lambda rule: rule.template is not None)
    endings = {ending for rule in rules for ending, _ in rule.words}
    for path in sorted(workspace.files):
        if not path.lower().endswith(tuple(endings)):
            continue
        try:
            file = workspace.text(path)
        except SourceError:
            continue
        known = resources(path, file.text)
        for rule in rules:
            assert rule.template is not None
            for resource in known:
                if any(resource.matches(block) for block in rule.template.blocks):
                    yield from _in_resource(workspace, options, file, rule, resource)


def _in_resource(
    workspace: Workspace, options: Options, file: TextFile, rule: Rule, resource: Resource
) -> Iterator[ConfigPlan]:
    change = rule.template
    assert change is not None
    for body in resource.inner(change.at):
        secrets = [item for name in change.secrets if (item := body.value(name)) is not None]
        secrets = [item for item in secrets if not _EMPTY.fullmatch(file.text[item.value.start : item.value.end])]
        if secrets:
            where = " ".join(resource.words) + "".join(f" {name}" for name in change.at)
            plan = config_plan(rule, file, secrets[0].span, f"`{where}` signs in with `{secrets[0].name}`")
            if change.sets:
                _change(workspace, options, file, plan, change, resource, body, secrets)
            yield plan


def _change(
    workspace: Workspace,
    options: Options,
    file: TextFile,
    plan: ConfigPlan,
    change: TemplateChange,
    resource: Resource,
    body: Body,
    secrets: list[Item],
) -> None:
    """The first secret gives way to the first new member, the others to nothing."""
    ways = dict(change.sets)
    wanted = list(ways.get(_way(workspace, options, ways), ()))
    targets = resource.inner(change.within)
    if len(targets) != 1:
        plan.problem(None, f"there is no one `{'.'.join(change.within)}` to set `{wanted[0][0]}` in")
        return
    target = targets[0]
    wanted = [(name, value) for name, value in wanted if target.value(name) is None]
    gone = [*secrets, *(item for name in change.drops if (item := body.value(name)) is not None)]
    edits: list[TextEdit] = []
    if wanted and target is body:
        edits += replaced(file, resource.dialect, gone.pop(0), *wanted.pop(0))
    edits += removed(file, resource.dialect, gone)
    edits += added(file, resource.dialect, target, wanted)
    plan.edit_file(file.path, *edits)


def _way(workspace: Workspace, options: Options, ways: Collection[str]) -> str:
    return "pipeline" if "pipeline" in ways else options.identity
