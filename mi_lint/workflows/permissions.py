"""The rights of a job's token: one more of them, and all that it had stays.

A job that names its rights has no others. So where a job has none of its own yet, those of the workflow are restated,
and where that names none either, those that the job is seen to need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mi_lint.edits import TextEdit
from mi_lint.rulebook.config_model import SignIn
from mi_lint.settings.yaml_scalars import pairs, word
from mi_lint.textfile import Span
from mi_lint.workflows.lines import NotOnLines, end_of, inserted, line_end, lines, margin_of
from mi_lint.workflows.model import Job, Workflow

_ORDER = ("none", "read", "write")
_TOKEN = re.compile(r"secrets\.GITHUB_TOKEN|github\.token|GITHUB_TOKEN")
Wanted = dict[str, str]


def granted(workflow: Workflow, job: Job) -> Wanted | str | None:
    """The rights that a job has by the text of its file: a mapping, a word for all, or None where nothing is said."""
    for members in (job.members, workflow.members):
        if "permissions" in members:
            value = members["permissions"][1]
            return word(value) or {key.value: word(level) for key, level in pairs(value)}
    return None


def needed(workflow: Workflow, job: Job, sign_in: SignIn) -> tuple[Wanted, int]:
    """The rights that a job is seen to use, and the line of a use of its token of which that cannot be told (or 0)."""
    wanted = {"contents": "read"}
    unclear = 0
    for step in job.steps:
        known = [rights for name, rights in sign_in.actions if _is(step.action, name)]
        known += [rights for pattern, rights in sign_in.commands if re.search(pattern, step.text("run"))]
        for rights in known:
            merge(wanted, dict(rights))
        text = workflow.file.text[step.node.start_mark.index : end_of(workflow.file, step.node)]
        if not known and not unclear and (step.action in sign_in.unclear or _TOKEN.search(text)):
            unclear = workflow.line_of(step.node)
    return wanted, unclear


def _is(action: str, name: str) -> bool:
    return action == name or action.startswith(f"{name}/")


def merge(into: Wanted, more: Wanted) -> None:
    """Raise rights to the higher of two levels."""
    for name, level in more.items():
        known = into.get(name, "none")
        rank = {level: number for number, level in enumerate(_ORDER)}
        into[name] = level if rank.get(level, 0) > rank.get(known, 0) else known


def has(rights: Wanted | str | None, more: Wanted) -> bool:
    if isinstance(rights, str):
        return rights == "write-all"
    own = rights or {}
    rank = {level: number for number, level in enumerate(_ORDER)}
    return rights is not None and all(rank.get(own.get(n, "none"), 0) >= rank.get(v, 0) for n, v in more.items())


def grant(workflow: Workflow, job: Job, sign_in: SignIn, more: Wanted, alone: bool) -> tuple[list[TextEdit], int]:
    """Edits that give a job rights, and the line of a use of the token that a person has to judge (or 0).

    `alone`: all jobs of the workflow get them, so that they can stand in its head.

    Raises:
        NotOnLines: they cannot be written where they belong.
    """
    rights = granted(workflow, job)
    if has(rights, more):
        return [], 0
    if "permissions" in job.members or ("permissions" in workflow.members and alone):
        owner = job.members if "permissions" in job.members else workflow.members
        return _extended(workflow, *owner["permissions"], sign_in, more), 0
    if rights is None:
        wanted, unclear = needed(workflow, job, sign_in)
    else:
        wanted, unclear = _whole(rights, sign_in), 0
    merge(wanted, more)
    return [_new(workflow, job, wanted)], unclear


def _whole(rights: Wanted | str, sign_in: SignIn) -> Wanted:
    if isinstance(rights, dict):
        return dict(rights)
    level = rights.removesuffix("-all")
    return dict.fromkeys(sign_in.readable, level) if level in _ORDER else {}


def _extended(workflow: Workflow, key: Any, value: Any, sign_in: SignIn, more: Wanted) -> list[TextEdit]:
    """Rights that stand there already get more."""
    file = workflow.file
    if word(value):
        wanted = _whole(word(value), sign_in)
        merge(wanted, more)
        margin = margin_of(file, key)
        if not wanted or file.text[key.end_mark.index : value.start_mark.index].strip(" ") != ":":
            raise NotOnLines
        colon = file.text.index(":", key.end_mark.index) + 1
        text = "".join(f"{file.newline}{margin}  {name}: {level}" for name, level in _sorted(wanted))
        return [TextEdit(Span(colon, value.end_mark.index), text)]
    if not hasattr(value, "flow_style"):
        raise NotOnLines  # nothing behind the colon
    own = {name.value: level for name, level in pairs(value)}
    edits = []
    added = {name: level for name, level in more.items() if name not in own}
    for name in more.keys() & own.keys():
        level = own[name]
        if not has({name: word(level)}, {name: more[name]}):
            edits.append(TextEdit(Span(level.start_mark.index, level.end_mark.index), more[name]))
    if added and value.flow_style:
        edits.append(_in_braces(file.text, value, added))
    elif added:
        first = value.value[0][0]
        at = line_end(file, end_of(file, value))
        edits.append(inserted(file, at, lines(file, margin_of(file, first), _spelled(added.items()))))
    return edits


def _in_braces(text: str, value: Any, added: Wanted) -> TextEdit:
    end = value.end_mark.index - 1
    last = len(text[:end].rstrip())
    lead = ", " if value.value else ""
    return TextEdit(Span(last, last), lead + ", ".join(_spelled(added.items())))


def _new(workflow: Workflow, job: Job, wanted: Wanted) -> TextEdit:
    """A block of rights for one job, above its steps or its call."""
    file = workflow.file
    anchor = job.members.get("steps") or job.members.get("uses")
    first = min((key for key, _ in job.members.values()), key=lambda key: key.start_mark.index)
    before = job.members["runs-on"][0] if "runs-on" in job.members else anchor[0] if anchor else first
    margin = margin_of(file, before)
    at = file.line_starts[before.start_mark.line]
    if file.text[at : before.start_mark.index].strip():
        raise NotOnLines
    texts = ["permissions:", *(f"  {text}" for text in _spelled(_sorted(wanted)))]
    return inserted(file, at, lines(file, margin, texts))


def _sorted(wanted: Wanted) -> list[tuple[str, str]]:
    return sorted(wanted.items())


def _spelled(wanted: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {level}" for name, level in wanted]


def union(workflow: Workflow, sign_in: SignIn, more: dict[str, Wanted]) -> Wanted:
    """What a caller has to grant so that each job of a called workflow can have what it asks for."""
    found: Wanted = {}
    for job in workflow.jobs:
        rights = granted(workflow, job)
        own = needed(workflow, job, sign_in)[0] if rights is None else _whole(rights, sign_in)
        merge(found, own)
        merge(found, more.get(job.name, {}))
    return found
