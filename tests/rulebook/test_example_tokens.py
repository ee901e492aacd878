"""Tokens become synthetic values and back; what is expected of an example follows from it."""

from __future__ import annotations

import base64

import pytest

from mi_lint.rulebook.examples import TOKENS, contract, example_files, expand, expected_files, label_tokens
from mi_lint.rulebook.model import Example


def test_only_known_tokens_are_replaced() -> None:
    text = 'f"{name}-{x-y}-{{guid}}" {storage-account-key}'
    assert expand(text).startswith('f"{name}-{x-y}-{')
    assert "{storage-account-key}" not in expand(text)
    assert label_tokens("k={openai-key}") == "k=<openai-key>"


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_values_are_the_same_on_every_run_and_turn_back(name: str) -> None:
    value = expand(f"{{{name}}}")
    assert value == TOKENS[name](name)
    assert contract(f"x={value};") == f"x={{{name}}};"


def test_shapes() -> None:
    assert len(base64.b64decode(expand("{storage-account-key}"))) == 64
    assert len(base64.b64decode(expand("{servicebus-key}"))) == 32
    assert len(base64.b64decode(expand("{cosmos-key}"))) == 64
    assert len(expand("{openai-key}")) == 32
    assert len(expand("{search-key}")) == 52
    assert len(expand("{client-secret}")) == 40
    assert expand("{client-secret}")[3:6] == "8Q~"
    assert expand("{sas-token}").startswith("sv=")


def test_what_an_example_leaves_out_stays() -> None:
    example = Example(
        "x", "a", None, True, "", "K={openai-key}", None, (("b.py", "b", "c"), ("d.py", "d", None)), (), 1
    )
    key = expand("{openai-key}")
    assert example_files(example) == {"app.py": "a", ".env": f"K={key}", "b.py": "b", "d.py": "d"}
    assert expected_files(example) == {"app.py": "a", ".env": f"K={key}", "b.py": "c", "d.py": "d"}
