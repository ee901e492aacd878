"""`ENV` and `ARG` of a Dockerfile, as far as their values are written plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(r"(?i)(?:.*\.)?(?:docker|container)file(?:[._-][\w.-]+)?")
_OTHER = re.compile(r"(?i).*\.(?:md|rst|txt|py|[cm]?[jt]s|json|ya?ml|toml|sh|dockerignore)")
_ESCAPE = re.compile(r"(?im)\A(?:\s*#.*\n)*\s*#\s*escape\s*=\s*`")
_INSTRUCTION = re.compile(r"[^\S\r\n]*(?P<keyword>[A-Za-z]+)(?P<rest>[^\S\r\n][^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_GAP = re.compile(r"(?:[^\S\r\n]|\\[^\S\r\n]*(?:\r\n|\r|\n)(?:[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*)+")
_PAIR = re.compile(
    r"(?P<name>[A-Za-z_]\w*)=(?:\"(?P<double>[^\"\\\r\n]*)\"|'(?P<single>[^'\\\r\n]*)'|(?P<bare>[^\s\"'\\]*))(?=\s|\\[^\S\r\n]*[\r\n]|\Z)"
)
_ALONE = re.compile(r"(?P<name>[A-Za-z_]\w*)[^\S\r\n]+(?P<value>[^\s\"'\\=](?:[^\"'\\\r\n]*[^\s\"'\\])?)[^\S\r\n]*")
_DECLARED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class _Instruction:
    """`ENV a=b c=d`: where it stands, its line ending included, and its entries."""

    span: Span
    keyword: str
    entries: list[SettingEntry]


class Dockerfile:
    """An instruction with one value that is not understood is passed over as a whole."""

    in_sections = False
    whole = False

    def matches(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return bool(_FILE.fullmatch(name)) and not _OTHER.fullmatch(name)

    def entries(self, file: TextFile) -> list[SettingEntry]:
        return [entry for instruction in _instructions(file) for entry in instruction.entries]

    def references(self, file: TextFile, name: str) -> list[Span]:
        pattern = re.compile(rf"(?<!\\)\$(?:\{{({re.escape(name)})(?!\w)|({re.escape(name)})(?!\w))")
        return [Span(*match.span(match.lastindex or 0)) for match in pattern.finditer(file.text)]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        edits = []
        if new_name != entry.name:
            above = comment_above(file, entry, self.entries(file))
            edits = [(span, new_name) for span in mentions(file, above, entry.name)]
            edits.append((entry.name_span, new_name))
        if new_value is not None and new_value != entry.value:
            width = len(entry.quote)
            equals = "" if entry.value_span.start > entry.name_span.end else "="
            span = Span(entry.value_span.start - width, entry.value_span.end + width)
            edits.append((span, equals + _spelled(new_value, entry.quote)))
        return tuple(edits)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        gone = {entry.name_span for entry in entries}
        known = self.entries(file)
        spans: list[Span] = []
        for instruction in _instructions(file):
            left = [entry for entry in instruction.entries if entry.name_span not in gone]
            if len(left) == len(instruction.entries):
                continue
            if not left:
                spans.append(_with_its_comment(file, instruction, known))
                continue
            for index, entry in enumerate(instruction.entries):
                if entry.name_span in gone:
                    spans.append(_between(instruction.entries, index, left))
        return tuple((span, "") for span in spans)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """An instruction of its own, in the stage of the other one."""
        for instruction in _instructions(file):
            if after is not None and after.name_span in [entry.name_span for entry in instruction.entries]:
                line = f"{instruction.keyword} {name}={_spelled(value, after.quote)}"
                end = instruction.span.end
                if file.text[end - 1] not in "\r\n":
                    return ((Span(end, end), file.newline + line),)
                return ((Span(end, end), line + file.newline),)
        return ()

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Every text does, until it is built: what was read before must still be read."""
        changed = TextFile(file.path, file.encode(text), text, file.encoding, file.bom)
        return bool(_count(changed)) or not _count(file)


def _count(file: TextFile) -> int:
    return sum(1 for _ in _instructions(file))


def _instructions(file: TextFile) -> Iterator[_Instruction]:
    text = file.text
    if _ESCAPE.search(text):
        return
    at, here = 0, ""
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        end = line.end()
        if here:  # the body of a here-document
            here = "" if line[0].strip() == here else here
            at = end
            continue
        if not line[0].strip() or line[0].lstrip().startswith("#"):
            at = end
            continue
        end = _end(text, at)
        head = _INSTRUCTION.match(text, at)
        if head and head["keyword"].upper() in ("ENV", "ARG"):
            yield _Instruction(
                Span(at, end), head["keyword"], _values(file, at, head.end("keyword"), end, head["keyword"])
            )
        document = _HEREDOC.search(text, at, end)
        here = document[1] if document else ""
        at = end


def _end(text: str, at: int) -> int:
    """Where an instruction ends: at a line that no backslash continues; comments and blank lines may be between."""
    continued = True
    while continued and at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        at = line.end()
        stripped = line[0].strip()
        continued = stripped.endswith("\\") or stripped.startswith("#") or not stripped
    return at


def _values(file: TextFile, start: int, at: int, end: int, keyword: str) -> list[SettingEntry]:
    """The entries of an instruction; none if any of them is not understood."""
    found: list[SettingEntry] = []
    text, whole = file.text, Span(start, end)
    body_end = end - (len(text[start:end]) - len(text[start:end].rstrip()))
    while True:
        gap = _GAP.match(text, at, body_end)
        if gap is None:
            return found if at == body_end else []
        at = gap.end()
        if at == body_end:
            return found
        match = _PAIR.match(text, at, body_end)
        if match:
            group = next(name for name in ("double", "single", "bare") if match[name] is not None)
            quote = {"double": '"', "single": "'", "bare": ""}[group]
            span = Span(*match.span(group))
            name = Span(*match.span("name"))
            found.append(SettingEntry(file.path, match["name"], match[group], name, span, whole, quote))
            at = match.end()
            continue
        declared = _DECLARED.match(text, at, body_end) if keyword.upper() == "ARG" else None
        if declared:
            name = Span(*declared.span("name"))
            found.append(SettingEntry(file.path, declared["name"], "", name, Span(name.end, name.end), whole))
            at = declared.end()
            continue
        alone = _ALONE.fullmatch(text, at, body_end) if keyword.upper() == "ENV" and not found else None
        if alone is None:
            return []
        name, span = Span(*alone.span("name")), Span(*alone.span("value"))
        return [SettingEntry(file.path, alone["name"], alone["value"], name, span, whole)]


def _between(entries: list[SettingEntry], index: int, left: list[SettingEntry]) -> Span:
    """What to delete of an instruction of which other entries stay: up to the next one, or from the one before."""
    if index + 1 < len(entries):
        later = [entry for entry in entries[index + 1 :] if entry in left]
        if later:
            return Span(entries[index].name_span.start, entries[index + 1].name_span.start)
    before = entries[index - 1]
    return Span(_behind(before), _behind(entries[index]))


def _behind(entry: SettingEntry) -> int:
    return entry.value_span.end + len(entry.quote)


def _spelled(value: str, quote: str) -> str:
    if not quote and re.fullmatch(r"[^\s\"'\\$#]+", value):
        return value
    if quote == "'" and "'" not in value and "\\" not in value:
        return f"'{value}'"
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _with_its_comment(file: TextFile, instruction: _Instruction, entries: Sequence[SettingEntry]) -> Span:
    names = {entry.name for entry in instruction.entries}
    comment = comment_above(file, instruction.entries[0], entries)
    others = {other.name for other in entries} - names
    alone = len(names) == 1 and speaks_only_of(file.text[comment.start : comment.end], min(names), others)
    return Span(comment.start if alone else instruction.span.start, instruction.span.end)
