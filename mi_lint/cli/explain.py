"""`mi-lint explain`: what a rule or a service is about, in the words of its pack."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import click

from mi_lint.cli.completion import complete_topics
from mi_lint.errors import UsageError

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_CELLS = re.compile(r"(?<!\\)\|")

if TYPE_CHECKING:
    from mi_lint.rulebook.model import Rulebook


@click.command()
@click.argument("name", metavar="RULE|SERVICE", shell_complete=complete_topics)
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

    if output_format == "markdown":
        click.echo(find_page(name, own_rulebook()), nl=False)
    else:
        click.echo(as_text(find_page(name, own_rulebook(), examples=2)), nl=False)


def find_page(name: str, rulebook: Rulebook, examples: int | None = None) -> str:
    """The page of a rule or service; an error with the nearest name if there is none."""
    from mi_lint.rulebook.pages import rule_page, service_page

    rule = rulebook.rule(name) or rulebook.rule(name.upper()) or rulebook.rule(name.lower())
    if rule is not None:
        return rule_page(rule, rulebook.pack_of(rule), examples)
    for kind in rulebook.kinds:
        if name.lower() in (kind.id.lower(), kind.name):
            from mi_lint.rulebook.kind_pages import kind_page

            return kind_page(kind, rulebook.by_service[kind.service])
    pack = rulebook.pack(name.lower())
    if pack is not None:
        return service_page(pack)
    kinds = [word for kind in rulebook.kinds for word in (kind.id, kind.name)]
    known = [*rulebook.by_rule, *kinds, *rulebook.by_service]
    near = difflib.get_close_matches(name, known, n=3) or difflib.get_close_matches(name.upper(), known, n=3)
    advice = "did you mean " + " or ".join(near) + "?" if near else "`mi-lint rules list` lists them all"
    raise UsageError(f"no rule or service is called `{name}`; {advice}")


def as_text(page: str) -> str:
    """Markdown for a terminal: bold headings, indented code, aligned tables, links written out."""
    lines: list[str] = []
    inside = False
    for line in _align_tables(page.splitlines()):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            lines.append(click.style(line.lstrip("# "), bold=True))
        else:
            lines.append(_LINK.sub(_written_out, line))
    return "\n".join(lines) + "\n"


def _written_out(match: re.Match[str]) -> str:
    return f"{match[1]}: {match[2]}" if match[2].startswith("https:") else match[1]


def _align_tables(lines: list[str]) -> list[str]:
    """Replace the rows of Markdown tables by columns; the last column is left as long as it is."""
    out: list[str] = []
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("| "):
            cells = [_LINK.sub(_written_out, cell.strip().replace("\\|", "|")) for cell in _CELLS.split(line)[1:-1]]
            if set(cells) != {"---"}:
                rows.append([cell.replace("<br>", " or ") for cell in cells])
            continue
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)] if rows else []
        out += ["  ".join([c.ljust(w) for c, w in zip(row, widths, strict=False)] + row[-1:]).rstrip() for row in rows]
        rows = []
        out.append(line)
    return out[:-1]
