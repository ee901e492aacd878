"""Values with names in any text, read line by line: settings files, shell, other languages, headers, comments.

Generous on purpose: too many pairs cost little, since only those count whose value has the shape of a secret. What may
not happen is a wrong name, so each pattern takes the name that stands right before its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.documents.blocks import Blocks
from mi_lint.documents.decode import json_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_NAME = r"[A-Za-z_$@][\w.$-]{0,127}(?:[:/][A-Za-z_][\w.-]{0,127}){0,2}"
_QUOTED = r"(?:\"(?P<double>(?:\\.|[^\"\\\r\n])*)\"|'(?P<single>(?:\\.|[^'\\\r\n])*)'|`(?P<tick>[^`\r\n]*)`)"
_TYPE = r"(?:\s{0,2}:\s{0,2}[A-Za-z][\w.\[\]| ]{0,40}?)?"
_LEFT = r"(?<![\w$.-])"
_ASSIGNED = re.compile(
    rf"{_LEFT}(?P<name>{_NAME})(?:\\?[\"'`]|[\])]|&quot;){{0,3}}{_TYPE}\s{{0,8}}"
    r"(?:=>|:=|\?\?=?|\|\||\bor\b|==|=|:)\s{0,8}(?:new\s{1,2})?(?:[\w.$]{0,60}\(\s{0,4})?[brfuBRFU@$]{0,2}" + _QUOTED
)
_COUPLE = re.compile(
    rf"[(\[{{]\s{{0,4}}[brfuBRFU@$]{{0,2}}[\"'](?P<name>{_NAME})[\"']\s{{0,4}},\s{{0,4}}{_QUOTED}\s{{0,4}}[)\]}}]"
)
_DECLARED = re.compile(
    rf"\b(?:param|output|var|variable|const|let)\s{{1,4}}(?P<name>{_NAME})\s{{1,4}}\w{{1,20}}\s{{0,4}}=\s{{0,4}}{_QUOTED}"
)
_LINE = re.compile(
    r"(?m)^[ \t>|*+;#/!-]{0,24}(?:(?:export|set|SET|ENV|ARG|setx|declare|local|readonly|env:|\$env:|REM)[ \t]+)?"
    rf"[\"'`]?(?P<name>{_NAME})[\"'`]?[ \t]{{0,20}}(?:[:?+]?=|:(?=[ \t]))[ \t]{{0,20}}(?P<value>[^\s\"'`][^\r\n]*)"
)
_BARE = re.compile(
    rf"{_LEFT}(?P<name>{_NAME})\s{{0,2}}(?:=|:(?![-=+?]))\s{{0,2}}(?P<value>[^\s\"'`,;<>(){{}}\[\]&|][^\s\"'`,<>(){{}}]*)"
)
_SPACED = re.compile(
    rf"(?m)^[ \t]{{0,8}}(?:ENV|ARG|setx|-v)[ \t]+(?P<name>{_NAME})[ \t]+(?:{_QUOTED}|(?P<value>[^\s=\"'][^\r\n]*))"
)
_FLAG = re.compile(
    rf"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{{1,60}})(?:=|[ \t]+)(?:{_QUOTED}|(?P<value>[^\s\"'`-][^\s\"'`]*))"
)
_DEFAULT = re.compile(r"[$%]\{(?P<name>[A-Za-z_][\w.]{0,127})(?::?[-=]|:)(?P<value>[^{}\r\n]+)\}")
_PAIR = re.compile(
    rf"(?i)(?<![\w-])(?P<label>[\"']?(?:name|key)[\"']?)\s{{0,4}}[:=]\s{{0,4}}[\"']?(?P<name>{_NAME})[\"']?"
    r"(?:,\s{0,80}|\s{1,80}|(?P<between>,?[ \t]{0,8}\r?\n"
    r"(?:(?![ \t]*(?:[-{}\]]|[\"']?(?:name|key)\b))[^\r\n]{0,200}\r?\n){1,2}[ \t]{0,80}))"
    rf"(?P<value_label>[\"']?(?:value|connectionString|default)[\"']?)\s{{0,4}}[:=]\s{{0,4}}"
    rf"(?:{_QUOTED}|(?P<value>[^\s\"'`][^\r\n]*))"
)
_VARIABLE = re.compile(
    rf"(?m)^[ \t]*variable[ \t]{{1,4}}\"(?P<name>{_NAME})\"|\bdefault[ \t]{{0,20}}=[ \t]{{0,4}}{_QUOTED}|^[}}A-Za-z]"
)
_TABLE = re.compile(
    rf"\|[ \t]{{0,40}}`?(?P<name>{_NAME})`?[ \t]{{0,40}}\|[ \t]{{0,40}}`?(?P<value>[^|`\r\n]{{4,}})`?[ \t]{{0,40}}\|"
)
_ROW = re.compile(rf"(?m)^[ \t]*\|[ \t]{{0,40}}`?(?P<name>{_NAME})`?[ \t]{{0,40}}(?=\|)(?P<rest>[^\r\n]*)")
_CELL = re.compile(r"[|`][ \t]{0,40}(?P<value>[^|`\s]{4,})[ \t]{0,40}(?=[|`])")
_LONG = tuple(
    (
        quotes,
        re.compile(
            rf"(?s){_LEFT}(?P<name>{_NAME})[\"'\])]{{0,2}}{_TYPE}\s{{0,8}}[=:]\s{{0,4}}{quotes}(?:\r?\n)?(?P<{kind}>.*?){quotes}"
        ),
    )
    for quotes, kind in (('"' * 3, "double"), ("'" * 3, "single"))
)
_LINES = re.compile(
    rf"(?ms)^[ \t]{{0,8}}(?:export[ \t]{{1,4}})?(?P<name>{_NAME})[ \t]{{0,4}}=[ \t]{{0,4}}"
    r"(?:\"(?P<double>(?:\\.|[^\"\\]){0,20000})\"|'(?P<single>[^']{0,20000})')"
)
_ITEM = re.compile(rf"[\"']--?(?P<name>[A-Za-z][\w-]{{1,60}})[\"'],\s{{0,40}}{_QUOTED}")
# In code, whatever file it stands in: a quoted key, and the name of a variable that goes on to the next pair.
_EXPRESSION = re.compile(r"[\"'][\w.$-]+[\"']\s*:\s*[A-Za-z_][\w.]*,[ \t]*(?:(?:#|//).*)?\Z")
_COMMENT = re.compile(r"(?<![ \t])[ \t]+(?:#|//).*$")
_PREFIX = re.compile(r"(?i)^(?:\$(?:env|global|script|local):|[$@]+|process\.env\.|import\.meta\.env\.)")
_PREFIXED = "$@pPiI"
_SCOPES = frozenset({"$env", "$global", "$script", "$local"})
_TYPES = frozenset({"string", "str", "securestring", "object", "array", "int", "bool"})
_ALL = (_DECLARED, _ASSIGNED, _COUPLE, _LINE, _BARE, _SPACED, _FLAG, _DEFAULT, _TABLE, _ITEM, _LINES)
_Pair = tuple[str, int, int, int, bool]  # name, place, start and end of the value, whether it has escapes


def values(text: str) -> list[NamedValue]:
    """All pairs of a text; one value may come with several readings."""
    base = View.of(text)
    blocks = Blocks(text)
    found: dict[tuple[str, int, int], NamedValue] = {}
    for name, place, start, end, escaped in _pairs(text):
        key = (name, start, end)
        if start < end and key not in found:
            number, path = blocks.at(place)
            value = base[start:end]
            found[key] = NamedValue(name, json_text(value) if escaped else value, path, number)
    return list(found.values())


def _pairs(text: str) -> Iterator[_Pair]:
    declared: set[int] = set()
    for pattern in (*_ALL, *(pattern for quotes, pattern in _LONG if quotes in text)):
        for match in pattern.finditer(text):
            name = match["name"]
            if name[0] in _PREFIXED:
                if name.lower() in _SCOPES:
                    continue
                name = _PREFIX.sub("", name)
            if pattern is _LINE and _EXPRESSION.search(match[0]):
                continue
            for start, end, escaped in _ranges(match):
                if pattern is _DECLARED:
                    declared.add(start)
                elif declared and start in declared and name.lower() in _TYPES:
                    continue  # the type of a declaration is not its name
                yield name, match.start(), start, end, escaped
    yield from _settings(text)
    yield from _defaults(text)
    yield from _rows(text)


def _settings(text: str) -> Iterator[_Pair]:
    """A name and a value under these words; where other lines stand between them, both begin in the same column."""
    for match in _PAIR.finditer(text):
        if match["between"] and _column(text, match.start("label")) != _column(text, match.start("value_label")):
            continue
        for start, end, escaped in _ranges(match):
            yield match["name"], match.start(), start, end, escaped


def _column(text: str, place: int) -> int:
    return place - text.rfind("\n", 0, place)


def _defaults(text: str) -> Iterator[_Pair]:
    """The defaults of Terraform variables."""
    variable = ""
    for match in _VARIABLE.finditer(text) if "variable" in text else ():
        if match.lastgroup == "name":
            variable = match["name"]
        elif match.lastgroup is None:
            variable = ""
        elif variable:
            for start, end, escaped in _ranges(match):
                yield variable, match.start(), start, end, escaped


def _rows(text: str) -> Iterator[_Pair]:
    """Tables: the first cell names each later one that is a single word."""
    for row in _ROW.finditer(text):
        for cell in _CELL.finditer(text, *row.span("rest")):
            yield row["name"], row.start(), *cell.span("value"), False


def _ranges(match: re.Match[str]) -> Iterator[tuple[int, int, bool]]:
    """The value's range, and for an unquoted one the range without a comment behind it."""
    kind = match.lastgroup or "value"
    start, end = match.span(kind)
    if kind != "value":
        yield start, end, kind == "double"
        return
    raw = match["value"].rstrip()
    yield start, start + len(raw), False
    bare = (_COMMENT.sub("", raw) if "#" in raw or "//" in raw else raw).rstrip(",;")
    if bare and len(bare) < len(raw):
        yield start, start + len(bare), False
