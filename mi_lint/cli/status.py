"""`mi-lint status`: how far the migration is, and what is left of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mi_lint.cli.options import identity_options, paths_argument, rule_options, talk_options
from mi_lint.cli.scan import Scan, request_of, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError

if TYPE_CHECKING:
    from mi_lint.report.status import Line, Status


@click.command()
@paths_argument
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="Format."
)
@rule_options
@identity_options
@talk_options
def status(**options: Any) -> None:
    """Show how far the migration is: done, pending, blocked, and what the old way left behind.

    PATHS are files and folders (default: the current folder). The exit code is 0 once nothing is left to do.
    """
    from mi_lint.report.status import status_json, status_text
    from mi_lint.report.style import style_for

    if Path("-") in options["paths"]:
        raise UsageError("status works on files and folders, not on standard input")
    scan = run_scan(request_of(options))
    talk(scan, options)
    if not scan.project.requested:
        click.echo("error: no files to look at", err=True)
        raise click.exceptions.Exit(3)
    found = status_of(scan)
    style = style_for(options["color"])
    text = status_json(found) if options["form"] == "json" else status_text(found, style)
    click.echo(text.encode("utf-8", "replace"), nl=False, color=style.colour)
    raise click.exceptions.Exit(3 if scan.errors else int(not found.is_finished))


def status_of(scan: Scan) -> Status:
    """What is done of a migration, and what is not. No text of it holds a secret."""
    from mi_lint.report.status import Line, Status

    kinds = {kind.id for kind in scan.rulebook.kinds}
    findings = [finding for finding in scan.filtered.kept if finding.rule not in kinds]
    secrets = [finding for finding in scan.filtered.kept if finding.rule in kinds]
    prose = scan.report().redactor.prose
    done: list[Line] = []
    leftovers: list[Line] = []
    if scan.project.requested:
        from mi_lint import how_far

        analysis = scan.analysis or scan.analyse()  # findings alone may come from an earlier run
        moved = how_far.done(analysis)
        done = [Line(item.place, item.service, prose(item.what)) for item in moved]
        left = how_far.leftovers(analysis, secrets, bool(moved))
        leftovers = [Line(item.place, "", prose(item.what), prose(item.advice)) for item in left]
    pending: dict[str, list[Line]] = {"safe": [], "review": []}
    blocked = []
    for finding in findings:
        place = f"{finding.place.path}:{finding.place.line}"
        line = Line(place, finding.service, prose(finding.message), prose((*finding.reasons, finding.advice)[0]))
        if finding.fix is None or not finding.fix.edits:
            blocked.append(line)
        else:
            pending[finding.fix.applicability.name.lower()].append(line)
    return Status(done, pending["safe"], pending["review"], blocked, leftovers, len(secrets))
