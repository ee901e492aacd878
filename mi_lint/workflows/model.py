"""A workflow as a tree of jobs and steps, each with the nodes that tell where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mi_lint.settings.yaml_scalars import child, documents, items, pairs, word
from mi_lint.textfile import Span, TextFile

WORKFLOW = re.compile(r"(?i)(?:.*/)?\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml")
ACTION = re.compile(r"(?i)(?:.*/)?action\.ya?ml")
_SCALAR = re.compile(r"\$\{\{\s*(?P<where>secrets|vars|env|inputs)\.(?P<name>[A-Za-z_][\w-]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that is taken from elsewhere: `${{ secrets.NAME }}`."""

    where: str
    name: str


def reference(text: str) -> Reference | None:
    match = _SCALAR.fullmatch(text.strip())
    return Reference(match["where"], match["name"]) if match else None


@dataclass(slots=True, eq=False)
class Step:
    """One item of `steps:`."""

    node: Any
    number: int
    members: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def uses(self) -> str:
        return self.text("uses")

    @property
    def action(self) -> str:
        """The action without its version, in lower case."""
        return self.uses.partition("@")[0].lower()

    @property
    def inputs(self) -> dict[str, tuple[Any, Any]]:
        entry = self.members.get("with")
        return {key.value: (key, value) for key, value in pairs(entry[1])} if entry else {}

    def text(self, name: str) -> str:
        entry = self.members.get(name)
        return word(entry[1]) if entry else ""


@dataclass(slots=True, eq=False)
class Job:
    """One member of `jobs:`; one that has `uses` calls another workflow."""

    name: str
    key: Any
    node: Any
    steps: list[Step]
    members: dict[str, tuple[Any, Any]]

    @property
    def uses(self) -> str:
        entry = self.members.get("uses")
        return word(entry[1]) if entry else ""

    @property
    def environment(self) -> str:
        entry = self.members.get("environment")
        if entry is None:
            return ""
        return word(entry[1]) or word(child(entry[1], "name"))


@dataclass(slots=True, eq=False)
class Workflow:
    """One file of `.github/workflows`."""

    file: TextFile
    node: Any
    jobs: list[Job]
    members: dict[str, tuple[Any, Any]]
    is_action: bool = False

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def triggers(self) -> dict[str, Any]:
        """What starts it, each with its own conditions."""
        entry = self.members.get("on")
        if entry is None:
            return {}
        if word(entry[1]):
            return {word(entry[1]): None}
        return {word(item): None for item in items(entry[1])} or {key.value: value for key, value in pairs(entry[1])}

    def env(self, job: Job, step: Step | None, name: str) -> str | None:
        """The value of an environment variable as it is written nearest to a step."""
        for members in ((step.members if step else {}), job.members, self.members):
            value = child(members["env"][1], name) if "env" in members else None
            if value is not None:
                return word(value)
        return None

    def resolved(self, job: Job, step: Step | None, text: str) -> str:
        """A text in which names of variables of the environment give way to what the file says they are."""

        def value(match: re.Match[str]) -> str:
            found = self.env(job, step, match["name"]) if match["where"] == "env" else None
            return match[0] if found is None else found

        return _SCALAR.sub(value, text)

    def text_of(self, job: Job) -> str:
        return self.file.text[job.key.start_mark.index : job.node.end_mark.index]

    def line_of(self, node: Any) -> int:
        return int(node.start_mark.line) + 1


def read_workflow(file: TextFile) -> Workflow | None:
    """The workflow in a file; None where it cannot be read as one."""
    found = documents(file.text)
    if len(found) != 1:
        return None
    members = _members(found[0])
    jobs = [_job(key, node) for key, node in pairs(members["jobs"][1])] if "jobs" in members else []
    return Workflow(file, found[0], jobs, members) if jobs else None


def read_action(file: TextFile) -> Workflow | None:
    """The steps of an action that is made of some, as the one job of a workflow; None of any other."""
    found = documents(file.text)
    entry = _members(found[0]).get("runs") if len(found) == 1 else None
    job = _job(*entry) if entry is not None else None
    return Workflow(file, found[0], [job], {}, is_action=True) if job is not None and job.steps else None


def _members(node: Any) -> dict[str, tuple[Any, Any]]:
    return {key.value: (key, value) for key, value in pairs(node)}


def _job(key: Any, node: Any) -> Job:
    members = _members(node)
    steps = items(members["steps"][1]) if "steps" in members else []
    return Job(key.value, key, node, [Step(step, number, _members(step)) for number, step in enumerate(steps)], members)


def scalars(node: Any) -> Iterator[tuple[Any, str]]:
    """All scalars below a node, keys included."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        yield node, node.value
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(key)
            yield from scalars(value)


def span_of(node: Any) -> Span:
    return Span(int(node.start_mark.index), int(node.end_mark.index))
