"""Patterns of packs run on a stranger's text, so only those that cannot run away are accepted."""

from __future__ import annotations

import pytest

from mi_lint.rulebook.regexes import regex_problem


@pytest.mark.parametrize(
    "pattern",
    [r"^https://.*\.openai\.azure\.com/?$", r"(?i)^(a|bc)d", r"[a-z0-9-]{3,24}\.blob", r"(?:x+)?y", r"a{2}(b{3})?"],
)
def test_accepted(pattern: str) -> None:
    assert regex_problem(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"(a+)+$", "a repetition inside a repetition"),
        (r"(a?b?)*", "a repetition inside a repetition"),
        (r"(?:x(?:y*)z)+", "a repetition inside a repetition"),
        (r"(a|ab)*c", "an alternative inside a repetition"),
        (r"(a)\1", "a back-reference"),
        (r"(?P<x>a)(?P=x)", "a back-reference"),
        (r"(a)?(?(1)b|c)", "a conditional group"),
        (r"(?=a)b", "a look-ahead or look-behind"),
        (r"(?<!a)b", "a look-ahead or look-behind"),
        (r".*a.*b.*c.*d", "more than 3 open-ended repetitions"),
        ("a" * 301, "longer than 300 characters"),
        (r"(", "not a regular expression (missing ), unterminated subpattern at position 0)"),
    ],
)
def test_refused(pattern: str, problem: str) -> None:
    assert regex_problem(pattern) == problem
