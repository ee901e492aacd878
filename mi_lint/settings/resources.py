"""Resources in templates of infrastructure, whatever the language: their type, what they are called, and their bodies.

A block of Terraform is known by the words before it, a resource of Bicep by its type without the version, and one of a
template in JSON by its member `type`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mi_lint.settings.items import BICEP, HCL, JSON, Body, Dialect, bodies

_SCHEMA = re.compile(r"\"\$schema\"\s*:\s*\"[^\"]*deploymentTemplate\.json")
_GENERATED = re.compile(r"\"_generator\"\s*:")  # compiled from Bicep: the next build would overwrite an edit
_TYPE = re.compile(r"(?P<type>[\w.]+(?:/[\w.]+)+)@[^']*")


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """`words` are those before a block of Terraform; elsewhere only the type. `symbol` is what other places call it."""

    dialect: Dialect
    words: tuple[str, ...]
    symbol: str
    body: Body
    all: Sequence[Body]
    existing: bool = False

    @property
    def type(self) -> str:
        return self.words[1] if self.words[0] in ("resource", "data") and len(self.words) > 1 else self.words[0]

    def inner(self, way: Sequence[str]) -> list[Body]:
        """The bodies at the end of a way through blocks and objects; several where one of them is in a list."""
        found = [self.body]
        for name in way:
            found = [body for body in self.all if body.parent in found and _called(body, name)]
        return found

    def matches(self, block: str) -> bool:
        """Whether it is what a pack names: words of Terraform, where `*` is any word, or a type."""
        wanted = block.lower().split()
        words = [word.lower() for word in self.words]
        return len(wanted) <= len(words) and all(w in ("*", word) for w, word in zip(wanted, words, strict=False))


def _called(body: Body, name: str) -> bool:
    return body.header[0] == name if body.header else body.owner == name


def dialect_of(path: str, text: str) -> Dialect | None:
    """The language of a template; None for other files, and for templates that a compiler made."""
    lower = path.lower()
    if lower.endswith(".tf"):
        return HCL
    if lower.endswith(".bicep"):
        return BICEP
    if lower.endswith(".json") and _SCHEMA.search(text) and not _GENERATED.search(text):
        return JSON
    return None


def resources(path: str, text: str) -> list[Resource]:
    """All resources of a template, in order; none where it cannot be read."""
    dialect = dialect_of(path, text)
    found = bodies(text, dialect) if dialect is not None else None
    if dialect is None or found is None:
        return []
    read = {"HCL": _terraform, "BICEP": _bicep, "JSON": _json}[dialect_name(dialect)]
    return list(read(text, found))


def dialect_name(dialect: Dialect) -> str:
    return "HCL" if dialect is HCL else "BICEP" if dialect is BICEP else "JSON"


def _terraform(text: str, found: Sequence[Body]) -> Iterator[Resource]:
    for body in found:
        if body.header and body.parent is not None:
            around = body.parent.header if body.parent.header == ("terraform",) else ()
            if body.parent.parent is None or around:
                words = (*around, *body.header)
                yield Resource(HCL, words, _address(words), body, found)


def _address(words: tuple[str, ...]) -> str:
    """How expressions name a block."""
    if len(words) == 3 and words[0] in ("resource", "data"):
        return ".".join(words[1:] if words[0] == "resource" else words)
    return ""


def _bicep(text: str, found: Sequence[Body]) -> Iterator[Resource]:
    for body in found:
        if len(body.header) >= 3 and body.header[0] == "resource":
            match = _TYPE.fullmatch(body.header[2])
            if match is not None:
                yield Resource(BICEP, (match["type"],), body.header[1], body, found, "existing" in body.header[3:])


def _json(text: str, found: Sequence[Body]) -> Iterator[Resource]:
    for body in found:
        item = body.value("type")
        if item is None or body.value("apiVersion") is None:
            continue
        try:
            named = json.loads(text[item.value.start : item.value.end])
        except ValueError:
            continue
        if isinstance(named, str):
            yield Resource(JSON, (named,), "", body, found)
