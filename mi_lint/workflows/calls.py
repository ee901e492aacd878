"""Workflows that call each other inside of the repository: what a caller grants, and which secrets it passes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mi_lint.edits import TextEdit
from mi_lint.settings.yaml_scalars import child, pairs, word
from mi_lint.workflows.lines import member_span
from mi_lint.workflows.model import Job, Workflow, reference

_LOCAL = re.compile(r"\./(?P<path>\.(?:github|forgejo|gitea)/workflows/[^@]+)")


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A job that is another workflow."""

    workflow: Workflow
    job: Job

    def passed(self, name: str) -> str | None:
        """The secret that the caller passes under a name; None where that is not one secret."""
        entry = self.job.members.get("secrets")
        if entry is None:
            return None
        if word(entry[1]) == "inherit":
            return name
        found = reference(word(child(entry[1], name)))
        return found.name if found is not None and found.where == "secrets" else None


class Calls:
    def __init__(self, workflows: Mapping[str, Workflow]) -> None:
        self._by_path: dict[str, list[Call]] = {}
        for workflow in workflows.values():
            for job in workflow.jobs:
                path = called_path(workflow, job)
                if path in workflows:
                    self._by_path.setdefault(path, []).append(Call(workflow, job))

    def of(self, workflow: Workflow) -> list[Call]:
        return self._by_path.get(workflow.path, [])

    def starts(self, workflow: Workflow, around: tuple[str, ...] = ()) -> list[Workflow]:
        """The workflows whose triggers start a workflow: itself, or those that call it."""
        own = [workflow] if set(workflow.triggers) - {"workflow_call"} or not self.of(workflow) else []
        for call in self.of(workflow):
            if call.workflow.path not in around:
                own += self.starts(call.workflow, (*around, workflow.path))
        return list(dict.fromkeys(own))


def called_path(workflow: Workflow, job: Job) -> str:
    """The path of the workflow of the same repository that a job calls; empty if there is none."""
    match = _LOCAL.fullmatch(job.uses)
    if match is None:
        return ""
    root = re.sub(r"\.(?:github|forgejo|gitea)/workflows/[^/]+$", "", workflow.path)
    return root + match["path"]


def declared(workflow: Workflow, name: str) -> tuple[Any, Any, Any] | None:
    """A secret that a workflow takes from its callers: its key and value, and the mapping they stand in."""
    holder = child(workflow.triggers.get("workflow_call"), "secrets")
    return next(((key, value, holder) for key, value in pairs(holder) if key.value == name), None)


def undeclared(workflow: Workflow, names: set[str]) -> list[TextEdit]:
    """Take secrets away from those that callers have to pass.

    Raises:
        NotOnLines: they are not on lines of their own.
    """
    call = workflow.triggers.get("workflow_call")
    entry = next(((key, value) for key, value in pairs(call) if key.value == "secrets"), None)
    return list(_without(workflow, entry, names)) if entry is not None else []


def not_passed(call: Call, names: set[str]) -> list[TextEdit]:
    """Take secrets away from those that a caller passes; `inherit` stays.

    Raises:
        NotOnLines: they are not on lines of their own.
    """
    entry = call.job.members.get("secrets")
    if entry is None or word(entry[1]):
        return []
    return list(_without(call.workflow, entry, names))


def _without(workflow: Workflow, entry: tuple[Any, Any], names: set[str]) -> Iterator[TextEdit]:
    members = pairs(entry[1])
    gone = [(key, value) for key, value in members if key.value in names]
    if gone and len(gone) == len(members):
        yield TextEdit(member_span(workflow.file, *entry), "")
        return
    for key, value in gone:
        yield TextEdit(member_span(workflow.file, key, value), "")
