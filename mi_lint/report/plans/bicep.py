"""The roles of the plan as a Bicep module. Roles that are granted in the service itself are comments."""

from __future__ import annotations

from collections.abc import Iterator

from mi_lint.report.plans.model import MigrationPlan, RoleStep, plain


def bicep_module(plan: MigrationPlan) -> str:
    lines = ["// Roles of the identity that the migrated program runs with.", "targetScope = 'resourceGroup'", ""]
    lines += ["@description('Object id of the identity, not its client id.')", "param principalId string", ""]
    resources: dict[str, str] = {}
    # Services of one resource, such as blobs and a checkpoint store, may ask for the same role.
    for role in {(role.resource or role.title, role.id): role for role in reversed(plan.roles)}.values():
        lines += [*_role(role, resources), ""]
    return "\n".join(lines)


def _role(role: RoleStep, resources: dict[str, str]) -> Iterator[str]:
    """One assignment; `resources` are the symbols of resources that were declared before, by type."""
    if not role.bicep:
        yield f"// By hand: {role.name}, on {role.title}."
        return
    scope = resources.get(role.resource, "resourceGroup()")
    if role.resource and role.resource not in resources:
        scope = resources[role.resource] = f"{role.symbol}Resource"
        yield f"@description('Name of the resource of {plain(role.title)}.')"
        yield f"param {role.symbol}Name string"
        yield ""
        yield f"resource {scope} '{role.resource}' existing = {{"
        yield f"  name: {role.symbol}Name"
        yield "}"
        yield ""
    yield f"// {role.name}"
    yield role.filled(role.bicep, scope)
