"""The output formats by name; each is one module, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from mi_lint.errors import UsageError
from mi_lint.report.model import Report
from mi_lint.report.style import Style

AVAILABLE = ("text", "json", "jsonl", "sarif", "github", "gitlab", "junit", "azure", "rdjson", "markdown", "html")

_RENDERERS = {
    "json": ("json_", "render_json"),
    "jsonl": ("json_", "render_jsonl"),
    "sarif": ("sarif", "render"),
    "github": ("annotations", "render_github"),
    "azure": ("annotations", "render_azure"),
    "gitlab": ("gitlab", "render"),
    "junit": ("junit", "render"),
    "rdjson": ("rdjson", "render"),
    "html": ("html", "render"),
    "markdown": ("summary", "render"),
}


def check_format(name: str) -> str:
    """The name itself.

    Raises:
        UsageError: there is no such format.
    """
    if name in AVAILABLE:
        return name
    import difflib

    near = difflib.get_close_matches(name.lower(), AVAILABLE, n=1)
    advice = f"did you mean '{near[0]}'?" if near else f"use one of {', '.join(AVAILABLE)}"
    raise UsageError(f"output format '{name}' does not exist; {advice}")


def render(name: str, report: Report, style: Style) -> str:
    """The report in one format."""
    if name == "text":
        from mi_lint.report.text import render as render_text

        return render_text(report, style)
    module, function = _RENDERERS[name]
    made: str = getattr(import_module(f"mi_lint.report.{module}"), function)(report)
    return made
