"""Span edits: a table, and that applying, composing and counting bytes agree for any text."""

from __future__ import annotations

import codecs
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply, compose, ordered, place_of, to_edits
from mi_lint.errors import SourceError
from mi_lint.textfile import Span, TextFile, decode_python, decode_text


def edit(start: int, end: int, text: str) -> TextEdit:
    return TextEdit(Span(start, end), text)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], "abcdef"),
        ([edit(4, 5, "X"), edit(0, 1, "")], "bcdXf"),
        ([edit(2, 2, "1"), edit(2, 2, "2")], "ab12cdef"),
        ([edit(2, 2, "2"), edit(2, 2, "1")], "ab21cdef"),
        ([edit(1, 3, "X"), edit(1, 3, "X")], "aXdef"),
        ([edit(2, 4, "X"), edit(2, 2, "<"), edit(4, 4, ">")], "ab<X>ef"),
        ([edit(0, 2, "X"), edit(2, 4, "Y")], "XYef"),
        ([edit(0, 0, "<"), edit(6, 6, ">")], "<abcdef>"),
    ],
)
def test_apply(edits: list[TextEdit], expected: str) -> None:
    assert apply("abcdef", edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, 3, "x"), edit(2, 4, "y")],
        [edit(0, 3, "x"), edit(0, 3, "y")],
        [edit(0, 4, "x"), edit(2, 2, "y")],
        [edit(0, 4, "x"), edit(1, 3, "x")],
        [edit(3, 2, "x")],
        [edit(-1, 2, "x")],
    ],
)
def test_overlaps_are_refused(edits: list[TextEdit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        apply("abcdef", edits)


def test_an_edit_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="edit"):
        apply("abc", [edit(2, 4, "x")])
    with pytest.raises(ValueError, match="edit"):
        compose("abc", [edit(0, 2, "")], [edit(1, 2, "x")])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([edit(0, 2, "ab")], [], []),
        ([edit(1, 1, "X")], [edit(1, 2, "")], []),
        ([edit(1, 3, "XY")], [edit(2, 3, "Z")], [edit(1, 3, "XZ")]),
        ([edit(1, 2, "X"), edit(2, 3, "Y")], [], [edit(1, 3, "XY")]),
        ([edit(0, 4, "abXd")], [], [edit(2, 3, "X")]),
        ([edit(0, 1, "X")], [edit(5, 6, "Y")], [edit(0, 1, "X"), edit(5, 6, "Y")]),
        ([edit(2, 4, "")], [edit(2, 2, "cd")], []),
    ],
)
def test_compose_is_minimal(first: list[TextEdit], second: list[TextEdit], expected: list[TextEdit]) -> None:
    assert compose("abcdef", first, second) == expected


TEXT = st.text(alphabet="ab\n", max_size=12)


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[TextEdit]:
    """Edits of a text that do not overlap, in any order, some of them twice."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    made = list(dict.fromkeys(edit(start, end, draw(TEXT)) for start, end in pairs))
    made += draw(st.lists(st.sampled_from(made), max_size=1)) if made else []
    spans = [e.span for e in dict.fromkeys(made) if e.span.end > e.span.start]
    assert len(set(spans)) == len(spans)
    return draw(st.permutations(made))


@given(st.data(), TEXT)
def test_compose_does_what_both_do(data: st.DataObject, text: str) -> None:
    first = data.draw(edits_of(text))
    middle = apply(text, first)
    second = data.draw(edits_of(middle))
    composed = compose(text, first, second)
    assert apply(text, composed) == apply(middle, second)
    assert composed == ordered(composed)
    for e in composed:
        old = text[e.span.start : e.span.end]
        assert old != e.text
        assert not (old and e.text and (old[0] == e.text[0] or old[-1] == e.text[-1]))
    assert all(a.span.end < b.span.start for a, b in itertools.pairwise(composed))


PYTHON = st.text(alphabet="ä€𝒳ab #=\n", max_size=30)
SMALL = st.text(alphabet="äéab #=\n", max_size=30)


def file_of(text: str, encoding: str, newline: str) -> TextFile:
    text = text.replace("\n", newline)
    if encoding == "bom":
        return decode_python("x.py", codecs.BOM_UTF8 + text.encode())
    if encoding == "latin-1":
        return decode_python("x.py", f"# coding: latin-1{newline}{text}".encode("latin-1"))
    if encoding == "utf-16":
        return decode_text("x.env", codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    return decode_python("x.py", text.encode())


@given(
    st.data(),
    st.sampled_from(["utf-8", "bom", "latin-1", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_bytes_lines_and_columns(data: st.DataObject, encoding: str, newline: str) -> None:
    source = data.draw(SMALL if encoding == "latin-1" else PYTHON)
    try:
        file = file_of(source, encoding, newline)
    except SourceError:  # what was drawn happens to read as a coding line
        return
    edits = [TextEdit(e.span, e.text.replace("\n", newline)) for e in data.draw(edits_of(file.text))]
    out = file.data
    for byte_edit in reversed(to_edits(file, edits)):
        place = byte_edit.place
        out = out[: place.start] + file.encode(byte_edit.text)[len(file.bom) :] + out[place.end :]
    assert out == file.encode(apply(file.text, edits))
    lines = file.text.split(newline)
    for e in edits:
        place = place_of(file, e.span)
        before = file.text[: e.span.start]
        if newline != "\r\n" or not before.endswith("\r"):
            assert place.line == before.count(newline) + 1
            assert before.endswith(lines[place.line - 1][: place.column - 1])
            assert len(before.rsplit(newline, 1)[-1]) == place.column - 1
        assert file.data[place.start : place.end] == file.encode(file.text[e.span.start : e.span.end])[len(file.bom) :]


def test_a_place() -> None:
    file = decode_python("x.py", codecs.BOM_UTF8 + "a = 'ä'\r\nb = 'ö'\r\n".encode())
    place = place_of(file, Span(file.text.index("ö"), file.text.index("ö") + 1))
    assert (place.line, place.column, place.end_line, place.end_column) == (2, 6, 2, 7)
    assert file.data[place.start : place.end] == "ö".encode()
