"""`mi-lint rules`: what is covered, the list of the rules, test the examples of packs, start a new pack."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mi_lint.errors import UsageError

if TYPE_CHECKING:
    from mi_lint.rulebook.kinds import SecretKind
    from mi_lint.rulebook.model import Rule, Rulebook

_FORMAT = click.option(
    "--output-format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to write the list.",
)
_HEADER = ("id", "name", "service", "severity", "applicability")


def own_rulebook(extra: Iterable[Path] = ()) -> Rulebook:
    """The packs that come with mi-lint, those of the project's `rule-paths`, and those of the given paths."""
    from mi_lint.config import find_config
    from mi_lint.rulebook.loader import load_rulebook
    from mi_lint.rulebook.location import with_extra

    return load_rulebook(with_extra([*find_config(Path.cwd()).rule_paths, *extra]))


@click.group(invoke_without_command=True)
@_FORMAT
@click.pass_context
def rules(context: click.Context, output_format: str) -> None:
    """Show what is covered, list the rules, test the examples of rule packs, or start a new pack."""
    if context.invoked_subcommand is None:
        click.echo(overview(own_rulebook(), output_format))


@rules.command("list")
@_FORMAT
def list_rules(output_format: str) -> None:
    """List all rules and kinds of secrets."""
    click.echo(listing(own_rulebook(), output_format))


def overview(rulebook: Rulebook, output_format: str) -> str:
    """Per service how many APIs that take a secret are known, and what becomes of them."""
    from mi_lint.rulebook.pages import coverage
    from mi_lint.rulebook.tables import COVERAGE_HEADER, counted, coverage_rows, table

    if output_format == "json":
        return _document(rulebook)
    write = table if output_format == "markdown" else _columns
    rules, kinds = counted(len(rulebook.rules), "rule"), counted(len(rulebook.kinds), "kind")
    last = f"`mi-lint rules list` lists {rules} and {kinds} of secrets."
    return f"{write(COVERAGE_HEADER, coverage_rows(coverage(rulebook)))}\n\n{last}"


def listing(rulebook: Rulebook, output_format: str) -> str:
    """The rules and the kinds of secrets in one of the formats."""
    from mi_lint.rulebook.tables import table

    if output_format == "json":
        return _document(rulebook)
    write = table if output_format == "markdown" else _columns
    return write(_HEADER, sorted([*map(_row, rulebook.rules), *map(_kind_row, rulebook.kinds)]))


def _document(rulebook: Rulebook) -> str:
    """Rules, coverage and kinds of secrets for programs."""
    from mi_lint.rulebook.pages import coverage

    services = [
        {"service": c.service, "calls": c.calls, "rewritten": c.rewritten, "manual": c.manual}
        for c in coverage(rulebook)
    ]
    found = sorted(rulebook.rules, key=lambda rule: rule.id)
    kinds = sorted(rulebook.kinds, key=lambda kind: kind.id)
    document = {"version": 1, "rules": [_record(rule) for rule in found], "services": services}
    return json.dumps({**document, "kinds": [_kind_record(kind) for kind in kinds]}, indent=2)


@rules.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def test_examples(paths: tuple[Path, ...]) -> None:
    """Run the examples of rule packs (files or folders; by default those of mi-lint) and show what differs."""
    from mi_lint.rulebook.examples import run_example
    from mi_lint.rulebook.location import pack_files

    rulebook = own_rulebook(paths)
    wanted = {path.resolve() for path in pack_files(paths or None)}
    count = failed = 0
    for rule in rulebook.rules:
        for example in rule.examples if Path(rule.path).resolve() in wanted else ():
            count += 1
            result = run_example(example, rulebook)
            if not result.passed:
                failed += 1
                click.echo(f"{rule.path}:{example.line}: {rule.id} {example.title}")
                click.echo(failure(result.problems, result.expected, result.actual))
    for line in _kind_problems(rulebook, wanted):
        count += 1
        if line:
            failed += 1
            click.echo(line)
    click.echo(f"{count} examples, {count - failed} passed, {failed} failed")
    if failed:
        raise click.exceptions.Exit(1)
    if not count:
        raise UsageError("the packs have no examples; give a path that holds rules")


def _kind_problems(rulebook: Rulebook, wanted: Collection[Path]) -> Iterator[str]:
    """For each example of a kind what is wrong with it; empty where it holds."""
    from mi_lint.secrets.detector import Detector
    from mi_lint.secrets.examples import problem_of

    kinds = {kind.name: kind for kind in rulebook.kinds}
    detector = Detector.of(rulebook.kinds, rulebook)
    for kind in rulebook.kinds:
        for example in kind.examples if Path(kind.path).resolve() in wanted else ():
            problem = problem_of(example, kind, kinds, detector)
            yield f"{kind.path}:{example.line}: {kind.id} {example.title}: {problem}" if problem else ""


def failure(problems: Sequence[str], expected: Mapping[str, str], actual: Mapping[str, str]) -> str:
    """What is wrong with an example, as sentences and as diffs with the secrets shown as tokens."""
    import difflib

    from mi_lint.rulebook.examples import contract

    lines = [f"  {contract(problem)}" for problem in problems]
    for path in sorted({*expected, *actual}):
        wanted, got = contract(expected.get(path, "")), contract(actual.get(path, ""))
        diff = difflib.unified_diff(
            wanted.splitlines(), got.splitlines(), f"{path} (expected)", f"{path} (actual)", lineterm=""
        )
        lines.extend(f"  {line}" for line in diff)
    return "\n".join(lines) + "\n"


@rules.command("new")
@click.argument("service")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder to write to; by default `rules` if there is one, else the current folder.",
)
def new_pack(service: str, directory: Path | None) -> None:
    """Write the first version of a rule pack, ready to be edited."""
    from mi_lint.rulebook.loader import load_pack
    from mi_lint.rulebook.scaffold import scaffold

    folder = directory or (Path("rules") if Path("rules").is_dir() else Path())
    path = folder / f"{service}.yaml"
    text = scaffold(service, own_rulebook())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path}: exists already; choose another name or folder") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another folder") from None
    load_pack(path)
    click.echo(f"{path}: written; edit it, then run `mi-lint rules test {path}`")


def _row(rule: Rule) -> tuple[str, ...]:
    return (rule.id, rule.name, rule.service, rule.severity.name.lower(), rule.applicability.name.lower())


def _kind_row(kind: SecretKind) -> tuple[str, ...]:
    return (kind.id, kind.name, kind.service, kind.severity.name.lower(), "manual")


def _kind_record(kind: SecretKind) -> dict[str, object]:
    return {
        "id": kind.id,
        "name": kind.name,
        "service": kind.service,
        "title": kind.title,
        "class": kind.secret_class,
        "severity": kind.severity.name.lower(),
        "managed_identity": kind.identity,
        "grants": kind.grants,
        "docs": kind.docs,
    }


def _record(rule: Rule) -> dict[str, object]:
    from mi_lint.rulebook.tables import one_line

    return {**dict(zip(_HEADER, _row(rule), strict=True)), "summary": one_line(rule.summary), "docs": rule.docs}


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, *rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)
