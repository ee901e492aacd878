"""What the page of a rule says about pipelines, scripts and policies: where it shows, and what takes its place."""

from __future__ import annotations

from mi_lint.rulebook.config_model import CommandChange, Mention, PolicyChange, StepChange, VariableChange
from mi_lint.rulebook.model import Rule

_PLACES = {
    "script": "shell scripts",
    "powershell": "PowerShell scripts",
    "dockerfile": "`RUN` of a Dockerfile",
    "github": "workflows of GitHub",
    "gitlab": "GitLab CI",
    "azure-pipelines": "Azure Pipelines",
}
_WAYS = {"system": "with a system-assigned identity", "user": "with a user-assigned identity"}


def places_of(rule: Rule) -> str:
    """A list of the places; empty for a rule about anything else."""
    lines: list[str] = []
    lines += _step(rule.step) if rule.step is not None else []
    lines += _variable(rule.variable) if rule.variable is not None else []
    lines += _command(rule.command) if rule.command is not None else []
    lines += _mention(rule.mention) if rule.mention is not None else []
    lines += _policy(rule.policy) if rule.policy is not None else []
    return "\n".join(f"- {line}" for line in lines)


def _step(change: StepChange) -> list[str]:
    lines = [f"Steps with {_or(change.uses)} and the input {_or(change.secrets)}"]
    lines += [f"Only where `{name}`, as far as it is known, matches `{pattern}`" for name, pattern in change.when]
    if change.run:
        lines.append(f"The step becomes `{change.run}`")
    if not change.signs_in:
        lines.append("A step that signs in is put before it where there is none")
    return [*lines, "The job gets the right to a token; the rights that it had are restated"]


def _variable(change: VariableChange) -> list[str]:
    name, value = change.sets
    return [
        f"{_or(change.names)} in `env` of a workflow, a job or a step becomes `{name}: {value}`",
        "The jobs that use it get the right to a token; the rights that they had are restated",
    ]


def _command(change: CommandChange) -> list[str]:
    shown = [f"`{names.replace('|', '` or `')}`" for names, _ in change.secrets]
    what = " or ".join([*shown, *(f"`{name}=`" for name in change.variables)])
    needs = f" and {_or(change.needs)}" if change.needs else ""
    places = ", ".join(_PLACES[place] for place in (*change.places, *change.reports))
    lines = [f"`{change.name}` with {what}{needs}, in {places}"]
    if change.about:
        lines.append(f"Only where a word of the command matches `{change.about}`")
    if change.drops:
        lines.append(f"Without {', '.join('`' + names.replace('|', '`/`') + '`' for names in change.drops)}")
    lines += [f"`{text}` is added {_WAYS[way]}" for way, text in change.adds]
    lines += [f"`{names.replace('|', '`/`')}` becomes `{text}`" for names, text in change.swaps]
    if change.becomes:
        lines.append(f"The command becomes `{change.becomes}`")
    return lines


def _mention(change: Mention) -> list[str]:
    where = f" in files that match `{change.files}`" if change.files else ""
    return [f"Text that matches `{change.pattern}`{where}"]


def _policy(change: PolicyChange) -> list[str]:
    lines = [f"`{change.element}` for the header {_or(change.headers)} with a named value"]
    return [*lines, f"It becomes `{change.becomes}`"] if change.becomes else lines


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(f"`{word}`" for word in words)
