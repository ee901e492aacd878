"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mi_lint.config import CREDENTIALS, IDENTITIES
from mi_lint.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])


def _rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from mi_lint.cli.completion import complete_rules

    return complete_rules(context, parameter, incomplete)


def formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of output formats, for a shell that completes."""
    from mi_lint.cli.completion import complete_formats

    return complete_formats(context, parameter, incomplete)


def paths_argument(function: F) -> F:
    """PATHS: files and folders; `-` is standard input; nothing means the current folder."""
    return click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))(function)


def rule_options(function: F) -> F:
    """Which rules run, and from where."""
    for option in (
        click.option("--no-cache", is_flag=True, help="Read rule packs and files anew; use no cache of earlier runs."),
        click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Use this configuration file."),
        click.option(
            "--ignore",
            metavar="RULES",
            multiple=True,
            shell_complete=_rules,
            help="Leave these rules out; comma separated.",
        ),
        click.option(
            "--select",
            metavar="RULES",
            multiple=True,
            shell_complete=_rules,
            help="Only these rules: ids, names or MI2; comma separated.",
        ),
    ):
        function = option(function)
    return function


def identity_options(function: F) -> F:
    """How the identity is written into the code."""
    for option in (
        click.option("--credential", type=click.Choice(CREDENTIALS), help="Credential class to write."),
        click.option("--client-id-setting", metavar="NAME", help="Environment variable that holds the client id."),
        click.option("--client-id", metavar="ID", help="Client id of the user-assigned identity."),
        click.option("--identity", type=click.Choice(IDENTITIES), help="System- or user-assigned identity."),
    ):
        function = option(function)
    return function


def talk_options(function: F) -> F:
    """How much is said, and how it looks."""
    for option in (
        click.option("--show-secrets", is_flag=True, help="Do not hide secrets in diffs; refused where CI is set."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
        click.option("-v", "--verbose", is_flag=True, help="Say what was read, and show tracebacks."),
        click.option("-q", "--quiet", is_flag=True, help="No notes on stderr."),
    ):
        function = option(function)
    return function


def split_rules(values: tuple[str, ...]) -> tuple[str, ...]:
    """Rule names from repeated and comma separated options."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def in_ci() -> bool:
    """Whether this is a build: every CI system sets CI, and Azure Pipelines TF_BUILD."""
    return bool(os.environ.get("CI") or os.environ.get("TF_BUILD"))


def refuse_secrets_in_ci(show_secrets: bool) -> None:
    """Build logs are kept and shared: no flag shows a secret there.

    Raises:
        UsageError: secrets were asked for in a build.
    """
    if show_secrets and in_ci():
        raise UsageError("--show-secrets is refused where CI is set: build logs are kept; run it on your own machine")
