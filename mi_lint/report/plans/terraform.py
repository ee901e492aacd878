"""The roles of the plan as a Terraform file. Roles that are granted in the service itself are comments."""

from __future__ import annotations

from collections.abc import Iterator

from mi_lint.report.plans.model import MigrationPlan

_HEAD = """\
# Roles of the identity that the migrated program runs with.

variable "principal_id" {
  type        = string
  description = "Object id of the identity, not its client id."
}
"""


def terraform_file(plan: MigrationPlan) -> str:
    parts = [_HEAD]
    for role in plan.roles:
        if role.assigned:
            parts.append(f"# {role.assigned} assigns {role.name}, on {role.title}.\n")
        elif role.terraform:
            parts.append(f"# {role.name}\n{role.filled(role.terraform)}\n")
        else:
            parts.append(f"# By hand: {role.name}, on {role.title}.\n")
    return "\n".join([*parts, *_keys_off(plan)])


def _keys_off(plan: MigrationPlan) -> Iterator[str]:
    """The step that comes later, as comments: it is never applied together with the roles."""
    if not plan.keys_off:
        return
    lines = ["# Later, in a change of its own, when nothing uses the keys any more:"]
    for step in plan.keys_off:
        lines += ["#", f"# {step.heading}"]
        for type_, member, value in step.attributes:
            if "/" not in type_:
                lines += [f'# resource "{type_}" "..." {{', f"#   {member} = {value}", "# }"]
    yield "\n".join([*lines, ""])
