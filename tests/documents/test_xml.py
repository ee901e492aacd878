"""What is read from XML: names, decoded values, pairs, siblings, and where each character stands."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.documents.xml_ import values

_TEXT = st.text(st.sampled_from("ab&<>\"' é😀;#"), max_size=12)
_TAG = st.sampled_from(["a", "b", "ns:c"])
_LEAF = st.tuples(_TAG, _TEXT, st.just([]))
_TREE = st.recursive(_LEAF, lambda inner: st.tuples(_TAG, _TEXT, st.lists(inner, max_size=3)))
_JUNK = st.text(st.sampled_from("<>/=\"'!?[]-a &;\n"), max_size=60)
_UNITS = [
    "<",
    "<a>",
    "<a",
    "</",
    "<!",
    "<![",
    "<!DOCTYPE[",
    "<!--",
    "<![CDATA[",
    "<?",
    '<a b="',
    '<a b="\n<',
    '"',
    "&",
    "%",
]


def pairs(text: str) -> list[tuple[str, str]]:
    return [(nv.name, nv.value.text) for nv in values(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a b=\"v\" c='w'>x</a>", [("b", "v"), ("c", "w"), ("a", "x")]),
        ('<a b="x&amp;&#43;"> &lt;y&gt; </a>', [("b", "x&+"), ("a", "<y>")]),
        ("<a>x<!-- <b>no</b> -->y<![CDATA[<&amp;>]]>z</a>", [("a", "xy<&amp;>z")]),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>v</a>', [("a", "v")]),
        ('<x:a y:b="v"><x:c>w</x:c></x:a>', [("y:b", "v"), ("x:c", "w")]),
        ('<a b="1>2"/>', [("b", "1>2")]),
        ('<a b=v c=w/d/><e f="<your key>"/>', [("b", "v"), ("c", "w/d"), ("f", "<your key>")]),
        ("<a>1 < 2 & 3</a>", [("a", "1 < 2 & 3")]),
        ('<a b="open>\n<c d="v"/></a>', [("b", "open"), ("d", "v")]),
        ('<a b="v" <c d="w">', [("b", "v"), ("d", "w")]),
        ("<a><b>v</a></z><c>w", [("b", "v"), ("c", "w")]),
        ('<a b="trunc', [("b", "trunc")]),
        ("<a>v<![CDATA[w", [("a", "vw")]),
        ("<!-- open <a>v</a>", [("a", "v")]),
        ("<p>x<br>y</p>", [("p", "x"), ("p", "y")]),
        ("text", []),
        ("", []),
    ],
)
def test_reads_names_and_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "entry",
    [
        '<add key="{n}" value="{v}"/>',
        '<add name="{n}" connectionString="{v}" providerName="p"/>',
        '<setting name="{n}" serializeAs="String"><value>{v}</value></setting>',
        '<Parameter Name="{n}" Value="{v}" />',
        "<variable value='{v}' name='{n}'></variable>",
        "<property><name>{n}</name><value>{v}</value></property>",
        '<string name="{n}">{v}</string>',
        "<x:String x:Key='{n}'>{v}</x:String>",
    ],
)
def test_settings_are_values_beside_each_other(entry: str) -> None:
    body = entry.format(n="A", v="v&amp;1") + "\n" + entry.format(n="B", v="v2")
    text = f"<configuration><settings>{body}</settings></configuration>"
    found = {nv.name: nv for nv in values(text) if nv.name in ("A", "B")}
    assert (found["A"].value.text, found["B"].value.text) == ("v&1", "v2")
    assert found["A"].group == found["B"].group
    assert found["A"].path == ("configuration", "settings")


def test_keys_of_property_lists() -> None:
    found = pairs("<plist><dict><key>A</key><string>v</string><key>B</key><string>w</string></dict></plist>")
    assert ("A", "v") in found
    assert ("B", "w") in found


def test_attributes_of_one_element_are_siblings() -> None:
    text = '<publishData><publishProfile userName="u" userPWD="p"/><publishProfile userName="w"/></publishData>'
    first, second, third = values(text)
    assert first.group == second.group != third.group
    assert first.path == ("publishData", "publishProfile")


def test_characters_have_their_place() -> None:
    text = "<a>x&lt;y</a>"
    (found,) = values(text)
    assert [text[found.value.starts[at] : found.value.ends[at]] for at in range(3)] == ["x", "&lt;", "y"]


@given(_TREE)
def test_agrees_with_the_standard_library(tree: tuple[str, str, list[object]]) -> None:
    def build(node: tuple[str, str, list[object]]) -> ElementTree.Element:
        element = ElementTree.Element(node[0], {"q": node[1]})
        element.text = node[1]
        element.extend([build(child) for child in node[2]])  # type: ignore[arg-type]
        return element

    root = build(tree)
    expected = []
    for element in root.iter():
        expected += [("q", element.attrib["q"])] if element.attrib["q"] else []
        expected += [(element.tag, (element.text or "").strip())] if (element.text or "").strip() else []
    assert pairs(ElementTree.tostring(root, "unicode")) == expected


@given(_JUNK)
def test_any_text_is_read(text: str) -> None:
    for nv in values(text):
        assert all(0 <= span.start < span.end <= len(text) for span in nv.value.spans(0, len(nv.value)))


@pytest.mark.parametrize("unit", _UNITS)
def test_a_megabyte_takes_little_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    values(text)
    assert time.process_time() - started < 5
