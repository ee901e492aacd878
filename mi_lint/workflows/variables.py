"""Environment variables of a workflow that hold a secret for programs that can sign in with the token of the job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mi_lint.edits import TextEdit
from mi_lint.rulebook.model import Rule
from mi_lint.settings.yaml_scalars import child, pairs, word
from mi_lint.textfile import Span
from mi_lint.workflows.lines import NotOnLines, member_span
from mi_lint.workflows.model import Job, Step, Workflow, span_of
from mi_lint.workflows.moves import Move, references


def variable_moves(workflow: Workflow, rule: Rule) -> Iterator[Move]:
    """A move for each `env:` that has the variable; all of a workflow move, or none."""
    change = rule.variable
    assert change is not None
    found = [
        (key, value, env, jobs, step)
        for env, jobs, step in _environments(workflow)
        for key, value in pairs(env)
        if key.value in change.names and references(word(value))
    ]
    own = [span_of(node) for key, value, *_ in found for node in (key, value)]
    problem = _other_use(workflow, change.names, own)
    for key, value, env, jobs, step in found:
        jobs = _readers(workflow, jobs, change.readers)
        move = Move(rule, workflow, jobs, span_of(key), f"`{key.value}` holds a secret for what the job runs", step)
        move.problems += [problem] if problem else []
        move.gone = references(word(value))
        missing = [name for name in change.needs if all(workflow.env(job, step, name) is None for job in jobs)]
        if missing:
            move.notes.append(f"the job also needs {', '.join(missing)}, which the workflow does not set")
        try:
            move.edits = _edits(workflow, env, key, value, change.sets)
        except NotOnLines:
            move.problems.append("it is not written on a line of its own")
        yield move


def _environments(workflow: Workflow) -> Iterator[tuple[Any, list[Job], Step | None]]:
    for members, jobs, step in [
        (workflow.members, workflow.jobs, None),
        *((job.members, [job], None) for job in workflow.jobs),
        *((step.members, [job], step) for job in workflow.jobs for step in job.steps),
    ]:
        if "env" in members:
            yield members["env"][1], [job for job in jobs if job.steps], step


def _readers(workflow: Workflow, jobs: list[Job], pattern: str) -> list[Job]:
    if not pattern:
        return jobs
    return [job for job in jobs if re.search(pattern, workflow.text_of(job))] or jobs


def _other_use(workflow: Workflow, names: tuple[str, ...], own: list[Span]) -> str:
    """Why the variable cannot go: something else in the file names it."""
    text = workflow.file.text
    for name in names:
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w)", text):
            line = workflow.file.line_column(match.start())[0]
            comment = workflow.file.line_text(line).lstrip().startswith("#")
            if not comment and not any(span.start <= match.start() < span.end for span in own):
                return f"{name} is also read in line {line}: sign in there without it first"
    return ""


def _edits(workflow: Workflow, env: Any, key: Any, value: Any, sets: tuple[str, str]) -> list[TextEdit]:
    file = workflow.file
    span = member_span(file, key, value)
    if child(env, sets[0]) is not None:
        return [TextEdit(span, "")]
    return [TextEdit(Span(key.start_mark.index, value.end_mark.index), f"{sets[0]}: {sets[1]}")]
