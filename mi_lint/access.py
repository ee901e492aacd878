"""What the templates of a repository have to give a host, so that it can sign in without the secrets that it loses.

For each setting that moves in the settings of a host: an identity for that host, and on the resource that the old
expression names the roles that the plan asks for. What a template does not say is left to a person, and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mi_lint.change import Access, Plan
from mi_lint.findings import Precondition
from mi_lint.identity import Options
from mi_lint.rulebook.model import Grant, Role, TemplateResource
from mi_lint.settings.expressions import followed
from mi_lint.settings.items import BICEP, HCL, JSON
from mi_lint.settings.model import SettingEntry
from mi_lint.stacks import Placed, Stack, Stacks, named_resources, takes, type_of
from mi_lint.workspace import Workspace

_USER_TYPES = ("azurerm_user_assigned_identity", "Microsoft.ManagedIdentity/userAssignedIdentities")
_TERRAFORM_ID = re.compile(r"\[\s*(?P<id>(?:data\.)?azurerm_user_assigned_identity\.[\w-]+)\.id\s*,?\s*\]")
_BICEP_ID = re.compile(r"\{\s*'\$\{(?P<id>[A-Za-z_]\w*)\.id\}'\s*:\s*\{\s*\}\s*\}")
_GRANTED_AS = re.compile(r"resource \"(\w+)\"|resource @NAME@ '([\w./]+)@|\"type\": \"([\w./]+)\"")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a host signs in as: `system`, or what names a user-assigned identity.

    `missing` says that it has to get that one; `problem` says why that is not plain.
    """

    principal: str = ""
    name: str = "system"
    missing: bool = False
    problem: str = ""


class Granter:
    """Finds what plans need in templates, and notes it in them."""

    def __init__(self, workspace: Workspace, options: Options) -> None:
        self.workspace = workspace
        self.options = options
        self.stacks = Stacks(workspace)
        packs = workspace.known.packs.values()
        self.hosts = {type_.lower() for pack in packs for host in pack.hosts for type_ in host.resources}
        self.grants: Mapping[str, Grant] = {grant.kind: grant for pack in packs for grant in pack.grants}
        self.types: Mapping[str, TemplateResource] = {t.type.lower(): t for pack in packs for t in pack.templates}

    def note(self, plan: Plan) -> None:
        """The accesses of a plan whose settings stand in templates."""
        roles = [role for role in _roles(plan) if role.kind in self.grants]
        for name in sorted({change.old for change in plan.settings} | plan.secret_settings):
            for entry in self.workspace.entries.get(name, []):
                stack = self.stacks.of(entry.path) if not entry.origin else None
                if stack is not None and not _is_emulator(plan, entry):
                    self._entry(plan, stack, entry, roles)

    def _entry(self, plan: Plan, stack: Stack, entry: SettingEntry, roles: list[Role]) -> None:
        place = f"{entry.path}:{self.workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
        host = self._host(stack, entry)
        if host is None:
            plan.note(f"{place} sets {entry.name} outside of a host: give each host that gets it an identity and roles")
            return
        text = self.workspace.text(entry.path).text
        value = followed(text, entry.value, stack.dialect) if entry.computed else ""
        self.grant(plan, stack, host, value, roles, place)

    def grant(self, plan: Plan, stack: Stack, host: Placed, expression: str, roles: Iterable[Role], place: str) -> None:
        """The identity of a host, and the roles on what an expression names."""
        identity = self.identity(stack, host)
        path, start, called = host.file.path, host.resource.body.start, host_name(stack, host)
        if identity.missing:
            plan.note(f"{called} in {path} gets an identity")
            _add(plan, Access(path, start, identity.name))
        if identity.problem:
            plan.note(f"{called} in {path} {identity.problem}")
        found = named_resources(stack, expression, self.types)
        granted = [(role, n) for role in roles for n in found if takes(self.types, type_of(stack, n), role.name)]
        if roles and not granted:
            plan.note(f"{place} does not say on which resource of this template the roles are to be assigned")
        for role, resource in granted:
            grant = self.grants[role.kind]
            known = identity.principal and stack.language in dict(grant.inside)
            plan.assigned.setdefault(role.id, set()).add(path if known else "")
            if not known:
                plan.note(f"assign the role '{role.name}' on {resource} to the identity of {called} in {path}")
            elif not _is_assigned(stack, grant, identity.principal, resource, role):
                plan.note(f"{path} assigns the role '{role.name}' on {resource} to the identity of {called}")
                missing = identity.name if identity.missing else ""
                _add(plan, Access(path, start, missing, identity.principal, resource, role))

    def settle(self, plan: Plan) -> None:
        """Say of each role that the plan asks for which templates assign it, if all that name its resource do."""
        for index, condition in enumerate(plan.preconditions):
            paths = plan.assigned.get(dict(condition.data).get("id", "")) if condition.kind == "role" else None
            if paths and "" not in paths:
                places = ", ".join(sorted(paths))
                data = (*condition.data, ("template", places))
                plan.preconditions[index] = Precondition("role", f"{condition.text}; {places} assigns it", data)

    def _host(self, stack: Stack, entry: SettingEntry) -> Placed | None:
        """The host whose settings an entry is one of; those of Bicep may be a resource of their own below it."""
        for placed in stack.around(entry.path, entry.name_span):
            if placed.resource.type.lower() in self.hosts:
                return placed
            parent = placed.text("parent") if stack.dialect is BICEP else None
            above = stack.of(parent) if parent is not None else None
            if above is not None and above.resource.type.lower() in self.hosts and not above.resource.existing:
                return above
        return None

    # -- who signs in --------------------------------------------------------------------------------------------------

    def identity(self, stack: Stack, host: Placed) -> Identity:
        """What a host signs in as, or will."""
        bodies = host.resource.inner(["identity"])
        if len(bodies) == 1:
            item = bodies[0].value("type")
            type_ = host.file.text[item.value.start : item.value.end].lower() if item is not None else ""
            inside = host.file.text[bodies[0].start : bodies[0].end]
            return self._present(stack, host, type_, inside)
        dynamic = any(b.header[1:2] == ("identity",) for b in host.resource.inner(["dynamic"]))
        if bodies or dynamic or host.resource.body.value("identity") is not None:
            return Identity(problem="has an identity that depends on something: see that it is the one of the plan")
        if self.options.identity == "system":
            return self._system(stack, host)
        users = [p for p in stack.typed(*_USER_TYPES) if not p.is_repeated and p.resource.symbol]
        if len(users) != 1:
            return Identity(problem="needs the user-assigned identity: this template does not have the one to give it")
        name = users[0].resource.symbol
        return Identity(_user_principal(stack, name), name, missing=True)

    def _present(self, stack: Stack, host: Placed, type_: str, inside: str) -> Identity:
        """What the identity of a host is that it has already."""
        if "systemassigned" in type_ and self.options.identity == "system":
            return self._system(stack, host, missing=False)
        found = [m["id"] for pattern in (_TERRAFORM_ID, _BICEP_ID) for m in pattern.finditer(inside)]
        if "userassigned" in type_ and len(found) == 1:
            told = (
                "" if self.options.identity == "user" else "has a user-assigned identity only: run with its client id"
            )
            return Identity(_user_principal(stack, found[0]), found[0], problem=told)
        return Identity(problem="has an identity already: see that it is the one of the plan")

    def _system(self, stack: Stack, host: Placed, missing: bool = True) -> Identity:
        symbol = host.resource.symbol
        if host.is_repeated:
            return Identity("", "system", missing, "stands for several hosts: assign the roles to the identity of each")
        if stack.dialect is HCL:
            return Identity(f"{symbol}.identity[0].principal_id", missing=missing)
        if stack.dialect is BICEP:
            return Identity(f"{symbol}.identity.principalId", missing=missing)
        version = json_text(host.text("apiVersion"))
        principal = f"reference({host_name(stack, host)}, '{version}', 'full').identity.principalId"
        known = version and host.text("name") is not None
        return Identity(principal if known else "", missing=missing)


def host_name(stack: Stack, host: Placed) -> str:
    """What expressions call a host."""
    if stack.dialect is not JSON:
        return host.resource.symbol
    name = json_text(host.text("name"))
    inner = name[1:-1] if name.startswith("[") and not name.startswith("[[") else f"'{name}'"
    return f"resourceId('{host.resource.type}', {inner})"


def json_text(raw: str | None) -> str:
    try:
        return str(json.loads(raw or '""', strict=False))
    except ValueError:
        return ""


def _user_principal(stack: Stack, symbol: str) -> str:
    return f"{symbol}.principal_id" if stack.dialect is HCL else f"{symbol}.properties.principalId"


def _roles(plan: Plan) -> Iterator[Role]:
    for condition in plan.preconditions:
        data = dict(condition.data)
        if condition.kind == "role":
            yield Role(data["name"], data["id"], data["kind"])


def _is_emulator(plan: Plan, entry: SettingEntry) -> bool:
    lowered = entry.value.lower()
    return any(text.lower() in lowered for change in plan.settings for text in change.format.emulator)


def _add(plan: Plan, access: Access) -> None:
    if access not in plan.accesses:
        plan.accesses.append(access)


def granted_type(grant: Grant, language: str) -> str:
    """The type of the resource that assigns a role."""
    match = _GRANTED_AS.search(dict(grant.inside)[language])
    return next(group for group in match.groups() if group) if match is not None else ""


def _is_assigned(stack: Stack, grant: Grant, principal: str, resource: str, role: Role) -> bool:
    """Whether a template gives the same role already, as far as its text says."""
    for placed in stack.typed(granted_type(grant, stack.language)):
        text = _plain(placed.body_text)
        told = role.name in text or role.id in text or _by_name(placed, role)
        if told and _plain(principal) in text and re.search(rf"(?<![\w.]){re.escape(_plain(resource))}(?![\w-])", text):
            return True
    return False


def _by_name(placed: Placed, role: Role) -> bool:
    """Whether a variable that the resource names holds the id of the role."""
    for line in placed.file.text.splitlines():
        match = re.match(r"\s*(?:var|param)\s+(\w+)\b", line)
        if match is not None and role.id in line and re.search(rf"\b{match[1]}\b", placed.body_text):
            return True
    return False


def _plain(text: str) -> str:
    return re.sub(r"\.0\.", "[0].", re.sub(r"\s+", " ", text))


def user_id(stack: Stack, name: str) -> str:
    """The resource id of a user-assigned identity."""
    return f"{name}.id"


def user_client_id(stack: Stack, name: str) -> str:
    return f"{name}.client_id" if stack.dialect is HCL else f"{name}.properties.clientId"
