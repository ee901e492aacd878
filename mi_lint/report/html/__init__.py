"""The report of a whole migration as one HTML file: findings with their changes, and the plan as a checklist.

The file needs nothing else: no network, no fonts, one style and one script, both named by hash in its security policy.
Without the script it is still whole; the script filters, keeps ticks and switches colours.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from mi_lint import __version__
from mi_lint.findings import Applicability, Severity
from mi_lint.report.html.checklist import checklist
from mi_lint.report.html.connections import groups, service_of
from mi_lint.report.html.words import inline
from mi_lint.report.model import Report, count

_FOLDER = Path(__file__).parent
_SEVERITIES = tuple(reversed(Severity))
_APPLICABILITIES = (Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL)


def render(report: Report) -> str:
    style, script = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    project = os.path.basename(report.root) or "project"
    values = {
        "policy": f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
        "form-action 'none'",
        "style": style,
        "script": script,
        "project": escape(project),
        "key": hashlib.sha256(project.encode("utf-8", "surrogateescape")).hexdigest()[:16],
        "version": escape(__version__),
        "numbers": "".join(_numbers(report)),
        "problems": _problems(report),
        "services": "".join(_services(report)),
        "severities": "".join(_boxes("severity", [s.name.lower() for s in _severities(report)])),
        "applicabilities": "".join(_boxes("applicability", [a.name.lower() for a in _APPLICABILITIES])),
        "total": count(len(report.findings), "finding"),
        "groups": "".join(groups(report)) or "<p>Nothing was found that a managed identity could replace.</p>",
        "plan": checklist(report.plan) or "<p>Nothing has to happen in Azure.</p>",
    }
    return Template((_FOLDER / "page.html").read_text(encoding="utf-8")).substitute(values)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _numbers(report: Report) -> Iterator[str]:
    """The run in numbers, as terms and values."""
    counts = report.by_applicability()
    secrets = sum(1 for finding in report.findings if finding.parts)
    rows = [
        ("Findings", len(report.findings)),
        ("Secrets written out", secrets),
        ("Fixed safely", counts[Applicability.SAFE]),
        ("Fixed, to review", counts[Applicability.REVIEW]),
        ("By hand", counts[Applicability.MANUAL]),
        ("Files checked", report.files_scanned),
        ("Ignored or in the baseline", report.suppressed + report.baselined),
    ]
    for name, number in rows:
        yield f"<div><dt>{name}</dt><dd>{number:,}</dd></div>"


def _problems(report: Report) -> str:
    if not report.errors:
        return ""
    items = "".join(f"<li>{inline(report.redactor.prose(error))}</li>" for error in report.errors)
    return f'<section aria-labelledby="problems"><h2 id="problems">Not checked</h2><ul>{items}</ul></section>'


def _services(report: Report) -> Iterator[str]:
    numbers = Counter((service_of(report, finding), finding.service) for finding in report.findings)
    for (title, name), number in sorted(numbers.items()):
        yield f'<option value="{escape(name)}">{escape(title)} ({number})</option>'


def _severities(report: Report) -> list[Severity]:
    found = {finding.severity for finding in report.findings}
    return [severity for severity in _SEVERITIES if severity in found]


def _boxes(name: str, values: list[str]) -> Iterator[str]:
    for value in values:
        yield f'<label><input type="checkbox" name="{name}" value="{value}" checked> {value}</label>'
