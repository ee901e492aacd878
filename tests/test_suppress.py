"""Ignores: what they hide, what they do not, and that idle ones are reported."""

from __future__ import annotations

import pytest

from mi_lint.findings import Applicability, Confidence, Finding, Place, Severity
from mi_lint.suppress import apply_ignores, find_ignores, rule_matches
from mi_lint.textfile import TextFile, decode_text


def _file(text: str, path: str = "a.py") -> TextFile:
    return decode_text(path, text.encode())


def _finding(
    line: int, end_line: int | None = None, path: str = "a.py", rule: str = "MI201", name: str = "some-key"
) -> Finding:
    return Finding(
        rule=rule,
        name=name,
        kind=name,
        service="s",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        applicability=Applicability.SAFE,
        place=Place(path, 0, 1, line, 1, end_line or line, 2),
        message="m",
        fingerprint="f",
    )


@pytest.mark.parametrize(
    "comment",
    [
        "# mi-lint: ignore",
        "# mi-lint: ignore[MI201]",
        "# mi-lint: ignore[MI999, some-key] it is a test key",
        "# mi-lint:ignore[mi201]",
        "# type: ignore # mi-lint: ignore[MI201]",
        "# noqa",
        "# noqa: MI201",
        "# noqa:E501,MI201",
        "# NOQA: E501 MI201",
        "# pragma: allowlist secret",
        "# pragma: whitelist secret",
    ],
)
def test_hides(comment: str) -> None:
    result = apply_ignores([_finding(1)], {"a.py": _file(f"f(x)  {comment}\n")}, {"a.py"})
    assert len(result.suppressed) == 1
    assert not result.kept


@pytest.mark.parametrize(
    "text",
    [
        "f(x)  # mi-lint: ignore[MI202]",
        "f(x)  # mi-lint: ignore[]",
        "f(x)  # noqa: E501",
        "f('# mi-lint: ignore')",
        'f("""\n# mi-lint: ignore""")',
        "f(x)\n# mi-lint: ignore",
        "f(x)  # mi-lint: ignored",
        "f(x)  # pragma: no cover",
    ],
)
def test_does_not_hide(text: str) -> None:
    assert len(apply_ignores([_finding(1)], {"a.py": _file(text)}, {"a.py"}).kept) == 1


def test_first_and_last_line_count_but_not_those_between() -> None:
    file = _file("f(  # noqa\n  x,\n)\n")
    assert apply_ignores([_finding(1, 3)], {"a.py": file}, set()).suppressed
    file = _file("f(\n  x,\n)  # noqa\n")
    assert apply_ignores([_finding(1, 3)], {"a.py": file}, set()).suppressed
    file = _file("f(\n  x,  # noqa\n)\n")
    assert apply_ignores([_finding(1, 3)], {"a.py": file}, set()).kept


def test_next_line_pragma() -> None:
    file = _file("# pragma: allowlist nextline secret\nf(x)\n")
    assert apply_ignores([_finding(2)], {"a.py": file}, set()).suppressed


@pytest.mark.parametrize("text", ["KEY=x # mi-lint: ignore", "key x; // mi-lint: ignore", "<!-- mi-lint: ignore -->"])
def test_comments_of_other_files(text: str) -> None:
    assert apply_ignores([_finding(1, path="x")], {"x": _file(text, "x")}, set()).suppressed


def test_idle_ignores_are_findings() -> None:
    file = _file("a = 1  # mi-lint: ignore[MI201] not any more\nb = 2  # mi-lint: ignore[MI201, MI9]\n")
    result = apply_ignores([_finding(2)], {"a.py": file}, {"a.py"})
    assert [(f.rule, f.name, f.severity, f.place.line, f.place.column) for f in result.unused] == [
        ("MI001", "unused-ignore", Severity.LOW, 1, 10),
        ("MI001", "unused-ignore", Severity.LOW, 2, 10),
    ]
    assert result.unused[1].message == "this ignore of MI9 hides nothing"
    assert file.text[result.unused[0].place.start : result.unused[0].place.end] == "mi-lint: ignore[MI201]"


def test_idle_noqa_and_rules_that_did_not_run_are_left_alone() -> None:
    file = _file("a = 1  # noqa\nb = 1  # mi-lint: ignore[MI201]\n")
    assert not apply_ignores([], {"a.py": file}, {"a.py"}, active=lambda code: False).unused


def test_one_ignore_serves_two_findings_of_a_line() -> None:
    file = _file("f(g(x))  # mi-lint: ignore[MI201, MI202]\n")
    result = apply_ignores([_finding(1), _finding(1, rule="MI202", name="other")], {"a.py": file}, {"a.py"})
    assert len(result.suppressed) == 2
    assert not result.unused


def test_per_file_ignores() -> None:
    findings = [
        _finding(1, path="tests/a.py"),
        _finding(1, path="app/a.py"),
        _finding(1, path="tests/b.py", rule="MI301"),
    ]
    result = apply_ignores(findings, {}, set(), [("tests/*", ("MI2",))])
    assert [f.place.path for f in result.kept] == ["app/a.py", "tests/b.py"]


def test_positions_in_a_file_with_a_byte_order_mark_and_wide_characters() -> None:
    file = decode_text("a.py", "x = 'é'  # mi-lint: ignore\n".encode("utf-8-sig"))
    place = apply_ignores([], {"a.py": file}, {"a.py"}).unused[0].place
    assert file.data[place.start : place.end] == b"mi-lint: ignore"
    assert (place.line, place.column) == (1, 12)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("MI201", True), ("mi2", True), ("MI", True), ("MI3", False), ("some-key", True), ("some", False)],
)
def test_rule_names(pattern: str, expected: bool) -> None:
    assert rule_matches(pattern, "MI201", "some-key") is expected


def test_files_without_any_mark_are_not_scanned() -> None:
    assert find_ignores(_file("x = 1\n" * 1000)) == []
