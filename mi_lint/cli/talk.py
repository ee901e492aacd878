"""Notes and problems of a scan, on stderr."""

from __future__ import annotations

from typing import Any

import click

from mi_lint.cli.scan import Scan


def talk(scan: Scan, options: dict[str, Any]) -> None:
    """Say what was left out and what could not be read; with `verbose` also what was looked at."""
    if not options["quiet"]:
        for note in scan.project.notes:
            click.echo(f"note: {note}", err=True)
    if scan.errors:
        redactor = scan.report().redactor
        for error in scan.errors:
            place = f"{error.path}:{error.line}" if error.line else error.path
            click.echo(f"warning: {place}: {redactor.prose(error.reason)}", err=True)
        if not options["quiet"]:
            click.echo("note: a file that can't be mended is left out with `exclude` in the configuration", err=True)
    if options["verbose"]:
        project = scan.project
        config = scan.config.path or "none"
        click.echo(f"note: root {project.root}, configuration {config}, {len(project.files)} files read", err=True)
