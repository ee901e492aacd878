"""`mi-lint migrate`: the whole migration as one change, with what must be true in Azure before it works."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mi_lint.cli.hosts import host_steps
from mi_lint.cli.interactive import choose, fixes
from mi_lint.cli.options import (
    identity_options,
    paths_argument,
    refuse_secrets_in_ci,
    rule_options,
    talk_options,
)
from mi_lint.cli.scan import Scan, request_of, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError
from mi_lint.findings import Applicability
from mi_lint.report.style import style_for

if TYPE_CHECKING:
    from mi_lint.engine import ChangeSet
    from mi_lint.report.plans.model import HostStep


@click.command()
@paths_argument
@click.option("--write", is_flag=True, help="Write the changes; without it nothing is written.")
@click.option("--unsafe-fixes", is_flag=True, help="Also fixes that need a review.")
@click.option("--interactive", is_flag=True, help="Ask for each connection, then write.")
@click.option("--allow-dirty", is_flag=True, help="Write even where git has no copy of the old content.")
@click.option("--host", "hosts", metavar="HOST", multiple=True, help="Where the code runs, such as functions or aks.")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write a report: the plan (.md), the plan and what is left (.json), or both with all changes (.html).",
)
@rule_options
@identity_options
@talk_options
def migrate(**options: Any) -> None:
    """Show the whole migration to managed identity as one change; `--write` applies it.

    PATHS are files and folders (default: the current folder). A connection moves as a whole: its code, its settings and
    everything that only served the secret.
    """
    _validate(options)
    before = scan = run_scan(request_of(options))
    talk(scan, options)
    hosts = host_steps(options["hosts"], {}, scan.rulebook, options["identity"] or scan.config.identity)
    if not scan.project.requested:
        click.echo("error: no files to migrate", err=True)
        raise click.exceptions.Exit(3)
    minimum = Applicability.REVIEW if options["unsafe_fixes"] else Applicability.SAFE
    only = None
    if options["interactive"]:
        choice = choose(request_of(options), scan, minimum, style_for(options["color"]), options["show_secrets"])
        scan, only = choice.scan, choice.accepted
    changes = scan.changes(minimum, only)
    _show(scan, changes, options, hosts)
    if options["write"] or options["interactive"]:
        scan = _write(scan, changes, minimum, only, options)
    if options["report"]:
        _save(before, scan, options)
    raise click.exceptions.Exit(3 if scan.errors else int(bool(scan.findings)))


def _validate(options: dict[str, Any]) -> None:
    refuse_secrets_in_ci(options["show_secrets"])
    if options["report"] and options["report"].suffix not in (".json", ".md", ".html"):
        raise UsageError(f"--report {options['report']}: use a file name that ends in .md, .html or .json")
    if Path("-") in options["paths"]:
        raise UsageError("migrate works on files; for standard input use `mi-lint check - --diff`")


def _show(scan: Scan, changes: ChangeSet | None, options: dict[str, Any], hosts: list[HostStep]) -> None:
    """What there is, the change, and what it needs, on stdout."""
    from mi_lint.report.diff import coloured, patch
    from mi_lint.report.model import count
    from mi_lint.report.plan import plan_lines, summary_lines
    from mi_lint.report.text import closing

    report, style = scan.report(options["show_secrets"]), style_for(options["color"])
    commands = [host.command for host in hosts]
    shown = options["interactive"]  # one by one
    lines = [] if shown else summary_lines(report, style)
    if changes and changes.files:
        if not shown:
            text = patch(changes.files, scan.sources, report.redactor).decode("utf-8", "replace")
            lines += ["", *coloured(text.splitlines(), style)]
        lines += ["", *plan_lines(changes.preconditions, report.redactor, style, commands)]
    if not shown and not (options["write"] and changes and changes.files):  # what is left is said after writing
        lines += ["", closing(report, style)] if lines else [closing(report, style)]
    click.echo("\n".join(lines).encode("utf-8", "replace"), color=style.colour)
    left = _left_for_review(scan, changes)
    if left and not options["unsafe_fixes"]:
        more = count(left, "more connection")
        click.echo(f"note: {more} can move with fixes to review: mi-lint migrate --unsafe-fixes", err=True)


def _left_for_review(scan: Scan, changes: ChangeSet | None) -> int:
    done = {fix.connection for fix in changes.fixes} if changes else set()
    return len({fix.connection for fix in fixes(scan, Applicability.REVIEW)} - done)


def _write(
    scan: Scan, changes: ChangeSet | None, minimum: Applicability, only: Iterable[str] | None, options: dict[str, Any]
) -> Scan:
    """Write, then analyse again: nothing of what was fixed may be left."""
    from mi_lint.report.model import count
    from mi_lint.write import refuse_dirty, write_changes

    if changes is None or not changes.files:
        click.echo("Nothing to write.", err=True)
        return scan
    if not options["allow_dirty"]:
        refuse_dirty(scan.project.root, changes)
    written = write_changes(scan.project.root, changes)
    again = run_scan(request_of(options))
    click.echo(f"Wrote {count(len(written), 'file')}, {count(len(changes.fixes), 'connection')} moved.", err=True)
    rest = len(fixes(again, minimum))
    if rest and only is None:
        click.echo(
            f"warning: {count(rest, 'fix')} still to apply; look at the result, then run the command again", err=True
        )
    elif not again.findings:
        click.echo("Checked again: nothing is left to do in the code.", err=True)
    else:
        click.echo(f"Checked again: {count(len(again.findings), 'finding')} left; see `mi-lint check`.", err=True)
    return again


def _save(before: Scan, after: Scan, options: dict[str, Any]) -> None:
    """The plan of what was found, with the findings that are left."""
    from mi_lint.cli.plan import build_plan

    target: Path = options["report"]
    if target.suffix == ".html":
        from mi_lint.cli.output import save

        save("html", before, options, target, f"--report {target}")
        return
    plan = build_plan(before, options)
    if target.suffix == ".md":
        from mi_lint.report.plans.markdown import markdown

        text = markdown(plan)
    else:
        from mi_lint.report.json_ import render_json
        from mi_lint.report.plans.json_ import plan_body

        text = json.dumps({**json.loads(render_json(after.report())), "plan": plan_body(plan)}, indent=2) + "\n"
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--report {target}: can't be written ({error.strerror})") from None
