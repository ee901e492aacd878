"""Scripts that set environment variables: what the shell gives to programs is what we see, and what we write."""

from __future__ import annotations

import subprocess

import pytest

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import Edits, SettingsFormat
from mi_lint.settings.scripts import Script
from mi_lint.textfile import TextFile, decode_text

VALUES = ("https://a.b/", "a;b=c==", "x y", "a'b", 'a"b', "$HOME", "a`b\\c", "ä!", "#x")


def script(text: str, path: str = "run.sh") -> tuple[TextFile, SettingsFormat]:
    format_ = format_of(path)
    assert isinstance(format_, Script)
    return decode_text(path, text.encode()), format_


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


@pytest.mark.parametrize(
    ("path", "known"),
    [("a/run.sh", True), ("deploy.ps1", True), ("x.bat", True), ("run.sh.example", True), ("run.sh.md", False)],
)
def test_names_of_files(path: str, known: bool) -> None:
    assert isinstance(format_of(path), Script) == known


def test_bash_reads_what_we_write() -> None:
    """Every value in every kind of quotes, all in one script that runs."""
    lines, wanted = [], []
    for number, value in enumerate(VALUES):
        for kind, old in enumerate(("export N=x", "export N='x'", 'export N="x"  # why', "export A=1 N=x B=2")):
            name = f"V{number}_{kind}"
            file, format_ = script(f"{old}\n")
            entry = next(entry for entry in format_.entries(file) if entry.name == "N")
            lines.append(after(file, format_.rename(file, entry, name, value)))
            wanted.append((name, value))
    text = "".join(lines) + "".join(f"printf '%s\\0' \"${name}\"\n" for name, _ in wanted)
    done = subprocess.run(["bash", "-s"], input=text.encode(), capture_output=True, check=True)
    assert dict(wanted) == dict(zip(dict(wanted), done.stdout.decode().split("\0"), strict=False))


SHELL = """#!/bin/sh
# KEY opens it
export KEY='one'
KEY="two" python app.py
docker run \\
  -e KEY=three \\
  img "KEY=four" -e KEY=five -e B=1
cat > .env <<END
KEY=si'x
END
KEY=seven; export KEY
echo nothing  # KEY=eight
"""


def test_all_places_of_a_shell_script() -> None:
    file, format_ = script(SHELL)
    entries = [entry for entry in format_.entries(file) if entry.name == "KEY"]
    values = [entry.value for entry in entries if entry.value]
    assert values == ["one", "two", "three", "four", "five", "si'x", "seven", "eight"]
    less = after(file, format_.remove(file, entries))
    assert "KEY" not in less
    assert less == ("#!/bin/sh\npython app.py\ndocker run \\\n  img -e B=1\ncat > .env <<END\nEND\n\necho nothing  #\n")
    assert subprocess.run(["bash", "-n"], input=less.encode(), check=False).returncode == 0
    more = after(file, [edit for entry in entries[:4] for edit in format_.add(file, entry, "URL", "https://a")])
    assert "export KEY='one'\nexport URL='https://a'\n" in more
    assert 'KEY="two" URL="https://a" python' in more
    assert "-e KEY=three -e URL=https://a \\\n" in more


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.sh", "export A=x\ncurl $A\n"),
        ("a.sh", 'export A=x\ncurl "${A%/}"\n'),
        ("a.sh", "# A=x\n"),
        ("a.sh", "export A=$(cat a)\n"),
        ("a.sh", "export A=`cat a`\n"),
        ("a.ps1", "$env:A = 'x'\nGet-It $Env:A\n"),
        ("a.ps1", "$env:A = Get-It\n"),
        ("a.bat", "set A=x\ncurl %a%\n"),
    ],
)
def test_what_the_script_uses_or_computes_is_passed_over(path: str, text: str) -> None:
    file, format_ = script(text, path)
    assert format_.entries(file) == []


def test_value_of_variables() -> None:
    file, format_ = script('export A="AccountName=$N;AccountKey=$K;"\nexport B=$B\nexport C="${D:-x}"\n')
    assert [(entry.name, entry.computed) for entry in format_.entries(file)] == [("A", True), ("B", True), ("C", True)]


@pytest.mark.parametrize(
    ("path", "text", "moved"),
    [
        ("a.ps1", "$env:A = 'x'  \r\n", '$env:B = "y\'s"  \r\n'),
        ("a.ps1", '[Environment]::SetEnvironmentVariable("A", "x", "User")', None),
        ("a.ps1", 'setx A "x"\n', 'setx B "y\'s"\n'),
        ("a.bat", "@set A=x\r\n", "@set B=y's\r\n"),
        ("a.cmd", 'set "A=x"\r\n', 'set "B=y\'s"\r\n'),
    ],
)
def test_scripts_of_windows(path: str, text: str, moved: str | None) -> None:
    file, format_ = script(text, path)
    (entry,) = format_.entries(file)
    assert entry.value == "x"
    renamed = after(file, format_.rename(file, entry, "B", "y's"))
    assert renamed == (moved or text.replace('"A"', '"B"').replace("x", "y's", 1))
    assert after(file, format_.remove(file, [entry])) == ""
