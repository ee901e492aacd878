"""Settings in templates of Azure Resource Manager: JSON whose strings may be expressions in brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial

from mi_lint.settings.expressions import filled
from mi_lint.settings.items import JSON, string_end
from mi_lint.settings.model import Edits, Resources, SettingEntry
from mi_lint.settings.templates import Template
from mi_lint.templates import derive, hole, holes, is_hole, parse_connection_string
from mi_lint.textfile import Span, TextFile

_SCHEMA = re.compile(r"\"\$schema\"\s*:\s*\"[^\"]*deploymentTemplate\.json")
_GENERATED = re.compile(r"\"_generator\"\s*:")  # compiled from Bicep: the next build would overwrite an edit
_CALL = re.compile(r"(?P<name>[A-Za-z]\w*)\((?P<inside>.*)\)(?P<path>[\w.\[\]]*)", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'")


class ArmTemplate(Template):
    """Files that are compiled from Bicep are left to their compiler."""

    def __init__(self) -> None:
        super().__init__(".json", JSON)

    def may_hold(self, text: str) -> bool:
        return bool(_SCHEMA.search(text)) and not _GENERATED.search(text)

    def literal(self, raw: str) -> str | None:
        if not raw.startswith('"') or string_end(raw, 0, JSON) != len(raw):
            return None
        try:
            text = str(json.loads(raw, strict=False))
        except ValueError:
            return None
        if text.startswith("[["):
            return text[1:]
        return None if text.startswith("[") and text.endswith("]") else text

    def spelled(self, text: str) -> str:
        return json.dumps(f"[{text}" if text.startswith("[") else text, ensure_ascii=False)[1:-1]

    def derived(self, file: TextFile, raw: str, templates: tuple[str, ...], resources: Resources) -> str | None:
        try:
            text = str(json.loads(raw, strict=False))
        except ValueError:
            return None
        read = _read(text[1:-1].strip(), resources)
        found = derive(templates, parse_connection_string(read[0])) if read is not None else None
        if found is None or read is None:
            return None
        parts = [
            read[1][holes(p)[0]] if len(p) == 1 and is_hole(p) else "'" + p.replace("'", "''") + "'"
            for p in _pieces(found)
        ]
        if not holes(found):
            return json.dumps(found, ensure_ascii=False)
        expression = parts[0] if len(parts) == 1 else f"concat({', '.join(parts)})"
        return json.dumps(f"[{expression}]", ensure_ascii=False)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """Of a list or object that loses its last element, the one before it must lose its comma."""
        gone = sorted({entry.line_span for entry in entries}, key=lambda span: span.start)
        edits = dict.fromkeys(gone, "")
        for span in gone:
            if file.text[span.start : span.end].rstrip().endswith(","):
                continue
            at = span.start
            while at > 0 and (file.text[at - 1].isspace() or any(other.end == at for other in gone)):
                before = next((other for other in gone if other.end == at), None)
                at = before.start if before is not None else at - 1
            if file.text[at - 1 : at] == ",":
                edits[Span(at - 1, at)] = ""
        return tuple(sorted(edits.items(), key=lambda edit: edit[0].start))

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        edits = super().add(file, after, name, value)
        if after is None or file.text[after.line_span.start : after.line_span.end].rstrip().endswith(","):
            return edits
        lines = after.line_span
        end = lines.start + len(file.text[lines.start : lines.end].rstrip())
        return ((Span(end, end), ","), *edits)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return _is_json(text) or not _is_json(file.text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _pieces(text: str) -> list[str]:
    """Runs of plain text, and holes one by one."""
    return [piece for piece in re.split("([\U000f0000-\U000ffffd])", text) if piece]


def _read(expression: str, resources: Resources) -> tuple[str, list[str]] | None:
    """The text that an expression gives, with a hole for each part that is an expression itself."""
    if _QUOTED.fullmatch(expression):
        return expression[1:-1].replace("''", "'"), []
    match = _CALL.fullmatch(expression)
    arguments = _arguments(match["inside"]) if match is not None else None
    if match is None or arguments is None:
        return None
    name = match["name"].lower()
    if name == "concat" and not match["path"]:
        return _joined(arguments)
    if name == "format" and not match["path"] and arguments and _QUOTED.fullmatch(arguments[0]):
        return _formatted(arguments[0][1:-1].replace("''", "'"), arguments[1:])
    if name.startswith("list") and arguments:
        return _listed(arguments[0], match["path"].rpartition(".")[2], resources)
    return None


def _joined(arguments: list[str]) -> tuple[str, list[str]]:
    text, inside = "", list[str]()
    for argument in arguments:
        if _QUOTED.fullmatch(argument):
            text += argument[1:-1].replace("''", "'")
        else:
            text, inside = text + hole(len(inside)), [*inside, argument]
    return text, inside


def _formatted(pattern: str, arguments: list[str]) -> tuple[str, list[str]] | None:
    numbers = [int(n) for n in re.findall(r"\{(\d+)\}", pattern)]
    if any(n >= len(arguments) for n in numbers) or re.search(r"\{\{|\}\}|\{\d+:", pattern):
        return None
    return re.sub(r"\{(\d+)\}", lambda m: hole(int(m[1])), pattern), arguments


def _listed(resource: str, name: str, resources: Resources) -> tuple[str, list[str]] | None:
    """What a `list...` function gives of `resourceId('type', 'name', ...)`."""
    match = _CALL.fullmatch(resource)
    arguments = _arguments(match["inside"]) if match is not None and match["name"].lower() == "resourceid" else None
    if not arguments or len(arguments) < 2 or not _QUOTED.fullmatch(arguments[0]):
        return None
    wanted = arguments[0][1:-1].lower()
    for type_, (gives, parts) in resources.items():
        if name in gives and (wanted == type_.lower() or wanted.startswith(f"{type_.lower()}/")):
            return filled(parts, partial(_property, arguments[1], f"resourceId('{type_}', {arguments[1]})"))
    return None


def _property(name: str, resource: str, path: str) -> str:
    """An attribute of a resource as an expression."""
    return name if path == ".name" else f"reference({resource}){path.removeprefix('.properties')}"


def _arguments(text: str) -> list[str] | None:
    """The arguments of a call; None where the brackets do not fit."""
    found, depth, at, start = list[str](), 0, 0, 0
    while at < len(text):
        quoted = _QUOTED.match(text, at)
        if quoted is not None:
            at = quoted.end()
            continue
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[at], 0)
        if depth < 0 or text[at] == "'":
            return None
        if text[at] == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    last = text[start:].strip()
    return None if depth else [*found, last] if last or found else []
