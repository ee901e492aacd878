"""rdjson for reviewdog: one diagnostic per finding, with the fix as one suggestion where a review can apply it whole.

A suggestion replaces whole lines from the first to the last change, so that one click applies all of the fix or none.
A fix that also changes other files, or that has to write what may not be shown, has no suggestion: half of it would
break the program. Columns count the bytes of UTF-8, as reviewdog does; ends are exclusive.
"""

from __future__ import annotations

import json
from typing import Any

from mi_lint.findings import Edit, Finding, Fix, Place, Severity
from mi_lint.report.diff import apply_edits
from mi_lint.report.model import Report, sentence
from mi_lint.report.redact import char_span
from mi_lint.textfile import TextFile

_LEVELS = {Severity.INFO: "INFO", Severity.LOW: "INFO", Severity.MEDIUM: "WARNING"}
_LONGEST = 100  # lines of a suggestion: a comment on more than that helps nobody


def render(report: Report) -> str:
    document = {
        "source": {"name": "mi-lint"},
        "diagnostics": [_diagnostic(report, finding) for finding in report.findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(report: Report, finding: Finding) -> dict[str, Any]:
    file = report.sources.get(finding.place.path)
    suggestion = _suggestion(report, file, finding.fix) if file and finding.fix else None
    code = {"value": finding.rule}
    if finding.help_url:
        code["url"] = finding.help_url
    record: dict[str, Any] = {
        "message": "\n".join(report.redactor.prose(line) for line in _message(finding, suggestion is not None)),
        "location": {"path": report.shown(finding.place.path), "range": _range(file, finding.place)},
        "severity": _LEVELS.get(finding.severity, "ERROR"),
        "code": code,
    }
    if suggestion is not None:
        record["suggestions"] = [suggestion]
    return record


def _message(finding: Finding, suggested: bool) -> list[str]:
    lines = [sentence(finding.message), *finding.reasons, *([finding.advice] if finding.advice else [])]
    fix = finding.fix
    if fix is None or not fix.edits:
        return lines
    if suggested:
        needed = [condition.text for condition in fix.preconditions if condition.kind in ("role", "setting")]
        lines += [f"Before it works: {sentence(text)}" for text in needed]
    else:
        lines.append("`mi-lint migrate` shows the fix, which changes more than can be suggested here.")
    return lines


def _suggestion(report: Report, file: TextFile, fix: Fix) -> dict[str, Any] | None:
    if not fix.edits or any(edit.place.path != file.path for edit in fix.edits):
        return None
    first, last, text = _replaced(file, fix.edits)
    shown = report.redactor.source(file.path, text)
    if last - first >= _LONGEST or shown != text or report.redactor.prose(text) != text:
        return None
    end = len(file.line_text(last).encode()) + 1
    return {"range": {"start": _position(file, first, 1), "end": _position(file, last, end)}, "text": text}


def _replaced(file: TextFile, edits: tuple[Edit, ...]) -> tuple[int, int, str]:
    """The changed lines and their new text, without the end of the last one; one more line if none would be left."""
    after = apply_edits(file, edits)[len(file.bom) :].decode(file.encoding)
    lines = len(file.line_starts) - file.text.endswith(("\n", "\r"))
    first = min(lines, *(edit.place.line for edit in edits))
    last = min(lines, max(edit.place.end_line - (edit.place.end_column == 1) for edit in edits))
    last = max(first, last)
    while True:
        begin, end = file.line_starts[first - 1], file.line_starts[last - 1] + len(file.line_text(last))
        text = after[begin : len(after) - (len(file.text) - end)]
        if text.strip("\r\n") or (first == 1 and last == lines):
            return first, last, text
        first, last = (first, last + 1) if last < lines else (first - 1, last)


def _range(file: TextFile | None, place: Place) -> dict[str, Any]:
    if file is None:
        return {"start": {"line": place.line}, "end": {"line": place.end_line}}
    start, end = char_span(file, place)
    return {"start": _at(file, start), "end": _at(file, end)}


def _at(file: TextFile, offset: int) -> dict[str, int]:
    line, column = file.line_column(offset)
    begin = file.line_starts[line - 1]
    return _position(file, line, len(file.text[begin : begin + column - 1].encode()) + 1)


def _position(file: TextFile, line: int, column: int) -> dict[str, int]:
    """A position with its column in bytes; a byte order mark is a part of the first line."""
    mark = len(file.bom) if line == 1 and file.encoding == "utf-8" else 0
    return {"line": line, "column": column + mark}
