"""The JSON contract: one object, or one finding a line. Stable field names; no field ever holds a secret.

A secret written out in files is one finding: `places` has every place where it stands, `parts` the pieces that it is
put together from at the first of them.
"""

from __future__ import annotations

import json
from typing import Any

from mi_lint import __version__
from mi_lint.findings import Applicability, Finding, Fix, Place
from mi_lint.report.model import Report
from mi_lint.report.redact import Redactor


def render_json(report: Report) -> str:
    """The report as one object."""
    counts = report.by_applicability()
    document = {
        "version": 1,
        "tool": {"name": "mi-lint", "version": __version__},
        "findings": [finding_record(finding, report.redactor) for finding in report.findings],
        "summary": {
            "findings": len(report.findings),
            "files": report.files,
            "safe": counts[Applicability.SAFE],
            "review": counts[Applicability.REVIEW],
            "manual": counts[Applicability.MANUAL],
            "suppressed": report.suppressed,
            "baselined": report.baselined,
            "files_scanned": report.files_scanned,
            "bytes_scanned": report.bytes_scanned,
            "errors": [report.redactor.prose(error) for error in report.errors],
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def render_jsonl(report: Report) -> str:
    """One finding a line."""
    records = (finding_record(finding, report.redactor) for finding in report.findings)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def finding_record(finding: Finding, redactor: Redactor) -> dict[str, Any]:
    """One finding as the contract has it."""
    place = finding.place
    record: dict[str, Any] = {
        "rule": finding.rule,
        "name": finding.name,
        "kind": finding.kind,
        "service": finding.service,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "applicability": finding.applicability.name.lower(),
        "path": place.path,
        **_lines(place),
        "message": redactor.prose(finding.message),
        "redacted": redactor.prose(finding.redacted),
        "fingerprint": finding.fingerprint,
        "source": _source(finding, redactor),
        "help_url": finding.help_url,
        "fix": _fix(finding.fix, redactor) if finding.fix else None,
    }
    if finding.parts:
        record["places"] = [_placed(p) for p in (place, *finding.also)]
        record["parts"] = [_placed(p) for p in finding.parts]
    return record


def _placed(place: Place) -> dict[str, Any]:
    return {"path": place.path, "start": place.start, "end": place.end, **_lines(place)}


def _lines(place: Place) -> dict[str, int]:
    return {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _source(finding: Finding, redactor: Redactor) -> dict[str, Any] | None:
    if finding.source is None:
        return None
    place = finding.source.place
    where = {"path": place.path, **_lines(place)} if place else {}
    return {"kind": finding.source.kind, "text": redactor.prose(finding.source.text), **where}


def _fix(fix: Fix, redactor: Redactor) -> dict[str, Any]:
    """A fix; without its edits if their text can't be shown, since half an edit would break the code."""
    edits = [
        {"path": e.place.path, "start": e.place.start, "end": e.place.end, **_lines(e.place), "text": e.text}
        for e in fix.edits
    ]
    if any(redactor.prose(edit.text) != edit.text for edit in fix.edits):
        edits = []
    conditions = [
        {"kind": p.kind, "text": redactor.prose(p.text), "data": {k: redactor.prose(v) for k, v in p.data}}
        for p in fix.preconditions
    ]
    return {
        "applicability": fix.applicability.name.lower(),
        "title": redactor.prose(fix.title),
        "edits": edits,
        "preconditions": conditions,
    }
