"""Commands in scripts that sign in with a secret: what they become, file by file, or why they cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mi_lint.commands.matching import Match, Variables, changed, matched, option, variable
from mi_lint.commands.model import Command, NotUnderstood
from mi_lint.config_rules import ConfigPlan, ConfigUse, config_plan, rules_with
from mi_lint.edits import TextEdit, place_of
from mi_lint.errors import SourceError
from mi_lint.findings import Applicability, Precondition
from mi_lint.identity import Options
from mi_lint.rulebook.config_model import SignIn
from mi_lint.rulebook.model import Rule
from mi_lint.scripts.gitlab import give_token
from mi_lint.scripts.leftovers import VARIABLE, dead_assignments, other_reads
from mi_lint.scripts.places import Script, kind_of, scripts_in
from mi_lint.secrets.placeholders import is_placeholder
from mi_lint.settings.yaml_scalars import items, pairs, word
from mi_lint.textfile import Span, TextFile
from mi_lint.workflows.lines import NotOnLines
from mi_lint.workspace import Workspace

_CI = ("github", "gitlab", "azure-pipelines")
_PRODUCERS = ("echo", "printf", "cat", "az")
_PROSE = (".md", ".rst", ".txt", ".html", ".adoc")
_NOT_EXACT = "the script is folded or quoted: write it as a block (`|`)"


@dataclass(slots=True, eq=False)
class _Found:
    """A command that shows a rule. `edits` are what it becomes, unless `problem` says why not."""

    rule: Rule
    script: Script
    match: Match
    problem: str = ""
    edits: list[TextEdit] = field(default_factory=list)

    @property
    def use(self) -> ConfigUse:
        command = self.match.command
        name = " ".join(word.text for word in command.words[: self.match.leading]) or self.match.label
        span = command.span if self.script.exact else self.script.span
        shown = f"`{name}` gets a secret" + (f" by `{self.match.label}`" if name != self.match.label else "")
        return ConfigUse(self.rule, place_of(self.script.file, span), shown)


def script_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """For each file and rule a plan for the commands that move, and one for each that cannot."""
    rules = [rule for rule in rules_with(workspace, lambda rule: rule.command is not None) if options.selects(rule)]
    for path in sorted(workspace.files) if rules else ():
        kind = kind_of(path)
        known = [rule for rule in rules if rule.command and kind in (*rule.command.places, *rule.command.reports)]
        known = [rule for rule in known if not (kind == "github" and rule.command and rule.command.client)]
        lower = workspace.files[path].lower() if known else b""
        known = [rule for rule in known if any(w.lower().encode() in lower for _, ws in rule.words for w in ws)]
        if not known:
            continue
        try:
            file = workspace.text(path)
            scripts = list(scripts_in(file, kind))
        except (SourceError, RecursionError):
            continue
        for rule in known:
            yield from _plans(workspace, options, file, rule, scripts)


def _plans(
    workspace: Workspace, options: Options, file: TextFile, rule: Rule, scripts: list[Script]
) -> Iterator[ConfigPlan]:
    assert rule.command is not None
    found = []
    for script in scripts:
        matches = [m for command in script.commands if (m := matched(command, rule.command)) is not None]
        if rule.command.variables and not re.search(rule.command.about, file.text):
            continue
        found += [_Found(rule, script, match) for match in matches if not _is_sample(match.secret.value)]
    for one in found:
        _change(workspace, options, one)
    for one in found:
        if one.problem:
            plan = config_plan(rule, file, one.script.span, "")
            plan.uses = [one.use]
            plan.problem(None, one.problem)
            yield plan
    going = [one for one in found if not one.problem]
    if going:
        yield _together(workspace, file, rule, going)


def _is_sample(text: str) -> bool:
    """Whether a value only stands for a secret; one that is taken from a variable does not."""
    return bool(text) and "$" not in text and is_placeholder(text)


def _together(workspace: Workspace, file: TextFile, rule: Rule, going: list[_Found]) -> ConfigPlan:
    plan = config_plan(rule, file, going[0].script.span, "")
    plan.uses = [one.use for one in going]
    edits = [edit for one in going for edit in one.edits]
    plan.edit_file(file.path, *edits)
    assert rule.command is not None
    scripts = list({id(one.script): one.script for one in going}.values())
    if scripts[0].kind == "script":
        gone, stay = dead_assignments(file, scripts[0].commands, edits, rule.command.sources)
        plan.edit_file(file.path, *gone)
        for name in stay:
            plan.note(f"{name} is still set in {file.path}, and nothing there reads it: remove it if nothing else does")
    sign_in = workspace.known.sign_ins.get(scripts[0].kind)
    if sign_in is not None and rule.command.client:
        plan.preconditions += [Precondition("manual", text) for text in (*sign_in.asks, sign_in.trust)]
        plan.preconditions += [Precondition("later", text) for text in sign_in.deletes]
    return plan


# -- one command -------------------------------------------------------------------------------------------------------


def _change(workspace: Workspace, options: Options, found: _Found) -> None:
    change, script = found.match.change, found.script
    only_told = found.rule.applicability is Applicability.MANUAL or script.kind in change.reports
    if only_told or not change.rewrites:
        found.problem = found.rule.advice or found.rule.summary
        return
    reason = next((why for pattern, why in change.unless if re.search(pattern, script.file.text)), "")
    reason = reason or ("" if script.exact else _NOT_EXACT) or _where_it_runs(workspace, script, found.match)
    found.problem = reason or (other_reads(script, found.match) if change.client and script.kind == "script" else "")
    if found.problem:
        return
    try:
        facts, extra = _facts(options, found)
        edits = [TextEdit(span, text) for span, text in changed(found.match, options.identity, facts)]
        found.edits = [*edits, *extra]
        if change.becomes:
            found.edits = [_without_producer(found, found.edits[0])]
        if change.variables:
            _check_readers(workspace, found)
        if script.kind == "gitlab" and change.client:
            found.edits += give_token(script, workspace.known.sign_ins["gitlab"])
    except (NotUnderstood, NotOnLines) as error:
        found.problem = str(error) or found.rule.advice


def _without_producer(found: _Found, edit: TextEdit) -> TextEdit:
    """A command that reads its secret from a pipe takes the one along that writes it."""
    command = found.match.command
    if command.lead != "|":
        return edit
    before = [c for c in found.script.commands if not c.nested and c.span.end <= command.span.start]
    if not before or before[-1].lead == "|" or not before[-1].words or before[-1].words[0].text not in _PRODUCERS:
        raise NotUnderstood("its secret comes from a pipe that mi-lint does not follow")
    return TextEdit(Span(before[-1].span.start, edit.span.end), edit.text)


def _check_readers(workspace: Workspace, found: _Found) -> None:
    """A variable that gets another name must not be read by anything but programs that take both."""
    name = found.match.label
    if any(edit.text.startswith(f"{name}=") for edit in found.edits):
        return
    pattern = re.compile(rb"(?<![A-Za-z0-9_])" + name.encode() + rb"(?![A-Za-z0-9_=])")
    for path, data in sorted(workspace.files.items()):
        match = None if path.lower().endswith(_PROSE) else pattern.search(data)
        if match is not None:
            line = data.count(b"\n", 0, match.start()) + 1
            raise NotUnderstood(f"{name} is read at {path}:{line}: let that sign in without it first")


def _where_it_runs(workspace: Workspace, script: Script, match: Match) -> str:
    """Why a managed identity cannot be there; empty if it may be."""
    if script.kind == "github":
        return (
            ""
            if _is_signed_in(script, workspace.known.sign_ins.get("github"))
            else ("no step before it signs in: add one, without a secret")
        )
    if script.kind != "script" or not match.change.client:
        return ""
    name = script.file.path.rpartition("/")[2].encode()
    for path, data in sorted(workspace.files.items()):
        if kind_of(path) in _CI and name in data:
            line = data.count(b"\n", 0, data.index(name)) + 1
            return f"{path}:{line} runs it, where there is no managed identity: sign in there, and take the command out"
    for name in VARIABLE.findall(match.secret.value):
        given = re.compile(rb"(?m)^[ \t-]*" + name.encode() + rb"[ \t]*:[ \t]*[\"']?(?:\$\(|\$\{\{)")
        for path, data in sorted(workspace.files.items()):
            told = given.search(data) if path.endswith((".yml", ".yaml")) and name.encode() in data else None
            if told is not None:
                line = data.count(b"\n", 0, told.start()) + 1
                told_by = f"{path}:{line} gives it {name} in a pipeline"
                return f"{told_by}, where there is no managed identity: sign in there, and take the command out"
    return ""


def _is_signed_in(script: Script, sign_in: SignIn | None) -> bool:
    """Whether a step of the job before the script signs in."""
    steps = next(
        (value for node in reversed(script.around) for key, value in pairs(node) if key.value == "steps"), None
    )
    for step in items(steps):
        if step is script.around[-1]:
            return False
        uses = next((word(value) for key, value in pairs(step) if key.value == "uses"), "")
        if sign_in is not None and uses.lower().partition("@")[0] == sign_in.action:
            return True
    return False


def _facts(options: Options, found: _Found) -> tuple[dict[str, str], list[TextEdit]]:
    """What the new text is made of; and where the account has to be named besides, that."""
    match, change = found.match, found.match.change
    facts = {key: value for key, value in (match.about.groupdict() if match.about else {}).items() if value}
    facts["client_id"] = options.client_id or f'"${options.client_id_setting or "AZURE_CLIENT_ID"}"'
    if not change.account or match.option(change.account) is not None:
        return facts, []
    variables = Variables.of(found.script.commands)
    if change.account_variable in variables.texts:
        return facts, []
    account = _account(found, variables)
    if not account:
        raise NotUnderstood(f"nothing says the account: add `{change.account}`")
    end = match.command.words[match.leading - 1].span.end
    return facts, [TextEdit(Span(end, end), f" {change.account} {account}")]


def _account(found: _Found, variables: Variables) -> str:
    """The account, from the connection string itself or from the command whose output it is."""
    change = found.match.change
    text = found.match.secret.value
    name = variable(text)
    known = variables.value(text)
    part = re.search(rf"(?i)(?:^|;)\s*{re.escape(change.account_part)}=([a-z0-9]+)(?:;|$)", known)
    if change.account_part and part is not None:
        return part[1]
    if name is None or not change.sources:
        return ""
    holder = variables.commands.get(name)
    source = _source(found.script.commands, holder, change.sources) if holder is not None else None
    given = option(source.words, change.account_sources) if source is not None else None
    if given is None or name in variables.several:
        return ""
    raw = found.script.file.text[given.words[-1].span.start : given.words[-1].span.end]
    return raw if len(given.words) == 2 else raw.partition("=")[2]


def _source(commands: list[Command], holder: Command, pattern: str) -> Command | None:
    """The command inside of an assignment whose output is the value."""
    inside = [c for c in commands if c.nested and holder.span.start <= c.span.start < holder.span.end]
    return next((c for c in inside if re.match(pattern, " ".join(word.text for word in c.words))), None)
