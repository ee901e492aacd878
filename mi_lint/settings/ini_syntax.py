"""The dialect of Python's configparser, read with exact positions.

The grammar follows that library rule for rule, with its default comments and delimiters. Names keep their case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SECTION = re.compile(r"\[(?P<header>.+)\]")
_OPTION = re.compile(r"(?P<option>.*?)\s*(?:(?P<delimiter>[=:])\s*(?P<value>.*))$")


@dataclass(slots=True)
class Option:
    """One `option = value`; pairs are ranges of the text, `end` is after the last line of the value."""

    section: str
    name: str
    value: str
    name_range: tuple[int, int]
    value_range: tuple[int, int]
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Option({self.section!r}, {self.name!r})"  # the value may be a secret


def sections(text: str) -> list[str]:
    """The names of all sections, in order."""
    return [line.text[1:-1] for line in _lines(text) if _SECTION.fullmatch(line.text)]


def options(text: str) -> list[Option]:
    """All options that have a value; none where the text does not begin with a section, so that it is no INI file."""
    found: list[Option] = []
    section: str | None = None
    current: Option | None = None
    named, level = False, 0  # whether an option has been named in this section; how far it is indented
    blank = 0  # empty lines that belong to the value if a further line of it follows
    for line in _lines(text):
        if not line.text or line.text.startswith(("#", ";")):
            blank += not line.text
            continue
        if section is not None and named and line.indent > level:
            if current is not None:
                current.value += "\n" * blank + "\n" + line.text
                current.value_range = current.value_range[0], line.text_end
                current.end = line.end
            blank = 0
            continue
        level, blank = line.indent, 0
        header = _SECTION.match(line.text)
        if header:
            section, named, current = header["header"], False, None
            continue
        if section is None:
            return []
        current, named = None, True
        match = _OPTION.match(line.text)
        if match and match["option"]:
            at = line.text_start
            current = Option(
                section,
                match["option"].rstrip(),
                match["value"].strip(),
                (at, at + len(match["option"].rstrip())),
                (at + match.start("value"), line.text_end),
                line.start,
                line.end,
            )
            found.append(current)
    return [_whole(option) for option in found]


def _whole(option: Option) -> Option:
    option.value = option.value.rstrip()
    return option


@dataclass(frozen=True, slots=True)
class _Line:
    text: str  # without blanks around it
    start: int
    end: int  # its line ending included
    text_start: int

    @property
    def indent(self) -> int:
        return self.text_start - self.start

    @property
    def text_end(self) -> int:
        return self.text_start + len(self.text)


def _lines(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        if match[0]:
            stripped = match[0].lstrip()
            start = match.end() - len(stripped)
            yield _Line(stripped.rstrip(), match.start(), match.end(), start)
