"""What only a terminal shows: progress, colours, links."""

from __future__ import annotations

import io
import re

import pytest
from click.testing import CliRunner

from mi_lint import progress
from mi_lint.cli.main import cli
from mi_lint.cli.meter import Meter, meter_for
from mi_lint.report.style import style_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_loop_says_how_far_it_is() -> None:
    now, stream = [0.0], Terminal()
    progress.listen(Meter(stream, lambda: now[0]))
    try:
        for _ in progress.tracked(range(3000), "Reading code", 3000):
            now[0] += 0.01
            if now[0] < 0.99:
                assert stream.getvalue() == ""  # a short run shows nothing
    finally:
        progress.listen(None)
    lines = stream.getvalue().split("\r")
    assert any(
        re.fullmatch(r"Reading code: 1,5\d\d of 3,000 files, 100 files/s, 1[45] s left", line.strip()) for line in lines
    )
    assert 200 < len(lines) < 320
    assert "".join(lines[-2:]).strip() == ""  # wiped


def test_an_error_wipes_the_line() -> None:
    now, stream = [0.0], Terminal()
    progress.listen(Meter(stream, lambda: now[0]))
    try:
        with pytest.raises(ValueError, match="bad"):
            _fail(now)
    finally:
        progress.listen(None)
    assert stream.getvalue().endswith("\r")


def _fail(now: list[float]) -> None:
    for number in progress.tracked([1, 2, 3], "Reading code", 3):
        now[0] += 5
        if number == 3:
            raise ValueError("bad")


@pytest.mark.parametrize(
    ("arguments", "environment", "shown"),
    [
        (["check"], {}, True),
        (["check", "-q"], {}, False),
        (["check"], {"TERM": "dumb"}, False),
        (["check"], {"CI": "true"}, False),
    ],
)
def test_who_sees_it(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], shown: bool
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (meter_for(arguments) is not None) == shown
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert meter_for(arguments) is None


@pytest.mark.parametrize(
    ("terminal", "choice", "environment", "colour", "links"),
    [
        (True, "auto", {}, True, False),
        (True, "auto", {"NO_COLOR": "1"}, False, False),
        (True, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        (True, "auto", {"TERM": "dumb"}, False, False),
        (True, "never", {"FORCE_COLOR": "1"}, False, False),
        (True, "auto", {"TERM_PROGRAM": "WezTerm"}, True, True),
        (True, "auto", {"TERM_PROGRAM": "WezTerm", "TMUX": "x"}, True, False),
        (True, "auto", {"VTE_VERSION": "4600"}, True, False),
        (True, "auto", {"VTE_VERSION": "7600"}, True, True),
        (True, "never", {"VTE_VERSION": "7600"}, False, False),
        (True, "auto", {"VTE_VERSION": "7600", "FORCE_HYPERLINK": "0"}, True, False),
        (False, "auto", {"VTE_VERSION": "7600"}, False, False),
        (False, "auto", {"FORCE_COLOR": "1"}, True, False),
        (False, "auto", {"FORCE_COLOR": "0"}, False, False),
        (False, "always", {"FORCE_HYPERLINK": "1"}, True, True),
    ],
)
def test_colours_and_links(
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    choice: str,
    environment: dict[str, str],
    colour: bool,
    links: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM", "TMUX", "STY", "VTE_VERSION", "FORCE_HYPERLINK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", Terminal() if terminal else io.StringIO())
    style = style_for(choice)
    assert (style.colour, style.links) == (colour, links)


def test_a_rule_leads_to_its_page() -> None:
    code = (
        "import os\nfrom azure.storage.blob import BlobServiceClient as B\nB.from_connection_string(os.environ['A'])\n"
    )
    arguments = ["check", "--color", "always", "--stdin-filename", "a.py", "-"]
    runner = CliRunner()
    shown = runner.invoke(cli, arguments, input=code, env={"FORCE_HYPERLINK": "1"}, color=True).stdout
    assert shown.startswith("\x1b]8;;https://learn.microsoft.com/azure/storage/blobs/")
    assert "high[MI201]\x1b[0m\x1b]8;;\x1b\\ " in shown
    assert "\x1b]8" not in runner.invoke(cli, arguments, input=code, env={"FORCE_HYPERLINK": "0"}, color=True).stdout
