"""One line on the terminal about a loop that takes long: how far, how fast, how much time is left."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Collection
from typing import TextIO

_DELAY, _PAUSE = 1.0, 0.1  # seconds before the first line, and between two of them


def meter_for(arguments: Collection[str]) -> Meter | None:
    """The meter of a run; none where nobody would see it, or nobody wants to."""
    stream = sys.stderr
    silent = {"-q", "--quiet"} & set(arguments) or os.environ.get("TERM") == "dumb" or os.environ.get("CI")
    return None if silent or stream is None or not stream.isatty() else Meter(stream)


class Meter:
    """Listens to loops."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._title, self._total, self._unit = "", 0, ""
        self._began = self._shown = 0.0
        self._done = self._wide = 0

    def begin(self, title: str, total: int, unit: str) -> None:
        self._title, self._total, self._unit = title, total, unit
        self._began, self._done = self._clock(), 0
        self._shown = self._began + _DELAY - _PAUSE

    def advance(self, count: int) -> None:
        self._done += count
        now = self._clock()
        if now - self._shown >= _PAUSE:
            self._shown = now
            self._write(self.line(now))

    def end(self) -> None:
        self._write("")

    def line(self, now: float) -> str:
        """What is shown: `Parsing: 1,200 of 3,030 files, 410 files/s, 5 s left`."""
        rate = self._done / max(now - self._began, 1e-6)
        left = (self._total - self._done) / rate if rate else 0.0
        plural = "" if self._total == 1 else "s"
        speed = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        head = f"{self._title}: {self._done:,} of {self._total:,} {self._unit}{plural}"
        return f"{head}, {speed} {self._unit}s/s, {_duration(left)} left"

    def _write(self, text: str) -> None:
        if not text and not self._wide:
            return
        text = text[: max(20, shutil.get_terminal_size().columns - 1)]
        self._stream.write(f"\r{text}{' ' * (self._wide - len(text))}" + ("\r" if not text else ""))
        self._stream.flush()
        self._wide = len(text)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
