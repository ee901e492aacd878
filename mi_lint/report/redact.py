"""Hides secrets in everything that is shown: source lines, diffs, messages, JSON.

Two sources of knowledge are joined: what looks like a secret anywhere (`shapes`), and the literal values at the places
of this run's findings, which are hidden wherever they appear, however harmless they look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mi_lint.findings import Edit, Finding, Fix, Place
from mi_lint.lexical import Piece, pieces
from mi_lint.report.notebook_code import code_of, is_item, is_notebook
from mi_lint.report.quoting import comments_of, quoted_in, quotes_its_values
from mi_lint.report.shapes import SECRET_NAME, Range, is_placeholder, looks_random, shape_ranges, token_ranges
from mi_lint.textfile import TextFile

MASK = "***"
_SHORTEST = 4  # known values shorter than this are hidden only as whole literals

_BEFORE_SECRET = re.compile(
    rf"(?i){SECRET_NAME}\d*[\"'\])]*\s*(?::\s*[\w.\[\]| ]+)?\s*(?:==|=|:|,|!=|\bor\b)\s*\(?"
    r"\s*[rbfu]{0,2}[\"']{1,3}\Z"
    r"|(?:Credential|connection_string)\s*\(\s*[rbfu]{0,2}[\"']{1,3}\Z"
)
_BEFORE_CONNECTION = re.compile(r"(?i)(?<![a-z0-9_])connection[\"']?\s*[=:]\s*[\"']?\Z")
_SETTING_NAME = re.compile(r"[A-Za-z]+(?:_+[A-Za-z]+)*")
_LOOKUP = re.compile(r"(?:[\w\])]\s*\[|\.get\w*\s*\(|getenv\s*\()\s*[rbu]{0,2}[\"']{1,3}\Z")
_SETTING = re.compile(
    rf"(?im)^(?P<name>[^\r\n=:#]*?(?:{SECRET_NAME}\w{{0,2}}|\bvalue))[\"']?\s*[=:]\s*(?P<value>[^\r\n]*)"
)
_UPPER_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_BARE = re.compile(r"(?![A-Za-z_][\w.]*\Z)[^\s()\[\]{}\"'\\]+")  # a value that is no expression
_NAME = re.compile(r"[A-Za-z][A-Za-z]*(?:[._-]+[A-Za-z]+)+|[A-Z]{2,12}")
_PLAIN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s?#@;]*/?")
_EXPRESSION = re.compile(r"\[[A-Za-z]\w*\(.*\)\]")  # of a template; what it quotes is judged by its shape
_LINE_START = re.compile(r"[^\S\n]*(?:- |export |set )?[\"']?\Z")
_ASSIGNS = re.compile(r"[\"']?\s*(?:=(?!=)|:\s)")
_QUOTED_NEXT = re.compile(r"=\s*'\s*,\s*'([^']+)'")
_REFERENCE = re.compile(r"\s*(?:-\s+)?(?:[\w-]+:\s+)?[\"']?\$\{\{\s*[a-z]+\.[\w-]+\s*\}\}[\"']?\s*")  # of a workflow
_OPTION = re.compile(
    r"\s*(?:--?[a-z]+(?:-[a-z]+)*)?(?:[ =]?[\"']?\$\{?[A-Za-z_]\w*\}?[\"']?)?\s*"
)  # of a command, and a variable
_LEVEL = re.compile(r"read|write|none|true|false|[\[(][\d.*, ]+[\])]")  # of a permission; a range of versions
_PAIRS = re.compile(r"(?:\s*[A-Za-z][\w ]*=[^;]*;?)+\s*")
_ENDS = re.compile(r"(?i)(?![\w ]*(?:key|secret|password|pwd|token|signature|sig)=)[^=;]+==?")  # padding, no pair
_PUBLIC_KEYS = re.compile(
    r"(?i)(?:\w*endpoint(?:sprotocol|suffix)?|accountname|sharedaccesskeyname|entitypath|host ?name|server|data source"
    r"|database|initial catalog|port|encrypt|ssl|sslmode|authority|deviceid|instrumentationkey_?|usedevelopmentstorage)"
)


def is_harmless(value: str) -> bool:
    """Whether a literal plainly is no secret: a placeholder, a setting's name, a URL without password or query."""
    if is_placeholder(value):
        return True
    plain = (_UPPER_NAME, _PLAIN_URL, _REFERENCE, _OPTION, _LEVEL)
    return any(pattern.fullmatch(value) for pattern in plain) and not any(token_ranges(value))


def value_ranges(value: str, offset: int = 0) -> Iterator[Range]:
    """What to hide of a value that is believed to be secret: all, or the secret parts of `Key=Value;` pairs."""
    if is_harmless(value):
        return
    if _EXPRESSION.fullmatch(value):
        found = [*shape_ranges(value), *(match.span(1) for match in _QUOTED_NEXT.finditer(value))]
        yield from ((offset + start, offset + end) for start, end in found)
        return
    if not ("=" in value and _PAIRS.fullmatch(value)) or _ENDS.fullmatch(value):
        yield offset, offset + len(value)
        return
    at = 0
    for part in value.split(";"):
        name, equals, content = part.partition("=")
        shown = not equals or _PUBLIC_KEYS.fullmatch(name.strip()) or is_placeholder(content)
        if not shown or any(shape_ranges(content)):
            yield offset + at + len(name) + len(equals), offset + at + len(part)
        at += len(part) + 1


@dataclass(frozen=True, slots=True)
class Redactor:
    """Hides secrets in texts; `known` are values that must never appear, however they look."""

    known: frozenset[str] = frozenset()
    show: bool = False
    _ranges: dict[str, tuple[str, list[Range]]] = field(default_factory=dict, repr=False, compare=False)

    def prose(self, text: str) -> str:
        """A message or a fragment without its secrets."""
        return text if self.show else mask(text, [*shape_ranges(text), *self._known_ranges(text)])

    def source(self, path: str, text: str) -> str:
        """The text of a file without its secrets; its lines stay where they are."""
        return text if self.show else mask(text, self.ranges(path, text))

    def ranges(self, path: str, text: str) -> list[Range]:
        """The ranges to hide in the text of a file, in order, none over a line end."""
        if self.show:
            return []
        if path not in self._ranges or self._ranges[path][0] is not text:
            self._ranges[path] = (text, self._find(path, text))
        return self._ranges[path][1]

    def _find(self, path: str, text: str) -> list[Range]:
        found = [*token_ranges(text), *self._known_ranges(text)]
        if is_notebook(path):
            found.extend(self._notebook(text))
        else:
            found.extend(self._python(text) if is_python(path) else _settings(text))
        return merge(text, found)

    def _notebook(self, text: str) -> Iterator[Range]:
        yield from ((start, end - text.endswith("\\", start, end)) for start, end in self._python(code_of(text)))
        for start, end in _settings(text):
            line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
            if not is_item(line) or _BARE.fullmatch(text, start, end):
                yield start, end

    def _known_ranges(self, text: str) -> Iterator[Range]:
        for value in self.known:
            at = text.find(value) if len(value) >= _SHORTEST else -1
            while at >= 0:
                yield at, at + len(value)
                at = text.find(value, at + 1)

    def _python(self, text: str) -> Iterator[Range]:
        for piece in pieces(text):
            body = text[piece.start : piece.end]
            yield from ((piece.start + a, piece.start + b) for a, b in shape_ranges(body))
            if piece.comment:
                yield from ((piece.start + 1 + a, piece.start + 1 + b) for a, b in _settings(body[1:], one_word=True))
            elif body in self.known:
                yield piece.start, piece.end
            elif _is_setting_name(text, piece.start, body):
                continue
            elif _BEFORE_SECRET.search(text[max(0, piece.start - 160) : piece.start]):
                yield from value_ranges(body, piece.start)


def _settings(text: str, one_word: bool = False) -> Iterator[Range]:
    """Values of settings with a secret's name; `one_word`: not those that read like a sentence."""
    yield from shape_ranges(text)
    for match in _SETTING.finditer(text):
        value = match.group("value").rstrip().rstrip(",")
        bare = value.strip("\"'")
        at = match.start("value") + value.index(bare)
        if bare and not (one_word and " " in value) and not _is_setting_name(text, at, bare):
            yield from value_ranges(bare, at)


def _is_setting_name(text: str, at: int, value: str) -> bool:
    """Whether `connection` is given a plain word: bindings name a setting there, and no connection string is a word."""
    before = text[max(0, at - 40) : at]
    named = _SETTING_NAME.fullmatch(value) and _BEFORE_CONNECTION.search(before)
    return named is not None and not looks_random(value)


def is_python(path: str) -> bool:
    return path.endswith((".py", ".pyi", ".pyw"))


def is_code(path: str) -> bool:
    return is_python(path) or is_notebook(path)


def merge(text: str, ranges: Iterable[Range]) -> list[Range]:
    """Sorted, disjoint ranges, cut at line ends so that hiding them keeps every line in its place."""
    cut: list[Range] = []
    for start, end in ranges:
        for line in re.finditer(r"[^\r\n]+", text[start:end]):
            cut.append((start + line.start(), start + line.end()))
    merged: list[Range] = []
    for start, end in sorted(cut):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mask(text: str, ranges: Iterable[Range]) -> str:
    """`text` with each range replaced by the mask."""
    out, at = [], 0
    for start, end in merge(text, ranges):
        out += [text[at:start], MASK]
        at = end
    return "".join([*out, text[at:]])


def redactor_for(findings: Iterable[Finding], sources: Mapping[str, TextFile], show: bool = False) -> Redactor:
    """A redactor that knows the literal values at the places of the findings."""
    known: set[str] = set()
    seen: set[Place] = set()
    lexed: dict[str, list[Piece]] = {}
    for finding in findings:
        places = [*finding.related]
        places += [finding.source.place] if finding.source and finding.source.place else []
        edits = finding.fix.edits if finding.fix else ()
        places += [edit.place for edit in edits if not is_code(edit.place.path) and not _renames(edit, sources)]
        fresh = [place for place in dict.fromkeys(places) if place not in seen]
        seen.update(fresh)
        values = {v for place in fresh for v in _literals(place, sources, lexed)}
        known |= {v for v in values if not (finding.fix and _carried(v, finding.fix, sources))}
        known |= {line for place in (*finding.parts, *finding.hidden) for line in _exact(place, sources)}
    return Redactor(frozenset(known), show)


def _renames(edit: Edit, sources: Mapping[str, TextFile]) -> bool:
    """Whether an edit only puts one name in the place of another: neither is a value."""
    file = sources.get(edit.place.path)
    if file is None:
        return False
    start, end = char_span(file, edit.place)
    old = file.text[start:end]
    return bool(_NAME.fullmatch(old) and _NAME.fullmatch(edit.text)) and not looks_random(old)


def _exact(place: Place, sources: Mapping[str, TextFile]) -> Iterator[str]:
    """The lines of a place that carries a secret and nothing else."""
    file = sources.get(place.path)
    if file is not None:
        start, end = char_span(file, place)
        yield from (line.strip() for line in file.text[start:end].splitlines() if line.strip())


def _literals(place: Place, sources: Mapping[str, TextFile], lexed: dict[str, list[Piece]]) -> Iterator[str]:
    """The literal values at a place that may be secret, as they are spelled in the file."""
    file = sources.get(place.path)
    if file is None:
        return
    start, end = char_span(file, place)
    if _names(file.text, start, end):
        return
    span = file.text[start:end]
    if quotes_its_values(place.path, file.text, start):
        matches = [m for line in comments_of(span) for m in _SETTING.finditer(line)]
        values = [*quoted_in(span), *(m.group("value").strip().strip("\"'") for m in matches)]
    elif not is_code(place.path):
        texts = [m.group("value") for m in _SETTING.finditer(span)] or [span.rpartition("=")[2], span]
        values = [text.strip().rstrip(",").strip("\"'") for text in texts]
    else:
        values = []
        text = code_of(file.text) if is_notebook(place.path) else file.text
        if place.path not in lexed:
            lexed[place.path] = [piece for piece in pieces(text) if not piece.comment]
        for piece in lexed[place.path]:
            if piece.start >= start and piece.end <= end:
                value = file.text[piece.start : piece.end]
                value = value.removesuffix("\\") if text is not file.text else value
                values += [] if _LOOKUP.search(text[max(0, piece.start - 160) : piece.start]) else [value]
    for value in values:
        for low, high in value_ranges(value):
            yield from (line for line in value[low:high].splitlines() if line.strip() and not is_harmless(line.strip()))


def _names(text: str, start: int, end: int) -> bool:
    """Whether a range is a name that its line gives a value, and so is none itself."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    named = _LINE_START.match(line) and _ASSIGNS.match(text, end)
    return named is not None and re.fullmatch(r"[A-Za-z_][\w.-]*\s*", text[start:end]) is not None


def _carried(value: str, fix: Fix, sources: Mapping[str, TextFile]) -> bool:
    """Whether the fix keeps a harmless looking value (a container's name), so that it can't be what it removes."""
    if looks_random(value) or any(shape_ranges(value)):
        return False
    old = new = 0
    for edit in fix.edits:
        file = sources.get(edit.place.path)
        if file is not None:
            start, end = char_span(file, edit.place)
            old += file.text[start:end].count(value)
            new += edit.text.count(value)
    return new > 0 and new >= old


def char_span(file: TextFile, place: Place) -> Range:
    """The characters of a place, from its bytes."""
    return file.char_offset(place.start), file.char_offset(place.end)
