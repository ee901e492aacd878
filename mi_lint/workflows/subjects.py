"""Whose tokens an identity has to trust: the subject of a job's token, by its environment, or by what starts it."""

from __future__ import annotations

from typing import Any

from mi_lint.rulebook.config_model import SignIn
from mi_lint.settings.yaml_scalars import child, items, word
from mi_lint.workflows.model import Job, Workflow

_BY_BRANCH = ("workflow_dispatch", "schedule", "repository_dispatch", "workflow_run")
_DEFAULT = "<default branch>"


def subjects(workflow: Workflow, job: Job, sign_in: SignIn) -> list[str]:
    """The subjects of the tokens that a job gets, each once; a part in `<>` is not known from the file."""
    patterns = dict(sign_in.subjects)
    if job.environment:
        name = f"<value of {job.environment.strip('${} ')}>" if "${{" in job.environment else job.environment
        return [patterns["environment"].replace("{name}", name)]
    found: list[str] = []
    for trigger, conditions in workflow.triggers.items():
        if trigger == "pull_request":
            found.append(patterns["pull_request"])
        elif trigger == "push":
            found += _pushed(conditions, patterns)
        elif trigger in _BY_BRANCH or trigger in ("release", "pull_request_target"):
            kind = "tag" if trigger == "release" else "branch"
            found.append(patterns[kind].replace("{name}", _DEFAULT if kind == "branch" else "<tag>"))
    return list(dict.fromkeys(found)) or [patterns["branch"].replace("{name}", _DEFAULT)]


def _pushed(conditions: Any, patterns: dict[str, str]) -> list[str]:
    names = {kind: _names(child(conditions, f"{kind}{ending}")) for kind, ending in (("branch", "es"), ("tag", "s"))}
    if not any(names.values()):
        names["branch"] = ["<branch>"]
    return [
        patterns[kind].replace("{name}", name if not set(name) & set("*?[!+") else f"<each {kind} that {name} matches>")
        for kind, found in names.items()
        for name in found
    ]


def _names(node: Any) -> list[str]:
    return [word(node)] if word(node) else [word(item) for item in items(node)]
