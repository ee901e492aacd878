"""What is read from JSON: names, decoded values, siblings, and where each character stands."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.documents.json_ import values

_TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
_LEAF = _TEXT | st.integers() | st.booleans() | st.none()
_TREE = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4))
_PAIRS = {"name", "key", "value", "connectionstring"}
_JUNK = st.text(st.sampled_from("{}[]:,\"'\\/*#\n\r ab"), max_size=60)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(nv.name, nv.value.text) for nv in values(text)]


def strings(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The string values of a tree with the keys around them, as the standard library has it."""
    if isinstance(tree, str) and tree:
        yield path, tree
    elif isinstance(tree, list):
        for item in tree:
            yield from strings(item, path)
    elif isinstance(tree, dict):
        for key, item in tree.items():
            yield from strings(item, (*path, key) if key else path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "v", "b": 1, "c": null, "d": "w"}', [("a", "v"), ("d", "w")]),
        ('{"a": ["v", {"b": "w"}, "x"]}', [("a", "v"), ("b", "w"), ("a", "x")]),
        ('{"a": "x\\u002by\\/z"}', [("a", "x+y/z")]),
        ('\ufeff{"a": "v"}', [("a", "v")]),
        ('{"a": "v", // it\'s "b"\n /* "c": "x", */ "d": "w",}', [("a", "v"), ("d", "w")]),
        ("{a: 'v', $b_1: 'it\\'s', // x\n}", [("a", "v"), ("$b_1", "it's")]),
        ('# comment: "x"\n{"a": "v"}', [("a", "v")]),
        ('{"a": "http://x/#y"}', [("a", "http://x/#y")]),
        ('{"a": "v"}\n{"a": "w"}\n"x"\n"y"', [("a", "v"), ("a", "w"), ("", "x"), ("", "y")]),
        ("{u'a': b'v'}", [("a", "v")]),
        ('{"a": #{Token}#, "b": ${VAR}, "c": "v"}', [("c", "v")]),
        ('{"a": {{ .x }}, "b": "v"}', [("b", "v")]),
        ('{"a": "open,\n "b": "v"}', [("a", "open,"), ("b", "v")]),
        ('{"a": "one\ntwo", "b": "v"}', [("a", "one\ntwo"), ("b", "v")]),
        ('{"a": "v"\n "b": "w" "c": "x"}', [("a", "v"), ("b", "w"), ("c", "x")]),
        ('{"a": ["v", "b": "w"}, "c": "x"', [("a", "v"), ("b", "w"), ("c", "x")]),
        (']}{"a": "v"', [("a", "v")]),
        ('{"a": "v", "b": "trunc', [("a", "v"), ("b", "trunc")]),
        ('{"a": "v" /* open', [("a", "v")]),
        ('{"a": ""}', []),
        ("", []),
    ],
)
def test_reads_names_and_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "names", [("name", "value"), ("key", "value"), ("Name", "Value"), ("name", "connectionString")]
)
def test_a_name_and_a_value_are_a_pair_of_the_list(names: tuple[str, str]) -> None:
    name, value = names
    text = json.dumps(
        {"env": [{value: "v1", name: "A"}, {name: "B", value: "v2"}, {"name": "C", "valueFrom": {}}, "x"]}
    )
    found = {nv.name: nv for nv in values(text)}
    assert (found["A"].value.text, found["B"].value.text) == ("v1", "v2")
    assert found["A"].path == ("env",)
    assert found["A"].group == found["B"].group == found["env"].group
    assert "C" not in found


def test_a_cut_file_still_has_its_pairs() -> None:
    assert ("A", "v") in pairs('[{"name": "A", "value": "v"')


def test_siblings_and_paths() -> None:
    found = {nv.name: nv for nv in values('{"o": {"a": "1", "b": "2"}, "p": {"c": "3"}, "d": "4"}')}
    assert found["a"].group == found["b"].group != found["c"].group
    assert found["c"].path == ("p",)
    assert found["d"].path == ()


@given(_TREE, st.booleans(), st.sampled_from([None, 2]))
def test_every_string_comes_back_with_its_place(tree: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    found = values(text)
    expected = Counter(strings(tree))
    keys = {key.lower() for path in (p for p, _ in expected) for key in path}
    read = Counter(((*nv.path, nv.name) if nv.name else nv.path, nv.value.text) for nv in found)
    assert read == expected if not keys & _PAIRS else not expected - read
    for nv in found:
        (span,) = nv.value.spans(0, len(nv.value))
        assert json.loads(f'"{text[span.start : span.end]}"') == nv.value.text
        assert text[span.start - 1] == text[span.end] == '"'


@given(_JUNK)
def test_any_text_is_read(text: str) -> None:
    for nv in values(text):
        assert all(0 <= span.start < span.end <= len(text) for span in nv.value.spans(0, len(nv.value)))


@pytest.mark.parametrize(
    "unit", ["[", "{", '"', "'", "/*", "]", '\\"', '"\\"', "'\\'", '{"a":', '"a":"b",\n', '"a\n"b']
)
def test_a_megabyte_takes_little_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    values(text)
    assert time.process_time() - started < 5


def test_deep_nesting_keeps_the_nearest_name() -> None:
    depth = 100_000
    assert pairs('{"a":' * depth + '{"b": "v"}' + "}" * depth + '{"c": "w"}') == [("b", "v"), ("c", "w")]
