"""Encoded text is decoded, and each character knows the source that it comes from."""

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.documents.decode import base64_text, json_text, percent_text, xml_text
from mi_lint.documents.view import View, join

_TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)
_PRINTABLE = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=3, max_size=40)
_REST = [json_text, xml_text, percent_text]


def sources(text: str, view: View) -> list[str]:
    """What stands in the file for each character."""
    return [text[start:end] for start, end in zip(view.starts, view.ends, strict=True)]


def read(decode: Callable[[View], View | None], text: str) -> str | None:
    view = decode(View.of(text))
    return None if view is None else view.text


@pytest.mark.parametrize(
    ("decode", "text", "expected"),
    [
        (json_text, r"a\/b\"\\n\u002B\x2b\u{1F600}\uD83D\uDE00", 'a/b"\\n++😀😀'),
        (json_text, "a\\\nb\\\r\nc\\'", "abc'"),
        (json_text, r"\ud83d \u00 \x4 \q", "\ufffd \\u00 \\x4 q"),
        (json_text, "end\\", "end\\"),
        (xml_text, "&amp;&lt;&gt;&quot;&apos;&#43;&#x2B;&#x1F600;", "&<>\"'++😀"),
        (xml_text, "&amp;lt; &nbsp; &#0; &#xD800; &#999999999; & &lt", "&lt; &nbsp; &#0; &#xD800; &#999999999; & &lt"),
        (percent_text, "%41%2b%2B%C3%A9%E2%82%AC%F0%9F%98%80", "A++é€😀"),
        (percent_text, "%2541 %zz % %4 %FF%41%C3", "%41 %zz % %4 %FFA%C3"),
        (base64_text, "QUJDRA==", "ABCD"),
        (base64_text, "QUJDRA", "ABCD"),
        (base64_text, "QUJD\r\n RA==\n", "ABCD"),
        (base64_text, base64.urlsafe_b64encode("ÿ?ÿ>~~ü".encode()).decode(), "ÿ?ÿ>~~ü"),
        (base64_text, base64.b64encode("dir é😀 -Path".encode("utf-16-le")).decode(), "dir é😀 -Path"),
        (base64_text, base64.b64encode("dir".encode("utf-16")).decode(), "dir"),
        (base64_text, base64.b64encode(b"a\tb\r\n").decode(), "a\tb\r\n"),
        (base64_text, base64.b64encode(b"abc\0def").decode(), None),
        (base64_text, base64.b64encode(bytes(range(128, 192))).decode(), None),
        (base64_text, "QUJDR", None),
        (base64_text, "QUJD+_", None),
        (base64_text, "not base64!", None),
        (base64_text, "", None),
    ],
)
def test_decodes(decode: Callable[[View], View | None], text: str, expected: str | None) -> None:
    assert read(decode, text) == expected


@pytest.mark.parametrize("decode", _REST)
@pytest.mark.parametrize("text", ["", "plain", "%FF%zz", "&nbsp; &", r"\u12", "%"])
def test_what_needs_no_change_comes_back_as_it_is(decode: Callable[[View], View], text: str) -> None:
    view = View.of(text, 7)
    assert decode(view) is view


@pytest.mark.parametrize(
    ("decode", "text", "expected"),
    [
        (json_text, r"a\n\uD83D\uDE00b", ["a", r"\n", r"\uD83D\uDE00", "b"]),
        (xml_text, "a&lt;b", ["a", "&lt;", "b"]),
        (percent_text, "a%41%C3%A9%FFb", ["a", "%41", "%C3%A9", "%", "F", "F", "b"]),
        (base64_text, "QUJD\nRA==", ["QU", "UJ", "JD", "RA"]),
        (base64_text, "w6lB", ["w6l", "lB"]),
        (base64_text, "QQBC\nAEMA", ["QQB", "BC\nAE", "EMA"]),
    ],
)
def test_each_character_has_its_source(decode: Callable[[View], View], text: str, expected: list[str]) -> None:
    view = decode(View.of(text))
    assert view is not None
    assert sources(text, view) == expected


@given(_TEXT, st.booleans())
def test_json_round_trip(text: str, ascii_only: bool) -> None:
    written = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    view = json_text(View.of(written))
    assert view.text == text
    assert [json.loads(f'"{source}"') for source in sources(written, view)] == list(text)


@given(_TEXT)
def test_xml_round_trip(text: str) -> None:
    written = html.escape(text)
    view = xml_text(View.of(written))
    assert view.text == text
    assert [html.unescape(source) for source in sources(written, view)] == list(text)


@given(_TEXT)
def test_percent_round_trip(text: str) -> None:
    written = quote(text, safe="")
    view = percent_text(View.of(written))
    assert view.text == text
    assert sources(written, view) == [quote(character, safe="") for character in text]


@given(_PRINTABLE, st.booleans(), st.booleans(), st.integers(1, 80))
def test_base64_round_trip(text: str, url_safe: bool, padded: bool, width: int) -> None:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    packed = encode(text.encode()).decode()
    packed = packed if padded else packed.rstrip("=")
    written = "\n".join(packed[at : at + width] for at in range(0, len(packed), width))
    view = base64_text(View.of(written))
    assert view is not None
    assert view.text == text
    at = 0
    for character, source in zip(text, sources(written, view), strict=True):
        end = at + len(character.encode())
        assert source.replace("\n", "") == packed[at * 8 // 6 : (end * 8 + 5) // 6]
        at = end


@given(_PRINTABLE)
def test_decoders_compose(text: str) -> None:
    packed = base64.b64encode(text.encode()).decode()
    written = "".join(f"&#{ord(character)};" for character in quote(packed, safe=""))
    view = base64_text(percent_text(xml_text(View.of(written))))
    assert view is not None
    assert view.text == text
    assert view.starts[0] == 0
    assert written[: view.ends[-1]].endswith(";")


def test_parts_out_of_order_have_a_source_range() -> None:
    text = "41 and %"
    view = percent_text(join([View.of(text)[7:8], View.of(text)[0:2]]))
    assert view.text == "A"
    assert (view.starts[0], view.ends[0]) == (0, len(text))


@given(st.text(st.sampled_from("\\u{}0dDcC8x&#;%Aa4=+_-\n\r é"), max_size=40))
def test_any_text_is_read(text: str) -> None:
    for decode in (*_REST, base64_text):
        view = decode(View.of(text))
        assert view is None or all(start < end for start, end in zip(view.starts, view.ends, strict=True))


@pytest.mark.parametrize(
    "unit", ["\\", "\\u", "\\n", "&", "&#1", "&lt;", "%", "%4", "%FF", "%41", "QUJD", "QQBC", "=", " "]
)
def test_a_megabyte_takes_little_time(unit: str) -> None:
    view = View.of(unit * (1_000_000 // len(unit)))
    started = time.process_time()
    for decode in (*_REST, base64_text):
        decode(view)
    assert time.process_time() - started < 5
