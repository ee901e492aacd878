"""Dict displays keep every character that is not part of the change."""

from __future__ import annotations

import pytest

from mi_lint.python.display import Pair, rewrite_display


@pytest.mark.parametrize(
    ("source", "pairs", "wanted"),
    [
        ("{'a': 1, 'b': 2}", [Pair(0), Pair(None, "c", "3")], "{'a': 1, 'c': 3}"),
        ('{"a": (1), "b": 2}', [Pair(0)], '{"a": (1)}'),
        ("{**base, 'b': 2}", [Pair(0), Pair(None, "c", "x")], "{**base, 'c': x}"),
        ('{"a": 1}', [], "{}"),
        ('{\r\n    "a": 1,  # one\r\n    "b" : 2,\r\n}', [Pair(1, "c")], '{\r\n    "c" : 2,\r\n}'),
        ('{"a": 1, f"{b}.c": 2}', [Pair(1), Pair(None, "d", "f(\n 1)")], '{f"{b}.c": 2, "d": f(\n 1)}'),
        ('{"a": 1, "b": 2}', [Pair(0, "c", "x if y else z"), Pair(1)], '{"c": x if y else z, "b": 2}'),
    ],
)
def test_rewrite_display(source: str, pairs: list[Pair], wanted: str) -> None:
    assert rewrite_display(source, pairs) == wanted


@pytest.mark.parametrize("source", ["{1, 2}", "[1]", "{'a': 1} | x", "{k: v for k, v in x}", "{'a': "])
def test_what_is_no_display_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"display|expression"):
        rewrite_display(source, [])
