"""All engines give the same answer: the numbers of the words that are in the data, whatever their case."""

from __future__ import annotations

import sys
import time
import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.keywords import ENGINES, matcher

MEGABYTE = 1 << 20

# Few letters, so that words overlap and hold one another; and bytes that mean something in patterns or C strings.
LETTERS = st.sampled_from([b"a", b"A", b"b", b"k", b"K", b"=", b".", b"\\", b"[", b"\0", b"\n", b"\xc9", b"\xe9"])
WORDS = st.lists(st.lists(LETTERS, min_size=1, max_size=9).map(b"".join), max_size=12)
DATA = st.lists(LETTERS, max_size=60).map(b"".join)


def every_engine(words: list[bytes], data: bytes) -> frozenset[int]:
    """What all engines say, which must be one thing."""
    answers = {engine: matcher(words, engine).present(data) for engine in (*ENGINES, "auto")}
    assert len(set(answers.values())) == 1, answers
    return answers["auto"]


def expected(words: list[bytes], data: bytes) -> frozenset[int]:
    return frozenset(number for number, word in enumerate(words) if word.lower() in data.lower())


@pytest.fixture(autouse=True, scope="module")
def _installed() -> None:
    pytest.importorskip("hyperscan")
    pytest.importorskip("ahocorasick_rs")


@settings(deadline=None)
@given(WORDS, DATA)
def test_any_words_in_any_data(words: list[bytes], data: bytes) -> None:
    assert every_engine(words, data) == expected(words, data)


@settings(deadline=None)  # the first call builds a database
@given(st.lists(st.binary(min_size=1, max_size=12), max_size=20), st.binary(max_size=200), st.data())
def test_words_put_into_binary_data(words: list[bytes], data: bytes, draw: st.DataObject) -> None:
    for word in words[:3]:
        place = draw.draw(st.integers(0, len(data)))
        data = data[:place] + word.swapcase() + data[place:]
    assert every_engine(words, data) == expected(words, data)


@pytest.mark.parametrize(
    ("words", "data", "found"),
    [
        ([b"account", b"accountkey", b"key", b"countk"], b"the AccountKey=", {0, 1, 2, 3}),
        ([b"account", b"accountkey", b"key"], b"accountke", {0}),
        ([b"aaaa", b"aaa", b"aaaaaa"], b"aaaaa", {0, 1}),
        ([b"Key", b"kEY", b"key"], b"KEY", {0, 1, 2}),
        ([b"first", b"last"], b"FIRST and LAST", {0, 1}),
        ([b"first"], b"first", {0}),
        ([b"first"], b"irst", set()),
        ([b"a.c", b"a\\c", b"(x", b"^y", b"$"], b"abc a\\C (X y", {1, 2}),
        ([b"\xc3\xa9", b"\xc3\x89"], "É".encode(), {1}),
        ([b"k", b"s"], "\u212a \u017f".encode(), set()),
        ([b"key"], b"", set()),
        ([], b"key", set()),
    ],
)
def test_the_hard_cases(words: list[bytes], data: bytes, found: set[int]) -> None:
    assert every_engine(words, data) == found


@pytest.mark.parametrize("before", [MEGABYTE - 4, MEGABYTE - 1, MEGABYTE, 2 * MEGABYTE - 5])
def test_words_deep_in_large_data(before: int) -> None:
    data = b"-" * before + b"SharedAccessKey"
    assert every_engine([b"sharedaccesskey", b"key", b"sharedaccesskeys"], data) == {0, 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_hostile_data_takes_no_longer(engine: str) -> None:
    """Data made of almost-words; the limit is far above what is needed, and far below what backtracking takes."""
    words = [b"a" * (10 + number) + b"b" for number in range(75)]
    words += [b"b" + b"a" * (10 + number) for number in range(75)]
    ready = matcher(words, engine)
    begun = time.monotonic()
    assert ready.present(b"a" * MEGABYTE) == frozenset()
    assert time.monotonic() - begun < 10


def test_an_unknown_engine() -> None:
    with pytest.raises(ValueError, match="unknown engine 'grep'; use one of auto, hyperscan, ahocorasick, re"):
        matcher([b"key"], "grep")


@pytest.mark.parametrize("engine", ["auto", *ENGINES])
def test_an_empty_word(engine: str) -> None:
    with pytest.raises(ValueError, match="empty word"):
        matcher([b"key", b""], engine)


LIBRARIES = {"hyperscan": "hyperscan", "ahocorasick": "ahocorasick_rs"}


@pytest.mark.parametrize("engine", LIBRARIES)
def test_an_engine_that_is_not_installed(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, LIBRARIES[engine], None)
    with pytest.raises(ValueError, match=rf"'{engine}' is not installed; `pip install mi-lint\[fast\]` brings it"):
        matcher([b"key"], engine)


@pytest.mark.parametrize("engine", LIBRARIES)
def test_an_engine_that_does_not_run_here(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, LIBRARIES[engine], types.ModuleType(LIBRARIES[engine]))
    with pytest.raises(ValueError, match=f"'{engine}' does not run here"):
        matcher([b"key"], engine)


@pytest.mark.parametrize("missing", [["hyperscan"], ["ahocorasick_rs"], ["hyperscan", "ahocorasick_rs"]])
@pytest.mark.parametrize("broken", [False, True])
def test_the_next_engine_takes_over(
    missing: list[str], broken: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in missing:
        monkeypatch.setitem(sys.modules, library, types.ModuleType(library) if broken else None)
    assert matcher([b"key", b"keys"]).present(b"a KEY") == {0}
    assert capsys.readouterr() == ("", "")
