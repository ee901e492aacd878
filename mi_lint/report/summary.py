"""A summary in Markdown, for the page of a build: a table of findings, the severest first."""

from __future__ import annotations

import re

from mi_lint.report.model import Report, count, effective

_LONGEST = 200  # rows; pages of builds have a size limit


def render(report: Report) -> str:
    findings = sorted(report.findings, key=lambda f: (-f.severity, f.place.path, f.place.line))
    lines = ["## mi-lint", ""]
    scanned = count(report.files_scanned, "file")
    if not findings:
        lines.append(f"No findings in {scanned}.")
    else:
        lines += [f"{count(len(findings), 'finding')} in {count(report.files, 'file')} ({scanned} checked).", ""]
        lines += ["| severity | rule | place | what | fix |", "| --- | --- | --- | --- | --- |"]
        for finding in findings[:_LONGEST]:
            rule = f"[{finding.rule}]({finding.help_url})" if finding.help_url else finding.rule
            place = f"`{_cell(report.shown(finding.place.path))}:{finding.place.line}`"
            what = _cell(report.redactor.prose(finding.message))
            lines.append(
                f"| {finding.severity.name.lower()} | {rule} | {place} | {what} | {effective(finding).name.lower()} |"
            )
        if len(findings) > _LONGEST:
            lines += ["", f"{len(findings) - _LONGEST:,} more are in the whole report."]
    for error in report.errors:
        lines += ["", f"**Not scanned:** {_cell(report.redactor.prose(error))}"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """A text that stays in its cell and is no markup; code spans stay."""
    parts = re.split(r"(`[^`\n]*`)", re.sub(r"\s+", " ", text))
    escaped = [part if part.startswith("`") else re.sub(r"([\\<>\[\]*_])", r"\\\1", part) for part in parts]
    return "".join(escaped).replace("|", "\\|")
