"""Dockerfiles: what a parser of Dockerfiles sees is what we see, and an edit touches nothing else."""

from __future__ import annotations

import io

import pytest
from dockerfile_parse import DockerfileParser
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.dockerfile import Dockerfile
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import Edits
from mi_lint.textfile import TextFile, decode_text

FORMAT = Dockerfile()
NAMES = st.text("ABc_1", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
VALUES = st.text("ab:;=/.+# é", min_size=1, max_size=8).map(str.strip).filter(bool)
SETTINGS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
JOINT = st.sampled_from([" ", "  ", " \\\n    ", " \\\n# CONN\n  "])
TEXT = """\
FROM python:3.12 AS build
ARG CONN
# CONN: where the reports go
ENV CONN="one" \\
    OTHER=two
ENV OLD three four
RUN echo $CONN > /x
"""


def docker(text: str) -> TextFile:
    return decode_text("Dockerfile", text.encode())


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


def read(text: str) -> dict[str, str]:
    parser = DockerfileParser(fileobj=io.BytesIO(), env_replace=False)
    parser.content = text
    return dict(parser.envs)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("Dockerfile", True),
        ("api/Dockerfile.prod", True),
        ("web.Dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.md", False),
        (".dockerignore", False),
    ],
)
def test_names_of_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), Dockerfile) == known


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_everything_else_stays(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    file = docker(text)
    entries = FORMAT.entries(file)
    assert [(e.name, e.value) for e in entries] == [
        ("CONN", ""),
        ("CONN", "one"),
        ("OTHER", "two"),
        ("OLD", "three four"),
    ]
    argument, conn, other, old = entries
    assert after(file, FORMAT.rename(file, argument, "URL", "")) == text.replace("ARG CONN", "ARG URL")
    changed = after(file, FORMAT.rename(file, conn, "URL", "https://a.b"))
    assert changed == text.replace("# CONN", "# URL").replace('CONN="one"', 'URL="https://a.b"')
    assert after(file, FORMAT.rename(file, old, "URL", "u")) == text.replace("OLD three four", "URL u")
    assert after(file, FORMAT.remove(file, [other])) == text.replace(f" \\{newline}    OTHER=two", "")
    assert after(file, FORMAT.remove(file, [conn])) == text.replace(f'CONN="one" \\{newline}    ', "")
    assert after(file, FORMAT.remove(file, [old])) == text.replace(f"ENV OLD three four{newline}", "")
    added = after(file, FORMAT.add(file, conn, "MORE", "m"))
    assert added == text.replace(f"OTHER=two{newline}", f'OTHER=two{newline}ENV MORE="m"{newline}')


@pytest.mark.parametrize(
    "text",
    [
        'ENV A="b\\"c"\n',
        "ENV A=b\\ c\n",
        "ENV A=b'c'\n",
        "# escape=`\nENV A=b\n",
        "RUN cat <<EOF\nENV A=b\nEOF\n",
        "RUN x \\\n  ENV A=b\n",
        "RUN export A=b\n",
    ],
)
def test_what_is_not_understood_has_no_entries(text: str) -> None:
    assert FORMAT.entries(docker(text)) == []


def test_references() -> None:
    assert len(FORMAT.references(docker("RUN echo $X ${X} ${X:-1} $XY \\$X\n"), "X")) == 3


@given(SETTINGS, st.sampled_from(['"', "'"]), JOINT, NAMES, VALUES)
def test_edits_do_what_they_say(values: dict[str, str], quote: str, joint: str, name: str, value: str) -> None:
    pairs = joint.join(f"{key}={quote}{text}{quote}" for key, text in values.items())
    file = docker(f"FROM a\nENV {pairs}\nRUN b\n")
    entries = FORMAT.entries(file)
    assert {entry.name: entry.value for entry in entries} == read(file.text) == values
    for index, entry in enumerate(entries):
        gone = entries[index : index + 2]
        left = {k: v for k, v in values.items() if k not in {e.name for e in gone}}
        removed = after(file, FORMAT.remove(file, gone))
        assert read(removed) == left
        assert removed.startswith("FROM a\n")
        assert removed.endswith("\nRUN b\n")
        if name not in values:
            renamed = {name if k == entry.name else k: value if k == entry.name else v for k, v in values.items()}
            assert read(after(file, FORMAT.rename(file, entry, name, value))) == renamed
            assert read(after(file, FORMAT.add(file, entry, name, value))) == {**values, name: value}
