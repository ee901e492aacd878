"""Trees of configuration files: what a parser reads is what we see, and an edit changes one leaf and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import tomlkit
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.entry_names import family, place_in
from mi_lint.settings.formats import TREES, format_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.settings.toml_tree import StreamlitSecrets
from mi_lint.textfile import TextFile, decode_text

KEYS = st.sampled_from(["conn", "a", "b-c", "Key", "x_y", "ä"])
VALUES = st.text("aB'\"\\:#{é \t", max_size=6) | st.sampled_from(["yes", "1", "k: v", "a # b", "${X}"])
LEAVES = VALUES | st.integers() | st.booleans() | st.lists(VALUES, max_size=2)
TREE = st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES)), max_size=4)
Draw = tuple[str, str]


def written(form: str, tree: dict[str, Any], style: int) -> str:
    if form == "json":
        return json.dumps(tree, indent=(None, 2, "\t")[style], ensure_ascii=style == 1)
    if form == "toml":
        return "# head\n" + tomlkit.dumps(tree)
    return "# head\n" + yaml.safe_dump(tree, allow_unicode=style != 1, default_style=(None, '"', "'")[style])


def read(form: str, text: str) -> Any:
    parsers = {"json": json.loads, "toml": lambda t: tomlkit.parse(t).unwrap(), "yaml": yaml.safe_load}
    return parsers[form](text)


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


def expected(tree: Any, entry: SettingEntry, changes: dict[str, str], keep: bool) -> Any:
    """The tree with other leaves beside one, and without it unless it is kept."""
    found = copy.deepcopy(tree)
    *around, last = place_in(entry.name).split(".")
    part = found
    for key in around:
        part = part[key]
    if not keep:
        del part[last]
    part.update(changes)
    return found


@pytest.mark.parametrize("form", TREES)
@settings(max_examples=25, deadline=None)
@given(tree=TREE, style=st.integers(0, 2), newline=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
def test_one_leaf_changes_and_nothing_else(
    form: str, tree: dict[str, Any], style: int, newline: str, mark: bool
) -> None:
    text = written(form, tree, style).replace("\n", newline)
    tree = read(form, text)
    file = decode_text(f"config.{form}", b"\xef\xbb\xbf" * mark + text.encode())
    for entry in TREES[form].entries(file):
        if entry.fixed:
            continue
        assert file.text[entry.value_span.start : entry.value_span.end] or not entry.value
        around = entry.name[: len(entry.name) - len(place_in(entry.name).rpartition(".")[2])]
        moved = after(file, TREES[form].rename(file, entry, f"{around}url", 'it\'s "new" # ä'))
        assert read(form, moved) == expected(tree, entry, {"url": 'it\'s "new" # ä'}, False)
        low, high = entry.line_span.start, len(file.text) - entry.line_span.end
        assert moved[:low] == file.text[:low]
        assert not high or moved[-high:] == file.text[-high:]
        more = after(file, TREES[form].add(file, entry, f"{around}url", "https://a"))
        assert read(form, more) == expected(tree, entry, {"url": "https://a"}, True)
        less = after(file, TREES[form].remove(file, [entry]))
        wanted = expected(tree, entry, {}, False)
        assert read(form, less) == wanted or (form == "yaml" and str(wanted).count("{}"))  # nothing is written for one


def test_families() -> None:
    same = ["config.yaml", "a/config.prod.yaml", "config.example.yaml", "config.yaml.sample", "config-example.yaml"]
    assert {family(path) for path in same} == {"config.yaml"}
    assert family(".secrets.local.toml") == ".secrets.toml"
    assert family("appsettings.Development.json") == "appsettings.json"


@pytest.mark.parametrize(
    ("path", "known"),
    [(".streamlit/secrets.toml", True), ("a/.streamlit/secrets.toml.example", True), ("secrets.toml", False)],
)
def test_names_of_streamlit_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), StreamlitSecrets) == known


def test_streamlit_names() -> None:
    file = decode_text(".streamlit/secrets.toml", b"A = 'x'\nN = 3\n[s.t]\nb = 'y'\n[[l]]\nc = 'z'\n")
    entries = StreamlitSecrets().entries(file)
    assert [entry.name for entry in entries if not entry.fixed] == ["A", "secrets.toml::s.t.b"]
