"""The roles of the plan as a Terraform file. Roles that are granted in the service itself are comments."""

from __future__ import annotations

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
        by_hand = f"# By hand: {role.name}, on {role.title}."
        parts.append(f"# {role.name}\n{role.filled(role.terraform)}\n" if role.terraform else f"{by_hand}\n")
    return "\n".join(parts)
