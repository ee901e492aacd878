"""The command line from outside: exit codes, messages, and how fast it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint import __version__
from mi_lint.cli.main import cli


def _run(*arguments: str, stdin: str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=stdin, env={"CI": "", **environment})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "clean.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_version_and_help() -> None:
    assert _run("--version").output == f"mi-lint {__version__}\n"
    text = _run("--help").output
    for code in ("0    clean", "1    findings", "2    usage", "3    scan incomplete", "130  interrupted"):
        assert code in text
    for command in ("check", "migrate", "explain", "rules"):
        assert f"\n  {command} " in text


def test_clean_project(project: Path) -> None:
    result = _run("check")
    assert (result.exit_code, result.output) == (0, "No findings (1 file checked).\n")
    assert _run("migrate").exit_code == 0
    assert '"findings": []' in _run("check", "--output-format", "json").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nothing.py"], "error: no such file or folder: nothing.py"),
        (["check", "--select", "MI001x"], "error: unknown rule 'MI001x'; did you mean 'MI001'?"),
        (["check", "--ignore", "unused-ignor"], "error: unknown rule 'unused-ignor'; did you mean 'unused-ignore'?"),
        (
            ["check", "--fail-on", "bad"],
            "error: --fail-on bad: use one of any, info, low, medium, high, critical, never, new",
        ),
        (["check", "--fail-on", "new"], "error: --fail-on new needs --baseline FILE"),
        (["check", "--output-format", "xml"], "error: output format 'xml' does not exist; use one of text, json"),
        (["check", "--output", "json"], "error: --output json: write FORMAT=FILE"),
        (
            ["check", "--baseline", "x", "--select", "MI2"],
            "error: --baseline x: no such file; `mi-lint baseline create` makes it",
        ),
        (["check", "--fix", "--diff"], "error: --fix writes and --diff only shows"),
        (["check", "--unsafe-fixes"], "error: --unsafe-fixes needs --fix or --diff"),
        (["check", "--jobs", "0"], "Error: Invalid value for '-j' / '--jobs'"),
        (["check", "--stdin-filename", "x"], "error: --stdin-filename needs `-`"),
        (["check", "-", "--fix"], "error: standard input can't be fixed"),
        (["check", "--since", "HEAD"], "error: --since needs a git repository"),
        (
            ["check", "--client-id", "a", "--client-id-setting", "B"],
            "error: --client-id and --client-id-setting exclude",
        ),
        (["check", "--client-id", "a", "--identity", "system"], "error: a client id belongs to a user-assigned"),
        (["check", "--config", "none.toml"], "error: --config: no such file: none.toml"),
        (["migrate", "--host", "mars"], "error: host 'mars' is unknown; use one of aks, "),
        (["migrate", "--report", "x.pdf"], "error: --report x.pdf: use a file name that ends in .md, .html or .json"),
        (["migrate", "-"], "error: migrate works on files"),
        (["chek"], "Error: no command is called 'chek'; did you mean 'check'?"),
        (["check", "--nothing"], "Error: No such option"),
    ],
)
def test_usage_errors(project: Path, arguments: list[str], message: str) -> None:
    result = _run(*arguments)
    assert message in result.output
    assert result.exit_code == 2
    assert result.stdout == ""


def test_secrets_are_refused_in_a_build(project: Path) -> None:
    result = _run("check", "--diff", "--show-secrets", CI="true")
    assert result.exit_code == 2
    assert "refused where CI is set" in result.stderr


def test_configuration_errors(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.mi-lint]\nselct = []\n")
    result = _run("check")
    assert result.exit_code == 2
    assert result.stderr == "error: pyproject.toml: [tool.mi-lint] unknown key 'selct'; did you mean 'select'?\n"


def test_explicit_paths_without_files(project: Path) -> None:
    (project / "empty").mkdir()
    result = _run("check", "empty")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no files to check in empty" in result.stderr


def test_excluded_files_of_a_hook_are_no_error(project: Path) -> None:
    (project / "mi-lint.toml").write_text('exclude = ["clean.py"]\n')
    assert _run("check", "clean.py").exit_code == 0


def test_unused_ignore(project: Path) -> None:
    (project / "a.py").write_text("x = 1  # mi-lint: ignore[MI999] old\n")
    result = _run("check")
    assert result.exit_code == 1
    assert "low[MI001] unused-ignore: this ignore of MI999 hides nothing" in result.output
    assert "a.py:1:10" in result.output
    assert _run("check", "--fail-on", "medium").exit_code == 0
    assert _run("check", "--exit-zero").exit_code == 0
    assert _run("check", "--ignore", "MI001").exit_code == 0
    assert "1  MI001  unused-ignore" in _run("check", "--statistics").output


def test_reports_go_to_files_as_well(project: Path) -> None:
    assert _run("check", "--output", "json=r.json", "--output", "jsonl=r.jsonl").exit_code == 0
    assert '"version": 1' in (project / "r.json").read_text()
    assert (project / "r.jsonl").read_text() == ""


def test_standard_input(project: Path) -> None:
    result = _run("check", "-", "--stdin-filename", "sub.py", stdin="x = 1  # mi-lint: ignore\n")
    assert result.exit_code == 1
    assert "sub.py:1:10" in result.output


def test_since_and_staged(project: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(project)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "m"]):
        subprocess.run([*git, *arguments], check=True)
    (project / "a.py").write_text("x = 1  # mi-lint: ignore\n")
    assert _run("check", "--staged").exit_code == 0
    assert _run("check", "--since", "HEAD").exit_code == 1
    subprocess.run([*git, "add", "a.py"], check=True)
    (project / "a.py").write_text("x = 1\n")
    assert _run("check", "--staged").exit_code == 1
    assert _run("check").exit_code == 0
    result = _run("check", "--since", "nowhere")
    assert result.exit_code == 2
    assert "git knows no revision 'nowhere'" in result.stderr


def test_start_is_light() -> None:
    """No heavy library is imported to parse a command line, nor for a clean run."""
    code = "import sys; from mi_lint.cli import main, check, migrate; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"yaml", "libcst", "tomlkit", "detect_secrets"}


def test_clean_run_needs_no_parser(project: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "mi_lint", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "CI": ""})
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not names & {"libcst", "tomlkit", "detect_secrets", "mi_lint.engine"}


def test_an_unexpected_error_shows_no_value(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("bad value 'hunter2' in AccountKey=hunter2hunter2")

    monkeypatch.setattr("mi_lint.cli.check.run_scan", fail)
    for arguments in (["check"], ["check", "--verbose"]):
        result = _run(*arguments)
        assert result.exit_code == 3
        assert "mi-lint failed (ValueError)" in result.stderr
        assert "hunter2" not in result.output
        assert ("check.py" in result.stderr) is ("--verbose" in arguments)
