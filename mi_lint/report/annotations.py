"""Findings as commands in the log of a build: GitHub Actions and Azure Pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mi_lint.findings import Finding, Severity
from mi_lint.report.model import Report, count, sentence, what_to_do

_MOST_ERRORS = 10  # files that were not scanned, by name
_GITHUB_LIMIT = 10  # annotations of one kind that a step of GitHub Actions shows


def render_github(report: Report) -> str:
    """Workflow commands, the severest first. Of more than a step shows, the rest is one more line."""
    findings = sorted(report.findings, key=lambda f: (-f.severity, f.place.path, f.place.line))
    lines: list[str] = []
    for kind in ("error", "warning", "notice"):
        own = [f for f in findings if _level(f) == kind]
        kept = own if len(own) <= _GITHUB_LIMIT else own[: _GITHUB_LIMIT - 1]
        lines += [_github(report, kind, finding) for finding in kept]
        if len(kept) < len(own):
            more = count(len(own) - len(kept), "finding")
            lines.append(f"::{kind} title=mi-lint::{more} more; see the summary or the whole report")
    problems = list(_errors(report))
    if problems:
        left = len(problems) - _MOST_ERRORS
        text = "\n".join([*problems[:_MOST_ERRORS], *([f"and {left:,} more"] if left > 0 else [])])
        lines.insert(0, f"::error title=mi-lint scan incomplete::{_escaped(text)}")
    return _lines(lines)


def render_azure(report: Report) -> str:
    """Logging commands of Azure Pipelines."""
    lines = []
    for finding in report.findings:
        place = finding.place
        properties = {
            "type": "error" if _level(finding) == "error" else "warning",
            "sourcepath": report.built(place.path, "BUILD_SOURCESDIRECTORY"),
            "linenumber": str(place.line),
            "columnnumber": str(place.column),
            "code": finding.rule,
        }
        shown = ";".join(f"{key}={_azure_property(value)}" for key, value in properties.items())
        lines.append(f"##vso[task.logissue {shown};]{_escaped(_message(report, finding))}")
    lines += [f"##vso[task.logissue type=error;]{_escaped(text)}" for text in _errors(report)]
    return _lines(lines)


def _github(report: Report, kind: str, finding: Finding) -> str:
    place = finding.place
    properties: Mapping[str, str] = {
        "file": report.built(place.path, "GITHUB_WORKSPACE"),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "col": str(place.column),
        "endColumn": str(place.end_column),
        "title": f"{finding.rule} {finding.name}",
    }
    if place.line != place.end_line:  # columns of several lines are refused
        properties = {key: value for key, value in properties.items() if "ol" not in key}
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {shown}::{_escaped(_message(report, finding))}"


def _level(finding: Finding) -> str:
    if finding.severity >= Severity.HIGH:
        return "error"
    return "warning" if finding.severity is Severity.MEDIUM else "notice"


def _message(report: Report, finding: Finding) -> str:
    advice = what_to_do(finding)
    return report.redactor.prose(f"{sentence(finding.message)} {advice}" if advice else finding.message)


def _errors(report: Report) -> Iterable[str]:
    return (report.redactor.prose(error) for error in report.errors)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _azure_property(text: str) -> str:
    return _escaped(text).replace(";", "%3B").replace("]", "%5D")


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
