"""`migrate --interactive`: each connection is asked about, and what is shown is what is written."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli

CODE = """\
import os
from azure.servicebus import ServiceBusClient
from azure.storage.blob import BlobServiceClient

a = BlobServiceClient.from_connection_string(os.environ["A_CONN_STR"])
b = BlobServiceClient.from_connection_string(os.environ["B_CONN_STR"])
c = ServiceBusClient.from_connection_string(os.environ["BUS_CONN_STR"])
"""
A, B, BUS = '["A_ACCOUNT_URL"]', '["B_ACCOUNT_URL"]', '["BUS_FULLY_QUALIFIED_NAMESPACE"]'


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env.example").write_text("A_CONN_STR=<connection string>\nOTHER=1\n")
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path / "app.py"


def ask(answers: str) -> Result:
    return CliRunner().invoke(cli, ["migrate", "--interactive", "--unsafe-fixes"], input=answers)


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        ("y\nn\ny\n", {A, BUS}),
        ("y\nq\n", {A}),
        ("n\na\n", {B, BUS}),
        ("r\ny\n", {BUS}),
        ("x\n?\ny\nq\n", {A}),
        ("q\n", set()),
    ],
)
def test_what_was_accepted_is_written(code: Path, answers: str, written: set[str]) -> None:
    result = ask(answers)
    assert result.exit_code in (0, 1)
    text = code.read_text()
    assert {name for name in (A, B, BUS) if name in text} == written
    assert written or text == CODE
    assert ("apply what was accepted" in result.stderr) == ("?" in answers)


def test_an_end_without_an_answer_writes_nothing(code: Path) -> None:
    assert ask("y\n").exit_code == 130
    assert code.read_text() == CODE


def test_a_setting_gets_the_name_that_was_given(code: Path) -> None:
    result = ask("e\nnot a name\ne\nOTHER\ne\nMAIN_URL\ne\nMAIN_BLOB_URL\ny\nq\n")
    assert "'not a name' is no name of a setting" in result.stderr
    assert "OTHER can't be the name of this setting" in result.stderr
    assert "[MAIN_URL]" in result.stderr
    assert '["MAIN_BLOB_URL"]' in code.read_text()
    assert (code.parent / ".env.example").read_text() == "MAIN_BLOB_URL=<account-url>\nOTHER=1\n"
    assert "the setting MAIN_BLOB_URL holds the account URL" in result.stdout


def test_single_keys_on_a_terminal(code: Path) -> None:
    """No Enter is needed, and the terminal is left as it was."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "mi_lint", "migrate", "--interactive"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "60"}
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    seen, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                seen += os.read(leader, 65536)
            except OSError:
                break
        elif process.poll() is not None:
            break
        elif seen.endswith(b"[?] "):  # waits for a key
            os.write(leader, b"y" if seen.count(b"Apply?") == 1 else b"q")
    os.close(leader)
    assert process.wait(10) == 1
    assert A in code.read_text()
    assert b"\x1b[32m+a = " in seen
