"""The plan as a checklist in Markdown, in the order in which its steps are to be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.report.plans.model import MigrationPlan

_SPECIAL = re.compile(r"([\\`*{}\[\]<>|]|(?<!\w)_|_(?!\w))")


def markdown(plan: MigrationPlan) -> str:
    sections = [section for section in _sections(plan) if section[1]]
    lines = ["# Migration to managed identity", ""]
    if not sections:
        return "\n".join([*lines, "Nothing was found that a managed identity could replace.", ""])
    for number, (title, body) in enumerate(sections, 1):
        lines += [f"## {number}. {title}", "", *body, ""]
    return "\n".join(lines)


def _sections(plan: MigrationPlan) -> Iterator[tuple[str, list[str]]]:
    yield "Give the host an identity", list(_hosts(plan)) if plan.connections else []
    yield "Assign roles to the identity", list(_roles(plan))
    yield "Add settings where the code runs", [f"- [ ] {_code(s.name)}: {_text(s.text)}" for s in plan.settings]
    yield "Merge and deploy the change", list(_change(plan))
    yield "Check", _check(plan)
    yield "Delete settings", [f"- [ ] {_code(name)}" for name in plan.deleted]
    yield (
        "Move by hand",
        [f"- [ ] {_code(step.place)} {step.rule}: {_text(step.message)}. {_text(step.advice)}" for step in plan.manual],
    )
    yield "Turn keys off", list(_keys_off(plan))
    yield "Rotate what was written out", list(_leaks(plan))


def _hosts(plan: MigrationPlan) -> Iterator[str]:
    if plan.identity == "user":
        yield '- [ ] Create a user-assigned identity: `az identity create -g "$GROUP" -n NAME`.'
        if plan.client_id_setting:
            yield f"- [ ] Set {_code(plan.client_id_setting)} to its client id."
    for host in plan.hosts:
        yield f"- [ ] {host.title}: {_code(host.command)}"
        yield from (f"  - {_text(note)}" for note in host.notes)
    if not plan.hosts:
        yield "- [ ] Enable it on every host that runs this code; `--host NAME` shows the command."


def _roles(plan: MigrationPlan) -> Iterator[str]:
    if not plan.roles:
        return
    yield "| role | id | on |"
    yield "| --- | --- | --- |"
    for role in plan.roles:
        yield f"| {_text(role.name)} | {_code(role.id)} | {_text(role.title)} |"
    yield ""
    yield "Assign them to the object id of the identity, on the resource itself. They take up to ten minutes to arrive."


def _change(plan: MigrationPlan) -> Iterator[str]:
    for step in plan.connections:
        files = ", ".join(_code(path) for path in step.files)
        yield f"- [ ] {_text(step.title)} ({step.applicability}): {files}"
    if plan.packages:
        packages = ", ".join(_code(name) for name in plan.packages)
        yield f"- [ ] Packages: {packages}. Lock again where versions are locked."


def _check(plan: MigrationPlan) -> list[str]:
    if not plan.connections:
        return []
    return [
        "- [ ] The program works in its host, and its log shows no fallback to a key.",
        "- [ ] `mi-lint check` reports nothing that was planned here.",
    ]


def _keys_off(plan: MigrationPlan) -> Iterator[str]:
    if plan.keys_off:
        yield "A step of its own, later. Make sure first that nobody uses the keys: metrics show how clients sign in."
        yield ""
    for step in plan.keys_off:
        yield f"- [ ] {_text(step.title)}: {_code(step.command)}"
        if step.breaks:
            yield f"  - It stops {_text(step.breaks)}."


def _leaks(plan: MigrationPlan) -> Iterator[str]:
    if plan.leaks:
        yield "They stay in the history of the repository, so whoever can read that has them."
        yield ""
    for step in plan.leaks:
        places = ", ".join(_code(place) for place in step.places)
        yield f"- [ ] {_text(step.title)} at {places}. {_text(step.advice)}"


def _code(text: str) -> str:
    """Inline code that may hold backticks."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{_line(text)}{space}{fence}"


def _text(text: str) -> str:
    """Text that says in Markdown what it says plain; code in backticks stays code."""
    parts = re.split(r"(`[^`]+`)", _line(text))
    return "".join(part if re.fullmatch(r"`[^`]+`", part) else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line(text: str) -> str:
    return " ".join(text.split())
