"""Text, JSON and patches of one finding with a fix: readable, exact, and without its secret."""

from __future__ import annotations

import json
import secrets
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mi_lint.findings import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    Place,
    Precondition,
    Severity,
    Source,
)
from mi_lint.report.diff import apply_edits, coloured, file_diff, patch
from mi_lint.report.formats import render
from mi_lint.report.json_ import finding_record
from mi_lint.report.model import Report
from mi_lint.report.plan import plan_lines
from mi_lint.report.redact import Redactor, redactor_for
from mi_lint.report.snippet import snippet
from mi_lint.report.style import Style
from mi_lint.textfile import TextFile, decode_python

_FIELDS = (
    "rule name kind service severity confidence applicability path line column end_line end_column message redacted "
    "fingerprint source help_url fix"
)


@dataclass
class Change:
    after: bytes


def _place(file: TextFile, text: str) -> Place:
    start = file.text.index(text)
    line, column = file.line_column(start)
    end_line, end_column = file.line_column(start + len(text))
    return Place(
        file.path, file.byte_offset(start), file.byte_offset(start + len(text)), line, column, end_line, end_column
    )


def _case(secret: str, newline: str = "\n") -> tuple[TextFile, Finding]:
    source = f'# Größe\nKEY = "{secret}"\n\nclient = Client("table", credential=KEY)\n'.replace("\n", newline)
    file = decode_python("app/my store.py", source.encode())
    fix = Fix(
        "c1",
        "Use managed identity",
        Applicability.SAFE,
        (
            Edit(_place(file, f'KEY = "{secret}"{newline}'), ""),
            Edit(
                _place(file, 'Client("table", credential=KEY)'), 'Client("table", credential=DefaultAzureCredential())'
            ),
        ),
        (Precondition("role", "Grant Storage Reader to the identity", (("role", "Reader"),)),),
    )
    finding = Finding(
        rule="MI201",
        name="some-key",
        kind="some-key",
        service="some",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        applicability=Applicability.SAFE,
        place=_place(file, 'Client("table", credential=KEY)'),
        message=f"the client signs in with the key {secret}",
        fingerprint="0" * 32,
        redacted="***",
        source=Source("literal", "a literal", _place(file, f'"{secret}"')),
        help_url="https://example.com/MI201",
        fix=fix,
        reasons=("one reason",),
        advice="some advice",
    )
    return file, finding


def _report(file: TextFile, *findings: Finding) -> Report:
    sources = {file.path: file}
    return Report(findings, sources, redactor_for(findings, sources), files_scanned=1, bytes_scanned=len(file.data))


@pytest.fixture(params=["hunter2!", "abcdef", None])
def secret(request: pytest.FixtureRequest) -> str:
    return request.param or secrets.token_hex(16)


@pytest.mark.parametrize("name", ["text", "json", "jsonl"])
@pytest.mark.parametrize("colour", [True, False])
def test_no_format_shows_the_secret(secret: str, name: str, colour: bool) -> None:
    file, finding = _case(secret)
    assert secret not in render(name, _report(file, finding, finding), Style(colour))


def test_text_reads_well() -> None:
    file, finding = _case("hunter2!")
    assert render("text", _report(file, finding), Style()) == (
        "high[MI201] some-key: the client signs in with the key ***\n"
        " --> app/my store.py:4:10\n"
        "  |\n"
        '4 | client = Client("table", credential=KEY)\n'
        "  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = source: a literal (app/my store.py:2:7)\n"
        "  = note: one reason\n"
        "  = to do: some advice\n"
        "  = safe fix: Use managed identity\n"
        "    --- a/app/my store.py\n"
        "    +++ b/app/my store.py\n"
        "    @@ -1,4 +1,3 @@\n"
        "     # Größe\n"
        '    -KEY = "***"\n'
        "\n"
        '    -client = Client("table", credential=KEY)\n'
        '    +client = Client("table", credential=DefaultAzureCredential())\n'
        "  = needs role: Grant Storage Reader to the identity\n"
        "  = help: https://example.com/MI201\n"
        "\n"
        "1 finding in 1 file: 1 fixable (1 safe with `mi-lint migrate --write`) (1 file checked).\n"
        "More: `mi-lint explain MI201`. To accept a finding: `# mi-lint: ignore[MI201] reason` on its line.\n"
    )


def test_the_same_fix_is_explained_once_and_its_command_names_the_file() -> None:
    file, finding = _case("x" * 8)
    twice = [finding, replace(finding, fingerprint="another")]
    text = render("text", Report(twice, {file.path: file}, narrowed=True), Style())
    assert text.count("= note: one reason") == text.count("+client = Client") == 1
    assert "= safe fix: the same as for MI201 at app/my store.py:4:10" in text
    assert "(2 safe with `mi-lint migrate --write 'app/my store.py'`)" in text
    assert "More: `mi-lint explain MI201`." in text


def test_the_part_of_a_long_line_that_is_meant_is_shown() -> None:
    file = decode_python("a.py", b"f(" + b"1, " * 200 + b"g(x))\n")
    shown, marks = snippet(file, _place(file, "g(x)"), Redactor(), Style())[1:]
    assert shown == "1 | …" + ("1, " * 20) + "g(x))"
    assert marks == "  | " + " " * 61 + "^^^^"


def test_the_end_of_a_file_without_newline_is_a_line_of_its_own() -> None:
    file = decode_python("a.py", b"x = 1")
    assert list(coloured(file_diff(file, b"x = 2", Redactor()), Style()))[-4:] == [
        "-x = 1",
        "\\ No newline at end of file",
        "+x = 2",
        "\\ No newline at end of file",
    ]


def test_carets_stand_below_a_redacted_line() -> None:
    file = decode_python("a.py", b'\tf("hunter2hunter2", g(x))\n')
    _, finding = _case("x" * 8)
    finding = Finding(
        **{s: getattr(finding, s) for s in Finding.__dataclass_fields__}
        | {"place": _place(file, "g(x)"), "fix": None, "source": None}
    )
    report = Report([finding], {"a.py": file}, Redactor(frozenset({"hunter2hunter2"})))
    lines = render("text", report, Style()).splitlines()
    assert lines[3] == '1 |     f("***", g(x))'
    assert lines[4].index("^") == lines[3].index("g(x)")


def test_text_can_not_steer_the_terminal() -> None:
    file = decode_python("a.py", b"f('\x1b]0;x\x07')\n")
    _, finding = _case("x" * 8)
    values = {s: getattr(finding, s) for s in Finding.__dataclass_fields__}
    values |= {"place": _place(file, "f("), "fix": None, "source": None, "message": "\x1b[2J"}
    assert "\x1b" not in render("text", Report([Finding(**values)], {"a.py": file}), Style())


def test_json_has_the_fields_of_the_contract() -> None:
    file, finding = _case("hunter2!")
    document = json.loads(render("json", _report(file, finding), Style()))
    assert list(document) == ["version", "tool", "findings", "summary"]
    record = document["findings"][0]
    assert list(record) == _FIELDS.split()
    assert list(record["fix"]) == ["applicability", "title", "edits", "preconditions"]
    positions = ["start", "end", "line", "column", "end_line", "end_column"]
    assert list(record["fix"]["edits"][0]) == ["path", *positions, "text"]
    assert (record["line"], record["column"], record["severity"]) == (4, 10, "high")
    edits = sorted(record["fix"]["edits"], key=lambda e: -e["start"])
    data = file.data
    for edit in edits:
        data = data[: edit["start"]] + edit["text"].encode() + data[edit["end"] :]
    assert data.decode() == '# Größe\n\nclient = Client("table", credential=DefaultAzureCredential())\n'


def test_json_lines() -> None:
    file, finding = _case("hunter2!")
    lines = render("jsonl", _report(file, finding, finding), Style()).splitlines()
    assert [json.loads(line)["rule"] for line in lines] == ["MI201", "MI201"]


def test_an_edit_with_a_secret_is_left_out() -> None:
    file, finding = _case("hunter2!")
    key = secrets.token_hex(16)
    assert finding.fix
    bad = Fix("c", "t", Applicability.SAFE, (*finding.fix.edits, Edit(finding.place, f'f("{key}")')))
    values = {s: getattr(finding, s) for s in Finding.__dataclass_fields__} | {"fix": bad}
    record = finding_record(Finding(**values), _report(file, finding).redactor)
    assert record["fix"]["edits"] == []
    assert key not in json.dumps(record)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_git_applies_an_open_patch(tmp_path: Path, newline: str) -> None:
    file, finding = _case("hunter2!", newline)
    assert finding.fix
    after = apply_edits(file, finding.fix.edits)
    target = tmp_path / file.path
    target.parent.mkdir()
    target.write_bytes(file.data)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    content = patch({file.path: Change(after)}, {file.path: file}, Redactor(show=True))
    subprocess.run(["git", "-C", str(tmp_path), "apply", "--whitespace=nowarn", "-"], input=content, check=True)
    assert target.read_bytes() == after


@pytest.mark.parametrize(
    ("before", "after"), [(b"a", b"b"), (b"a\n", b"a"), (b"a", b"a\n"), (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n")]
)
def test_git_applies_ends_of_files(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = decode_python('q"x.py', before)
    (tmp_path / file.path).write_bytes(before)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    content = patch({file.path: Change(after)}, {file.path: file}, Redactor())
    subprocess.run(["git", "-C", str(tmp_path), "apply", "-"], input=content, check=True)
    assert (tmp_path / file.path).read_bytes() == after


def test_plan_groups_and_says_each_thing_once() -> None:
    conditions = [
        Precondition("package", "azure-identity>=1.15"),
        Precondition("role", "Reader"),
        Precondition("role", "Reader"),
    ]
    assert plan_lines(conditions, Redactor(), Style()) == [
        "Before you deploy",
        "1. Grant these roles to the identity (they take minutes to arrive):",
        "   - Reader",
        "2. Install these packages:",
        "   - azure-identity>=1.15",
    ]
