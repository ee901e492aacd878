"""What is read from YAML: names, decoded values, and where each character stands."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.documents.named import NamedValue
from mi_lint.documents.yaml_ import values

_TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
_TREE = st.recursive(_TEXT, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4))
_MARKS = st.lists(
    st.sampled_from(
        ["a: ", "- ", '"', "'", "|", ">", "\n", "\n  ", "\\x41", "&a ", "*a", "!t ", "? ", "{", "]", "é😀", "\r\n"]
    )
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(nv.name, nv.value.text) for nv in values(text)]


def written(text: str, nv: NamedValue) -> list[str]:
    return [text[span.start : span.end] for span in nv.value.spans(0, len(nv.value))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: v\nb: 'it''s'\n", [("a", "v"), ("b", "it's")]),
        (r'a: "x\x41\u00e9\U0001F600\n\/"', [("a", "xAé😀\n/")]),
        ('a: "one\n  two\n\n  three \\\n  four"', [("a", "one two\nthree four")]),
        ("a: one\n  two\n", [("a", "one two")]),
        ("a: |\n  x\n    y\n\nb: 1\n", [("a", "x\n  y\n"), ("b", "1")]),
        ("a: >-\n  x\n  y\n\n  z\n", [("a", "x y\nz")]),
        ("a: |2-\n    x\n   y\n", [("a", "  x\n y")]),
        ("{a: v, b: [w, 'x']}", [("a", "v"), ("b", "w"), ("b", "x")]),
        ("--- \na: 1\n---\nb: 2\n", [("a", "1"), ("b", "2")]),
        ("a: &k v\nb: *k\n", [("a", "v"), ("b", "v")]),
        ("base: &b\n  k: v\nother:\n  <<: *b\n  l: w\n", [("k", "v"), ("l", "w")]),
        ("? [p, q]\n: v\nx: y\n", [("", "p"), ("", "q"), ("", "v"), ("x", "y")]),
        ("a: &z n\n*z : v\nx: y\n", [("a", "n"), ("n", "v"), ("x", "y")]),
        ("a: v\n{{- if .x }}\nb: w\n", [("a", "v")]),
        ("a: v\nb: 'open\n", [("a", "v")]),
        ("", []),
    ],
)
def test_reads_names_and_decoded_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: secret\n", ["secret"]),
        ('é😀: "sécret😀"\n', ["sécret😀"]),
        ("\ufeffa: 'secret'\n", ["secret"]),
        ('a: &secret "secret"\n', ["secret"]),
        ("a: !secret secret\n", ["secret"]),
        ("a: |\r\n  one\r\n  two\r\n", ["one\r\n", "two\r\n"]),
        ("a: |-\n   one\n   two\n", ["one\n", "two"]),
        ('a: "one\\\n  two"\n', ["one", "two"]),
        (r'a: "s\x65c"', [r"s\x65c"]),
    ],
)
def test_places_leave_out_indentation_quotes_and_properties(text: str, expected: list[str]) -> None:
    assert written(text, values(text)[0]) == expected


def test_each_character_has_its_own_place() -> None:
    text = 'a: "x\\x41y\n  A z"\n'
    (nv,) = values(text)
    assert nv.value.text == "xAy A z"
    at = nv.value.text.index("A z")
    assert written(text, NamedValue("", nv.value[at : at + 3])) == ["A z"]


@pytest.mark.parametrize(
    "item", ["{name: KEY, value: v}", "\n    name: KEY\n    value: v", "{key: KEY, value: v}", "{Value: v, Name: KEY}"]
)
def test_an_item_with_name_and_value_is_a_setting_beside_its_neighbours(item: str) -> None:
    text = f"app:\n  env:\n  - {{name: OTHER, value: w}}\n  - {item}\n"
    by_name = {nv.name: nv for nv in values(text)}
    assert by_name["KEY"].value.text == "v"
    assert by_name["KEY"].path == ("app", "env")
    assert by_name["KEY"].group == by_name["OTHER"].group


def test_a_name_without_a_value_is_no_setting() -> None:
    text = "env:\n- name: KEY\n  valueFrom:\n    secretKeyRef: {name: store, key: k}\n"
    assert "KEY" not in [nv.name for nv in values(text)]


def test_siblings_share_a_group_and_paths_tell_what_is_around() -> None:
    found = {nv.name: nv for nv in values("a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n")}
    assert found["c"].path == ("a", "b")
    assert found["c"].group == found["d"].group != found["e"].group


@settings(deadline=None)
@given(_TREE)
def test_what_was_dumped_comes_back(tree: object) -> None:
    for style in (None, '"', "'"):
        text = yaml.safe_dump(tree, default_style=style, allow_unicode=True, width=20)
        assert sorted(_leaves(yaml.safe_load(text))) == sorted(_without_settings(text))


def _leaves(tree: object) -> list[str]:
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in _leaves(value)]
    if isinstance(tree, list):
        return [leaf for value in tree for leaf in _leaves(value)]
    return [tree] if isinstance(tree, str) else []


def _without_settings(text: str) -> list[str]:
    """Values as often as they are written: a setting of a name and a value is read a second time."""
    return list({tuple(nv.value.starts) or (id(nv),): nv.value.text for nv in values(text)}.values())


@settings(deadline=None)
@given(_MARKS.map("".join) | st.text())
def test_any_text_is_read_without_error_and_places_are_inside(text: str) -> None:
    for nv in values(text):
        assert len(nv.value.starts) == len(nv.value.ends) == len(nv.value)
        assert all(0 <= span.start <= span.end <= len(text) for span in nv.value.spans(0, len(nv.value)))


@pytest.mark.parametrize(
    "part", ["a=", '"', "'", ":", "\\", "{", "[", "- ", "a: b\n", "a: |\n", "a: ", "&a ", "? ", "\t", "x y\n  "]
)
def test_a_megabyte_of_anything_is_read_in_time(part: str) -> None:
    for head, tail in (("", ""), ('a: "', '"'), ("a: &x v\nb:\n", "")):
        begun = time.process_time()
        values(head + part * (1_000_000 // len(part)) + tail)
        assert time.process_time() - begun < 4  # for slow machines; it takes half of that or less


def test_escapes_cost_no_more_than_their_length() -> None:
    begun = time.process_time()
    (nv,) = values('a: "\n' + "\\x41" * 200_000 + '"')
    assert len(nv.value) == 200_001
    assert time.process_time() - begun < 4  # for slow machines; it takes half of that or less


def test_aliases_repeat_only_so_much() -> None:
    text = f"a: &x {'v' * 100_000}\nb:\n" + "- *x\n" * 100_000
    assert sum(len(nv.value) for nv in values(text)) <= 2_000_000


def test_nesting_has_an_end() -> None:
    assert values("[" * 100_000 + "x") == []
