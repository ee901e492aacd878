"""INI files: what configparser reads is what we see, and an edit touches nothing else."""

from __future__ import annotations

import configparser
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.formats import format_of
from mi_lint.settings.ini import Ini
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import TextFile, decode_text

FORMAT = Ini()
NAMES = st.text("aBc_ x-", min_size=1, max_size=5).map(str.strip).filter(bool)
VALUES = st.text("aB;#= :%[]é", max_size=8).map(str.strip)
LINES = st.one_of(
    st.tuples(st.sampled_from(["", " ", "\t"]), NAMES, st.sampled_from(["=", " = ", ": ", ":"]), VALUES).map("".join),
    st.tuples(st.sampled_from([" ", "   ", "\t\t"]), VALUES).map("".join),
    st.sampled_from(["[one]", "[two]", " [one]", "[DEFAULT]", "[a.b]", "# one", "; B", "  # c", "", "  "]),
)
TEXTS = st.tuples(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans()).map(
    lambda drawn: drawn[1].join(["[one]", *drawn[0]]) + (drawn[1] if drawn[2] else "")
)
Read = dict[str, str]


def ini(text: str, path: str = "config.ini") -> TextFile:
    return decode_text(path, text.encode())


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


def read(text: str) -> Read | None:
    """What configparser reads; None where it refuses the file."""
    parser = configparser.RawConfigParser(default_section="no section", strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    return {f"{section}.{name}": value for section in parser.sections() for name, value in parser[section].items()}


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("config.ini", True),
        ("etc/app.cfg", True),
        ("app.conf", True),
        ("config.ini.example", True),
        ("config.ini.bak.py", False),
        ("ini", False),
    ],
)
def test_names_of_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), Ini) == known


def test_what_is_no_ini_file_has_no_entries() -> None:
    assert FORMAT.entries(ini("server {\n  listen = 80\n}\n[x]\na = 1\n", "nginx.conf")) == []


def test_options_with_a_dot_are_left_out() -> None:
    assert [e.name for e in FORMAT.entries(ini("[a.b]\nc.d = 1\ne = 2\n"))] == ["a.b.e"]


def test_everything_else_stays() -> None:
    text = "; head\r\n[s]\r\n# conn is needed\r\n  conn : one\r\n\r\n; tail\r\nother=2\r\n"
    file = ini(text)
    conn, other = FORMAT.entries(file)
    changed = after(file, FORMAT.rename(file, conn, "s.url", "two"))
    assert changed == text.replace("conn", "url").replace("one", "two")
    assert after(file, FORMAT.add(file, conn, "s.more", "3")) == text.replace(": one\r\n", ": one\r\n  more : 3\r\n")
    assert after(file, FORMAT.remove(file, [conn])) == "; head\r\n[s]\r\n\r\n; tail\r\nother=2\r\n"
    assert after(file, FORMAT.remove(file, [other])).endswith("; tail\r\n")


def test_value_of_several_lines_is_one_value() -> None:
    file = ini("[s]\nconn = a;\n\n  # why\n  b;\nnext = c\n")
    conn, following = FORMAT.entries(file)
    assert conn.value == "a;\n\nb;"
    assert after(file, FORMAT.rename(file, conn, "s.url", "u")) == "[s]\nurl = u\nnext = c\n"
    assert following.value == "c"


def test_references_of_both_interpolations() -> None:
    text = "[s]\nconn = a\nb = %(conn)s\nc = ${s:conn} ${conn} ${other:conn}\n"
    file = ini(text)
    assert [text[span.start : span.end] for span in FORMAT.references(file, "s.conn")] == ["conn"] * 3


def test_add_without_a_place() -> None:
    assert after(ini("[s]\na=1"), FORMAT.add(ini("[s]\na=1"), None, "t.b", "2")) == "[s]\na=1\n[t]\nb = 2\n"
    assert after(ini("[s]\na=1"), FORMAT.add(ini("[s]\na=1"), None, "s.b", "2")) == "[s]\na=1\nb=2"


def test_result_that_does_not_parse_is_seen() -> None:
    file = ini("[s]\na = 1\n")
    assert FORMAT.still_parses(file, "[s]\nb = 1\n")
    assert not FORMAT.still_parses(file, "a = 1\n")


@given(TEXTS)
def test_entries_are_what_configparser_reads(text: str) -> None:
    expected = read(text)
    if expected is not None:
        found = FORMAT.entries(ini(text))
        assert {entry.name: entry.value for entry in found} == expected
        for entry in found:
            assert text[entry.name_span.start : entry.name_span.end] == entry.name.rpartition(".")[2]


@given(TEXTS, VALUES)
def test_edits_do_what_they_say(text: str, value: str) -> None:
    before = read(text)
    if before is None:
        return
    file = ini(text)
    for entry in FORMAT.entries(file):
        section = entry.name.rpartition(".")[0]
        renamed = {
            f"{section}.new" if k == entry.name else k: value if k == entry.name else v for k, v in before.items()
        }
        changed = after(file, FORMAT.rename(file, entry, f"{section}.new", value))
        assert list((read(changed) or {}).items()) == list(renamed.items())
        assert untouched(text, changed, entry)
        assert read(after(file, FORMAT.add(file, entry, f"{section}.new", value))) == {
            **before,
            f"{section}.new": value,
        }
        left = {k: v for k, v in before.items() if k != entry.name}
        assert read(after(file, FORMAT.remove(file, [entry]))) == left


def untouched(text: str, changed: str, entry: SettingEntry) -> bool:
    """Whether all behind the value is as it was."""
    tail = text[entry.value_span.end :]
    return changed.endswith(tail)
