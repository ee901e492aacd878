"""Long runs of an alphabet, found without regular expressions and the same as with them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.runs import BASE64, HEX, longest_run


@pytest.mark.parametrize("alphabet", [BASE64, HEX])
@given(
    data=st.lists(st.sampled_from([b"a", b"F", b"9", b"g", b"/", b"=", b"_", b" ", b"x", b"\0"])),
    at_least=st.integers(1, 8),
)
def test_the_same_as_a_pattern(alphabet: bytes, data: list[bytes], at_least: int) -> None:
    text = b"".join(data)
    pattern = b"[" + re.escape(alphabet) + b"]{%d}" % at_least
    assert longest_run(text, alphabet, at_least) == bool(re.search(pattern, text))


@given(data=st.binary(), alphabet=st.binary(min_size=1, max_size=6), at_least=st.integers(1, 5))
def test_any_alphabet(data: bytes, alphabet: bytes, at_least: int) -> None:
    runs = "".join("x" if byte in alphabet else " " for byte in data).split()
    assert longest_run(data, alphabet, at_least) == any(len(run) >= at_least for run in runs)


@pytest.mark.parametrize(
    ("data", "alphabet", "at_least", "found"),
    [
        (b"", BASE64, 1, False),
        (b"ab+/cd==", BASE64, 8, True),
        (b"ab+/cd==", BASE64, 9, False),
        (b"ab-_cd", BASE64, 6, True),
        (b"(0aF9)", HEX, 4, True),
        (b"(0aG9)", HEX, 4, False),
        (b"0a\n0a", HEX, 4, False),
    ],
)
def test_runs(data: bytes, alphabet: bytes, at_least: int, found: bool) -> None:
    assert longest_run(data, alphabet, at_least) is found
