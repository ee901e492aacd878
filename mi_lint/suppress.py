"""What people chose not to see: ignores in comments, and `per-file-ignores` of the configuration.

An own ignore that hides nothing any more is itself a finding, so that ignores do not pile up.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mi_lint.findings import Applicability, Confidence, Finding, Place, Severity
from mi_lint.globs import matches_any
from mi_lint.lexical import comments
from mi_lint.textfile import TextFile

UNUSED_RULE = "MI001"
UNUSED_NAME = "unused-ignore"

_QUICK = re.compile(r"mi-lint:\s*ignore|noqa|pragma:\s*(?:allow|white)list", re.IGNORECASE)
_OWN = re.compile(r"mi-lint:\s*ignore\b(?:\[(?P<codes>[^\]\r\n]*)\])?", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\b(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)?)?", re.IGNORECASE)
_PRAGMA = re.compile(r"pragma:\s*(?:allow|white)list(?P<next>[ -]nextline)?[ -]secret", re.IGNORECASE)
_PROSE = re.compile(r"(?i)\.(?:md|markdown|rst|adoc|txt|html?)$")
_COMMENT = re.compile(r"(?:#|//|;|--|/\*|<!--)[^\r\n]*")


@dataclass(slots=True)
class Ignore:
    """One ignore: the line it is for, the rules it names (none: all), where it stands; `used` fills while filtering."""

    line: int
    codes: tuple[str, ...]
    start: int
    end: int
    own: bool
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> bool:
        if self.line not in (finding.place.line, finding.place.end_line):
            return False
        hits = {code for code in self.codes if code.lower() in (finding.rule.lower(), finding.name.lower())}
        self.used |= hits or ({""} if not self.codes else set())
        return bool(hits) or not self.codes


@dataclass(slots=True)
class Filtered:
    """Findings to report, those that were ignored, and the own ignores that hid nothing."""

    kept: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)
    unused: list[Finding] = field(default_factory=list)


def apply_ignores(
    findings: Sequence[Finding],
    sources: Mapping[str, TextFile],
    requested: Collection[str],
    per_file: Iterable[tuple[str, tuple[str, ...]]] = (),
    active: Callable[[str], bool] = lambda code: True,
) -> Filtered:
    """Separate findings from ignored ones. `active(code)`: whether that rule ran, so that its ignore could be used."""
    result = Filtered()
    rules = tuple(per_file)
    ignores: dict[str, list[Ignore]] = {}
    for path in sorted({*requested, *(f.place.path for f in findings)}):
        if path in sources:
            ignores[path] = find_ignores(sources[path])
    for finding in findings:
        path = finding.place.path
        hidden = [ignore for ignore in ignores.get(path, ()) if ignore.covers(finding)]
        by_file = any(matches_any(path, [glob]) and _names(codes, finding) for glob, codes in rules)
        (result.suppressed if hidden or by_file else result.kept).append(finding)
    for path in sorted(requested):
        for ignore in ignores.get(path, ()):
            result.unused.extend(_unused(sources[path], ignore, active))
    return result


def rule_matches(pattern: str, rule: str, name: str) -> bool:
    """Whether a rule is meant by an id, a name or the beginning of an id (`MI2`)."""
    if re.fullmatch(r"(?i)mi[0-9]*", pattern):
        return rule.lower().startswith(pattern.lower())
    return pattern.lower() == name.lower()


def _names(codes: Iterable[str], finding: Finding) -> bool:
    return any(rule_matches(code, finding.rule, finding.name) for code in codes)


def find_ignores(file: TextFile) -> list[Ignore]:
    """All ignores in the comments of a file."""
    if not _QUICK.search(file.text):
        return []
    found: list[Ignore] = []
    for start, end in _comments(file):
        found.extend(_in_comment(file, start, end))
    return found


def _comments(file: TextFile) -> Iterator[tuple[int, int]]:
    if file.path.endswith((".py", ".pyi", ".pyw")):
        for piece in comments(file.text):
            yield piece.start, piece.end
        return
    for match in _COMMENT.finditer(file.text):
        yield match.span()


def _in_comment(file: TextFile, start: int, end: int) -> Iterator[Ignore]:
    line = bisect.bisect_right(file.line_starts, start)
    if own := _OWN.search(file.text, start, end):
        codes = own.group("codes")
        names = tuple(code.strip() for code in codes.split(",") if code.strip()) if codes else ()
        if codes is None or names:
            yield Ignore(line, names, own.start(), own.end(), own=True)
    if noqa := _NOQA.search(file.text, start, end):
        codes = noqa.group("codes")
        if codes or not noqa.group("colon"):
            yield Ignore(line, tuple(re.split(r"[,\s]+", codes)) if codes else (), *noqa.span(), own=False)
    if pragma := _PRAGMA.search(file.text, start, end):
        yield Ignore(line + 1 if pragma.group("next") else line, (), *pragma.span(), own=False)


def _unused(file: TextFile, ignore: Ignore, active: Callable[[str], bool]) -> Iterator[Finding]:
    if not ignore.own or _PROSE.search(file.path):  # a manual may speak of ignores
        return
    if not ignore.codes:
        if not ignore.used and active(""):
            yield _finding(file, ignore, "this ignore hides nothing", "Remove the comment.")
        return
    idle = [code for code in ignore.codes if code not in ignore.used and active(code)]
    if idle:
        advice = "Remove the comment." if len(idle) == len(ignore.codes) else f"Remove {', '.join(idle)} from it."
        yield _finding(file, ignore, f"this ignore of {', '.join(idle)} hides nothing", advice)


def _finding(file: TextFile, ignore: Ignore, message: str, advice: str) -> Finding:
    line, column = file.line_column(ignore.start)
    length = ignore.end - ignore.start
    start, end = file.byte_offset(ignore.start), file.byte_offset(ignore.end)
    place = Place(file.path, start, end, line, column, line, column + length)
    text = file.text[ignore.start : ignore.end]
    fingerprint = hashlib.sha256(f"{UNUSED_RULE}\0{file.path}\0{text}".encode()).hexdigest()[:32]
    return Finding(
        rule=UNUSED_RULE,
        name=UNUSED_NAME,
        kind=UNUSED_NAME,
        service="mi-lint",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        applicability=Applicability.MANUAL,
        place=place,
        message=message,
        fingerprint=fingerprint,
        advice=advice,
    )
