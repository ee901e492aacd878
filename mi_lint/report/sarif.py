"""SARIF 2.1.0 as code scanning of GitHub reads it. Without snippets: those would carry the secret."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from mi_lint import __version__
from mi_lint.findings import Edit, Finding, Place, Severity
from mi_lint.report.model import Report, sentence

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


def render(report: Report) -> str:
    rules: dict[str, Finding] = {}
    for finding in report.findings:
        rules.setdefault(finding.rule, finding)
    index = {rule: number for number, rule in enumerate(rules)}
    notes = [{"level": "error", "message": {"text": report.redactor.prose(error)}} for error in report.errors]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "mi-lint",
                "semanticVersion": __version__,
                "rules": [_rule(report, finding) for finding in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the project."}}},
        "invocations": [{"executionSuccessful": not notes, "toolExecutionNotifications": notes}],
        "results": [_result(report, finding, index[finding.rule]) for finding in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(report: Report, finding: Finding) -> dict[str, Any]:
    title = finding.name.replace("-", " ")
    advice = report.redactor.prose(finding.advice) or "Sign in with a managed identity instead."
    record: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": title[:_LONGEST]},
        "fullDescription": {"text": advice[:_LONGEST]},
        "help": {"text": f"{advice}\n{finding.help_url}".strip()},
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


def _result(report: Report, finding: Finding, index: int) -> dict[str, Any]:
    reasons = " ".join(report.redactor.prose(reason) for reason in finding.reasons)
    record: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS.get(finding.severity, "error"),
        "message": {"text": f"{sentence(report.redactor.prose(finding.message))} {reasons}".strip()},
        "locations": [{"physicalLocation": _location(finding.place)}],
        "partialFingerprints": {"miLint/v1": finding.fingerprint},
    }
    if finding.also:
        record["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(place)} for number, place in enumerate(finding.also, 1)
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
    return record


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
