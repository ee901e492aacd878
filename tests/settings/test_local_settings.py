"""`local.settings.json`: what a JSON reader sees is what we see, and an edit touches nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.formats import format_of
from mi_lint.settings.local_settings import LocalSettings
from mi_lint.settings.model import Edits
from mi_lint.textfile import TextFile, decode_text

FORMAT = LocalSettings()
NAMES = st.text(min_size=1, max_size=8)
VALUES = st.dictionaries(
    NAMES, st.one_of(st.text(max_size=8), st.booleans(), st.lists(st.text(max_size=3))), min_size=1
)
INDENT = st.sampled_from([None, 2, 4, "\t"])


def settings(text: str) -> TextFile:
    return decode_text("local.settings.json", text.encode())


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("local.settings.json", True),
        ("app/local.settings.json", True),
        ("local.settings.sample.json", True),
        ("local.settings.json.example", True),
        ("settings.json", False),
        ("local.settings.json.py", False),
    ],
)
def test_names_of_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), LocalSettings) == known


def test_sample_is_an_example() -> None:
    text = '{"Values": {"A": "b"}}'
    assert [
        FORMAT.entries(decode_text(name, text.encode()))[0].example
        for name in ("local.settings.json", "x/local.settings.sample.json")
    ] == [False, True]


def test_encrypted_values_are_no_settings() -> None:
    assert FORMAT.entries(settings('{"IsEncrypted": true, "Values": {"A": "b"}}')) == []
    assert len(FORMAT.entries(settings('{"IsEncrypted": false, "Values": {"A": "b"}}'))) == 1


def test_comments_and_line_endings_stay() -> None:
    text = '{\r\n  // for Ann\r\n  "Values": {\r\n    "A": "1", // one\r\n    "B": "2",\r\n  }\r\n}\r\n'
    file = settings(text)
    first, second = FORMAT.entries(file)
    assert after(file, FORMAT.rename(file, first, "C", "3")) == text.replace('"A": "1"', '"C": "3"')
    assert after(file, FORMAT.add(file, second, "C", "3")) == text.replace('"2"', '"2",\r\n    "C": "3"')
    assert after(file, FORMAT.remove(file, [second])).endswith('"A": "1",\r\n  }\r\n}\r\n')


def test_result_that_does_not_parse_is_seen() -> None:
    file = settings('{"Values": {"A": "b"}}')
    assert FORMAT.still_parses(file, '{"Values": {}}')
    assert not FORMAT.still_parses(file, '{"Values": {"A": "b",}}')


@given(VALUES, INDENT, st.data())
def test_edits_do_what_they_say(values: dict[str, object], indent: int | str | None, data: st.DataObject) -> None:
    whole = {"IsEncrypted": False, "Values": values, "Host": {"CORS": "*"}}
    file = settings(json.dumps(whole, indent=indent, ensure_ascii=data.draw(st.booleans())))
    entries = {entry.name: entry for entry in FORMAT.entries(file)}
    assert {name: entry.value for name, entry in entries.items()} == {
        name: value for name, value in values.items() if isinstance(value, str)
    }
    gone = [entry for entry in entries.values() if data.draw(st.booleans())]
    left = {name: value for name, value in values.items() if name not in {entry.name for entry in gone}}
    assert json.loads(after(file, FORMAT.remove(file, gone))) == {**whole, "Values": left}
    new_name, new_value = data.draw(NAMES.filter(lambda name: name not in values)), data.draw(st.text())
    for name, entry in entries.items():
        renamed = {
            new_name if key == name else key: new_value if key == name else value for key, value in values.items()
        }
        changed = json.loads(after(file, FORMAT.rename(file, entry, new_name, new_value)))
        assert list(changed["Values"].items()) == list(renamed.items())
        added = json.loads(after(file, FORMAT.add(file, entry, new_name, new_value)))
        assert added["Values"] == {**values, new_name: new_value}
