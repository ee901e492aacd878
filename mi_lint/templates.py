"""`Key=Value;` strings and the templates that derive values from them.

Values may hold expressions of the scanned program, each stood in for by one character of a private range, so
that an f-string splits and derives exactly as a literal does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FIRST_HOLE = 0xF0000  # Supplementary Private Use Area-A: never in real connection strings
_FIELD = re.compile(r"\{([A-Za-z][A-Za-z0-9 ]*)((?::[a-z]+(?:=[^:{}|]*)*)*)(?:\|([^{}]*))?\}")


def hole(index: int) -> str:
    """The character that stands for the expression of that index."""
    return chr(_FIRST_HOLE + index)


def is_hole(character: str) -> bool:
    return _FIRST_HOLE <= ord(character) < _FIRST_HOLE + 0xFFFD


def holes(text: str) -> list[int]:
    """Indexes of the expressions that a text refers to, in order."""
    return [ord(c) - _FIRST_HOLE for c in text if is_hole(c)]


@dataclass(frozen=True, slots=True)
class Field:
    """`{Key:filter=arg|default}`: a part of the connection string, filtered, with a default for when it is absent."""

    key: str
    filters: tuple[tuple[str, ...], ...]
    default: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and fields in turn."""

    pieces: tuple[str | Field, ...]


def parse_template(text: str) -> Template:
    """Parse the template language of `derive` in packs.

    Raises:
        ValueError: a brace without a field, or an unknown filter.
    """
    pieces: list[str | Field] = []
    position = 0
    for match in _FIELD.finditer(text):
        pieces.append(text[position : match.start()])
        filters = tuple(tuple(part.split("=")) for part in match[2].split(":") if part)
        for name, *arguments in filters:
            wanted = {"host": 0, "rstrip": 1, "replace": 2}.get(name)
            if wanted is None:
                raise ValueError(f"unknown filter '{name}' in '{match[0]}'; known: host, rstrip=X, replace=OLD=NEW")
            if len(arguments) != wanted:
                raise ValueError(f"filter '{name}' takes {wanted} argument(s) in '{match[0]}'")
        pieces.append(Field(match[1].lower(), filters, match[3]))
        position = match.end()
    pieces.append(text[position:])
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
        raise ValueError(f"unbalanced or malformed field in '{text}'")
    return Template(tuple(piece for piece in pieces if piece != ""))


def parse_connection_string(text: str) -> dict[str, str]:
    """Parts of a `Key=Value;` string by lower-case key; empty when the text is not of that form."""
    parts: dict[str, str] = {}
    for piece in text.strip().split(";"):
        if not piece.strip():
            continue
        key, equals, value = piece.partition("=")
        if not equals or any(is_hole(c) for c in key):
            return {}
        parts[key.strip().lower()] = value.strip()
    return parts


def derive(templates: Sequence[str], parts: Mapping[str, str]) -> str | None:
    """The first template whose fields are all present, filled in; None when none fits."""
    for text in templates:
        filled = _fill(parse_template(text), parts)
        if filled is not None:
            return filled
    return None


def _fill(template: Template, parts: Mapping[str, str]) -> str | None:
    out: list[str] = []
    for piece in template.pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        value = parts.get(piece.key) or None
        for name, *arguments in piece.filters:
            value = _filter(name, arguments, value) if value is not None else None
        value = value if value is not None else piece.default
        if value is None:
            return None
        out.append(value)
    return "".join(out)


def _filter(name: str, arguments: list[str], value: str) -> str | None:
    if name == "rstrip":
        return value.rstrip(arguments[0])
    if name == "replace":
        return value.replace(arguments[0], arguments[1])
    if is_hole(value[0]) and "://" not in value and "." not in value:
        return None  # an expression whose own text may hold a scheme: the host is only known at run time
    host = value.partition("://")[2] or value
    return host.partition("/")[0] or None
