"""The plan in a few lines: what a migration finds, and what must be true before its result works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mi_lint.findings import Applicability, Precondition
from mi_lint.report.model import Report, effective
from mi_lint.report.redact import Redactor
from mi_lint.report.style import Style, printable

_TITLES = {
    "identity": "Give the host an identity",
    "role": "Grant these roles to the identity (they take minutes to arrive)",
    "setting": "Change these settings where the code runs",
    "package": "Install these packages",
    "dependency": "List these packages by hand",
    "manual": "Do by hand",
    "later": "Do later, when it works",
    "delete": "Delete these settings where the code runs, when it works",
}
_LABEL = {
    Applicability.SAFE: ("safe", "green"),
    Applicability.REVIEW: ("review", "yellow"),
    Applicability.MANUAL: ("manual", "red"),
}


def summary_lines(report: Report, style: Style) -> list[str]:
    """One line per finding, with the first reason where it can't be fixed without a person."""
    lines = []
    said = ""
    for finding in report.findings:
        applicability = effective(finding)
        word, colour = _LABEL[applicability]
        place = finding.place
        where = printable(f"{report.shown(place.path)}:{place.line}:{place.column}")
        message = printable(report.redactor.prose(finding.message))
        first, *rest = style.wrapped(f"{where}: {finding.rule} {message}", 7, 9)
        lines += [f"{style.paint(f'{word:<6}', colour)} {first}", *rest]
        if applicability is not Applicability.SAFE:
            why = printable(report.redactor.prose(next(iter((*finding.reasons, finding.advice)), "")))
            shown = "(the same as above)" if len(why) > len("(the same as above)") and why == said else why
            said = why
            lines += [f"       {line.strip()}" for line in style.wrapped(shown, 7, 7) if why]
    return lines


def plan_lines(
    preconditions: Iterable[Precondition], redactor: Redactor, style: Style, hosts: Sequence[str] = ()
) -> list[str]:
    """Preconditions by kind, each said once, in the order in which they are to be done.

    `hosts` are the commands that give hosts their identities.
    """
    by_kind: dict[str, list[str]] = {"identity": list(hosts)} if hosts else {}
    for condition in preconditions:
        texts = by_kind.setdefault(condition.kind, [])
        text = printable(redactor.prose(condition.text))
        if text not in texts:
            texts.append(text)
    order = [*(kind for kind in _TITLES if kind in by_kind), *(kind for kind in by_kind if kind not in _TITLES)]
    lines = [style.paint("Before you deploy", "bold")] if order else []
    for number, kind in enumerate(order, 1):
        lines.append(f"{number}. {_TITLES.get(kind, kind)}:")
        lines += [f"   - {text}" for text in by_kind[kind]]
    return lines
