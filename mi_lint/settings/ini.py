"""INI files as configparser reads them: an option `x` of section `s` is the setting `s.x`."""

from __future__ import annotations

import configparser
import io
import re
from collections.abc import Sequence

from mi_lint.settings.dotenv import EXAMPLE, EXAMPLE_WORD
from mi_lint.settings.ini_syntax import options, sections
from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(rf"(?i).*\.(?:ini|cfg|conf)(?:[._-]{EXAMPLE_WORD})?")
_MARKS = ("#", ";")


class Ini:
    """Options whose name holds a dot are no settings here: `s.x` would not tell where the section ends."""

    in_sections = True
    whole = False

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path.rpartition("/")[2]))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        example = bool(EXAMPLE.search(file.path.rpartition("/")[2]))
        return [
            SettingEntry(
                path=file.path,
                name=f"{option.section}.{option.name}",
                value=option.value,
                name_span=Span(*option.name_range),
                value_span=Span(*option.value_range),
                line_span=Span(option.start, option.end),
                example=example,
            )
            for option in options(file.text)
            if "." not in option.name
        ]

    def references(self, file: TextFile, name: str) -> list[Span]:
        """`%(x)s` from any section, because the default section is seen from all; `${x}` and `${s:x}`."""
        section, _, option = name.rpartition(".")
        pattern = re.compile(
            rf"(?i)%\(({re.escape(option)})\)s|\$\{{(?:{re.escape(section)}:)?({re.escape(option)})\}}"
        )
        return [
            Span(*match.span(match.lastindex or 0))
            for entry in self.entries(file)
            for match in pattern.finditer(file.text, entry.value_span.start, entry.value_span.end)
        ]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """The name in the comment right above changes with it."""
        old, new = _option(entry.name), _option(new_name)
        edits = []
        if new != old:
            above = comment_above(file, entry, self.entries(file), _MARKS)
            edits = [(span, new) for span in mentions(file, above, old)]
            edits.append((entry.name_span, new))
        if new_value is not None and new_value != entry.value:
            edits.append((entry.value_span, _spelled(file, new_value)))
        return tuple(edits)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """The section stays, also an empty one: the program may ask for it."""
        known = self.entries(file)
        return tuple((_with_its_comment(file, entry, known), "") for entry in entries)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        section, option = name.rpartition(".")[0], _option(name)
        if after is None:
            same = [entry for entry in self.entries(file) if entry.name.rpartition(".")[0] == section]
            after = same[-1] if same else None
        text = file.text
        if after is None:
            head = "" if section in sections(text) else f"[{section}]{file.newline}"
            if not head:
                return ()  # a section without options: where its lines would stand cannot be told
            gap = file.newline if text and text[-1] not in "\r\n" else ""
            return ((Span(len(text), len(text)), f"{gap}{head}{option} = {_spelled(file, value)}{file.newline}"),)
        lead = text[after.line_span.start : after.name_span.start]
        between = text[after.name_span.end : after.value_span.start]
        end = after.line_span.end
        if not between.strip():
            between = " = "
        elif "\n" in between or "\r" in between:
            between = between.partition("\n")[0].rstrip()
        line = f"{lead}{option}{between}{_spelled(file, value)}"
        if end and text[end - 1] not in "\r\n":
            return ((Span(end, end), file.newline + line),)
        return ((Span(end, end), line + file.newline),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return _reads(text) or not _reads(file.text)


def _option(name: str) -> str:
    return name.rpartition(".")[2]


def _spelled(file: TextFile, value: str) -> str:
    """Further lines of a value are indented."""
    return value.replace("\n", file.newline + "\t")


def _with_its_comment(file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry]) -> Span:
    comment = comment_above(file, entry, entries, _MARKS)
    others = {_option(other.name) for other in entries} - {_option(entry.name)}
    alone = speaks_only_of(file.text[comment.start : comment.end], _option(entry.name), others)
    return Span(comment.start if alone else entry.line_span.start, entry.line_span.end)


def _reads(text: str) -> bool:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return False
    return True
