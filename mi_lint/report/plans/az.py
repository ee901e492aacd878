"""The plan as a script for bash and the Azure CLI. Keys are turned off only when it is called with `keys-off`."""

from __future__ import annotations

from collections.abc import Iterator

from mi_lint.report.plans.model import MigrationPlan, RoleStep, plain

_HEAD = """\
#!/usr/bin/env bash
# What the migration needs in Azure. Read it before you run it.
#   GROUP         resource group of the host
#   HOST          name of the host
#   PRINCIPAL_ID  object id of the identity (not its client id)
set -euo pipefail
"""


def az_script(plan: MigrationPlan) -> str:
    lines = [_HEAD.rstrip("\n"), "", "step=${1:-prepare}", "", 'if [ "$step" = prepare ]; then']
    lines += [f"  {line}" if line else "" for line in _prepare(plan)]
    lines += [
        "fi",
        "",
        'if [ "$step" = clean-up ]; then',
        "  # After the new version runs.",
        *_clean_up(plan),
        "fi",
        "",
    ]
    lines += [
        'if [ "$step" = keys-off ]; then',
        "  # Later, when nobody uses the keys any more.",
        *_keys_off(plan),
        "fi",
        "",
    ]
    return "\n".join(lines)


def _prepare(plan: MigrationPlan) -> Iterator[str]:
    yield ': "${PRINCIPAL_ID:?the object id of the identity}"'
    for host in plan.hosts:
        yield ""
        yield f"# {host.title}"
        yield from (f"# {note}" for note in host.notes)
        yield ': "${GROUP:?the resource group of the host}" "${HOST:?the name of the host}"'
        if plan.identity == "user":
            yield ': "${IDENTITY_ID:?the resource id of the user-assigned identity}"'
        yield host.command
    for role in plan.roles:
        yield ""
        yield f"# {role.title}: {role.name}"
        yield from _role(role)
    if plan.before:
        yield ""
        yield "# By hand:"
        yield from (f"# - {_one_line(text)}" for text in plan.before)
    settings = [host for host in plan.hosts if host.set]
    for setting in plan.settings:
        yield ""
        yield f"# {setting.text}"
        variable = f"VALUE_{setting.name.upper()}" if setting.name.isidentifier() else ""
        for host in settings if variable else ():
            yield f': "${{{variable}:?the value of {setting.name}}}"'
            yield f'{host.set} {setting.name}="${variable}"'


def _role(role: RoleStep) -> list[str]:
    if role.assigned:
        return [f"# {plain(role.assigned)} assigns it."]
    if role.az:
        return role.filled(role.az).splitlines()
    by_hand = f'echo "by hand: {plain(role.name)} on {plain(role.title)}" >&2'
    return ["# By hand: this is granted in the service itself.", by_hand]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _clean_up(plan: MigrationPlan) -> Iterator[str]:
    yield from (f"  # By hand: {_one_line(text)}" for text in plan.later)
    done = False
    names = [name for name in plan.deleted if name.isidentifier()]  # others are no settings of a host
    for host in plan.hosts:
        if host.delete and names:
            done = True
            yield '  : "${GROUP:?the resource group of the host}" "${HOST:?the name of the host}"'
            yield f"  {host.delete} {' '.join(names)}"
    if not done:
        yield "  :"


def _keys_off(plan: MigrationPlan) -> Iterator[str]:
    for step in plan.keys_off:
        name = step.variable.upper()
        yield f"  # {step.heading}"
        yield f'  : "${{{name}_GROUP:?its resource group}}" "${{{name}_NAME:?its name}}"'
        yield "  " + step.command.replace("{group}", f'"${name}_GROUP"').replace("{name}", f'"${name}_NAME"')
    if not plan.keys_off:
        yield "  :"
