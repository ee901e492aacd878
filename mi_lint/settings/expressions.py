"""Expressions of templates that give a connection string, read as its parts; and what is derived from them, spelled.

`resources` say of each type which attribute gives a connection string, and which expression gives each of its parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from mi_lint.settings.items import BICEP, HCL, Dialect, bodies, interpolation_end, string_end
from mi_lint.settings.model import Resources
from mi_lint.templates import derive, hole, holes, is_hole, parse_connection_string

_ATTRIBUTE = re.compile(
    r"(?P<self>(?:data\.)?(?P<type>azure\w*)\.[\w-]+(?:\[[^\[\]]*\])?)\.(?P<name>\w+(?:\[0\]\.\w+)?)"
)
_LISTED = re.compile(r"(?P<self>[A-Za-z_]\w*)\s*\.\s*list\w+\s*\([^()]*\)[\w.\[\]0-9]*\.(?P<name>\w+)")
_LISTED_OF = re.compile(
    r"list\w+\s*\(\s*(?:'\$\{(?P<in>[A-Za-z_]\w*)\.id\}[^']*'|(?P<self>[A-Za-z_]\w*)\.id)\s*,.*\)[\w.\[\]0-9]*\.(?P<name>\w+)",
    re.DOTALL,
)
_ADDRESS = re.compile(r"azurerm_\w+\.[A-Za-z_][\w-]*")
_SYMBOL = re.compile(r"[A-Za-z_]\w*")
_LOCAL = re.compile(r"local\.(?P<name>[A-Za-z_][\w-]*)")
_TYPE = re.compile(r"'(?P<type>[\w.]+(?:/[\w.]+)+)@[^']*'")
_PART = re.compile(r"\$\{@(?P<path>[\w.\[\]]*)\}")


def literal(raw: str, dialect: Dialect) -> str | None:
    """The text of a string without interpolations; None for every other expression."""
    read = _string(raw, dialect)
    return read[0] if read is not None and not read[1] else None


def spelled(text: str, dialect: Dialect) -> str:
    """A text between the quotes of a string."""
    return _escaped(text, dialect)


def derived_expression(
    text: str, raw: str, templates: tuple[str, ...], resources: Resources, dialect: Dialect
) -> str | None:
    """The expression of a derived value; None where the one for the connection string is not understood.

    `text` is the file, which says of what type its symbols are.
    """
    raw = followed(text, raw, dialect)
    read = _string(raw, dialect) or _given(text, raw, resources, dialect)
    if read is None:
        return None
    found = derive(templates, parse_connection_string(read[0]))
    if found is None:
        return None
    used = holes(found)
    if len(found) == 1 and used:
        return read[1][used[0]]
    quote = dialect.quote
    parts = (("${" + read[1][holes(c)[0]] + "}") if is_hole(c) else _escaped(c, dialect) for c in found)
    return quote + "".join(parts) + quote


def _string(raw: str, dialect: Dialect) -> tuple[str, list[str]] | None:
    """The text of a string, with a hole for each interpolation, and these."""
    quote, heredocs = dialect.quote, dialect.heredocs  # only HCL has directives
    if not raw.startswith(quote) or raw.startswith(quote * 3) or string_end(raw, 0, dialect) != len(raw):
        return None
    if len(raw) < 2 or not raw.endswith(quote):
        return None
    out, inside, at = "", list[str](), 1
    while at < len(raw) - 1:
        if heredocs and raw.startswith(("$${", "%%{"), at):
            out, at = out + raw[at + 1 : at + 3], at + 3
        elif heredocs and raw.startswith("%{", at):
            return None
        elif raw.startswith("${", at):
            end = interpolation_end(raw, at, dialect)
            out += hole(len(inside))
            inside.append(raw[at + 2 : end - 1].strip())
            at = end
        elif raw[at] == "\\":
            out += {"n": "\n", "r": "\r", "t": "\t"}.get(raw[at + 1], raw[at + 1])
            at += 2
        else:
            out, at = out + raw[at], at + 1
    return out, inside


def _escaped(text: str, dialect: Dialect) -> str:
    if dialect is BICEP:
        return re.sub(r"(?=['\\])|(?=\$\{)", r"\\", text)
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")


def followed(text: str, raw: str, dialect: Dialect) -> str:
    """The expression that a variable of the file stands for; any other expression as it is."""
    for _ in range(3):
        found = _variable(text, raw) if dialect is BICEP else _local(text, raw)
        if found is None:
            return raw
        raw = found
    return raw


def _variable(text: str, raw: str) -> str | None:
    """What a variable of Bicep is set to, on one line."""
    if not _SYMBOL.fullmatch(raw):
        return None
    match = re.search(rf"(?m)^var[ \t]+{raw}[ \t]*=[ \t]*(?P<value>[^\r\n]*[^\s,])[ \t]*$", text)
    return match["value"] if match is not None and bodies(match["value"], BICEP) is not None else None


def _local(text: str, raw: str) -> str | None:
    match = _LOCAL.fullmatch(raw)
    for body in (bodies(text, HCL) or ()) if match is not None else ():
        item = body.value(match["name"]) if match is not None and body.header == ("locals",) else None
        if item is not None:
            return text[item.value.start : item.value.end]
    return None


def _given(text: str, raw: str, resources: Resources, dialect: Dialect) -> tuple[str, list[str]] | None:
    """What an attribute or function of a resource gives, as the parts of a connection string."""
    find = _bicep if dialect is BICEP else _terraform
    known = find(text, raw)
    if known is None:
        return None
    symbol, type_, name = known
    gives, fields = resources.get(type_, (frozenset[str](), {}))
    if name not in gives:
        return None
    read = filled(fields, lambda path: _attribute(text, symbol, path))
    return read if all(read[1]) else None


def _attribute(text: str, symbol: str, path: str) -> str:
    """An attribute of a resource, or behind `[member]` of the one that a member of it names; empty if none is known."""
    while path.startswith("["):
        member, _, path = path[1:].partition("]")
        words = tuple(symbol.split("."))
        body = next((b for b in bodies(text, HCL) or () if b.header == ("resource", *words)), None)
        item = body.value(member) if body is not None else None
        match = _ADDRESS.match(text, item.value.start) if item is not None else None
        if match is None:
            return ""
        symbol = match[0]
    return f"{symbol}{path}"


def filled(fields: Mapping[str, str], expression: Callable[[str], str]) -> tuple[str, list[str]]:
    """A connection string with holes from the parts that a resource has."""
    out, inside = list[str](), list[str]()
    for key, value in fields.items():
        text, at = "", 0
        for match in _PART.finditer(value):
            text += value[at : match.start()] + hole(len(inside))
            inside.append(expression(match["path"]))
            at = match.end()
        out.append(f"{key}={text}{value[at:]}")
    return ";".join(out), inside


def _terraform(text: str, raw: str) -> tuple[str, str, str] | None:
    match = _ATTRIBUTE.fullmatch(raw)
    return (match["self"], match["type"], match["name"]) if match else None


def _bicep(text: str, raw: str) -> tuple[str, str, str] | None:
    match = _LISTED.fullmatch(raw) or _LISTED_OF.fullmatch(raw)
    if match is None:
        return None
    symbol = match.groupdict().get("in") or match["self"]
    for _ in range(3):
        declared = _declared(text, symbol)
        if declared is None:
            return None
        type_, parent = declared
        if not parent:
            return symbol, type_, match["name"]
        symbol = parent
    return None


def _declared(text: str, symbol: str) -> tuple[str, str] | None:
    """The type of a resource, and the symbol of its parent."""
    for body in bodies(text, BICEP) or ():
        if len(body.header) >= 3 and body.header[0] == "resource" and body.header[1] == symbol:
            match = _TYPE.fullmatch(f"'{body.header[2]}'")
            parent = body.value("parent")
            if match is not None:
                return match["type"], text[parent.value.start : parent.value.end] if parent else ""
    return None
