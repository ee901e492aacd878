"""The small Azure, one per test process, and the closing table of migrated programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.azure import Azure
from servers.installed import Missing

COLUMNS = ("program", "service", "identity", "before", "after")


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    folder: Path = tmp_path_factory.mktemp("azure")
    started = Azure(folder)
    yield started
    started.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where a server cannot be had, say so in one line."""
    outcome = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Missing):
        outcome.get_result().longrepr = str(call.excinfo.value)  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [
        tuple(str(value[column]) for column in COLUMNS)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "migrated program"
    ]
    if not rows:
        return
    table = [COLUMNS, *sorted(set(rows))]
    widths = [max(len(row[index]) for row in table) for index in range(len(COLUMNS))]
    terminalreporter.section("programs that ran with a managed identity")
    for row in table:
        terminalreporter.line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
