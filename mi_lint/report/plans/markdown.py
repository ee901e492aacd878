"""The plan as a checklist in Markdown, in the order in which its steps are to be taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mi_lint.report.plans.model import MigrationPlan

_SPECIAL = re.compile(r"([\\`*{}\[\]<>|]|(?<!\w)_|_(?!\w))")


def markdown(plan: MigrationPlan) -> str:
    sections = [section for section in _sections(plan) if section[1]]
    lines = ["# Migration to managed identity", ""]
    if not sections:
        return "\n".join([*lines, "Nothing was found that a managed identity could replace.", ""])
    for number, (title, body) in enumerate(sections, 1):
        lines += [f"## {number}. {title}", "", *body, ""]
    return "\n".join(lines)


def _sections(plan: MigrationPlan) -> Iterator[tuple[str, list[str]]]:
    yield "What changes", list(_connections(plan))
    yield "Give the host an identity", list(_hosts(plan)) if plan.connections else []
    yield "Assign roles to the identity", list(_roles(plan))
    yield "Add settings where the code runs", list(_settings(plan))
    yield "Prepare by hand", [f"- [ ] {_text(text)}" for text in plan.before]
    yield "Merge and deploy the change", list(_change(plan))
    yield "Check", list(_check(plan))
    yield "Delete settings", list(_deleted(plan))
    yield "Clean up by hand", [f"- [ ] {_text(text)}" for text in plan.later]
    yield (
        "Move by hand",
        [f"- [ ] {_code(step.place)} {step.rule}: {_text(step.message)}. {_text(step.advice)}" for step in plan.manual],
    )
    yield "Turn keys off", list(_keys_off(plan))
    yield "Rotate what was written out", list(_leaks(plan))


def _connections(plan: MigrationPlan) -> Iterator[str]:
    """Per connection: what signs in, which settings change, in which files, and what to look at."""
    for step in plan.connections:
        yield f"- {_text(step.title)} ({step.applicability}), in {_listed(step.files)}"
        for place, text in step.uses:
            yield f"  - {_code(place)}: {_text(text)}"
        for setting in step.settings:
            value = f" = {_code(setting.value)}" if setting.value else ""
            old = (
                f"{_code(setting.replaces)} becomes " if setting.replaces else "changed: " if setting.kept else "new: "
            )
            yield f"  - {old}{_code(setting.name)}{value}"
        yield from (f"  - Look: {_text(note)}" for note in step.notes)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_code(name) for name in names)


def _hosts(plan: MigrationPlan) -> Iterator[str]:
    if plan.identity == "user" or any(host.only == "user" for host in plan.hosts):
        yield '- [ ] Create a user-assigned identity: `az identity create -g "$GROUP" -n "$IDENTITY"`.'
        if plan.client_id_setting:
            yield f"- [ ] Set {_code(plan.client_id_setting)} to its client id."
    for host in plan.hosts:
        found = f" ({_code(host.evidence)} says that code runs there)" if host.evidence else ""
        yield f"- [ ] {host.title}{found}: {_code(host.command)}"
        yield from (f"  - {_text(note)}" for note in host.notes)
        if host.principal:
            yield f"  - Check: its object id is shown by {_code(host.principal)}"
    if not plan.hosts:
        yield "- [ ] Enable it on every host that runs this code; `--host NAME` shows the command."


def _roles(plan: MigrationPlan) -> Iterator[str]:
    if not plan.roles:
        return
    yield "| role | id | on |"
    yield "| --- | --- | --- |"
    for role in plan.roles:
        on = f" {_code(role.on)}" if role.on else ""
        where = f" ({_code(role.assigned)} assigns it)" if role.assigned else ""
        yield f"| {_text(role.name)} | {_code(role.id)} | {_text(role.title)}{on}{where} |"
    yield ""
    yield "Assign them to the object id of the identity, on the resource itself. They take up to ten minutes to arrive."
    yield "`mi-lint plan --format az` writes the commands, `bicep` and `terraform` the same for templates."
    if any(role.kind == "azure-rbac" for role in plan.roles):
        yield ""
        yield '- [ ] Check: `az role assignment list --assignee "$PRINCIPAL_ID" --all -o table` shows them.'


def _settings(plan: MigrationPlan) -> Iterator[str]:
    for step in plan.settings:
        value = f" Value: {_code(step.value)}." if step.value else ""
        command = step.command.replace("{group}", '"$GROUP"').replace("{name}", '"$NAME"')
        value = f" Its value: {_code(command)}." if command and not value else value
        yield f"- [ ] {_code(step.name)}: {_text(step.text)}.{value}"
    for host in plan.hosts if plan.settings else ():
        if host.set:
            yield f"  - {host.title}: {_code(f'{host.set} NAME=VALUE')}"


def _change(plan: MigrationPlan) -> Iterator[str]:
    if plan.connections:
        levels = Counter(step.applicability for step in plan.connections)
        numbers = ", ".join(f"{number} {level}" for level, number in sorted(levels.items(), reverse=True))
        flag = " --unsafe-fixes" if levels["review"] else ""
        yield f"- [ ] Write the changes ({numbers}) with `mi-lint migrate --write{flag}`, review and merge them."
    if plan.packages:
        yield f"- [ ] The code needs these packages: {_listed(plan.packages)}."
    yield from (f"- [ ] {_text(reason)}." for reason in plan.by_hand)
    for path in plan.locks if plan.packages else ():
        yield f"- [ ] Make {_code(path)} anew with the tool that wrote it; mi-lint does not edit it."
    if plan.connections:
        yield "- [ ] Once the roles have arrived, deploy."


def _check(plan: MigrationPlan) -> Iterator[str]:
    if not plan.connections:
        return
    yield "- [ ] The program works in its host, and its log shows no fallback to a key."
    for host in plan.hosts:
        if host.check:
            yield f"  - {host.title}: {_code(host.check)}"
    yield "- [ ] `mi-lint check` reports nothing that was planned here; `mi-lint status` says how far it is."


def _deleted(plan: MigrationPlan) -> Iterator[str]:
    names = plan.deleted
    yield from (f"- [ ] {_code(name)}" for name in names)
    for host in plan.hosts if names else ():
        if host.delete:
            yield f"  - {host.title}: {_code(f'{host.delete} NAME')}"


def _keys_off(plan: MigrationPlan) -> Iterator[str]:
    if plan.keys_off:
        yield "A step of its own, later. Make sure first that nobody uses the keys: metrics show how clients sign in."
        yield ""
    for step in plan.keys_off:
        command = step.command.replace("{group}", '"$GROUP"').replace("{name}", '"$NAME"')
        yield f"- [ ] {_text(step.title)}: {_code(command)}"
        if step.breaks:
            yield f"  - It stops {_text(step.breaks)}."


def _leaks(plan: MigrationPlan) -> Iterator[str]:
    if plan.leaks:
        yield "They stay in the history of the repository, so whoever can read that has them."
        yield ""
    for step in plan.leaks:
        places = ", ".join(_code(place) for place in step.places)
        yield f"- [ ] {_text(step.title)} at {places}. {_text(step.advice)}"


def _code(text: str) -> str:
    """Inline code that may hold backticks."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{_line(text)}{space}{fence}"


def _text(text: str) -> str:
    """Text that says in Markdown what it says plain; code in backticks stays code."""
    parts = re.split(r"(`[^`]+`)", _line(text))
    return "".join(part if re.fullmatch(r"`[^`]+`", part) else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line(text: str) -> str:
    return " ".join(text.split())
