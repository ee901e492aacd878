"""The command `mi-lint`: finds its subcommands lazily, and turns every error into one line and an exit code."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from mi_lint import __version__
from mi_lint.errors import MiLintError

_COMMANDS = {
    "check": ("mi_lint.cli.check:check", "Find secrets and keys that managed identity replaces."),
    "migrate": ("mi_lint.cli.migrate:migrate", "Show or write the whole migration as one change."),
    "plan": ("mi_lint.cli.plan:plan", "Show what the migration needs in Azure, as a checklist or a script."),
    "status": ("mi_lint.cli.status:status", "Show how far the migration is, and what is left of it."),
    "explain": ("mi_lint.cli.explain:explain", "Explain a rule or a service."),
    "baseline": ("mi_lint.cli.baseline:baseline", "Accept what is there, and report only what is new."),
    "rules": ("mi_lint.cli.rules:rules", "List, test and start rule packs."),
    "config": ("mi_lint.cli.config:config", "Show the configuration that holds somewhere."),
    "init": ("mi_lint.cli.init:init", "Set up the configuration, the pre-commit hook and a workflow."),
    "completion": ("mi_lint.cli.completion:completion", "Print the completion script of a shell."),
}

_EXIT_CODES = """\b
Exit codes:
  0    clean: nothing was found
  1    findings
  2    usage, configuration or rule pack error
  3    scan incomplete: a file could not be read or analysed, or the paths held no file
  130  interrupted

\b
Start with:
  mi-lint check
  mi-lint migrate
  mi-lint init
"""


class Commands(click.Group):
    """A group that imports a command when it runs, and that has the one place where errors end."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As usual, and with the nearest name where there is no such command."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            path = os.path.lexists(args[0])
            advice = f"`mi-lint check {args[0]}` checks that path" if path else f"there are {', '.join(_COMMANDS)}"
            advice = f"did you mean '{near[0]}'?" if near and not path else advice
            raise click.UsageError(f"no command is called '{args[0]}'; {advice}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone: `--help` imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        given: Sequence[str] | None = kwargs.get("args") or (args[0] if args else None)
        arguments = list(sys.argv[1:] if given is None else given)
        _show_progress(arguments)
        kwargs["standalone_mode"] = False
        kwargs["prog_name"] = "mi-lint"
        try:
            code = super().main(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read us has left; stay silent at exit too
            code = 0
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            code = 130
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except MiLintError as error:
            click.echo(f"error: {_shown(str(error), arguments)}", err=True)
            code = error.exit_code
        except Exception as error:
            _crash(error, arguments)
            code = 3
        sys.exit(code if isinstance(code, int) else 0)


@click.group(
    cls=Commands,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="mi-lint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find Azure keys, connection strings and client secrets in a project, and move it to managed identity."""


def _show_progress(arguments: Sequence[str]) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        from mi_lint import progress
        from mi_lint.cli.meter import meter_for

        progress.listen(meter_for(arguments))


def _shown(message: str, arguments: Sequence[str]) -> str:
    """An error message without secrets; paths, and what the user typed, stay readable."""
    from mi_lint.report.redact import Redactor

    redactor = Redactor()
    words = re.split(r"(\s+)", message)
    return "".join(word if _known(word, arguments) else redactor.prose(word) for word in words)


def _known(word: str, arguments: Sequence[str]) -> bool:
    bare = re.sub(r"(:\d+)*:?$", "", word.strip("'\"`,;()"))
    return bool(bare) and (bare in arguments or os.path.lexists(bare))


def _crash(error: Exception, arguments: Sequence[str]) -> None:
    """Say that mi-lint itself failed. Neither message nor traceback may show what it was reading."""
    verbose = bool({"-v", "--verbose"} & set(arguments))
    advice = (
        "please report it with the traceback above" if verbose else "run again with --verbose and report the traceback"
    )
    if verbose:
        import traceback

        for frame in traceback.extract_tb(error.__traceback__):
            click.echo(f"  {frame.filename}:{frame.lineno} in {frame.name}", err=True)
    click.echo(f"error: mi-lint failed ({type(error).__name__}); this is a bug, {advice}", err=True)
