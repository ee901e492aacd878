"""`mi-lint completion`: the script that makes a shell complete commands, options, rules and services."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_MI_LINT_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  eval "$(mi-lint completion bash)"        in ~/.bashrc
    zsh:   eval "$(mi-lint completion zsh)"         in ~/.zshrc
    fish:  mi-lint completion fish > ~/.config/fish/completions/mi-lint.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(context.find_root().command, {}, "mi-lint", VARIABLE).source())


def complete_rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids and names of rules; of a comma separated list the last one."""
    head, comma, last = incomplete.rpartition(",")
    found = _matching(last, services=False)
    return [CompletionItem(f"{head}{comma}{item.value}", help=item.help) for item in found]


def complete_topics(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules and services."""
    return _matching(incomplete, services=True)


def complete_formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Output formats."""
    from mi_lint.report.formats import AVAILABLE

    return [CompletionItem(name) for name in AVAILABLE if name.startswith(incomplete)]


def _matching(start: str, services: bool) -> list[CompletionItem]:
    from mi_lint.cli.rules import own_rulebook
    from mi_lint.cli.selection import names_of
    from mi_lint.errors import MiLintError

    try:
        book = own_rulebook()
    except MiLintError:
        return []
    known = names_of(book)
    words = {word: name if word == id else id for id, name in known for word in (id, name)}
    if services:
        words |= {pack.service: pack.title for pack in book.packs}
    low = start.lower()
    return [CompletionItem(word, help=text) for word, text in sorted(words.items()) if word.lower().startswith(low)]
