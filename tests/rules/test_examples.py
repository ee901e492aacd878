"""Every example of every pack does what it says: exact text, silence, or a reason; once, and without a secret shown."""

from __future__ import annotations

import pytest

from mi_lint.engine import analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.report.json_ import render_json, render_jsonl
from mi_lint.report.model import Report
from mi_lint.report.redact import redactor_for
from mi_lint.report.style import Style
from mi_lint.report.text import render
from mi_lint.rulebook.examples import (
    TOKENS,
    contract,
    example_files,
    example_options,
    expand,
    expected_files,
    run_example,
)
from mi_lint.rulebook.model import Example, Rule, Rulebook

NOT_SECRET = {"guid", "tenant-id", "client-id", "subscription-id"}
SECRETS = {name: expand(f"{{{name}}}") for name in TOKENS if name not in NOT_SECRET}


def _show(texts: dict[str, str]) -> str:
    return contract("\n".join(f"--- {path}\n{text}" for path, text in sorted(texts.items())))


def test_example(example: Example, rulebook: Rulebook) -> None:
    result = run_example(example, rulebook)
    assert _show(dict(result.actual)) == _show(dict(result.expected))
    assert [contract(problem) for problem in result.problems] == []


def test_the_result_is_final(example: Example, rulebook: Rulebook) -> None:
    """A second run over what the example promises changes nothing more."""
    files = {path: text.encode() for path, text in expected_files(example).items()}
    changes = change_set(analyse(files, rulebook, example_options(example)), Applicability.REVIEW)
    assert _show({path: change.after.decode() for path, change in changes.files.items()}) == ""


def test_findings_match_the_outcome(example: Example, rulebook: Rulebook) -> None:
    """Silence, a fix, or a reason: each finding says which, and nothing in between."""
    files = {path: text.encode() for path, text in example_files(example).items()}
    findings = analyse(files, rulebook, example_options(example)).findings
    if example.silent:
        assert findings == []
        return
    assert findings
    for finding in findings:
        if finding.applicability == Applicability.MANUAL:
            assert finding.fix is None or not finding.fix.edits
            assert finding.reasons or finding.advice, "a finding without a fix says why not"
    if example.manual:
        assert any(f.applicability == Applicability.MANUAL for f in findings)
    else:
        assert any(f.fix and f.fix.edits for f in findings)


def test_no_report_shows_a_secret(example: Example, rulebook: Rulebook) -> None:
    files = {path: text.encode() for path, text in example_files(example).items()}
    analysis = analyse(files, rulebook, example_options(example))
    report = Report(analysis.findings, analysis.sources, redactor_for(analysis.findings, analysis.sources))
    for finding in analysis.findings:
        shown = " ".join([finding.message, finding.redacted, finding.advice, *finding.reasons, finding.fingerprint])
        assert [name for name, value in SECRETS.items() if value in shown] == []
    for text in (render_json(report), render_jsonl(report), render(report, Style()), render(report, Style(width=80))):
        assert [name for name, value in SECRETS.items() if value in text] == []


@pytest.fixture(scope="module")
def service_rules(rulebook: Rulebook) -> dict[str, list[Rule]]:
    return {pack.service: list(pack.rules) for pack in rulebook.packs if pack.rules}


def test_every_pack_shows_what_it_does(service_rules: dict[str, list[Rule]]) -> None:
    """Each service with a rewrite has examples that rewrite, and at least two that stay as they are."""
    assert service_rules
    for service, rules in service_rules.items():
        examples = [example for rule in rules for example in rule.examples]
        assert all(rule.examples for rule in rules), f"{service}: a rule without an example"
        if any(call.new for rule in rules for call in rule.calls):
            assert any(example.after for example in examples), f"{service}: no example rewrites"
        unchanged = [example for example in examples if example.silent or example.manual]
        assert len(unchanged) >= 2, f"{service}: fewer than two examples stay unchanged"


def test_titles_are_unique(service_rules: dict[str, list[Rule]]) -> None:
    for rules in service_rules.values():
        for rule in rules:
            titles = [example.title for example in rule.examples]
            assert len(set(titles)) == len(titles), rule.id
