"""Environment variables that scripts set for the programs they start: shell, PowerShell and batch files.

A script that uses a variable by itself, for `az` or another command, needs what it holds: such a name is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, Resources, SettingEntry
from mi_lint.templates import derive, parse_connection_string
from mi_lint.textfile import Span, TextFile

_NAME = r"(?P<name>[A-Za-z_]\w*)"
_HEREDOC = re.compile(r"<<-?[ \t]*[\"']?(?P<end>[A-Za-z_]\w*)[\"']?")
_WRITTEN = re.compile(rf"[ \t]*(?:export[ \t]+)?{_NAME}=(?P<bare>[^\r\n]*)")  # in a here-document
_FLAG = re.compile(r"(?:^|[ \t])(?P<flag>(?:-e|--env)[ \t=]+)\Z")


@dataclass(frozen=True, slots=True)
class Language:
    """`sets` are patterns with groups for the name and for its value: `double` or `single` quoted, or `bare`.

    `uses` matches where a script takes the value of `NAME`; `computed` what makes a value an expression; `unquoted`
    what may stand without quotes; `escaped` what cannot stand between double ones.
    """

    files: re.Pattern[str]
    sets: tuple[re.Pattern[str], ...]
    uses: str
    comment: str
    computed: re.Pattern[str]
    unquoted: re.Pattern[str]
    escaped: re.Pattern[str]
    heredocs: bool = False


_QUOTED = r"\"(?P<double>[^\"\\`\r\n]*)\"|'(?P<single>[^'\r\n]*)'"
SHELL = Language(
    files=re.compile(r"(?i).*\.(?:sh|bash|zsh|ksh)(?:[._-](?:example|sample|template|dist))?"),
    sets=(
        re.compile(rf"(?<![\w$\-.\"'{{]){_NAME}=(?:{_QUOTED}|(?P<bare>[^\s;&|<>()\"'`\\]+))(?=[\s;&|)]|\Z)"),
        re.compile(rf"(?<=[ \t])\"{_NAME}=(?P<bare>[^\"\\`\r\n]+)\"(?=[\s;&|)]|\Z)"),
        re.compile(rf"(?<=[ \t])'{_NAME}=(?P<bare>[^'\r\n]+)'(?=[\s;&|)]|\Z)"),
        re.compile(rf"(?:;[ \t]*|(?<![\w$-]))export[ \t]+{_NAME}(?P<bare>)(?=[ \t]*(?:[\r\n;#]|\Z))"),
    ),
    uses=r"(?<![\\\w])\$(?:NAME(?!\w)|\{[#!]?NAME(?!\w))",
    comment="#",
    computed=re.compile(r"[$]"),
    unquoted=re.compile(r"[\w./:@%+,=\-]+"),
    escaped=re.compile(r"[\"\\`$!]"),
    heredocs=True,
)
POWERSHELL = Language(
    files=re.compile(r"(?i).*\.psm?1"),
    sets=(
        re.compile(rf"(?i)\$env:{_NAME}[ \t]*=[ \t]*(?:{_QUOTED})(?=[ \t]*(?:[\r\n;#]|\Z))"),
        re.compile(
            rf"(?i)\[(?:System\.)?Environment\]::SetEnvironmentVariable\([ \t]*[\"']{_NAME}[\"'][ \t]*,"
            rf"[ \t]*(?:{_QUOTED})[^()\r\n]*\)"
        ),
        re.compile(rf"(?i)(?<!\S)setx[ \t]+{_NAME}[ \t]+(?:{_QUOTED})"),
    ),
    uses=r"(?i)\$\{?env:NAME(?!\w)",
    comment="#",
    computed=re.compile(r"[$]"),
    unquoted=re.compile(r"(?!)"),
    escaped=re.compile(r"[\"`$]"),
)
BATCH = Language(
    files=re.compile(r"(?i).*\.(?:bat|cmd)"),
    sets=(
        re.compile(rf"(?i)(?<!\S)@?set[ \t]+\"{_NAME}=(?P<bare>[^\"\r\n]*)\""),
        re.compile(rf"(?i)(?<!\S)@?set[ \t]+{_NAME}=(?P<bare>[^\"&|<>^\r\n]*)(?=[\r\n]|\Z)"),
        re.compile(rf"(?i)(?<!\S)setx[ \t]+{_NAME}[ \t]+\"(?P<double>[^\"\r\n]*)\""),
    ),
    uses=r"(?i)%NAME%|!NAME!",
    comment="rem",
    computed=re.compile(r"[%!]"),
    unquoted=re.compile(r"[^\"&|<>^%!\r\n]*"),
    escaped=re.compile(r"[\"%!]"),
)


class Script:
    """Assignments on one line, alone or before a command, and `NAME=value` among the arguments of one."""

    in_sections = False
    whole = False

    def __init__(self, language: Language) -> None:
        self._language = language

    def matches(self, path: str) -> bool:
        return bool(self._language.files.fullmatch(path.rpartition("/")[2]))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        found: dict[int, SettingEntry] = {}
        for start, end, here in self._lines(file.text):
            for pattern in self._language.sets:
                for match in pattern.finditer(file.text, start, end):
                    found.setdefault(match.start("name"), self._entry(file, match, Span(start, end)))
            if here:
                written = _WRITTEN.match(file.text, start, end)
                if written is not None:
                    found[written.start("name")] = self._entry(file, written, Span(start, end))
        entries = [found[at] for at in sorted(found)]
        used = {name for name in {entry.name for entry in entries} if self._uses(file, name, entries)}
        return [entry for entry in entries if entry.name not in used]

    def _lines(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """The lines that are no comments: where they begin and end, and whether they are in a here-document."""
        here = ""
        for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text):
            line = match[0].strip()
            if not line:
                continue
            if here and line == here:
                here = ""
            elif here or not line.lower().startswith(self._language.comment):
                yield match.start(), match.end(), bool(here)
                opened = None if here or not self._language.heredocs else _HEREDOC.search(line)
                here = opened["end"] if opened is not None else here

    def _entry(self, file: TextFile, match: re.Match[str], line: Span) -> SettingEntry:
        group = next(name for name in ("double", "single", "bare") if match.groupdict().get(name) is not None)
        quote = {"double": '"', "single": "'"}.get(group, "")
        value = match[group].rstrip() if not quote else match[group]
        span = Span(match.start(group), match.start(group) + len(value))
        computed = quote != "'" and bool(self._language.computed.search(value))
        whole = line if self._alone(file.text, match, line) else Span(match.start(), match.end())
        return SettingEntry(
            file.path, match["name"], value, Span(*match.span("name")), span, whole, quote, computed=computed
        )

    def _alone(self, text: str, match: re.Match[str], line: Span) -> bool:
        """Whether nothing but an assignment stands on a line."""
        before, after = text[line.start : match.start()].strip(), text[match.end() : line.end].strip()
        keyword = before in ("", "export", "declare -x", "typeset -x")
        return keyword and (after in ("", ";") or after.startswith("#"))

    def _uses(self, file: TextFile, name: str, entries: Sequence[SettingEntry]) -> bool:
        """Whether the script takes a value from the variable, for anything but itself."""
        own = [e.value_span for e in entries if e.name == name]
        sets = [e.name_span for e in entries if e.name == name]
        for match in re.finditer(self._language.uses.replace("NAME", re.escape(name)), file.text):
            inside = any(span.start <= match.start() < span.end for span in own)
            if not inside and not any(match.start() <= span.start < match.end() for span in sets):
                return True
        return False

    def references(self, file: TextFile, name: str) -> list[Span]:
        return []

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        """A value of variables gives one of the same variables; a variable that is passed on has the new name."""
        if re.fullmatch(self._language.uses.replace("NAME", re.escape(entry.name)) + r"\}?", entry.value):
            return entry.value.replace(entry.name, new_name)
        return derive(templates, parse_connection_string(entry.value))

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        edits = [(entry.name_span, new_name)] if new_name != entry.name else []
        if new_value is not None and new_value != entry.value:
            edits.append(self._new_value(file, entry, new_value))
        if new_name != entry.name:
            above = comment_above(file, entry, self.entries(file), (self._language.comment,))
            edits += [(span, new_name) for span in mentions(file, above, entry.name)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def _new_value(self, file: TextFile, entry: SettingEntry, value: str) -> tuple[Span, str]:
        """With the quotes of the old one; a bare one among them stands in quotes already."""
        width = len(entry.quote)
        span = Span(entry.value_span.start - width, entry.value_span.end + width)
        wrapped = file.text[entry.name_span.start - 1 : entry.name_span.start] in ("'", '"')
        plain = self._language.unquoted.fullmatch(value) or entry.computed or wrapped
        if not entry.quote and plain:
            return span, value
        if entry.quote == "'" and "'" not in value:
            return span, f"'{value}'"
        if entry.computed or not self._language.escaped.search(value):
            return span, f'"{value}"'
        return span, "'" + value.replace("'", "''" if self._language is POWERSHELL else "'\\''") + "'"

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        known = self.entries(file)
        return tuple((self._gone(file, entry, known), "") for entry in entries)

    def _gone(self, file: TextFile, entry: SettingEntry, known: Sequence[SettingEntry]) -> Span:
        text, span = file.text, entry.line_span
        if text[span.end - 1 : span.end] in ("\n", "\r") or _starts_line(text, span.start):
            if text[span.end - 1 : span.end] not in ("\n", "\r") and span.end < len(text):
                after = re.compile(r"[ \t]+(?=\S)").match(text, span.end)  # `NAME=value command`
                return Span(span.start, after.end() if after else span.end)
            comment = comment_above(file, entry, known, (self._language.comment,))
            others = {other.name for other in known} - {entry.name}
            alone = speaks_only_of(text[comment.start : comment.end], entry.name, others)
            return Span(comment.start if alone else span.start, span.end)
        start = _with_flag(text, span.start)
        rest = re.compile(r"[ \t]*\\[ \t]*(?:\r\n|\r|\n)").match(text, span.end)
        if rest is not None and _starts_line(text, start):
            return Span(_line_start(text, start), rest.end())  # a line of its own in a command of several
        blank = re.compile(r"[ \t]+\Z").search(text[:start])
        return Span(blank.start() if blank else start, span.end)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        if after is None:
            return ()
        text, lines = file.text, after.line_span
        start = lines.start if _starts_line(text, lines.start) else _with_flag(text, lines.start)
        parts = [(after.name_span, name), self._new_value(file, after, value)]
        out, at = "", start
        for span, new in sorted(parts, key=lambda part: part[0].start):
            out, at = out + text[at : span.start] + new, span.end
        out += text[at : lines.end]
        if text[lines.end - 1 : lines.end] in ("\n", "\r"):
            return ((Span(lines.end, lines.end), out),)
        alone = lines.end == len(text) and _starts_line(text, start)
        return ((Span(lines.end, lines.end), (file.newline if alone else " ") + out),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Every text may be a script."""
        return True


def _starts_line(text: str, at: int) -> bool:
    return not text[_line_start(text, at) : at].strip()


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _with_flag(text: str, at: int) -> int:
    """Where the option that takes an argument begins, as in `-e NAME=value`."""
    match = _FLAG.search(text, max(0, at - 20), at)
    return match.start("flag") if match else at
