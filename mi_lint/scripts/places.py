"""Where commands stand: scripts, the `RUN` of Dockerfiles, and the scripts in the jobs of pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mi_lint.commands.model import Command, NotUnderstood
from mi_lint.commands.shell import shell_commands
from mi_lint.settings.pipelines import AzurePipeline, GitLabPipeline
from mi_lint.settings.yaml_scalars import documents, items, pairs, word
from mi_lint.textfile import Span, TextFile
from mi_lint.workflows.model import WORKFLOW
from mi_lint.workflows.scripts import script_span

_SCRIPT = re.compile(r"(?i).*\.(?:sh|bash)")
_POWERSHELL = re.compile(r"(?i).*\.ps1")
_DOCKERFILE = re.compile(r"(?i)(?:.*/)?(?:dockerfile(?:\.[^/]*)?|[^/]*\.dockerfile)")
_RUN = re.compile(r"(?im)^[ \t]*RUN[ \t]+(?P<script>(?:[^\\\n]|\\.|\\\r?\n)*)")
_KEYS = {
    "github": frozenset({"run"}),
    "gitlab": frozenset({"script", "before_script", "after_script"}),
    "azure-pipelines": frozenset({"script", "bash", "inlineScript", "pwsh", "powershell"}),
}
_DEEPEST = 40


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """Commands that run together. `around` are the mappings that a script of a pipeline stands in, from the outside."""

    kind: str
    file: TextFile
    span: Span
    commands: list[Command]
    around: tuple[Any, ...] = ()
    key: Any = None
    exact: bool = True  # whether the text of the file is what the shell gets
    text: str = field(default="", repr=False)  # what the shell gets


def kind_of(path: str) -> str:
    """The kind of file by its name; empty for those without commands."""
    if _SCRIPT.fullmatch(path):
        return "script"
    if _POWERSHELL.fullmatch(path):
        return "powershell"
    if _DOCKERFILE.fullmatch(path):
        return "dockerfile"
    if WORKFLOW.fullmatch(path):
        return "github"
    if GitLabPipeline().matches(path):
        return "gitlab"
    return "azure-pipelines" if AzurePipeline().matches(path) else ""


def scripts_in(file: TextFile, kind: str) -> Iterator[Script]:
    """The scripts of a file that can be read; others are passed over."""
    if kind in ("script", "powershell"):
        yield from _script(kind, file, Span(0, len(file.text)))
    elif kind == "dockerfile":
        for match in _RUN.finditer(file.text):
            yield from _script(kind, file, Span(*match.span("script")))
    elif kind:
        for document in documents(file.text):
            yield from _in_pipeline(kind, file, document, (), 0)


def _script(kind: str, file: TextFile, span: Span) -> Iterator[Script]:
    try:
        yield Script(kind, file, span, shell_commands(file.text, span), text=file.text[span.start : span.end])
    except NotUnderstood:
        return


def _in_pipeline(kind: str, file: TextFile, node: Any, around: tuple[Any, ...], depth: int) -> Iterator[Script]:
    if depth > _DEEPEST:
        return
    for item in items(node):
        yield from _in_pipeline(kind, file, item, around, depth + 1)
    for key, value in pairs(node):
        inside = (*around, node)
        if key.value in _KEYS[kind]:
            for scalar in [value] if word(value) else items(value):
                yield from _scalar(kind, file, key, scalar, inside)
        else:
            yield from _in_pipeline(kind, file, value, inside, depth + 1)


def _scalar(kind: str, file: TextFile, key: Any, node: Any, around: tuple[Any, ...]) -> Iterator[Script]:
    if not word(node):
        return
    span = script_span(file, node)
    try:
        if span is not None:
            text = file.text[span.start : span.end]
            yield Script(kind, file, span, shell_commands(file.text, span), around, key, text=text)
        else:
            found = shell_commands(node.value, Span(0, len(node.value)))
            place = Span(node.start_mark.index, node.end_mark.index)
            yield Script(kind, file, place, found, around, key, exact=False, text=node.value)
    except NotUnderstood:
        return
