"""`mi-lint migrate --interactive`: one connection after the other, with its diff, and what a person says to it.

Nothing is written here. A new name for a setting makes the plan anew, so that what is shown is what will be written.
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass, field, replace
from typing import NoReturn

import click

from mi_lint.cli.scan import Request, Scan, run_scan
from mi_lint.findings import Applicability, Finding, Fix
from mi_lint.report.diff import coloured, fix_diff
from mi_lint.report.model import Report
from mi_lint.report.style import Style, printable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HELP = """\
  y  yes: apply this one
  n  no: skip it
  r  skip it, and all further ones of this rule
  e  edit the new name of a setting, and look again
  a  apply this one and all that follow
  q  quit: apply what was accepted so far
  ?  this help
  Ctrl-C ends without writing anything."""


@dataclass(slots=True)
class Choice:
    """The scan with the names that were chosen, and the connections that were accepted."""

    scan: Scan
    accepted: set[str] = field(default_factory=set)


def fixes(scan: Scan, minimum: Applicability) -> list[Fix]:
    """One fix per connection, in the order of the findings."""
    found = {f.fix.connection: f.fix for f in reversed(scan.findings) if f.fix and f.fix.edits}
    order = dict.fromkeys(f.fix.connection for f in scan.findings if f.fix and f.fix.edits)
    return [found[name] for name in order if found[name].applicability >= minimum]


def choose(request: Request, scan: Scan, minimum: Applicability, style: Style, show_secrets: bool = False) -> Choice:
    """Ask about each connection. Quitting keeps what was accepted; an interrupt raises `click.Abort`."""
    return _Dialogue(request, Choice(scan), minimum, style, show_secrets).run()


@dataclass(slots=True)
class _Dialogue:
    request: Request
    choice: Choice
    minimum: Applicability
    style: Style
    show_secrets: bool
    skipped_rules: set[str] = field(default_factory=set)

    def run(self) -> Choice:
        order = [fix.connection for fix in fixes(self.choice.scan, self.minimum)]
        at, every = 0, False
        while at < len(order):
            fix = self._fix(order[at])
            if fix is None or self._rules(fix) & self.skipped_rules:
                at += 1
                continue
            if every:
                self.choice.accepted.add(fix.connection)
                at += 1
                continue
            self._show(fix, f"({at + 1} of {len(order)})")
            answer = self._ask(fix, f"({at + 1} of {len(order)})")
            if answer == "e":
                self._edit(fix)
                continue
            if answer == "q":
                break
            every = answer == "a"
            if answer in "ya":
                self.choice.accepted.add(fix.connection)
            if answer == "r":
                self.skipped_rules.add(self._findings(fix)[0].rule)
            at += 1
        return self.choice

    def _fix(self, connection: str) -> Fix | None:
        return next((fix for fix in fixes(self.choice.scan, self.minimum) if fix.connection == connection), None)

    def _findings(self, fix: Fix) -> list[Finding]:
        return [f for f in self.choice.scan.findings if f.fix is not None and f.fix.connection == fix.connection]

    def _rules(self, fix: Fix) -> set[str]:
        return {finding.rule for finding in self._findings(fix)}

    def _show(self, fix: Fix, position: str) -> None:
        report: Report = self.choice.scan.report(self.show_secrets)
        style, prose = self.style, report.redactor.prose
        lines = [f"\n{position} {style.paint(prose(fix.title), 'bold')} [{fix.applicability.name.lower()}]"]
        for finding in self._findings(fix):
            place = f"{report.shown(finding.place.path)}:{finding.place.line}:{finding.place.column}"
            lines += self._wrapped("  ", f"{place}: {finding.rule} {prose(finding.message)}")
            lines += [line for reason in finding.reasons for line in self._wrapped("    look: ", prose(reason))]
        lines += coloured(fix_diff(fix, self.choice.scan.sources, report.redactor, 3), style)
        conditions = [prose(condition.text) for condition in fix.preconditions]
        lines += [line for text in conditions for line in self._wrapped("  needs: ", text)]
        click.echo("\n".join(lines).encode("utf-8", "replace"), color=style.colour)

    def _wrapped(self, head: str, text: str) -> list[str]:
        width = max(self.style.width, 40) if self.style.width else 10_000
        return textwrap.wrap(
            printable(text), width, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
        )

    def _ask(self, fix: Fix, position: str) -> str:
        rule = self._findings(fix)[0].rule
        names = ", [e]dit a name" if self._settings(fix) else ""
        question = f"{position} Apply? [y]es, [n]o, skip all of this [r]ule ({rule}){names}, [a]ll, [q]uit, [?] "
        while True:
            answer = _key(question)
            if answer == "s":
                answer = "n"
            if answer == "?":
                click.echo(_HELP, err=True)
            elif answer == "e" and not names:
                click.echo("it gives no setting a new name", err=True)
            elif answer in tuple("ynreaq"):
                return answer
            else:
                click.echo(f"'{printable(answer)}' means nothing here; ? explains the keys", err=True)

    # -- names of settings -----------------------------------------------------------------------------------------

    def _settings(self, fix: Fix) -> dict[str, str]:
        """The new names of settings, with the old ones."""
        data = (dict(condition.data) for condition in fix.preconditions if condition.kind == "setting")
        return {item["name"]: item["replaces"] for item in data if item.get("replaces")}

    def _edit(self, fix: Fix) -> None:
        """Ask for another name, and plan with it."""
        found = self._settings(fix)
        for name, old in found.items():
            wanted = _line(f"new name of {old} [{name}]: ") or name
            if wanted == name:
                continue
            if not _NAME.fullmatch(wanted):
                click.echo(f"'{printable(wanted)}' is no name of a setting: letters, digits and _", err=True)
                continue
            self._rename(fix.connection, old, name, wanted)

    def _rename(self, connection: str, old: str, name: str, wanted: str) -> None:
        known = {(o, shown): conventional for o, conventional, shown in self.request.setting_names}
        proposed = known.get((old, name), name)
        others = tuple(item for item in self.request.setting_names if item[:2] != (old, proposed))
        request = replace(self.request, setting_names=(*others, (old, proposed, wanted)))
        scan = run_scan(request)
        fix = next((f for f in fixes(scan, self.minimum) if f.connection == connection), None)
        if fix is None or wanted not in self._settings(fix):
            click.echo(f"{wanted} can't be the name of this setting: it is taken, or the code fixes the name", err=True)
            return
        self.request, self.choice.scan = request, scan


def _key(question: str) -> str:
    """One key on a terminal; elsewhere the first letter of a line."""
    if not sys.stdin.isatty():
        return _line(question).lower()[:1] or "n"
    click.echo(question, nl=False, err=True)
    answer = click.getchar()
    if answer in ("\x03", "\x04"):
        _abort()
    shown = answer if answer.isprintable() else ""
    click.echo(shown, err=True)
    return shown.lower()


def _line(question: str) -> str:
    click.echo(question, nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        _abort()
    return line.strip()


def _abort() -> NoReturn:
    click.echo("", err=True)
    raise click.Abort
