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
    """Paints text, or leaves it plain. `width` is where notes wrap; 0 means never. `links`: text may be a link."""

    colour: bool = False
    width: int = 0
    links: bool = False

    def paint(self, text: str, *names: str) -> str:
        if not self.colour or not text:
            return text
        return "".join(f"\x1b[{_CODES[name]}m" for name in names) + text + "\x1b[0m"

    def wrapped(self, text: str, taken: int, indent: int) -> list[str]:
        """Lines of a text that begins after `taken` columns; as it is where nothing wraps."""
        if self.width < taken + 30:
            return [text]
        import textwrap

        first = " " * taken
        lines = textwrap.wrap(
            text,
            self.width,
            initial_indent=first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [lines[0][taken:], *lines[1:]] if lines else [text]

    def link(self, text: str, url: str) -> str:
        """A text that leads to a page, where the terminal can show that (OSC 8)."""
        if not self.links or not url.isprintable() or not url:
            return text
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


def style_for(choice: str) -> Style:
    """The style for standard output: `always`, `never`, or `auto`.

    That is colour on a terminal, unless NO_COLOR is set or TERM says `dumb`; with FORCE_COLOR elsewhere too.
    """
    terminal, get = sys.stdout.isatty(), os.environ.get
    forced = get("FORCE_COLOR", "") not in ("", "0", "false")
    wanted = not get("NO_COLOR") and (forced or (terminal and get("TERM") != "dumb"))
    colour = choice == "always" or (choice == "auto" and wanted)
    links = colour and _shows_links(terminal)
    if not terminal:
        return Style(colour, links=links)
    import shutil

    return Style(colour, min(120, shutil.get_terminal_size().columns), links)


def _shows_links(terminal: bool) -> bool:
    """Whether this terminal is known to show links; FORCE_HYPERLINK decides where it is set."""
    get = os.environ.get
    if get("FORCE_HYPERLINK"):
        return get("FORCE_HYPERLINK") != "0"
    if not terminal or get("TMUX") or get("STY"):
        return False
    programs = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby")
    version = get("VTE_VERSION", "")
    named = get("TERM_PROGRAM") in programs or get("TERM") in ("xterm-kitty", "alacritty", "foot", "xterm-ghostty")
    told = any(get(name) for name in ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"))
    return named or told or (version.isdigit() and int(version) >= 5000)


def printable(text: str) -> str:
    """Text of a repository without characters that would steer a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "    " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
