"""One place of a workflow that signs in with a secret: what it becomes, or why it cannot."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mi_lint.edits import TextEdit
from mi_lint.rulebook.config_model import SignIn, StepChange
from mi_lint.rulebook.model import Rule
from mi_lint.settings.yaml_scalars import word
from mi_lint.textfile import Span
from mi_lint.workflows.lines import NotOnLines, line_end, lines, margin_of, member_span, plain
from mi_lint.workflows.model import Job, Reference, Step, Workflow, reference, span_of

IN_BRACES = "it is not written on lines of its own: write each member of the step on its own line"
_SECRET = re.compile(r"secrets\.([A-Za-z_][\w-]*)")


@dataclass(slots=True, eq=False)
class Move:
    """What becomes of one place. `gone` are the references to secrets that it takes away, `reads` names of variables.

    `jobs` need a token afterwards. `needs_sign_in`: a step that signs in has to come before `step`; with `values` for
    its inputs where something says them already.
    """

    rule: Rule
    workflow: Workflow
    jobs: list[Job]
    span: Span
    message: str
    step: Step | None = None
    edits: list[TextEdit] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: list[Reference] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    settings: list[tuple[str, str]] = field(default_factory=list)
    needs_sign_in: bool = False
    signs_in: bool = False
    values: dict[str, str] = field(default_factory=dict)


class Names:
    """The variables from which steps that sign in take their inputs."""

    def __init__(self, sign_in: SignIn, mentioned: set[str]) -> None:
        self._sign_in, self._mentioned = sign_in, mentioned

    def value(self, name: str) -> str:
        """None of them is a secret; but where the repository keeps one as a secret already, it stays one."""
        where = "secrets" if f"secrets.{name}" in self._mentioned else "vars"
        return f"${{{{ {where}.{name} }}}}"

    def inputs(self, base: str = "", without: tuple[str, ...] = ()) -> dict[str, str]:
        """Input and name of the variable, for the credentials that were kept under a name."""
        lead, tail = self._around(base)
        return {
            key: "_".join(part for part in (lead, word, tail) if part)
            for key, word in self._sign_in.inputs
            if key not in without
        }

    def _around(self, base: str) -> tuple[str, str]:
        match = re.fullmatch(r"(?i)(.*?)_?(?:credentials?|creds?)_?(.*)", base)
        if not base or (match and not match[1] and not match[2]):
            return self._sign_in.prefix, ""
        if match is None:
            return base, ""
        return match[1] or self._sign_in.prefix, match[2]


def step_move(workflow: Workflow, job: Job, step: Step, rule: Rule, sign_in: SignIn, names: Names) -> Move | None:
    """The move of a step that shows a rule about steps."""
    change = rule.step
    assert change is not None
    secrets = [step.inputs[name] for name in change.secrets if name in step.inputs]
    if step.action not in change.uses or not secrets or not _fits(workflow, job, step, change):
        return None
    key, value = secrets[0]
    move = Move(rule, workflow, [job], span_of(step.members["uses"][1]), f"`{step.action}` signs in with `{key.value}`")
    move.step, move.signs_in, move.needs_sign_in = step, change.signs_in, not change.signs_in
    missing = [name for name in change.needs if name not in step.inputs]
    if missing:
        move.problems.append(f"`{missing[0]}` is not given: without `{key.value}` the step has to be told")
    secrets += [step.inputs[name] for name in change.drops if name in step.inputs]
    move.gone = [found for _, node in secrets for found in references(word(node))]
    known = (reference(word(node)) for _, node in secrets)
    move.reads = [found.name for found in known if found is not None and found.where == "env"]
    try:
        if change.signs_in:
            _sign_in_step(move, step, key, value, sign_in, names)
        elif change.run:
            _become_command(move, step, change)
        else:
            move.edits += _without(workflow, step, {*change.secrets, *change.drops})
    except NotOnLines:
        move.problems.append(IN_BRACES)
    return move


def _fits(workflow: Workflow, job: Job, step: Step, change: StepChange) -> bool:
    given = [(step.inputs[name], pattern) for name, pattern in change.when if name in step.inputs]
    if change.when and not given:
        return False
    return all(re.search(pattern, workflow.resolved(job, step, word(value))) for (_, value), pattern in given)


def references(text: str) -> list[Reference]:
    return [Reference("secrets", name) for name in _SECRET.findall(text)]


# -- the step that signs in --------------------------------------------------------------------------------------------


def _sign_in_step(move: Move, step: Step, key: Any, value: Any, sign_in: SignIn, names: Names) -> None:
    whole = reference(word(value))
    parts = _parts(word(value), sign_in)
    free = step.inputs.get("allow-no-subscriptions")
    without = ("subscription-id",) if free is not None and word(free[1]).lower() == "true" else ()
    if parts is not None:
        wanted = {name: text for name, text in parts.items() if text}
    elif whole is not None and whole.where == "secrets":
        wanted = {name: names.value(found) for name, found in names.inputs(whole.name, without).items()}
        move.settings += [(name, found) for name, found in names.inputs(whole.name, without).items()]
    else:
        move.problems.append(f"`{key.value}` comes from an expression that mi-lint does not follow")
        return
    file = move.workflow.file
    wanted = {name: text for name, text in wanted.items() if name not in step.inputs}
    span = member_span(file, key, value)
    margin = margin_of(file, key)
    move.edits.append(TextEdit(span, lines(file, margin, [f"{name}: {plain(text)}" for name, text in wanted.items()])))
    move.edits += _raised(move, step, sign_in)


def _parts(text: str, sign_in: SignIn) -> dict[str, str] | None:
    """The inputs, from credentials that are put together in the workflow as JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    parts = {}
    for name, _ in sign_in.inputs:
        first, *others = name.split("-")
        value = found.get(first + "".join(other.capitalize() for other in others))
        parts[name] = value if isinstance(value, str) else ""
    return parts if any(parts.values()) else None


def _raised(move: Move, step: Step, sign_in: SignIn) -> Iterator[TextEdit]:
    """The version that takes tokens, where the step asks for one before it."""
    node = step.members["uses"][1]
    version = step.uses.partition("@")[2]
    least = int(sign_in.version.lstrip("v"))
    number = re.match(r"v?(\d+)(?![0-9a-f]{5})", version)
    if re.fullmatch(r"[0-9a-f]{40}", version):
        move.notes.append(f"`{step.action}` is pinned to a commit: see that it is one of {sign_in.version} or later")
    elif number is not None and int(number[1]) < least:
        start = move.workflow.file.text.index("@", node.start_mark.index) + 1
        yield TextEdit(Span(start, start + len(version)), sign_in.version)


# -- steps that only need a sign-in before them ------------------------------------------------------------------------


def _without(workflow: Workflow, step: Step, names: set[str]) -> list[TextEdit]:
    """Take inputs away; the last one takes `with:` along."""
    inputs = step.inputs
    if not inputs.keys() - names:
        return [TextEdit(member_span(workflow.file, *step.members["with"]), "")]
    if step.members["with"][1].flow_style:
        raise NotOnLines
    return [TextEdit(member_span(workflow.file, *inputs[name]), "") for name in inputs if name in names]


def _become_command(move: Move, step: Step, change: StepChange) -> None:
    def value(match: re.Match[str]) -> str:
        found = [word(step.inputs[name][1]) for name in match[1].split("|") if name in step.inputs]
        text = found[0] if found else ""
        return text if "${{" in text else re.sub(change.strips, "", text) if change.strips else text

    command = re.sub(r"\{([\w|-]+)\}", value, change.run)
    file = move.workflow.file
    key, node = step.members["uses"]
    end = line_end(file, node.end_mark.index)
    written = Span(key.start_mark.index, node.end_mark.index)
    if re.search(r"[\"'`\\;&<>()]|\$(?!\{\{)", re.sub(r"\$\{\{.*?\}\}", "", command)):
        raise NotOnLines
    move.edits.append(TextEdit(written, f"run: {plain(command)}"))
    if "#" in file.text[node.end_mark.index : end]:  # the version that was meant
        move.edits.append(TextEdit(Span(node.end_mark.index, len(file.text[:end].rstrip())), ""))
    move.edits.append(TextEdit(member_span(file, *step.members["with"]), ""))
