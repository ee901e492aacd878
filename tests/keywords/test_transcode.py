"""UTF-16 becomes UTF-8, with or without byte order mark; everything else stays the very object."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.keywords import matcher
from mi_lint.transcode import plain

MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
LINE = "ClientSecret = café, 日本, \U0001f511"


@pytest.mark.parametrize("encoding", MARKS)
def test_with_byte_order_mark(encoding: str) -> None:
    assert plain(MARKS[encoding] + LINE.encode(encoding)).decode().lstrip("\ufeff") == LINE


@pytest.mark.parametrize("encoding", MARKS)
def test_without_byte_order_mark(encoding: str) -> None:
    text = "client_secret = " * 4 + LINE
    assert plain(text.encode(encoding)).decode() == text


@pytest.mark.parametrize("encoding", MARKS)
def test_words_are_found_in_it(encoding: str) -> None:
    assert matcher([b"clientsecret"]).present(plain(MARKS[encoding] + LINE.encode(encoding))) == {0}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"a\0",
        b"\0" * 100,
        LINE.encode(),
        b"\xef\xbb\xbf" + LINE.encode(),
        b"\x7fELF\x02\x01\x01" + b"\0" * 60,
        b"a\0b\0c and no more zeros than these",
    ],
)
def test_anything_else_stays(data: bytes) -> None:
    assert plain(data) is data


@given(st.sampled_from([b"", *MARKS.values()]), st.binary(max_size=80))
def test_no_bytes_are_too_broken(mark: bytes, data: bytes) -> None:
    plain(mark + data).decode("utf-8" if mark else "latin-1")


@given(st.sampled_from(sorted(MARKS)), st.text())
def test_any_text_comes_through(encoding: str, text: str) -> None:
    assert plain(MARKS[encoding] + text.encode(encoding)).decode().removeprefix("\ufeff") == text
