"""`mi-lint config show`: which configuration holds for a file or folder, and where each value comes from."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mi_lint.config import MEANING, Config, find_config


@click.group()
def config() -> None:
    """Show the configuration that holds somewhere."""


@config.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=Path())
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(path: Path, output_format: str) -> None:
    """Show the values that hold for PATH (default: the current folder), and where each comes from."""
    found = find_config(path)
    values = {key: _plain(getattr(found, key.replace("-", "_"))) for key in MEANING}
    values["per-file-ignores"] = values["per-file-ignores"] or {}
    origins = {key: str(found.path) if found.path and key in found.given else "default" for key in MEANING}
    if output_format == "json":
        rows = {key: {"value": values[key], "from": origins[key]} for key in MEANING}
        click.echo(json.dumps({"file": str(found.path) if found.path else None, "values": rows}, indent=2))
        return
    click.echo(f"configuration: {found.path or 'none; defaults hold'}")
    width = max(map(len, MEANING))
    for key in MEANING:
        mark = "" if origins[key] == "default" else f"  # {origins[key]}"
        click.echo(f"{key:<{width}} = {json.dumps(values[key])}{mark}")
    _note_ignored(path, found)


def _note_ignored(path: Path, found: Config) -> None:
    """Configurations further up do not count: say so where there are some."""
    start = path.resolve()
    above = found.path.parent.parents if found.path else ()
    for folder in above:
        other = find_config(folder).path
        if other is not None and other != found.path:
            click.echo(f"note: {other} does not count for {start}: the nearest configuration holds alone", err=True)
            return


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        pairs = value and all(isinstance(item, tuple) for item in value)
        return {str(a): list(b) for a, b in value} if pairs else [str(item) for item in value]
    return value
