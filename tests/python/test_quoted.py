"""Code in messages never repeats a text that may be a secret."""

from __future__ import annotations

import ast

import pytest

from mi_lint.python.quoted import quoted


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("settings.storage.key", "settings.storage.key"),
        ("b'abc'.decode", "....decode"),
        ("load('abc', f'{x}abc', 3).key", "load(..., ..., 3).key"),
        ("config['storage']['account.key']", "config['storage']['account.key']"),
        ("config['aB3=']", "config[...]"),
        ("a" * 80, "a" * 57 + "..."),
    ],
)
def test_texts_are_left_out(code: str, shown: str) -> None:
    assert quoted(ast.parse(code, mode="eval").body) == shown
