"""`mi-lint baseline`: record the findings of today, so that later runs report only new ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mi_lint import baseline as book
from mi_lint.cli.options import F, paths_argument, rule_options, split_rules, talk_options
from mi_lint.cli.ratchet import write
from mi_lint.cli.scan import Request, Scan, covers, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError

_FORMATS = ("mi-lint", "detect-secrets")


@click.group()
def baseline() -> None:
    """Accept what is there, and report only what is new.

    A baseline holds fingerprints, never secrets. `mi-lint check --baseline FILE` leaves out what it knows.
    """


def _file_option(function: F) -> F:
    """The baseline file that a command reads or writes."""
    kind = click.Path(path_type=Path, dir_okay=False)
    text = "The baseline file."
    option = click.option("-f", "--file", type=kind, default=Path(book.DEFAULT_FILE), show_default=True, help=text)
    return option(function)


@baseline.command()
@paths_argument
@_file_option
@click.option("--format", "kind", type=click.Choice(_FORMATS), default=_FORMATS[0], show_default=True)
@click.option("--force", is_flag=True, help="Replace an existing file, with the labels in it.")
@rule_options
@talk_options
def create(**options: Any) -> None:
    """Write a baseline of all findings in PATHS."""
    file: Path = options["file"]
    if file.exists() and not options["force"]:
        raise UsageError(f"{file} exists; `mi-lint baseline update` changes it, --force replaces it")
    from mi_lint.report.model import count

    scan = _scan(options, options["kind"] == "detect-secrets")
    if options["kind"] == "detect-secrets":
        _write_foreign(scan, file)
        return
    entries = [book.entry_for(finding) for finding in scan.findings]
    write(file, book.dumps(entries))
    click.echo(f"{file}: {count(len(entries), 'finding')} recorded", err=True)
    if not options["quiet"]:
        click.echo(f"Next: commit it, and use it: `mi-lint check --baseline {file} --fail-on new`", err=True)
    _refuse_half(scan)


@baseline.command()
@paths_argument
@_file_option
@rule_options
@talk_options
def update(**options: Any) -> None:
    """Bring a baseline up to date: new findings come in, those that are gone go out, labels stay."""
    file: Path = options["file"]
    old = book.load(file)
    scan = _scan(options, old.foreign is not None)
    if old.foreign is not None:
        _write_foreign(scan, file, old.foreign)
        return
    entries = book.updated(old, scan.findings, covers(scan.project))
    added = len({e.id for e in entries} - old.entries.keys())
    removed = len(old.entries.keys() - {e.id for e in entries})
    write(file, book.dumps(entries))
    click.echo(f"{file}: {added} added, {removed} removed, {len(entries)} in all", err=True)
    _refuse_half(scan)


@baseline.command()
@_file_option
@click.option("--all", "everything", is_flag=True, help="Also entries that have a label already.")
@talk_options
def audit(**options: Any) -> None:
    """Go through the entries on the terminal, and label each of them."""
    from mi_lint.cli.audit import walk

    file: Path = options["file"]
    known = book.load(file)
    if known.foreign is not None:
        raise UsageError(f"{file} is a baseline of detect-secrets; `detect-secrets audit` goes through it")
    scan = run_scan(Request(paths=(file.resolve().parent,)))
    write(file, book.dumps(walk(known, scan, options["everything"])))


def _scan(options: dict[str, Any], hashes: bool) -> Scan:
    scan = run_scan(
        Request(
            paths=options["paths"],
            select=split_rules(options["select"]),
            ignore=split_rules(options["ignore"]),
            config=options["config"],
            cache=not options["no_cache"],
            hashes=hashes,
        )
    )
    talk(scan, options)
    return scan


def _refuse_half(scan: Scan) -> None:
    """A baseline of a scan that could not read everything is incomplete, and the exit code says so."""
    if scan.errors:
        raise click.exceptions.Exit(3)


def _write_foreign(scan: Scan, file: Path, old: dict[str, Any] | None = None) -> None:
    from mi_lint.secrets.foreign_baseline import document

    secrets = [finding for finding in scan.filtered.kept if finding.sha1]
    write(file, json.dumps(document(secrets, old, covers(scan.project)), indent=2) + "\n")
    left_out = len(scan.findings) - len({finding.fingerprint for finding in secrets})
    note = f"; {left_out} findings without a secret of their own have no place in this format" if left_out else ""
    click.echo(f"{file}: {len(secrets)} secrets recorded for detect-secrets{note}", err=True)
    _refuse_half(scan)
