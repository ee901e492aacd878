"""Colours of the terminal, and text made safe for it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from mi_lint.findings import Severity

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
SEVERITY_COLOUR = {
    Severity.INFO: "blue",
    Severity.LOW: "cyan",
    Severity.MEDIUM: "yellow",
    Severity.HIGH: "red",
    Severity.CRITICAL: "magenta",
}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text, or leaves it plain. `width` is where notes wrap; 0 means never."""

    colour: bool = False
    width: int = 0

    def paint(self, text: str, *names: str) -> str:
        if not self.colour or not text:
            return text
        return "".join(f"\x1b[{_CODES[name]}m" for name in names) + text + "\x1b[0m"


def style_for(choice: str) -> Style:
    """The style for standard output: `always`, `never`, or `auto` (a terminal, and NO_COLOR is not set)."""
    terminal = sys.stdout.isatty()
    colour = choice == "always" or (
        choice == "auto" and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    if not terminal:
        return Style(colour)
    import shutil

    return Style(colour, min(120, shutil.get_terminal_size().columns))


def printable(text: str) -> str:
    """Text of a repository without characters that would steer a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "    " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
