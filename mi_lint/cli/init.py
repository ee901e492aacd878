"""`mi-lint init`: the first configuration, the hook and a workflow. What is there already stays as it is."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import click

from mi_lint.cli import starters
from mi_lint.cli.starters import Step

_CI = {"github": starters.github_workflow, "azure": starters.azure_pipeline, "gitlab": starters.gitlab_job}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@click.option("--ci", type=click.Choice([*_CI, "none"]), help="Where builds run; by default what the folder says.")
@click.option("--repo", metavar="URL", default="", help="Take the hook from this repository, at --rev.")
@click.option("--rev", metavar="REV", default="", help="Revision of --repo; a tag or a commit.")
@click.option("--package", metavar="SPEC", default="mi-lint", show_default=True, help="What pip installs in builds.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def init(folder: Path, ci: str | None, repo: str, rev: str, package: str, dry_run: bool) -> None:
    """Set mi-lint up in a repository: [tool.mi-lint], the pre-commit hook, and a workflow for pull requests.

    Nothing is overwritten, and a second run changes nothing.
    """
    if bool(repo) != bool(rev):
        raise click.UsageError("--repo and --rev belong together")
    top = _top(folder.resolve())
    made: list[Callable[[Path], Step]] = [starters.configuration, lambda at: starters.hook(at, repo, rev)]
    chosen = ci or guessed(top)
    if chosen != "none":
        made.append(lambda at: _CI[chosen](at, shlex.quote(package)))
    for make in made:
        step = make(top)
        if step.text is not None and not dry_run:
            path = top / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8", newline="")
        click.echo(f"{'would be ' if dry_run and step.text is not None else ''}{step.says}")
        if step.todo:
            click.echo("\n".join(f"    {line}".rstrip() for line in step.todo.splitlines()))
    if chosen != "none" and package == "mi-lint":
        click.echo("Builds install `mi-lint` with pip; --package names another source, such as git+https://...")
    click.echo("Next: `mi-lint check`, and `mi-lint baseline create` if there is much to do.")


def guessed(top: Path) -> str:
    """The CI system whose files are there; GitHub where there are none of any."""
    if (top / ".github").is_dir():
        return "github"
    if (top / ".gitlab-ci.yml").is_file():
        return "gitlab"
    return "azure" if any(top.glob("azure-pipelines*.y*ml")) else "github"


def _top(folder: Path) -> Path:
    from mi_lint.git import top_level

    return top_level(folder) or folder
