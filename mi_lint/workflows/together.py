"""What the moves of workflows that belong together need beside themselves: sign-ins, rights, and secrets that go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mi_lint.edits import TextEdit, apply
from mi_lint.findings import Applicability, Precondition
from mi_lint.rulebook.config_model import SignIn
from mi_lint.settings.yaml_scalars import pairs, word
from mi_lint.workflows.calls import Calls, declared, not_passed, undeclared
from mi_lint.workflows.lines import NotOnLines, above, inserted, item_span, lines, member_span, plain
from mi_lint.workflows.model import Job, Step, Workflow
from mi_lint.workflows.moves import IN_BRACES, Move, Names, references
from mi_lint.workflows.permissions import Wanted, grant, granted, has, union
from mi_lint.workflows.subjects import subjects


@dataclass(slots=True, eq=False)
class Group:
    """Workflows that call each other, and their moves. `everything` are all workflows of the repository."""

    members: list[Workflow]
    moves: list[Move]
    everything: list[Workflow]
    calls: Calls
    sign_in: SignIn
    names: Names
    edits: dict[str, list[TextEdit]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)  # name of a variable -> input that it is for

    @property
    def going(self) -> list[Move]:
        return [m for m in self.moves if not m.problems and m.rule.applicability is not Applicability.MANUAL]

    def settle(self) -> None:
        """Decide which moves go, and collect their edits with all that belongs to them."""
        for move in self.going:
            self._check_secrets(move)
        for move in self.going:
            try:
                self._check_lines(move)
            except NotOnLines:
                move.problems.append(IN_BRACES)
        for move in self.going:
            self._edit(move.workflow, *move.edits)
            self.settings.update((found, name) for name, found in move.settings)
        for workflow in self.members:
            for job in workflow.jobs:
                self._sign_in_before(workflow, job)
                if "container" in job.members and any(job in move.jobs for move in self.going):
                    self.notes.append(f"{workflow.name}: the image of job {job.name} has to hold the Azure CLI")
        try:
            self._drop_variables()
            self._grant_all()
            self._drop_declared()
            self._note_forks()
        except NotOnLines:
            self.problems.append("the permissions of a job cannot be written where they belong: add `id-token: write`")
        except ValueError:
            self.edits.clear()
            self.problems.append("its edits overlap with each other")

    def _edit(self, workflow: Workflow, *edits: TextEdit) -> None:
        known = self.edits.setdefault(workflow.path, [])
        known.extend(edit for edit in edits if edit not in known)

    # -- the secrets ---------------------------------------------------------------------------------------------------

    def _check_secrets(self, move: Move) -> None:
        for name in {found.name for found in move.gone}:
            reader = self._reader_of_parts(name)
            if reader:
                move.problems.append(f"{reader} reads parts of {name}: give them variables of their own")
            outer = {call.passed(name) for call in self.calls.of(move.workflow)}
            known = declared(move.workflow, name) is not None and move.signs_in
            if known and len(outer) > 1 and not any(job.environment for job in move.jobs):
                move.problems.append(f"callers pass different secrets as {name}: give the job an environment for each")

    def _reader_of_parts(self, name: str) -> str:
        for workflow in self.everything:
            match = re.search(rf"(?i)fromJSON\(\s*secrets\.{re.escape(name)}\s*\)", workflow.file.text)
            if match is not None:
                return f"{workflow.path}:{workflow.file.line_column(match.start())[0]}"
        return ""

    def _check_lines(self, move: Move) -> None:
        if move.needs_sign_in and move.step is not None:
            item_span(move.workflow.file, move.step.node)

    def left(self, name: str) -> str:
        """Where a secret is still named after the change; empty if nowhere."""
        for workflow in self.everything:
            text = apply(workflow.file.text, self.edits.get(workflow.path, ()))
            match = re.search(rf"secrets\.{re.escape(name)}(?!\w)", text)
            if match is not None:
                return f"{workflow.path}"
        return ""

    def _drop_declared(self) -> None:
        """Secrets that callers passed for nothing else are not passed any more."""
        for workflow in self.members:
            own = {found.name for move in self.going if move.workflow is workflow for found in move.gone}
            text = apply(workflow.file.text, self.edits.get(workflow.path, ()))
            names = {n for n in own if declared(workflow, n) and not re.search(rf"secrets\.{re.escape(n)}(?!\w)", text)}
            if not names:
                continue
            self._edit(workflow, *undeclared(workflow, names))
            for call in self.calls.of(workflow):
                self._edit(call.workflow, *not_passed(call, names))
            told = f"{workflow.name} takes no {', '.join(sorted(names))} any more"
            self.notes.append(f"{told}: callers in other repositories must not pass it")

    def _drop_variables(self) -> None:
        """Variables that took a secret for what is gone, and that nothing else in the workflow names."""
        for workflow in self.members:
            moves = [move for move in self.going if move.workflow is workflow]
            text = apply(workflow.file.text, self.edits.get(workflow.path, ()))
            names = {name for move in moves for name in move.reads if _named_once(text, name)}
            for members in (workflow.members, *(job.members for job in workflow.jobs)):
                with suppress(NotOnLines):
                    self._drop_from(moves, members, names)

    def _drop_from(self, moves: list[Move], members: dict[str, tuple[Any, Any]], names: set[str]) -> None:
        entries = pairs(members["env"][1]) if "env" in members else []
        gone = [(key, value) for key, value in entries if key.value in names and references(word(value))]
        if not gone:
            return
        workflow = moves[0].workflow
        spans = [
            member_span(workflow.file, *entry) for entry in (gone if len(gone) < len(entries) else [members["env"]])
        ]
        self._edit(workflow, *(TextEdit(span, "") for span in spans))
        moves[0].gone += [found for _, value in gone for found in references(word(value))]

    # -- signing in ----------------------------------------------------------------------------------------------------

    def _sign_in_before(self, workflow: Workflow, job: Job) -> None:
        needing = [m for m in self.going if m.workflow is workflow and job in m.jobs and m.needs_sign_in and m.step]
        needing.sort(key=lambda move: move.step.number if move.step else 0)
        if not needing or not needing[0].step:
            return
        first = needing[0].step
        changed = [m.step for m in self.going if m.signs_in and m.workflow is workflow]
        before = [step for step in job.steps[: first.number] if step.action == self.sign_in.action or step in changed]
        if before:
            return
        conditions = {move.step.text("if") for move in needing if move.step}
        values = next((move.values for move in needing if move.values), None)
        if values is None:
            inputs = self.names.inputs()
            values = {name: self.names.value(found) for name, found in inputs.items()}
            self.settings.update((found, name) for name, found in inputs.items())
        self._edit(workflow, self._new_step(workflow, first, values, conditions.pop() if len(conditions) == 1 else ""))

    def _new_step(self, workflow: Workflow, step: Step, values: dict[str, str], condition: str) -> TextEdit:
        file = workflow.file
        span = item_span(file, step.node)
        dash = file.text[span.start : step.node.start_mark.index]
        margin = dash[: dash.index("-")]
        inner = " " * step.node.start_mark.column
        start = above(file, span.start, margin)
        texts = ["name: Sign in to Azure"] if "name" in step.members else []
        if condition:
            key, value = step.members["if"]
            texts.append(file.text[key.start_mark.index : value.end_mark.index].strip())
        texts += [f"uses: {self.sign_in.action}@{self.sign_in.version}", "with:"]
        texts += [f"  {name}: {plain(text)}" for name, text in values.items()]
        new = dash + lines(file, inner, texts)[len(inner) :]
        line = file.line_column(start)[0]
        if step.number and not file.line_text(line - 1).strip():
            new += file.newline
        return inserted(file, start, new)

    # -- rights --------------------------------------------------------------------------------------------------------

    def _grant_all(self) -> None:
        """The right to a token for each job that signs in, and for each that calls a workflow with such a job."""
        token = {self.sign_in.permission: "write"}
        wanted: dict[tuple[str, str], Wanted] = {}
        for move in self.going:
            for job in move.jobs:
                wanted[move.workflow.path, job.name] = dict(token)
        while True:
            more = {}
            for workflow in self.members:
                own = {name: rights for (path, name), rights in wanted.items() if path == workflow.path}
                for call in self.calls.of(workflow) if own else ():
                    rights = union(workflow, self.sign_in, own)
                    if wanted.get((call.workflow.path, call.job.name)) != rights:
                        more[call.workflow.path, call.job.name] = rights
            if not more:
                break
            wanted.update(more)
        for workflow in self.members:
            for job in workflow.jobs:
                if (workflow.path, job.name) in wanted:
                    alone = all((workflow.path, other.name) in wanted for other in workflow.jobs)
                    self._grant(workflow, job, wanted[workflow.path, job.name], alone)

    def _grant(self, workflow: Workflow, job: Job, rights: Wanted, alone: bool) -> None:
        if job.uses and has(granted(workflow, job), rights):
            return
        edits, line = grant(workflow, job, self.sign_in, rights, alone)
        self._edit(workflow, *edits)
        if line:
            told = f"{workflow.name}:{line} uses the token of the job"
            self.notes.append(f"{told}: add to `permissions` what it needs beside `contents`")

    # -- what a person has to do ---------------------------------------------------------------------------------------

    def conditions(self) -> Iterator[Precondition]:
        for ask in self.sign_in.asks:
            yield Precondition("manual", ask)
        for name, purpose in self.settings.items():
            where = "secret" if "secrets." in self.names.value(name) else "variable"
            text = f"the {where} {name} of the repository holds the {purpose.replace('-', ' ')} to sign in with"
            yield Precondition("manual", text, (("name", name),))
        for subject in self._subjects():
            yield Precondition("manual", self.sign_in.trust.replace("{subject}", subject), (("subject", subject),))
        for name in sorted({found.name for move in self.going for found in move.gone}):
            where = self.left(name)
            told = f"{where} still uses it: keep it until that has moved"
            told = told if where else "delete it in the settings, and the credential that it holds"
            yield Precondition("later", f"the secret {name} of the repository: {told}", (("secret", name),))

    def _note_forks(self) -> None:
        """Requests from other repositories get no token."""
        starts = [start for move in self.going for start in self.calls.starts(move.workflow)]
        if self.sign_in.forks and any("pull_request" in start.triggers for start in starts):
            self.notes.append(self.sign_in.forks)

    def _subjects(self) -> list[str]:
        found: dict[str, None] = {}
        for move in self.going:
            for start in self.calls.starts(move.workflow):
                for job in move.jobs:
                    found.update(dict.fromkeys(subjects(start, job, self.sign_in)))
        return list(found)


def _named_once(text: str, name: str) -> bool:
    """Whether a variable is only named where it is set."""
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text.replace(f"secrets.{name}", ""))) == 1
