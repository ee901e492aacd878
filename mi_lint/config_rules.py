"""Rules about files that are no code: what they sign in with, and what takes its place, without any call in Python.

A strategy reads one kind of file and yields plans. A plan has the places where its rule shows in `uses`, all of which
move together, and the edits in `files`; what a person has to know is a problem or a note, as for any other plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from mi_lint.change import Plan
from mi_lint.edits import place_of
from mi_lint.findings import Applicability, Place, Precondition
from mi_lint.identity import Options
from mi_lint.link import Connection
from mi_lint.rulebook.model import Rule
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

Strategy = Callable[[Workspace, Options], Iterable["ConfigPlan"]]


@dataclass(frozen=True, slots=True, eq=False)
class ConfigUse:
    """A place where a rule shows. `message` tells what was seen; it holds no secret, and no place in the file.

    `order` counts the uses of one rule with one message in a file.
    """

    rule: Rule
    place: Place
    message: str
    order: int = 0

    @property
    def kind(self) -> tuple[str, ...]:
        """The same as long as lines only move; uses of one kind differ in their order."""
        return self.rule.id, self.place.path, self.message


@dataclass(slots=True, eq=False)
class ConfigPlan(Plan):
    """Places in files that are no code, which move together; there are no calls to change."""

    uses: list[ConfigUse] = field(default_factory=list)


def config_plan(rule: Rule, file: TextFile, span: Span, message: str) -> ConfigPlan:
    """A plan with one use, which gets its edits, problems and notes from its strategy."""
    plan = ConfigPlan(Connection(""), uses=[ConfigUse(rule, place_of(file, span), message)], limit=rule.applicability)
    if rule.applicability is Applicability.MANUAL:
        plan.problem(None, rule.advice or rule.summary)
    elif rule.traps:
        plan.note(rule.traps[0])
    return plan


def uses_in_files(plan: Plan) -> list[ConfigUse]:
    return plan.uses if isinstance(plan, ConfigPlan) else []


def config_plans(workspace: Workspace, options: Options, strategies: Iterable[Strategy]) -> Iterator[ConfigPlan]:
    """The plans of all strategies, for the rules that the run is asked for."""
    seen: Counter[tuple[str, ...]] = Counter()
    number = 0
    for strategy in strategies:
        for plan in strategy(workspace, options):
            plan.uses = [use for use in plan.uses if options.selects(use.rule)]
            if not plan.uses:
                continue
            number += 1
            plan.connection = Connection(f"F{number}")
            for index, use in enumerate(plan.uses):
                plan.uses[index] = replace(use, order=seen[use.kind])
                seen[use.kind] += 1
            _roles(workspace, plan)
            yield plan


def rules_with(workspace: Workspace, has: Callable[[Rule], bool]) -> list[Rule]:
    """The rules of all packs that a strategy is for, in the order of the packs."""
    return [rule for pack in workspace.known.packs.values() for rule in pack.rules if has(rule)]


def _roles(workspace: Workspace, plan: ConfigPlan) -> None:
    for use in plan.uses:
        pack = workspace.known.pack(use.rule)
        role = dict(pack.roles).get(use.rule.role)
        if role is not None:
            text = f"the identity needs the role '{role.name}' on the {role.resource or f'{pack.title} resource'}"
            data = (("name", role.name), ("id", role.id), ("kind", role.kind), ("service", pack.service))
            found = Precondition("role", text, data)
            if found not in plan.preconditions:
                plan.preconditions.append(found)
