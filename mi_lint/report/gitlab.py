"""The code quality report of GitLab: one issue per finding, each with a fingerprint of its own."""

from __future__ import annotations

import json
from collections import Counter

from mi_lint.findings import Severity
from mi_lint.report.model import Report, sentence, what_to_do

_LEVELS = {
    Severity.INFO: "info",
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def render(report: Report) -> str:
    seen: Counter[str] = Counter()
    issues = []
    for finding in report.findings:
        key = finding.fingerprint
        seen[key] += 1  # issues with the same fingerprint would be shown as one
        issues.append(
            {
                "description": report.redactor.prose(
                    f"{finding.rule} {sentence(finding.message)} {what_to_do(finding)}".rstrip()
                ),
                "check_name": finding.rule,
                "fingerprint": f"{key}-{seen[key]}" if seen[key] > 1 else key,
                "severity": _LEVELS[finding.severity],
                "location": {
                    "path": report.built(finding.place.path, "CI_PROJECT_DIR"),
                    "lines": {"begin": finding.place.line},
                },
            }
        )
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
