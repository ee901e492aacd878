"""A walk through the entries of a baseline on the terminal: look at each, and say what it is."""

from __future__ import annotations

from dataclasses import replace

import click

from mi_lint.baseline import LABELS, Baseline, Entry
from mi_lint.cli.scan import Scan
from mi_lint.findings import Finding
from mi_lint.report.snippet import snippet
from mi_lint.report.style import Style, style_for

_KEYS = {"t": "to-fix", "a": "accepted", "f": "false-positive", "u": LABELS[0]}
_QUESTION = "[t]o fix, [a]ccepted, [f]alse positive, [u]nreviewed, [n]ote, [s]kip, [b]ack, [q]uit"


def walk(baseline: Baseline, scan: Scan, everything: bool = False) -> list[Entry]:
    """The entries with the labels that were given. Quitting keeps what was said so far."""
    entries = dict(baseline.entries)
    found = {finding.fingerprint: finding for finding in scan.findings}
    chosen = [e.id for e in entries.values() if everything or e.label == LABELS[0]]
    if not chosen:
        click.echo("Every entry has a label; --all goes through them again.", err=True)
    style, at = style_for("auto"), 0
    while at < len(chosen):
        entry = entries[chosen[at]]
        click.echo(f"\n({at + 1} of {len(chosen)}) " + _shown(entry, found.get(entry.id), scan, style))
        answer = click.prompt(_QUESTION, default="s", show_default=False, err=True).strip().lower()[:1]
        if answer == "q":
            break
        if answer == "n":
            note = click.prompt("note", default=entry.note, err=True)
            entries[entry.id] = replace(entry, note=note)
        elif answer == "b":
            at = max(0, at - 1)
        elif answer == "s":
            at += 1
        elif answer in _KEYS:
            entries[entry.id] = replace(entry, label=_KEYS[answer])
            at += 1
        else:
            click.echo(f"'{answer}' means nothing here", err=True)
    return list(entries.values())


def _shown(entry: Entry, finding: Finding | None, scan: Scan, style: Style) -> str:
    """One entry with its source lines; secrets are hidden in them."""
    head = f"{entry.rule} {entry.name}, {entry.label}" + (f": {entry.note}" if entry.note else "")
    places = [f"  {path}:{line}" for path, line in entry.places]
    if finding is None:
        return "\n".join([head, *places, "  (not found any more; `mi-lint baseline update` drops it)"])
    redactor = scan.report().redactor
    file = scan.sources.get(finding.place.path)
    lines = snippet(file, finding.place, redactor, style) if file else []
    return "\n".join([head, f"  {redactor.prose(finding.message)}", *places, *lines])
