"""Findings for a person: what is wrong and where, where the value comes from, what to do, and the fix as a diff."""

from __future__ import annotations

import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator

from mi_lint.findings import Applicability, Finding
from mi_lint.report.diff import coloured, fix_diff
from mi_lint.report.model import Report, count, effective
from mi_lint.report.snippet import snippet
from mi_lint.report.style import SEVERITY_COLOUR, Style, printable

_MOST_PLACES = 8  # of one secret that are listed
_MOST_FILES = 3  # that a command names
_FIX = {Applicability.SAFE: "safe fix", Applicability.REVIEW: "fix to review"}


def render(report: Report, style: Style) -> str:
    """The whole report, with a closing line of counts."""
    blocks: list[str] = []
    fixes: dict[str, Finding] = {}
    for finding in report.findings:
        blocks.append("\n".join(_finding(report, finding, style, fixes)))
    blocks.append("\n".join([closing(report, style), *_more(report, style)]))
    return "\n\n".join(blocks) + "\n"


def _finding(report: Report, finding: Finding, style: Style, fixes: dict[str, Finding]) -> Iterator[str]:
    colour = SEVERITY_COLOUR[finding.severity]
    label = style.paint(f"{finding.severity.name.lower()}[{finding.rule}]", "bold", colour)
    message = printable(report.redactor.prose(finding.message))
    taken = len(f"{finding.severity.name}[{finding.rule}] {finding.name}: ")
    first, *rest = style.wrapped(message, taken, 4)
    yield f"{style.link(label, finding.help_url)} {style.paint(finding.name, 'bold')}: {first}"
    yield from rest
    file = report.sources.get(finding.place.path)
    gutter = " " * len(str(finding.place.end_line)) if file else ""
    where = f"{_shown(report, finding.place.path)}:{finding.place.line}:{finding.place.column}"
    yield f"{gutter}{style.paint('-->', 'blue')} {where}"
    if file:
        yield from snippet(file, finding.place, report.redactor, style, colour)
    for name, text in _notes(report, finding, _is_repeated(finding, fixes)):
        yield from _note(gutter, name, printable(report.redactor.prose(text)), style)
    yield from _fix(report, finding, style, fixes, gutter)
    if finding.help_url:
        yield from _note(gutter, "help", finding.help_url, style, wrap=False)


def _is_repeated(finding: Finding, fixes: dict[str, Finding]) -> bool:
    """Whether an earlier finding has the same fix, with all that is to be looked at."""
    earlier = fixes.get(finding.fix.connection) if finding.fix and finding.fix.edits else None
    return earlier is not None and earlier.fix == finding.fix and earlier.reasons == finding.reasons


def _notes(report: Report, finding: Finding, repeated: bool = False) -> Iterator[tuple[str, str]]:
    if finding.source:
        place = finding.source.place
        at = f" ({_shown(report, place.path)}:{place.line}:{place.column})" if place else ""
        text = finding.source.text or finding.source.kind
        yield "source", f"{text}{at}"
    if finding.also:
        places = ", ".join(f"{_shown(report, p.path)}:{p.line}:{p.column}" for p in finding.also[:_MOST_PLACES])
        more = f" and {len(finding.also) - _MOST_PLACES} more" if len(finding.also) > _MOST_PLACES else ""
        yield "also at", places + more
    for note in finding.notes:
        yield "note", note
    applicability = effective(finding)
    word = {Applicability.MANUAL: "no fix", Applicability.REVIEW: "review", Applicability.SAFE: "note"}[applicability]
    for reason in () if repeated else finding.reasons:
        yield word, reason
    if finding.advice:
        yield "to do", finding.advice


def _fix(report: Report, finding: Finding, style: Style, fixes: dict[str, Finding], gutter: str) -> Iterator[str]:
    fix = finding.fix
    if fix is None or not fix.edits:
        return
    earlier = fixes.setdefault(fix.connection, finding)
    name = _FIX.get(fix.applicability, "fix")
    if earlier is not finding and earlier.fix == fix:
        place = earlier.place
        at = f"{_shown(report, place.path)}:{place.line}:{place.column}"
        yield from _note(gutter, name, f"the same as for {earlier.rule} at {at}", style)
        return
    yield from _note(gutter, name, printable(report.redactor.prose(fix.title)), style)
    for line in coloured(fix_diff(fix, report.sources, report.redactor), style):
        yield f"{gutter}   {line}".rstrip()
    for condition in fix.preconditions:
        yield from _note(gutter, f"needs {condition.kind}", printable(report.redactor.prose(condition.text)), style)


def _note(gutter: str, name: str, text: str, style: Style, wrap: bool = True) -> Iterator[str]:
    head = f"{gutter} = {name}: "
    lines = [text]
    if wrap and style.width > len(head) + 30:
        lines = textwrap.wrap(text, style.width - len(head), break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{gutter} {style.paint('=', 'blue')} {style.paint(name + ':', 'bold')} {lines[0]}"
    yield from (" " * len(head) + line for line in lines[1:])


def closing(report: Report, style: Style) -> str:
    """Counts, and the commands that apply the fixes."""
    scanned = f"{count(report.files_scanned, 'file')} checked"
    ignored = f", {report.suppressed} ignored" if report.suppressed else ""
    ignored += f", {report.baselined} in the baseline" if report.baselined else ""
    if not report.findings:
        word = "No findings" if not report.errors else f"No findings, but {count(len(report.errors), 'problem')}"
        return f"{style.paint(word, 'bold', 'yellow' if report.errors else 'green')} ({scanned}{ignored})."
    counts = report.by_applicability()
    safe, review, manual = (counts[a] for a in (Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL))
    head = f"{count(len(report.findings), 'finding')} in {count(report.files, 'file')}"
    parts = []
    if safe + review:
        how = [f"{safe} safe with `mi-lint migrate --write{_where(report, Applicability.SAFE)}`"] if safe else []
        if review:
            command = f"mi-lint migrate --write --unsafe-fixes{_where(report, Applicability.REVIEW)}"
            how.append(f"{review} {'more ' if safe else ''}with `{command}`")
        parts.append(f"{safe + review} fixable ({', '.join(how)})")
    if manual:
        parts.append(f"{manual} manual")
    return f"{style.paint(head, 'bold')}: {', '.join(parts)} ({scanned}{ignored})."


def _where(report: Report, least: Applicability) -> str:
    """The files that a command has to name to change no more than what is reported; few, or none."""
    fixable = (f.place.path for f in report.findings if effective(f) >= least)
    files = sorted({shlex.quote(_shown(report, path)) for path in fixable})
    return "".join(f" {file}" for file in files) if report.narrowed and len(files) <= _MOST_FILES else ""


def _more(report: Report, style: Style) -> list[str]:
    """For those who see a finding for the first time: where to read more, and how to let it stand."""
    if not report.findings:
        return []
    rule = report.findings[0].rule
    text = f"More: `mi-lint explain {rule}`. To accept a finding: `# mi-lint: ignore[{rule}] reason` on its line."
    return [style.paint(text, "dim")]


def statistics(report: Report, style: Style) -> str:
    """How often each rule was found, most frequent first."""
    counts = Counter((finding.rule, finding.name) for finding in report.findings)
    width = max((len(str(n)) for n in counts.values()), default=1)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{number:>{width}}  {style.paint(rule, 'bold')}  {name}" for (rule, name), number in rows]
    return "\n".join([*lines, closing(report, style)]) + "\n"


def _shown(report: Report, path: str) -> str:
    return printable(report.shown(path))
