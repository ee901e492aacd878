"""Commands in the scripts of a workflow's steps that sign in with a secret: a step that signs in takes their place."""

from __future__ import annotations

import re
from typing import Any

from mi_lint.commands.matching import Match, matched, variable
from mi_lint.commands.model import Command, NotUnderstood
from mi_lint.commands.shell import shell_commands
from mi_lint.edits import TextEdit
from mi_lint.rulebook.config_model import SignIn
from mi_lint.rulebook.model import Rule
from mi_lint.settings.yaml_scalars import inner, pairs, word
from mi_lint.textfile import Span, TextFile
from mi_lint.workflows.lines import NotOnLines, end_of, line_end, line_start, lines, margin_of, member_span, plain
from mi_lint.workflows.model import Job, Step, Workflow, span_of
from mi_lint.workflows.moves import IN_BRACES, Move, Names, references

_PART = "the command is part of another one: give it a line of its own"
_ONLY_SCRIPTS = ("run", "shell", "working-directory")


def script_span(file: TextFile, node: Any) -> Span | None:
    """Where the text of a script stands, if it stands there as the shell gets it."""
    if node.style == "|":
        start = line_end(file, node.start_mark.index)
        return Span(start, max(start, end_of(file, node)))
    raw = inner(file.text, node)
    if node.style == ">" or raw is None or file.text[raw[0].start : raw[0].end] != node.value:
        return None
    return raw[0]


def script_move(workflow: Workflow, job: Job, step: Step, rule: Rule, sign_in: SignIn, names: Names) -> Move | None:
    """The move of the first command of a step that shows a rule about commands."""
    change = rule.command
    assert change is not None
    if "run" not in step.members or "github" not in change.places:
        return None
    node = step.members["run"][1]
    span = script_span(workflow.file, node)
    text, span = (workflow.file.text, span) if span is not None else (word(node), Span(0, len(word(node))))
    try:
        commands = shell_commands(text, span)
    except NotUnderstood:
        return None
    found = next((m for m in (matched(command, change) for command in commands) if m is not None), None)
    if found is None:
        return None
    whole = text is workflow.file.text
    label = f"`{' '.join(w.text for w in found.command.words[: found.leading])}` signs in with `{found.label}`"
    place = found.command.span if whole else span_of(node)
    move = Move(rule, workflow, [job], place, label, step, needs_sign_in=True)
    move.problems += [reason for pattern, reason in change.unless if re.search(pattern, workflow.file.text)]
    move.values = _values(workflow, job, step, found, commands, sign_in, names)
    secret = _resolved(workflow, job, step, found.secret.value)
    move.gone += references(secret)
    move.reads = [name for given in found.command.words if (name := variable(given.text)) is not None]
    try:
        if not whole:
            raise NotOnLines
        _take_out(move, step, found, commands, sign_in)
    except NotOnLines:
        move.problems.append(
            IN_BRACES if not whole else "the command is part of another one: give it a line of its own"
        )
    return move


def _resolved(workflow: Workflow, job: Job, step: Step, text: str) -> str:
    name = variable(text)
    known = workflow.env(job, step, name) if name is not None else None
    return workflow.resolved(job, step, text if known is None else known)


def _values(
    workflow: Workflow, job: Job, step: Step, found: Match, commands: list[Command], sign_in: SignIn, names: Names
) -> dict[str, str]:
    """The inputs of the step that signs in, as far as the command says them."""
    change = found.change
    options = dict(zip(("client-id", "tenant-id"), (change.client, change.tenant), strict=True))
    values = {}
    for name, variable_name in names.inputs().items():
        texts = options.get(name, ())
        given = found.option("|".join(texts)) if texts else None
        text = _resolved(workflow, job, step, given.value) if given is not None else ""
        expression = re.fullmatch(r"\$\{\{[^}]*\}\}", text) is not None
        plain_text = bool(text) and not set(text) & set("$`\\(){}")
        values[name] = text if expression or plain_text else names.value(variable_name)
    return values


def _take_out(move: Move, step: Step, found: Match, commands: list[Command], sign_in: SignIn) -> None:
    file = move.workflow.file
    command = found.command
    if command.nested or command.lead not in ("\n", ";", "&&") or command.trail not in ("\n", ";", "&&"):
        raise NotOnLines
    others = [c for c in commands if c is not command and not (command.span.start <= c.span.start < command.span.end)]
    if not others:
        _become_sign_in(move, step, found, sign_in)
        return
    first = min((c.span.start for c in commands), default=command.span.start)
    start = line_start(file, command.span.start)
    same_column = file.line_column(command.span.start)[1] == file.line_column(first)[1]
    if not same_column:
        raise NotOnLines  # in a branch or a function, which may be empty without it
    rest = file.text[command.span.end : line_end(file, command.span.end)].strip()
    if command.trail == "&&" or (rest and not rest.startswith("#")):
        following = next((c for c in others if c.span.start > command.span.end), None)
        if following is None:
            raise NotOnLines
        move.edits.append(TextEdit(Span(command.span.start, following.span.start), ""))
    elif file.text[start : command.span.start].strip():
        raise NotOnLines
    else:
        move.edits.append(TextEdit(Span(start, line_end(file, command.span.end)), ""))
    _drop_variables(move, step, found, others)


def _become_sign_in(move: Move, step: Step, found: Match, sign_in: SignIn) -> None:
    """The step has no other command: it becomes the one that signs in."""
    file = move.workflow.file
    key, value = step.members["run"]
    span = member_span(file, key, value)
    margin = margin_of(file, key) if not _follows_dash(file, key) else " " * key.start_mark.column
    texts = [f"uses: {sign_in.action}@{sign_in.version}", "with:"]
    texts += [f"  {name}: {plain(text)}" for name, text in move.values.items()]
    new = lines(file, margin, texts)
    start = key.start_mark.index
    move.edits.append(TextEdit(Span(start, span.end), new[len(margin) :]))
    for name in _ONLY_SCRIPTS[1:]:
        if name in step.members:
            move.edits.append(TextEdit(member_span(file, *step.members[name]), ""))
    _drop_variables(move, step, found, [])
    move.needs_sign_in, move.signs_in = False, True


def _follows_dash(file: TextFile, key: Any) -> bool:
    return file.text[line_start(file, key.start_mark.index) : key.start_mark.index].strip() == "-"


def _drop_variables(move: Move, step: Step, found: Match, others: list[Command]) -> None:
    """Variables of the step that only the command reads go with it."""
    if "env" not in step.members:
        return
    file = move.workflow.file
    entries = pairs(step.members["env"][1])
    used = file.text[found.command.span.start : found.command.span.end]
    rest = " ".join(file.text[c.span.start : c.span.end] for c in others)
    gone = [(k, v) for k, v in entries if _names(used, k.value) and not _names(rest, k.value)]
    if not gone:
        return
    if len(gone) == len(entries):
        move.edits.append(TextEdit(member_span(file, *step.members["env"]), ""))
    else:
        move.edits += [TextEdit(member_span(file, key, value), "") for key, value in gone]


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
