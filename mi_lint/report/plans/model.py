"""The plan as plain data, in the order of its steps. No field holds a secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


def variable_name(text: str) -> str:
    """A service or a title as the name of a variable: `storage_blob`."""
    return re.sub(r"\W+", "_", text.lower().removeprefix("azure-").removeprefix("azure ")).strip("_")


def plain(text: str) -> str:
    """Text that may stand between the quotes of a shell, of Bicep and of Terraform."""
    return "".join(c for c in text if c not in "\"'\\$`")


@dataclass(frozen=True, slots=True)
class HostStep:
    """Give a host its identity. All commands are for a shell with GROUP, HOST and IDENTITY_ID set.

    `evidence` is the place that shows that the code runs there, where nobody asked for it. `only` is the one kind of
    identity that it takes, `principal` shows the object id of the identity, and `check` what the program does.
    """

    name: str
    title: str
    command: str
    set: str = ""
    delete: str = ""
    notes: tuple[str, ...] = ()
    evidence: str = ""
    only: str = ""
    principal: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class RoleStep:
    """A role for the identity on one resource, whose name is `on` where the repository says it.

    `az`, `bicep` and `terraform` are templates that grant it, as packs write them; empty where a person has to.
    """

    service: str
    title: str
    name: str
    id: str
    kind: str
    variable: str  # a name for it in scripts, in lower snake case, which no other step has
    resource: str = ""
    az: str = ""
    bicep: str = ""
    terraform: str = ""
    on: str = ""
    assigned: str = ""  # the templates of the repository that assign it

    @property
    def symbol(self) -> str:
        """The service as a symbol of Bicep: `storageBlob`."""
        first, *rest = self.variable.split("_")
        return first + "".join(part.title() for part in rest)

    def filled(self, template: str, resource: str = "") -> str:
        """A template of this step for this service."""
        values = {
            "ID": self.id,
            "ROLE": plain(self.name),
            "TITLE": plain(self.title),
            "NAME": self.variable,
            "VAR": self.variable.upper(),
        }
        values |= {"SYMBOL": self.symbol, "RESOURCE": resource}
        for name, value in values.items():
            template = template.replace(f"@{name}@", value)
        return template.rstrip("\n")


@dataclass(frozen=True, slots=True)
class SettingStep:
    """A setting of the host: `name` comes, and `replaces` goes once nothing reads it.

    Where the repository says its value, that is `value`; else `command` shows it in Azure.
    """

    name: str
    text: str
    replaces: str = ""
    value: str = ""
    command: str = ""
    kept: bool = False  # it is there already, and only its value changes


@dataclass(frozen=True, slots=True)
class ConnectionStep:
    """What changes in the repository for one connection.

    `uses` are the calls and declarations that sign in, each with its place; `notes` say what a person has to look at.
    """

    name: str
    title: str
    applicability: str
    files: tuple[str, ...]
    uses: tuple[tuple[str, str], ...] = ()
    settings: tuple[SettingStep, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManualStep:
    place: str
    rule: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class KeysOffStep:
    """Turn keys off, when nothing uses them any more. `command` has {group} and {name} for the resource.

    `attributes` are those of resources in templates: type, member and value.
    """

    variable: str
    title: str
    command: str
    breaks: str
    attributes: tuple[tuple[str, str, str], ...] = ()

    @property
    def heading(self) -> str:
        """What is turned off, and what that stops, in one line of plain text."""
        return plain(self.title + (f". It stops {self.breaks}." if self.breaks else "."))


@dataclass(frozen=True, slots=True)
class LeakStep:
    """A secret that was written out: it stays in the history, so it has to be rotated."""

    title: str
    places: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    identity: str  # system or user
    client_id_setting: str = ""
    hosts: Sequence[HostStep] = ()
    roles: Sequence[RoleStep] = ()
    settings: Sequence[SettingStep] = ()
    unread: Sequence[str] = ()  # settings that nothing reads any more, and that have no successor
    packages: Sequence[str] = ()
    connections: Sequence[ConnectionStep] = ()
    manual: Sequence[ManualStep] = ()
    before: Sequence[str] = ()  # what a person does first, such as to let an identity trust a pipeline
    later: Sequence[str] = ()  # what a person does once the change works, such as to delete a secret
    keys_off: Sequence[KeysOffStep] = ()
    leaks: Sequence[LeakStep] = ()
    locks: Sequence[str] = ()  # files that lock the versions of packages
    by_hand: Sequence[str] = ()  # what only a person can change in the files that list packages

    @property
    def deleted(self) -> list[str]:
        """Settings that go, each once."""
        replaced = (step.replaces for step in self.settings if step.replaces)
        return list(dict.fromkeys([*replaced, *self.unread]))
