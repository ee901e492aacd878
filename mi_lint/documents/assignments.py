"""Values with names in any text, read line by line: settings files, shell, other languages, headers, comments.

Generous on purpose: too many pairs cost little, since only those count whose value has the shape of a secret. What may
not happen is a wrong name, so each pattern takes the name that stands right before its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.documents.decode import json_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_NAME = r"[A-Za-z_$@][\w.$-]{0,127}(?:(?::|__|/)[A-Za-z_][\w.-]{0,127})?"
_QUOTED = r"(?:\"(?P<double>(?:\\.|[^\"\\\r\n])*)\"|'(?P<single>(?:\\.|[^'\\\r\n])*)'|`(?P<tick>[^`\r\n]*)`)"
_TYPE = r"(?:\s{0,2}:\s{0,2}[A-Za-z][\w.\[\]| ]{0,40}?)?"
_LEFT = r"(?<![\w$.-])"
_ASSIGNED = re.compile(
    rf"{_LEFT}(?P<name>{_NAME})(?:\\?[\"'`]|[\])]|&quot;){{0,3}}{_TYPE}\s{{0,8}}"
    r"(?:=>|:=|\?\?=?|\|\||\bor\b|==|=|:)\s{0,8}(?:new\s{1,2})?(?:[\w.$]{0,60}\(\s{0,4})?[brfuBRFU@$]{0,2}" + _QUOTED
)
_TYPED = re.compile(rf"(?<![\w$.-])(?:string|str|String|text|secret)\s{{1,4}}=\s{{0,4}}{_QUOTED}")
_COUPLE = re.compile(
    rf"[(\[{{]\s{{0,4}}[brfuBRFU@$]{{0,2}}[\"'](?P<name>{_NAME})[\"']\s{{0,4}},\s{{0,4}}{_QUOTED}\s{{0,4}}[)\]}}]"
)
_DECLARED = re.compile(
    rf"\b(?:param|var|variable|const|let)\s{{1,4}}(?P<name>{_NAME})\s{{1,4}}\w{{1,20}}\s{{0,4}}=\s{{0,4}}{_QUOTED}"
)
_LINE = re.compile(
    r"(?m)^[ \t>|*+;#/!-]{0,24}(?:(?:export|set|SET|ENV|ARG|setx|declare|local|readonly|env:|\$env:|REM)[ \t]+)?"
    rf"[\"'`]?(?P<name>{_NAME})[\"'`]?[ \t]{{0,20}}(?:=|:(?=[ \t]))[ \t]{{0,20}}(?P<value>[^\s\"'`][^\r\n]*)"
)
_BARE = re.compile(
    rf"{_LEFT}(?P<name>{_NAME})\s{{0,2}}(?:=|:(?![-=+?]))\s{{0,2}}(?P<value>[^\s\"'`,;<>(){{}}\[\]&|][^\s\"'`,<>(){{}}]*)"
)
_SPACED = re.compile(rf"(?m)^[ \t]{{0,8}}(?:ENV|ARG|setx|-v)[ \t]+(?P<name>{_NAME})[ \t]+(?P<value>[^\s=\"'][^\r\n]*)")
_FLAG = re.compile(
    rf"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{{1,60}})(?:=|[ \t]+)(?:{_QUOTED}|(?P<value>[^\s\"'`-][^\s\"'`]*))"
)
_DEFAULT = re.compile(r"[$%]\{(?P<name>[A-Za-z_][\w.]{0,127})(?::?[-=]|:)(?P<value>[^{}\r\n]{4,})\}")
_PAIR = re.compile(
    rf"(?i)(?<![\w-])[\"']?(?:name|key)[\"']?\s{{0,4}}[:=]\s{{0,4}}[\"']?(?P<name>{_NAME})[\"']?,?\s{{1,80}}"
    rf"[\"']?(?:value|connectionString|default)[\"']?\s{{0,4}}[:=]\s{{0,4}}(?:{_QUOTED}|(?P<value>[^\s\"'`][^\r\n]*))"
)
_BLOCK = re.compile(
    rf"\bvariable\s{{1,4}}\"(?P<name>{_NAME})\"\s{{0,4}}\{{[^{{}}]{{0,600}}?\bdefault\s{{0,20}}=\s{{0,4}}{_QUOTED}"
)
_TABLE = re.compile(
    rf"\|[ \t]{{0,40}}`?(?P<name>{_NAME})`?[ \t]{{0,40}}\|[ \t]{{0,40}}`?(?P<value>[^|`\r\n]{{4,}})`?[ \t]{{0,40}}\|"
)
_SECTION = re.compile(r"(?m)^[ \t]*\[{1,2}(?P<name>[^\]\r\n]{1,120})\]{1,2}[ \t]*$")
_COMMENT = re.compile(r"[ \t]+(?:#|//).*$")
_ALL = (_ASSIGNED, _COUPLE, _DECLARED, _LINE, _BARE, _SPACED, _FLAG, _DEFAULT, _PAIR, _BLOCK, _TABLE)


def values(text: str) -> list[NamedValue]:
    """All pairs of a text; one value may come with several readings."""
    base = View.of(text)
    sections = [(match.start(), match["name"]) for match in _SECTION.finditer(text)]
    found: dict[tuple[str, int, int], NamedValue] = {}
    for pattern in _ALL:
        for match in pattern.finditer(text):
            for start, end, escaped in _ranges(match):
                number, section = _section_of(sections, match.start())
                value = base[start:end]
                path = (section,) if section else ()
                key = (match["name"], start, end)
                if key not in found:
                    found[key] = NamedValue(match["name"], json_text(value) if escaped else value, path, number)
    return list(found.values())


def _ranges(match: re.Match[str]) -> Iterator[tuple[int, int, bool]]:
    """The value's range, and for an unquoted one the range without a comment behind it."""
    groups = match.groupdict()
    for quote in ("double", "single", "tick"):
        if groups.get(quote) is not None:
            yield *match.span(quote), quote == "double"
            return
    start, _end = match.span("value")
    raw = match["value"]
    yield start, start + len(raw.rstrip()), False
    bare = _COMMENT.sub("", raw).rstrip().rstrip(",;")
    if bare and len(bare) < len(raw):
        yield start, start + len(bare), False


def _section_of(sections: list[tuple[int, str]], at: int) -> tuple[int, str]:
    number, name = 0, ""
    for index, (start, section) in enumerate(sections, start=1):
        if start > at:
            break
        number, name = index, section
    return number, name
