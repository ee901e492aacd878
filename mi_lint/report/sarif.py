"""SARIF 2.1.0 as code scanning of GitHub reads it. Without snippets: those would carry the secret."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from mi_lint import __version__
from mi_lint.findings import Edit, Finding, Place, Severity
from mi_lint.report.model import Report, count, sentence

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.INFO: "note", Severity.LOW: "note", Severity.MEDIUM: "warning"}
_SCORES = {
    Severity.INFO: "1.0",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
_LONGEST = 1024  # characters of a description
_MOST_RESULTS = 25_000  # with more of them code scanning refuses the file
_MOST_RELATED = 100  # places of one result
_MOST_LINKS = 5  # of them that the message names
_RELATIVE_LINK = re.compile(r"\[([^\]]+)\]\((?!https:)[^)]*\)")


def render(report: Report) -> str:
    shown = sorted(report.findings, key=lambda finding: -finding.severity)[:_MOST_RESULTS]
    kept = set(map(id, shown))
    findings = [(finding, "") for finding in report.findings if id(finding) in kept]
    hidden = [(finding, "inSource") for finding in report.ignored] + [(f, "external") for f in report.known]
    findings += hidden[: _MOST_RESULTS - len(findings)]
    rules: dict[str, Finding] = {}
    for finding, _ in findings:
        rules.setdefault(finding.rule, finding)
    index = {rule: number for number, rule in enumerate(rules)}
    notes = [{"level": "error", "message": {"text": report.redactor.prose(error)}} for error in report.errors]
    left = len(report.findings) - len(shown)
    if left:
        notes.append({"level": "warning", "message": {"text": f"{count(left, 'finding')} more are left out here."}})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "mi-lint",
                "semanticVersion": __version__,
                "rules": [_rule(report, finding) for finding in rules.values()],
            }
        },
        "automationDetails": {"id": "mi-lint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the project."}}},
        "invocations": [{"executionSuccessful": not report.errors, "toolExecutionNotifications": notes}],
        "results": [_result(report, finding, index[finding.rule], hidden) for finding, hidden in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(report: Report, finding: Finding) -> dict[str, Any]:
    advice = report.redactor.prose(finding.advice) or "Sign in with a managed identity instead."
    about = report.rules.get(finding.rule)
    title = about.title if about else finding.name.replace("-", " ")
    help_text = {"text": f"{advice}\n{finding.help_url}".strip()}
    if about:
        help_text["markdown"] = _RELATIVE_LINK.sub(r"\1", about.page)
    record: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": _cut(title)},
        "fullDescription": {"text": _cut(" ".join(about.summary.split()) if about else advice)},
        "help": help_text,
        "defaultConfiguration": {"level": _LEVELS.get(finding.severity, "error")},
        "properties": {
            "tags": ["security", "azure", finding.service],
            "precision": {2: "very-high", 1: "high", 0: "medium"}[int(finding.confidence)],
            "security-severity": _SCORES[finding.severity],
        },
    }
    if finding.help_url:
        record["helpUri"] = finding.help_url
    return record


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _result(report: Report, finding: Finding, index: int, hidden: str) -> dict[str, Any]:
    """One finding; `hidden` is where it was said that it is not to be shown."""
    related = _related(report, finding)
    words = [sentence(report.redactor.prose(finding.message)), *map(report.redactor.prose, finding.reasons)]
    links = [f"[{where}:{place.line}]({number})" for number, (where, place, _) in enumerate(related, 1) if where]
    words += [f"Also at {', '.join(links[:_MOST_LINKS])}."] if links else []
    record: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS.get(finding.severity, "error"),
        "message": {"text": " ".join(words)},
        "locations": [{"physicalLocation": _location(finding.place)}],
        "partialFingerprints": {"miLint/v1": finding.fingerprint},
    }
    if related:
        record["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(place), "message": {"text": text}}
            for number, (_, place, text) in enumerate(related, 1)
        ]
    fix = finding.fix
    if fix is not None and fix.edits and all(report.redactor.prose(e.text) == e.text for e in fix.edits):
        by_path: dict[str, list[Edit]] = {}
        for edit in fix.edits:
            by_path.setdefault(edit.place.path, []).append(edit)
        changes = [
            {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in edits]}
            for path, edits in by_path.items()
        ]
        record["fixes"] = [{"description": {"text": report.redactor.prose(fix.title)}, "artifactChanges": changes}]
    if hidden:
        why = "ignored in the repository" if hidden == "inSource" else "known to the baseline"
        record["suppressions"] = [{"kind": hidden, "justification": why}]
    return record


def _related(report: Report, finding: Finding) -> list[tuple[str, Place, str]]:
    """Further places: the name by which the message links to one (empty: it does not), the place, what it is."""
    found = [(_linked(place.path), place, "The same value.") for place in finding.also[:_MOST_RELATED]]
    if finding.source is not None and finding.source.place is not None:
        found.append(("", finding.source.place, "Where the value comes from."))
    return found


def _linked(path: str) -> str:
    """A path as the text of a link."""
    return re.sub(r"([\\\[\]])", r"\\\1", path)


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.text}}


def _location(place: Place) -> dict[str, Any]:
    return {"artifactLocation": _artifact(place.path), "region": _region(place)}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, safe="/~"), "uriBaseId": "SRCROOT"}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
