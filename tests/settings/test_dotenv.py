"""`.env` files: what python-dotenv reads is what we see, and an edit touches nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.settings.dotenv import Dotenv
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import TextFile, decode_text

DOTENV = Dotenv()


def env(text: str, path: str = ".env") -> TextFile:
    return decode_text(path, text.encode())


def apply(file: TextFile, edits: Edits) -> str:
    text = file.text
    for span, new in reversed(edits):
        text = text[: span.start] + new + text[span.end :]
    return text


def entry(file: TextFile, name: str = "CONN") -> SettingEntry:
    return next(found for found in DOTENV.entries(file) if found.name == name)


def read(data: bytes) -> dict[str, str | None]:
    """What python-dotenv reads from a file of these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ".env")
        path.write_bytes(data)
        return dotenv_values(path, interpolate=False)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "a/b/.env",
        ".env.local",
        ".env.prod",
        "prod.env",
        "env/dev.env",
        ".flaskenv",
        ".envrc",
        ".env.example",
        "docker.env.sample",
        ".env_sample",
        "env.example",
        ".envrc.dist",
        ".ENV",
    ],
)
def test_files(path: str) -> None:
    assert format_of(path)


@pytest.mark.parametrize(
    "path",
    [
        "env",
        "env.py",
        "my_env",
        ".env.py",
        ".env.d.ts",
        "env.md",
        ".env.json",
        ".env.gpg",
        ".env/x",
        "environment",
        "src/env.ts",
    ],
)
def test_other_files(path: str) -> None:
    assert not isinstance(format_of(path), Dotenv)


@pytest.mark.parametrize(
    ("path", "example"),
    [
        (".env", False),
        (".env.example", True),
        ("sample.env", True),
        (".env.dist", True),
        ("env-template", True),
        ("examples/.env", False),
        (".env.templates", True),
        (".env.distant", False),
    ],
)
def test_examples(path: str, example: bool) -> None:
    assert entry(env("CONN=x", path)).example is example


@pytest.mark.parametrize(
    ("text", "value", "quote"),
    [
        ("CONN=a;b=c==", "a;b=c==", ""),
        ("  CONN = a b ", "a b", ""),
        ("export CONN=a", "a", ""),
        ("export\tCONN=a", "a", ""),
        ("CONN=a # note", "a", ""),
        ("CONN=a#b", "a#b", ""),
        ("CONN= # note", "", ""),
        ("CONN=#b", "#b", ""),
        ("CONN='a # b'  # note", "a # b", "'"),
        (r"CONN='it\'s'", "it's", "'"),
        (r'CONN="a\n\"b\""', 'a\n"b"', '"'),
        ('CONN="a\r\nb"\r\nX=1', "a\nb", '"'),
        ("CONN=", "", ""),
        ("CONN", "", ""),
        ("'CONN'=a", "a", ""),
        ("CONN=${A}/${B:-c}", "${A}/${B:-c}", ""),
        ("\ufeffCONN=a", "a", ""),
    ],
)
def test_dialect(text: str, value: str, quote: str) -> None:
    found = entry(env(text))
    assert (found.value, found.quote) == (value, quote)
    assert (read(text.encode())["CONN"] or "") == value


@pytest.mark.parametrize("text", ["", "# CONN=a", "CONN='a", 'CONN="a" b', "=a", "CONN a b", "'CONN", "export =a"])
def test_what_is_no_entry(text: str) -> None:
    assert DOTENV.entries(env(text)) == []
    assert not {name for name, value in read(text.encode()).items() if value is not None}


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("CONN=a\n", "u", "URL=u\n"),
        ("CONN=a\n", None, "URL=a\n"),
        ("export CONN = 'a'  # old\r\n", "u", "export URL = 'u'  # old\r\n"),
        ('CONN="a\nb"\nX=1', "u", 'URL="u"\nX=1'),
        ("CONN=a", 'say "u"', 'URL=say "u"'),
        ("CONN=a # n", "u # v", "URL='u # v' # n"),
        ("CONN=a", "it's # v", 'URL="it\'s # v"'),
        ("CONN='a'", "it's", r"URL='it\'s'"),
        ('CONN="a"', "c:\\n", r'URL="c:\\n"'),
        ("CONN=a", "u\nv", r'URL="u\nv"'),
        ("CONN=a;b", "u;v", "URL=u;v"),
        ("export CONN='a;b'", "u;v", "export URL='u;v'"),
        ("export CONN=a", "u;v", "export URL='u;v'"),
        ("CONN", "u", "URL=u"),
        ("CONN # note", "u", "URL=u # note"),
        ("CONN= # note", "u", "URL= u # note"),
        ("CONN=a # note", "", "URL= # note"),
        ("'CONN'=a", "u", "'URL'=u"),
        ("# CONN: where\n# CONN=old\nCONN=a  # see CONN\n", "u", "# URL: where\n# CONN=old\nURL=u  # see URL\n"),
        ("CONN=a${X}", "u/${X}", "URL=u/${X}"),
        ("\ufeffCONN=a\r\nX=1", "u", "URL=u\r\nX=1"),
    ],
)
def test_rename(before: str, value: str | None, after: str) -> None:
    file = env(before)
    assert apply(file, DOTENV.rename(file, entry(file), "URL", value)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CONN=a\n", ""),
        ("A=1\nCONN=a", "A=1\n"),
        ("A=1\n\nCONN=a\n\nB=2\n", "A=1\n\n\nB=2\n"),
        ("A=1\r\nCONN='x\r\ny' # c\r\nB=2", "A=1\r\nB=2"),
        ("# storage\nCONN=a\nB=2\n", "# storage\nB=2\n"),
        ("# CONN is the storage\nCONN=a\nB=2\n", "B=2\n"),
        ("# CONN=old\nCONN=a\nB=2\n", "B=2\n"),
        ("# CONN and B\nCONN=a\nB=2\n", "# CONN and B\nB=2\n"),
        ("# CONN and OTHER_NAME\nCONN=a\n", "# CONN and OTHER_NAME\n"),
        ("# Settings.\n# CONN: storage\nCONN=a\n", "# Settings.\n# CONN: storage\n"),
        ("# CONN: first line,\n# second line\nCONN=a\n", ""),
        ("# CONN\n\nCONN=a\n", "# CONN\n\n"),
        ('A="x\n# CONN"\nCONN=a\n', 'A="x\n# CONN"\n'),
        ("A=1\n  export CONN=a\n", "A=1\n"),
    ],
)
def test_remove(before: str, after: str) -> None:
    file = env(before)
    assert apply(file, DOTENV.remove(file, [entry(file)])) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CONN=a\nB=2\n", "CONN=a\nHUB=h\nB=2\n"),
        ("CONN=a", "CONN=a\nHUB=h"),
        ("export CONN = 'a' # c\r\nB=2", "export CONN = 'a' # c\r\nexport HUB = 'h'\r\nB=2"),
        ("'CONN'='a'\n", "'CONN'='a'\nHUB='h'\n"),
        ("CONN\n", "CONN\nHUB=h\n"),
    ],
)
def test_add(before: str, after: str) -> None:
    file = env(before)
    assert apply(file, DOTENV.add(file, entry(file), "HUB", "h")) == after


@pytest.mark.parametrize(("before", "after"), [("", "HUB=h\n"), ("A=1\n", "A=1\nHUB=h\n"), ("A=1", "A=1\nHUB=h")])
def test_add_at_the_end(before: str, after: str) -> None:
    file = env(before)
    assert apply(file, DOTENV.add(file, None, "HUB", "h")) == after


def test_references() -> None:
    file = env('A=${CONN}\nB="${CONN:-x} $CONN ${CONNECT}"\n# ${CONN}\nCONN=1\n')
    assert [span.start for span in DOTENV.references(file, "CONN")] == [4, 15, 25]


def test_a_value_never_shows_in_repr() -> None:
    assert "hunter" not in repr(entry(env("CONN=hunter")))


LINES = st.sampled_from(
    [
        "CONN=a",
        "CONN='it\\'s'",
        'CONN="a\nb # c" # d',
        "export CONN = x # CONN",
        "CONN",
        "A=1",
        "export B='2'",
        'C="3\n4"',
        "# CONN: note",
        "# note",
        "",
        "  ",
        "D=${CONN}",
        "=bad",
        "E='open",
        "F",
        "  G = h i  # j",
        "'H'=1",
        "I=ü",
        "J= # k",
    ]
)
FILES = st.tuples(
    st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(["", "\ufeff"])
).map(lambda parts: (parts[3] + "\n".join(parts[0]) + "\n" * parts[2]).replace("\n", parts[1]))
NEW_VALUES = st.one_of(
    st.none(), st.text("ab'\"\\ #\n;$n", max_size=8), st.just("https://acme.example.org/"), st.just("${A}")
)


@given(FILES)
def test_entries_are_what_python_dotenv_reads(text: str) -> None:
    file = env(text)
    assert {found.name: found.value for found in DOTENV.entries(file)} == {
        k: v or "" for k, v in read(file.data).items()
    }


@given(FILES, NEW_VALUES, st.data())
def test_an_edit_changes_one_entry_only(text: str, value: str | None, data: st.DataObject) -> None:
    file = env(text)
    entries = DOTENV.entries(file)
    if not entries or "E='open" in text:  # the next quote, wherever it is added, would close the open one
        return
    chosen = data.draw(st.sampled_from(entries))
    before = [(found.name, found.value) for found in entries]
    at = entries.index(chosen)
    gone, new = (before[:at], before[at + 1 :]), chosen.value if value is None else value
    changes: list[tuple[Edits, list[tuple[str, str]]]] = [
        (DOTENV.rename(file, chosen, "NEW", value), [*gone[0], ("NEW", new), *gone[1]]),
        (DOTENV.remove(file, [chosen]), [*gone[0], *gone[1]]),
        (DOTENV.add(file, chosen, "NEW", new), [*before[: at + 1], ("NEW", new), *before[at + 1 :]]),
    ]
    for edits, expected in changes:
        changed = file.encode(apply(file, edits))
        assert [(found.name, found.value) for found in DOTENV.entries(decode_text(".env", changed))] == expected
        assert {name: content or "" for name, content in read(changed).items()} == dict(expected)
        assert changed.startswith(file.bom)
        for other in entries[:at]:
            assert file.text[other.value_span.start : other.line_span.end].encode() in changed
