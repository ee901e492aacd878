"""What is planned for one connection, before any text is produced."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mi_lint.edits import TextEdit
from mi_lint.findings import Applicability, Precondition
from mi_lint.link import Connection
from mi_lint.python.form import CallForm
from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink
from mi_lint.rulebook.model import ConnectionFormat, Derivation, Role


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that held a connection string and now holds a value derived from it.

    Nothing is added where one of `instead` is defined, and with `deployed` only in templates of what runs in Azure.
    Where `old` and `new` are one name the value only loses its secret part, if it matches `only`.
    """

    old: str
    new: str
    derivation: Derivation
    format: ConnectionFormat
    keep: bool = False  # another change already takes the old entry; this one adds a further setting after it
    instead: tuple[str, ...] = ()
    deployed: bool = False
    only: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Dropped:
    """An expression that disappears from a module; what only it used is dead afterwards."""

    module: Module
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Access:
    """What a template of infrastructure gives a host: an identity, where `identity` is not empty, and perhaps a role.

    `host` is where the body of the host begins in the file, `identity` is `system` or what names a user-assigned one,
    `principal` is the object id of the identity and `resource` that on which the role is granted, as expressions.
    """

    path: str
    host: int
    identity: str = ""
    principal: str = ""
    resource: str = ""
    role: Role | None = None


@dataclass(slots=True, eq=False)
class Plan:
    """One connection's way to managed identity. `problems` make it manual, `notes` lower it to review."""

    connection: Connection
    calls: list[CallForm] = field(default_factory=list)
    edits: dict[str, list[TextEdit]] = field(default_factory=dict)  # of Python files
    files: dict[str, list[TextEdit]] = field(default_factory=dict)  # of others
    identities: list[tuple[Module, ast.expr]] = field(default_factory=list)  # wrapper calls that become the credential
    settings: list[SettingChange] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    assigned: dict[str, set[str]] = field(
        default_factory=dict
    )  # id of a role -> templates that assign it, "" if not all
    secret_settings: set[str] = field(default_factory=set)
    dropped: list[Dropped] = field(default_factory=list)
    renamed_strings: dict[str, str] = field(default_factory=dict)
    renamed_keys: set[ast.AST] = field(default_factory=set)  # strings that are keys, which have their new names already
    phrases: dict[str, str] = field(default_factory=dict)  # new name of a setting -> what it holds, in words
    problems: list[tuple[Sink | None, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    preconditions: list[Precondition] = field(default_factory=list)
    limit: Applicability = Applicability.SAFE

    @property
    def id(self) -> str:
        return self.connection.id

    @property
    def applicability(self) -> Applicability:
        if self.problems:
            return Applicability.MANUAL
        return min(self.limit, Applicability.REVIEW if self.notes else Applicability.SAFE)

    def edit(self, module: Module, edit: TextEdit) -> None:
        edits = self.edits.setdefault(module.path, [])
        if edit not in edits:
            edits.append(edit)

    def edit_file(self, path: str, *edits: TextEdit) -> None:
        """Change a file that is no Python."""
        known = self.files.setdefault(path, [])
        known.extend(edit for edit in edits if edit not in known)

    def problem(self, sink: Sink | None, text: str) -> None:
        if (sink, text) not in self.problems:
            self.problems.append((sink, text))

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
