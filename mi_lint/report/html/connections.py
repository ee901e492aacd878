"""Findings as HTML: those of one connection together with what changes for them, the others one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from mi_lint.findings import Applicability, Finding, Fix, Place
from mi_lint.report.diff import fix_diff
from mi_lint.report.html.words import inline
from mi_lint.report.model import Report, count, effective

_MOST_PLACES = 20  # of one secret that are listed
_WHY = {Applicability.MANUAL: "No fix", Applicability.REVIEW: "Review", Applicability.SAFE: "Note"}


def groups(report: Report) -> Iterator[str]:
    """All findings: connections in the order of their first finding, then what has no fix."""
    connections: dict[str, list[Finding]] = {}
    alone: list[Finding] = []
    for finding in report.findings:
        if finding.fix is not None and finding.fix.edits:
            connections.setdefault(finding.fix.connection, []).append(finding)
        else:
            alone.append(finding)
    if connections:
        yield "<h3>Connections that move</h3>"
    for findings in connections.values():
        yield _connection(report, findings)
    if alone:
        yield "<h3>Without a fix</h3>" + "".join(_group(report, [finding], "") for finding in alone)


def service_of(report: Report, finding: Finding) -> str:
    rule = report.rules.get(finding.rule)
    return rule.service if rule else finding.service


def _connection(report: Report, findings: Sequence[Finding]) -> str:
    fix = findings[0].fix
    assert fix is not None
    parts = ["<h4>Changes</h4>", *_diff(report, fix)]
    if fix.preconditions:
        texts = dict.fromkeys(f"{p.kind}: {report.redactor.prose(p.text)}" for p in fix.preconditions)
        parts.append("<h4>Needed before it works</h4>" + _list(inline(text) for text in texts))
    return _group(report, findings, "".join(parts), fix)


def _group(report: Report, findings: Sequence[Finding], body: str, fix: Fix | None = None) -> str:
    first = findings[0]
    applicability = effective(first).name.lower()
    severity = max(finding.severity for finding in findings).name.lower()
    title = inline(report.redactor.prose(fix.title if fix else first.message))
    where = count(len(findings), "finding") if fix else escape(_shown(first.place))
    return (
        f'<details class="group"><summary><span class="badge {severity}">{severity}</span> '
        f'<span class="badge {applicability}">{applicability}</span> <span class="title">{title}</span> '
        f'<span class="where">{where}</span></summary><div class="body">'
        + "".join(_finding(report, finding) for finding in findings)
        + f"{body}</div></details>"
    )


def _finding(report: Report, finding: Finding) -> str:
    prose = report.redactor.prose
    name = f"{escape(finding.rule)} {escape(finding.name)}"
    if finding.help_url.startswith("https://"):
        name = f'<a href="{escape(finding.help_url)}" rel="noreferrer">{name}</a>'
    severity, applicability = finding.severity.name.lower(), effective(finding).name.lower()
    notes = "".join(f"<dt>{label}</dt><dd>{inline(prose(text))}</dd>" for label, text in _notes(report, finding))
    return (
        f'<article class="finding" data-service="{escape(finding.service)}" data-severity="{severity}" '
        f'data-applicability="{applicability}"><h4>{name}</h4><p>{inline(prose(finding.message))}</p><dl>'
        f"<dt>Place</dt><dd><code>{escape(_shown(finding.place))}</code></dd>"
        f"<dt>Service</dt><dd>{escape(service_of(report, finding))}</dd>"
        f"<dt>Severity</dt><dd>{severity}, confidence {finding.confidence.name.lower()}</dd>{notes}</dl></article>"
    )


def _notes(report: Report, finding: Finding) -> Iterator[tuple[str, str]]:
    source = finding.source
    if source:
        at = f" (`{_shown(source.place)}`)" if source.place else ""
        yield "Source", (source.text or source.kind) + at
    if finding.also:
        places = ", ".join(f"`{_shown(place)}`" for place in finding.also[:_MOST_PLACES])
        more = f" and {len(finding.also) - _MOST_PLACES} more" if len(finding.also) > _MOST_PLACES else ""
        yield "Also at", places + more
    yield from (("Note", note) for note in finding.notes)
    yield from ((_WHY[effective(finding)], reason) for reason in finding.reasons)
    if finding.advice:
        yield "To do", finding.advice


def _diff(report: Report, fix: Fix) -> Iterator[str]:
    """What changes, file by file, without what is secret."""
    lines = fix_diff(fix, report.sources, report.redactor, 3)
    yield '<pre class="diff"><code>' + "".join(_line(line) for line in lines) + "</code></pre>"


def _line(line: str) -> str:
    """One line; its end is inside, so that a reader without styles sees it too."""
    if line.startswith(("--- ", "+++ ", "@@")):
        return f'<span class="{"hunk" if line[0] == "@" else "file"}">{escape(line)}\n</span>'
    tag = {"-": "del", "+": "ins"}.get(line[:1], "span")
    return f"<{tag}>{escape(line)}\n</{tag}>"


def _list(items: Iterator[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _shown(place: Place) -> str:
    return f"{place.path}:{place.line}:{place.column}"
