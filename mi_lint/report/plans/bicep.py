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
    return "\n".join([*lines, *_keys_off(plan)])


def _keys_off(plan: MigrationPlan) -> Iterator[str]:
    """The step that comes later, as comments: it is never deployed together with the roles."""
    if plan.keys_off:
        yield "// Later, in a change of its own, when nothing uses the keys any more:"
    for step in plan.keys_off:
        yield "//"
        yield f"// {step.heading}"
        for type_, member, value in step.attributes:
            if "/" in type_:
                *around, name = member.split(".")
                inside = "".join(f"{word}: {{ " for word in around) + f"{name}: {value}" + " }" * len(around)
                yield f"// resource ... '{type_}@...' = {{ {inside} }}"
    if plan.keys_off:
        yield ""


def _role(role: RoleStep, resources: dict[str, str]) -> Iterator[str]:
    """One assignment; `resources` are the symbols of resources that were declared before, by type."""
    if role.assigned:
        yield f"// {plain(role.assigned)} assigns {role.name}, on {role.title}."
        return
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
