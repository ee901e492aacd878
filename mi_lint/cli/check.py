"""`mi-lint check`: report findings, and apply fixes if asked to."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mi_lint.baseline import UNUSED_RULE
from mi_lint.cli.options import (
    formats,
    identity_options,
    in_ci,
    paths_argument,
    refuse_secrets_in_ci,
    rule_options,
    talk_options,
)
from mi_lint.cli.ratchet import create, shrink
from mi_lint.cli.scan import Request, Scan, request_of, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError
from mi_lint.findings import Applicability, Severity


@click.command()
@paths_argument
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that need a review.")
@click.option("--diff", is_flag=True, help="Print the fixes as a patch; write nothing.")
@click.option("--staged", is_flag=True, help="Report what the staged change adds.")
@click.option("--since", metavar="REV", default="", help="Report what this branch adds to that of REV.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="Leave out what this file knows. Outside of CI the first run creates it, and it shrinks by itself.",
)
@click.option(
    "--fail-on",
    metavar="SEVERITY|any|new|never",
    help="Least severity that makes the exit code 1; new: any that --baseline does not know.",
)
@rule_options
@identity_options
@click.option(
    "--output-format",
    metavar="FORMAT",
    shell_complete=formats,
    default="text",
    show_default=True,
    help="One of text, json, jsonl, sarif, github, gitlab, junit, azure, rdjson, markdown and html.",
)
@click.option("--output", metavar="FORMAT=FILE", multiple=True, help="Also write the report to a file; repeatable.")
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of listing them.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--stdin-filename", metavar="NAME", default="", help="With `-`: the file that standard input stands for.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="Processes that look for secrets; by default as many as the work is worth.",
)
@talk_options
def check(**options: Any) -> None:
    """Find secrets and keys that managed identity replaces.

    PATHS are files and folders (default: the current folder). Other files of the project are read to follow values,
    findings are reported for PATHS only. Secrets never appear in the output.
    """
    _validate(options)
    request = _request(options)
    first = request.baseline is not None and not request.baseline.exists() and not in_ci()
    scan = run_scan(replace(request, baseline=None) if first else request)
    talk(scan, options)
    if not scan.project.requested and _must_hold_files(scan, options):
        click.echo(f"error: no files to check in {', '.join(map(str, options['paths']))}", err=True)
        raise click.exceptions.Exit(3)
    scan = _keep_baseline(scan, request, first, options)
    minimum = Applicability.REVIEW if options["unsafe_fixes"] else Applicability.SAFE
    if options["diff"]:
        _print_diff(scan, minimum, options)
    elif options["fix"]:
        scan = _fix(scan, minimum, options)
    _write_reports(scan, options)
    if not options["diff"]:
        _print_report(scan, options)
    raise click.exceptions.Exit(_exit_code(scan, options))


def _keep_baseline(scan: Scan, request: Request, first: bool, options: dict[str, Any]) -> Scan:
    """Create the baseline, or drop from it what is gone; not where only a part of what there is was looked for."""
    path, said = request.baseline, ""
    narrowed = request.staged or request.since or request.stdin is not None or request.select or request.ignore
    if path is None or in_ci():
        return scan
    if first:
        if scan.errors or narrowed:
            raise UsageError(f"--baseline {path}: no such file; `mi-lint baseline create` makes it")
        said = create(scan, path)
        scan = run_scan(request)
    elif not narrowed and not options["diff"]:
        said = shrink(scan, path)
    if said and not options["quiet"]:
        click.echo(f"note: {said}", err=True)
    return scan


def _validate(options: dict[str, Any]) -> None:
    """Combinations that would silently do something else than what was asked for."""
    from mi_lint.config import FAIL_ON
    from mi_lint.report.formats import check_format

    refuse_secrets_in_ci(options["show_secrets"])
    check_format(options["output_format"])
    for item in options["output"]:
        name, equals, target = item.partition("=")
        if not equals or not target:
            raise UsageError(f"--output {item}: write FORMAT=FILE, for example json=report.json")
        check_format(name)
    if options["fail_on"] == "new" and not options["baseline"]:
        raise UsageError("--fail-on new needs --baseline FILE, which says what is old")
    if options["fail_on"] and options["fail_on"] not in (*FAIL_ON, "new"):
        raise UsageError(f"--fail-on {options['fail_on']}: use one of {', '.join((*FAIL_ON, 'new'))}")
    if options["fix"] and options["diff"]:
        raise UsageError("--fix writes and --diff only shows; give one of them")
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if options["show_secrets"] and not options["diff"]:
        raise UsageError("--show-secrets needs --diff; reports never show secrets")
    if options["statistics"] and (options["diff"] or options["output_format"] != "text"):
        raise UsageError("--statistics is a text report; leave out --diff and --output-format")
    if options["diff"] and options["output_format"] != "text":
        raise UsageError("--diff prints a patch; use --output FORMAT=FILE for a report beside it")
    if options["staged"] and options["since"]:
        raise UsageError("--staged and --since exclude each other; give one")
    if options["staged"] and options["fix"]:
        raise UsageError("--staged reads the index, which --fix can't write; use --diff, or leave out --staged")
    _validate_stdin(options)


def _validate_stdin(options: dict[str, Any]) -> None:
    if Path("-") not in options["paths"]:
        if options["stdin_filename"]:
            raise UsageError("--stdin-filename needs `-` as the path")
        return
    if len(options["paths"]) > 1:
        raise UsageError("`-` can't be mixed with other paths")
    if options["fix"] or options["staged"] or options["since"]:
        raise UsageError("standard input can't be fixed in place or looked up in git; use `-` with --diff")


def _request(options: dict[str, Any]) -> Request:
    stdin = Path("-") in options["paths"]
    near = (Path(options["stdin_filename"]).parent,) if options["stdin_filename"] else ()
    return replace(
        request_of({**options, "paths": near if stdin else options["paths"]}),
        stdin=sys.stdin.buffer.read() if stdin else None,
        stdin_filename=options["stdin_filename"],
        staged=options["staged"],
        since=options["since"],
        jobs=options["jobs"] or 0,
        baseline=options["baseline"],
    )


def _must_hold_files(scan: Scan, options: dict[str, Any]) -> bool:
    narrowed = options["staged"] or options["since"] or scan.project.excluded or scan.errors
    return bool(options["paths"]) and not narrowed


def _print_diff(scan: Scan, minimum: Applicability, options: dict[str, Any]) -> None:
    from mi_lint.report.diff import coloured, hides, patch
    from mi_lint.report.style import style_for

    changes = scan.changes(minimum)
    report = scan.report(options["show_secrets"])
    style = style_for(options["color"])
    if changes and changes.files:
        content = patch(changes.files, scan.sources, report.redactor)
        if style.colour:
            click.echo("\n".join(coloured(content.decode("utf-8", "replace").splitlines(), style)), color=True)
        else:
            click.echo(content, nl=False)
        if hides(changes.files, scan.sources, report.redactor):
            click.echo("note: secrets are hidden, so git can't apply this patch; --fix applies it", err=True)
    if not options["quiet"]:
        from mi_lint.report.text import closing

        click.echo(closing(report, style_for("never")), err=True)


def _fix(scan: Scan, minimum: Applicability, options: dict[str, Any]) -> Scan:
    """Write the fixes, then look again: what is reported is what is left."""
    from mi_lint.report.model import count
    from mi_lint.write import write_changes

    changes = scan.changes(minimum)
    if changes is None or not changes.files:
        return scan
    written = write_changes(scan.project.root, changes)
    again = run_scan(_request(options))
    if not options["quiet"]:
        fixed = len(scan.filtered.kept) - len(again.filtered.kept)
        click.echo(f"Fixed {count(max(fixed, 0), 'finding')} in {count(len(written), 'file')}.", err=True)
        for condition in dict.fromkeys(p.text for p in changes.preconditions):
            click.echo(f"needs: {scan.report().redactor.prose(condition)}", err=True)
    return again


def _write_reports(scan: Scan, options: dict[str, Any]) -> None:
    for item in options["output"]:
        from mi_lint.cli.output import save

        name, _, target = item.partition("=")
        save(name, scan, options, Path(target), f"--output {item}")


def _print_report(scan: Scan, options: dict[str, Any]) -> None:
    from mi_lint.report.style import style_for

    style = style_for(options["color"])
    if options["statistics"]:
        from mi_lint.report.text import statistics

        text = statistics(scan.report(), style)
    else:
        from mi_lint.cli.output import rendered

        text = rendered(options["output_format"], scan, options, style)
    click.echo(text.encode("utf-8", "replace"), nl=False, color=style.colour)


def _exit_code(scan: Scan, options: dict[str, Any]) -> int:
    if scan.errors:
        return 3
    limit = options["fail_on"] or scan.config.fail_on
    if options["exit_zero"] or limit == "never":
        return 0
    if limit == "new":
        return int(any(finding.rule != UNUSED_RULE for finding in scan.findings))
    lowest = Severity.INFO if limit == "any" else Severity[limit.upper()]
    return int(any(finding.severity >= lowest for finding in scan.findings))
