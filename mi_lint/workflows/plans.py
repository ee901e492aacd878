"""Workflows of a repository: all that moves in those that call each other is one change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.config_rules import ConfigPlan, ConfigUse, config_plan, rules_with
from mi_lint.edits import place_of
from mi_lint.errors import SourceError
from mi_lint.findings import Applicability
from mi_lint.identity import Options
from mi_lint.link import Connection
from mi_lint.rulebook.config_model import SignIn
from mi_lint.rulebook.model import Rule
from mi_lint.workflows.calls import Calls, called_path
from mi_lint.workflows.model import ACTION, WORKFLOW, Workflow, read_action, read_workflow
from mi_lint.workflows.moves import Move, Names, step_move
from mi_lint.workflows.scripts import script_move
from mi_lint.workflows.together import Group
from mi_lint.workflows.variables import variable_moves
from mi_lint.workspace import Workspace

PLATFORM = "github"
_IN_ACTION = "it is a step of an action, which cannot ask for a token by itself: let the workflows that use it sign in"


def workflow_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """One plan for the places that move in workflows that belong together, and one for each place that cannot."""
    rules = [rule for rule in rules_with(workspace, _concerns) if options.selects(rule)]
    sign_in = workspace.known.sign_ins.get(PLATFORM)
    texts = {path: data for path, data in workspace.files.items() if WORKFLOW.fullmatch(path) or ACTION.fullmatch(path)}
    if sign_in is None or not rules or not any(_has_word(path, data, rules) for path, data in texts.items()):
        return
    workflows = {path: found for path in sorted(texts) if (found := _read(workspace, path)) is not None}
    mentioned = {word for flow in workflows.values() for word in re.findall(r"secrets\.[A-Za-z_]\w*", flow.file.text)}
    names, calls = Names(sign_in, mentioned), Calls(workflows)
    for members in _together(workflows):
        moves = [move for flow in members for move in _moves(flow, rules, sign_in, names)]
        if moves:
            group = Group(members, moves, list(workflows.values()), calls, sign_in, names)
            group.settle()
            yield from _plans(group)


def _concerns(rule: Rule) -> bool:
    at_work = rule.command is not None and bool(rule.command.client) and PLATFORM in rule.command.places
    return rule.step is not None or rule.variable is not None or at_work


def _has_word(path: str, data: bytes, rules: list[Rule]) -> bool:
    lower = data.lower()
    return any(
        w.lower().encode() in lower for rule in rules for end, ws in rule.words if path.endswith(end) for w in ws
    )


def _read(workspace: Workspace, path: str) -> Workflow | None:
    try:
        file = workspace.text(path)
        return read_workflow(file) if WORKFLOW.fullmatch(path) else read_action(file)
    except (SourceError, RecursionError):
        return None


def _together(workflows: dict[str, Workflow]) -> list[list[Workflow]]:
    """Workflows that call each other, in groups."""
    group_of = {path: {path} for path in workflows}
    for path, workflow in workflows.items():
        for job in workflow.jobs:
            other = called_path(workflow, job)
            if other in workflows and other not in group_of[path]:
                joined = group_of[path] | group_of[other]
                group_of.update(dict.fromkeys(joined, joined))
    groups = {id(group): group for group in group_of.values()}
    return [[workflows[path] for path in sorted(group)] for group in groups.values()]


def _moves(workflow: Workflow, rules: list[Rule], sign_in: SignIn, names: Names) -> Iterator[Move]:
    seen: dict[int, Move] = {}
    for rule in rules:
        for job in workflow.jobs:
            for step in job.steps:
                read = step_move if rule.step is not None else script_move if rule.command is not None else None
                move = read(workflow, job, step, rule, sign_in, names) if read is not None else None
                if move is None:
                    continue
                known = seen.setdefault(move.span.start, move)
                if known is not move:  # an anchor: the step is one of several jobs
                    known.jobs += [job] if job not in known.jobs else []
                    continue
                if workflow.is_action:
                    move.problems.append(_IN_ACTION)
                yield move
        if rule.variable is not None and not workflow.is_action:
            yield from variable_moves(workflow, rule)


def _plans(group: Group) -> Iterator[ConfigPlan]:
    for move in group.moves:
        if move.problems or move.rule.applicability is Applicability.MANUAL:
            plan = config_plan(move.rule, move.workflow.file, move.span, move.message)
            for problem in move.problems:
                plan.problem(None, problem)
            yield plan
    going = group.going
    if not going:
        return
    uses = [ConfigUse(move.rule, place_of(move.workflow.file, move.span), move.message) for move in going]
    plan = ConfigPlan(Connection(""), uses=uses, limit=min(move.rule.applicability for move in going))
    for move in going:
        for trap in move.rule.traps[:1]:
            plan.note(trap)
        for note in move.notes:
            plan.note(f"{move.workflow.name}: {note}")
    for path, edits in group.edits.items():
        plan.edit_file(path, *edits)
    for problem in group.problems:
        plan.problem(None, problem)
    for note in group.notes:
        plan.note(note)
    plan.preconditions += group.conditions()
    yield plan
