"""A report in one of the formats, with what only some of them show: the pages of rules, and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mi_lint.cli.scan import Scan
from mi_lint.errors import UsageError
from mi_lint.report.formats import render
from mi_lint.report.model import Report, RuleText
from mi_lint.report.style import Style


def rendered(form: str, scan: Scan, options: Mapping[str, Any], style: Style | None = None) -> str:
    """The whole text of a report."""
    report = scan.report()
    if form == "text":
        report = replace(report, narrowed=any(options.get(name) for name in ("paths", "staged", "since")))
    if form in ("sarif", "html"):
        report = replace(report, rules=_rule_texts(scan, report))
    if form == "html":
        report = replace(report, plan=_plan(scan, options))
    return render(form, report, style or Style())


def save(form: str, scan: Scan, options: Mapping[str, Any], target: Path, option: str) -> None:
    """Write a report to a file that `option` of the command line names.

    Raises:
        UsageError: the file can't be written.
    """
    try:
        target.write_bytes(rendered(form, scan, options).encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"{option}: can't be written ({error.strerror})") from None


def _rule_texts(scan: Scan, report: Report) -> dict[str, RuleText]:
    """What the packs say about each rule that was found."""
    from mi_lint.rulebook.kind_pages import kind_page
    from mi_lint.rulebook.pages import rule_page

    found: dict[str, RuleText] = {}
    kinds = {kind.id: kind for kind in scan.rulebook.kinds}
    for id in dict.fromkeys(f.rule for f in (*report.findings, *report.ignored, *report.known)):
        if id in kinds:
            kind = kinds[id]
            pack = scan.rulebook.by_service[kind.service]
            found[id] = RuleText(kind.title, pack.title, f"{kind.title} written out in a file.", kind_page(kind, pack))
        elif (rule := scan.rulebook.rule(id)) is not None:
            pack = scan.rulebook.pack_of(rule)
            found[id] = RuleText(rule.name.replace("-", " "), pack.title, rule.summary, rule_page(rule, pack, 1))
    return found


def _plan(scan: Scan, options: Mapping[str, Any]) -> str:
    from mi_lint.cli.plan import build_plan
    from mi_lint.report.plans.markdown import markdown

    return markdown(build_plan(scan, options))
