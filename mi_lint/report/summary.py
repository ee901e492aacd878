"""A summary in Markdown, for the page of a build: a table of findings, the severest first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mi_lint.findings import Applicability, Finding
from mi_lint.report.model import Report, count, effective

_MOST_ROWS = 200
_MOST_BYTES = 900_000  # GitHub shows no page of more than 1 MiB
_MOST_ERRORS = 50


def render(report: Report) -> str:
    findings = sorted(report.findings, key=lambda f: (-f.severity, f.place.path, f.place.line))
    lines = ["## mi-lint", ""]
    scanned = count(report.files_scanned, "file")
    if not findings:
        lines.append(f"No findings in {scanned}.")
    else:
        lines += [f"{count(len(findings), 'finding')} in {count(report.files, 'file')} ({scanned} checked).", ""]
        lines += ["| severity | rule | place | what | fix |", "| --- | --- | --- | --- | --- |"]
        rows = _fitting(_row(report, finding) for finding in findings[:_MOST_ROWS])
        lines += rows
        if len(findings) > len(rows):
            lines += ["", f"{len(findings) - len(rows):,} more are in the whole report."]
        lines += ["", f"More about a rule: `mi-lint explain {findings[0].rule}`.", *_commands(report)]
    for error in report.errors[:_MOST_ERRORS]:
        lines += ["", f"**Not scanned:** {_cell(report.redactor.prose(error))}"]
    if len(report.errors) > _MOST_ERRORS:
        lines += ["", f"{len(report.errors) - _MOST_ERRORS:,} more files were not scanned."]
    return "\n".join(lines) + "\n"


def _commands(report: Report) -> list[str]:
    """How fixes are applied, if there are some."""
    counts = report.by_applicability()
    lines = []
    if counts[Applicability.SAFE]:
        lines.append("Safe fixes: `mi-lint migrate --write`.")
    if counts[Applicability.REVIEW]:
        lines.append("With those to review: `mi-lint migrate --write --unsafe-fixes`.")
    return lines


def _fitting(rows: Iterable[str]) -> list[str]:
    kept, size = [], 0
    for row in rows:
        size += len(row.encode("utf-8", "replace")) + 1
        if size > _MOST_BYTES:
            break
        kept.append(row)
    return kept


def _row(report: Report, finding: Finding) -> str:
    rule = f"[{finding.rule}]({finding.help_url})" if finding.help_url else finding.rule
    place = _code(f"{report.shown(finding.place.path)}:{finding.place.line}")
    what = _cell(report.redactor.prose(finding.message))
    return f"| {finding.severity.name.lower()} | {rule} | {place} | {what} | {effective(finding).name.lower()} |"


def _code(text: str) -> str:
    """Code in a cell, whatever backticks and bars it has."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if "`" in text else ""
    return f"{fence}{space}{re.sub(r'[^ -~]', _visible, text)}{space}{fence}".replace("|", "\\|")


def _visible(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else " "


def _cell(text: str) -> str:
    """A text that stays in its cell and is no markup; code spans stay."""
    parts = re.split(r"(`[^`\n]*`)", re.sub(r"\s+", " ", text))
    escaped = [part if part.startswith("`") else re.sub(r"([\\<>\[\]*_])", r"\\\1", part) for part in parts]
    return "".join(escaped).replace("|", "\\|")
