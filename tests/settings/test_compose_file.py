"""Compose files: what a YAML reader sees is what we see, and an edit touches nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.compose_file import ComposeFile
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import TextFile, decode_text

FORMAT = ComposeFile()
NAMES = st.text("ABc_1", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
VALUES = st.one_of(
    st.text("ab:#= '\"\\{}[]&*!|>%@,-?yes0.é$", max_size=8), st.sampled_from(["~", "no", "1", "", "null"])
)
SETTINGS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
QUOTES = st.sampled_from(["'", '"'])
MAPPING = """\
services:
  web:
    image: web   # stays
    environment:
      # CONN is secret
      CONN: "one"  # CONN here
      OTHER: two
  job:
    environment: &job
    - CONN=one
    - 'OTHER=two'
    - PASSED
  cron:
    environment: *job
"""


def compose(text: str, path: str = "docker-compose.yml") -> TextFile:
    return decode_text(path, text.encode())


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in sorted(edits, key=lambda edit: edit[0].start)])


def found(file: TextFile, name: str) -> list[SettingEntry]:
    return [entry for entry in FORMAT.entries(file) if entry.name == name]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("docker-compose.yml", True),
        ("deploy/compose.yaml", True),
        ("docker-compose.prod.yml", True),
        ("compose.override.yaml", True),
        ("deployment.yaml", False),
        ("compose.py", False),
    ],
)
def test_names_of_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), ComposeFile) == known


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_mapping_and_list(newline: str) -> None:
    text = MAPPING.replace("\n", newline)
    file = compose(text)
    assert [(entry.name, entry.value) for entry in FORMAT.entries(file)] == [
        *[("CONN", "one"), ("OTHER", "two"), ("CONN", "one"), ("OTHER", "two"), ("PASSED", "")]
    ]
    first, second = found(file, "CONN")
    changed = after(file, FORMAT.rename(file, first, "URL", "https://a.b"))
    assert changed == text.replace("CONN is", "URL is").replace('CONN: "one"  # CONN', 'URL: "https://a.b"  # URL')
    changed = after(file, FORMAT.rename(file, second, "URL", "https://a.b"))
    assert changed == text.replace("- CONN=one", "- URL=https://a.b")
    added = after(file, FORMAT.add(file, second, "MORE", "a # b"))
    assert added == text.replace("- CONN=one" + newline, f'- CONN=one{newline}    - "MORE=a # b"{newline}')
    added = after(file, FORMAT.add(file, first, "MORE", "m"))
    assert added == text.replace("# CONN here" + newline, f'# CONN here{newline}      MORE: "m"{newline}')
    assert after(file, FORMAT.remove(file, [first])) == text.replace(
        f'      # CONN is secret{newline}      CONN: "one"  # CONN here{newline}', ""
    )


def test_name_without_value_only_gets_another_name() -> None:
    file = compose(MAPPING)
    (entry,) = found(file, "PASSED")
    assert after(file, FORMAT.rename(file, entry, "NEW", "")) == MAPPING.replace("- PASSED", "- NEW")
    file = compose("services:\n  a:\n    environment:\n      X:\n      Y: 1\n")
    changed = after(file, FORMAT.rename(file, FORMAT.entries(file)[0], "NEW", "v"))
    assert changed == file.text.replace("X:", "NEW: v")


def test_last_entry_takes_the_key_with_it() -> None:
    text = "services:\n  a:\n    image: b\n    environment:\n      X: 1\n    ports: []\n"
    file = compose(text)
    changed = after(file, FORMAT.remove(file, FORMAT.entries(file)))
    assert changed == "services:\n  a:\n    image: b\n    ports: []\n"


@pytest.mark.parametrize(
    "text",
    [
        "services: {a: {environment: {X: y}}}\n",
        "services:\n  a:\n    environment: {X: y}\n",
        "services:\n  a:\n    environment:\n      X: &x y\n",
        "services:\n  a:\n    environment:\n      X: |\n        y\n",
        "services:\n  a:\n    build:\n      args:\n        X: y\n",
        "services:\n  - broken: [\n",
        "just text\n",
    ],
)
def test_what_is_not_understood_has_no_entries(text: str) -> None:
    assert FORMAT.entries(compose(text)) == []


def test_merged_settings_are_found_once() -> None:
    text = "x-all: &all\n  X: y\nservices:\n" + "".join(
        f"  {name}:\n    environment:\n      <<: *all\n      {name}: 1\n" for name in ("a", "b")
    )
    assert [entry.name for entry in FORMAT.entries(compose(text))] == ["X", "a", "b"]
    file = compose(text)
    assert yaml.safe_load(after(file, FORMAT.remove(file, found(file, "a"))))["services"]["b"] == {
        "environment": {"X": "y", "b": 1}
    }


def test_references_of_the_whole_file() -> None:
    text = "services:\n  a:\n    command: run ${X} $X ${X:-y} $$X ${XY} $XY\n"
    assert len(FORMAT.references(compose(text), "X")) == 3


def mapping(values: dict[str, str], quote: str) -> str:
    return "".join(f"      {name}: {quoted(value, quote)}\n" for name, value in values.items())


def listing(values: dict[str, str], quote: str) -> str:
    return "".join(f"      - {quoted(f'{name}={value}', quote)}\n" for name, value in values.items())


def quoted(text: str, quote: str) -> str:
    return json.dumps(text, ensure_ascii=False) if quote == '"' else "'" + text.replace("'", "''") + "'"


def environment(text: str) -> dict[str, Any]:
    held = (yaml.safe_load(text)["services"]["a"] or {}).get("environment", {})
    return dict(item.partition("=")[::2] for item in held) if isinstance(held, list) else held


@given(SETTINGS, QUOTES, st.sampled_from([mapping, listing]), NAMES, VALUES, st.booleans())
def test_edits_do_what_they_say(
    values: dict[str, str], quote: str, write: Any, name: str, value: str, end: bool
) -> None:
    text = "services:\n  a:\n    environment:\n" + write(values, quote)
    file = compose(text if end else text[:-1])
    entries = FORMAT.entries(file)
    understood = {entry.name: entry.value for entry in entries}
    assert understood == {k: v for k, v in values.items() if k in understood}
    assert len(understood) == len(values) or write is listing  # escapes hide where the name ends
    assert environment(after(file, FORMAT.remove(file, entries))) == {
        k: v for k, v in values.items() if k not in understood
    }
    for entry in entries:
        if name in values:
            continue
        renamed = {name if k == entry.name else k: value if k == entry.name else v for k, v in values.items()}
        changed = after(file, FORMAT.rename(file, entry, name, value))
        assert list(environment(changed).items()) == list(renamed.items())
        assert environment(after(file, FORMAT.add(file, entry, name, value))) == {**values, name: value}
