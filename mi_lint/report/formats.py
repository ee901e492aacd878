"""The output formats by name; each is one module, imported when it is asked for."""

from __future__ import annotations

from mi_lint.errors import UsageError
from mi_lint.report.model import Report
from mi_lint.report.style import Style

AVAILABLE = ("text", "json", "jsonl")
PLANNED = ("sarif", "github", "gitlab", "junit", "azure", "rdjson", "markdown", "html")


def check_format(name: str) -> str:
    """The name itself.

    Raises:
        UsageError: there is no such format, or not yet.
    """
    if name in AVAILABLE:
        return name
    state = "is not available yet" if name in PLANNED else "does not exist"
    raise UsageError(f"output format '{name}' {state}; use one of {', '.join(AVAILABLE)}")


def render(name: str, report: Report, style: Style) -> str:
    """The report in one format."""
    if name == "json":
        from mi_lint.report.json_ import render_json

        return render_json(report)
    if name == "jsonl":
        from mi_lint.report.json_ import render_jsonl

        return render_jsonl(report)
    from mi_lint.report.text import render as render_text

    return render_text(report, style)
