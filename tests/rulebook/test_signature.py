"""Signatures: what is read, what is written back, and what is refused with which advice."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.rulebook.model import CredentialForm, Parameter, Signature
from mi_lint.rulebook.signature import (
    SignatureProblem,
    format_signature,
    is_passable,
    parse_signature,
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True).filter(lambda n: not keyword.iskeyword(n))
DEFAULTS = st.sampled_from(
    ["None", "True", "IDENTITY", "'text'", "1", "()", "TOKEN_PROVIDER('https://x/.default')", "IDENTITY('family')"]
)


@st.composite
def signatures(draw: st.DrawFn) -> Signature:
    names = draw(st.lists(NAMES.filter(lambda n: n != "kwargs"), max_size=6, unique=True))
    positional = draw(st.integers(0, len(names)))
    required = draw(st.integers(0, positional))
    parameters = []
    for index, name in enumerate(names):
        keyword_only = index >= positional
        plain = index < required or (keyword_only and draw(st.booleans()))
        parameters.append(Parameter(name, keyword_only, None if plain else draw(DEFAULTS)))
    symbol = ".".join(draw(st.lists(NAMES, min_size=2, max_size=5)))
    return Signature(symbol, tuple(parameters), draw(st.booleans()))


@given(signatures())
def test_a_written_signature_is_read_back(signature: Signature) -> None:
    assert parse_signature(format_signature(signature)) == signature


@given(st.text(alphabet="ab.(),=*/: \n'\"[]{}#\\\x00:-> é", max_size=40))
def test_any_text_is_a_signature_or_a_problem(text: str) -> None:
    try:
        signature = parse_signature(text)
    except SignatureProblem:
        return
    assert parse_signature(format_signature(signature)) == signature


def test_all_parts_of_a_signature() -> None:
    assert parse_signature("a.b.C.m(x, y=None, *, z=IDENTITY, **kwargs)") == Signature(
        "a.b.C.m",
        (Parameter("x"), Parameter("y", False, "None"), Parameter("z", True, "IDENTITY")),
        var_keyword=True,
    )
    assert parse_signature(" IDENTITY ") == Signature("", ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.B", "a signature needs its parameters; write a.B(name, other=None)"),
        ("B(x)", "`B` is not a qualified name; write the module as well, such as package.module.Class(name)"),
        ("a.B(x, /, y)", "`/` is not supported; leave the slash out"),
        ("a.B(*args)", "`*args` is not supported; write a bare * before keyword-only parameters"),
        ("a.B(x: str)", "`x` has an annotation; write only x"),
        ("a.B(x=)", "not a signature (invalid syntax); write it as in a def: (name, other=None, **kwargs)"),
        ("a.B(x): pass\ndef c(y)", "not one signature; write one callable with its parameters in one pair of brackets"),
    ],
)
def test_what_is_wrong_is_said_with_advice(text: str, message: str) -> None:
    with pytest.raises(SignatureProblem) as caught:
        parse_signature(text)
    if "(invalid" in message:  # the wording inside the brackets is Python's own
        assert str(caught.value).startswith("not a signature (")
        assert str(caught.value).endswith(message.partition(";")[2])
    else:
        assert str(caught.value) == message


@pytest.mark.parametrize("default", ["IDENTITY", 'TOKEN_PROVIDER("https://x/.default")', "None", "'backup'", "[1, 2]"])
def test_what_may_be_passed(default: str) -> None:
    assert is_passable(default)


@pytest.mark.parametrize("default", ["print('x')", "x", "TOKEN_PROVIDER()", "__import__('os')", "TOKEN_PROVIDER(x)"])
def test_what_may_not_be_passed(default: str) -> None:
    assert not is_passable(default)


@pytest.mark.parametrize(
    ("default", "form"),
    [
        ("IDENTITY", CredentialForm("identity", "")),
        ("IDENTITY('widgets')", CredentialForm("identity", "widgets")),
        ('TOKEN_PROVIDER("https://x/.default")', CredentialForm("provider", "https://x/.default")),
        ("TOKEN('https://x/.default')", CredentialForm("token", "https://x/.default")),
        ("TOKEN_PROVIDERS", None),
        ("TOKEN_PROVIDER(", None),
        ("TOKEN", None),
        ("TOKEN()", None),
        (None, None),
    ],
)
def test_forms_of_a_credential(default: str | None, form: CredentialForm | None) -> None:
    assert Parameter("x", default=default).credential == form
