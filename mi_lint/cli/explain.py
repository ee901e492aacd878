"""`mi-lint explain`: what a rule or a service is about, in the words of its pack."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from mi_lint.errors import UsageError

if TYPE_CHECKING:
    from mi_lint.rulebook.model import Rulebook


@click.command()
@click.argument("name", metavar="RULE|SERVICE")
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="How to write the page.",
)
def explain(name: str, output_format: str) -> None:
    """Explain a rule (id or name) or a service: what, why, before and after, roles, keys off, traps."""
    from mi_lint.cli.rules import own_rulebook

    page = find_page(name, own_rulebook())
    click.echo(page if output_format == "markdown" else as_text(page), nl=False)


def find_page(name: str, rulebook: Rulebook) -> str:
    """The page of a rule or service; an error with the nearest name if there is none."""
    from mi_lint.rulebook.pages import rule_page, service_page

    rule = rulebook.rule(name) or rulebook.rule(name.upper()) or rulebook.rule(name.lower())
    if rule is not None:
        return rule_page(rule, rulebook.pack_of(rule))
    pack = rulebook.pack(name.lower())
    if pack is not None:
        return service_page(pack)
    known = [*rulebook.by_rule, *rulebook.by_service]
    near = difflib.get_close_matches(name, known, n=3) or difflib.get_close_matches(name.upper(), known, n=3)
    advice = "did you mean " + " or ".join(near) + "?" if near else "`mi-lint rules` lists them all"
    raise UsageError(f"no rule or service is called `{name}`; {advice}")


def as_text(page: str) -> str:
    """Markdown for a terminal: bold headings, indented code, nothing else changed."""
    lines: list[str] = []
    inside = False
    for line in page.splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            lines.append(click.style(line.lstrip("# "), bold=True))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"
