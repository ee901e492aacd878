"""Templates that are deployed together, as far as their files say: the `.tf` files of a folder, or one other template.

Answers which resource an expression names, which host a place belongs to, and what signs in for that host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from mi_lint.errors import SourceError
from mi_lint.rulebook.model import TemplateResource
from mi_lint.settings.items import BICEP, HCL, JSON, Dialect
from mi_lint.settings.resources import Resource, dialect_of, resources
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

_ADDRESS = re.compile(r"(?<![\w.])(?:data\.)?azure\w*\.[A-Za-z_][\w-]*(?:\[[^\[\]]*\])?")
_WORD = re.compile(r"(?<![\w.'])[A-Za-z_]\w*")
_RESOURCE_ID = re.compile(r"(?i)\bresourceId\(\s*'(?P<type>[\w./]+)'\s*,\s*(?P<name>'[^']*'|\w+\('[^']*'\))")
_EACH = re.compile(r"\b(?:each|count|self)\b")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A resource, and the file that it stands in."""

    file: TextFile
    resource: Resource

    def text(self, name: str) -> str | None:
        """The expression of a member."""
        item = self.resource.body.value(name)
        return self.file.text[item.value.start : item.value.end] if item is not None else None

    @property
    def body_text(self) -> str:
        return self.file.text[self.resource.body.start : self.resource.body.end]

    @property
    def is_repeated(self) -> bool:
        """Whether it stands for several, so that each has an address of its own."""
        body = self.resource.body
        if self.resource.dialect is HCL:
            return body.value("count") is not None or body.value("for_each") is not None
        before = self.file.text[: body.start].rstrip()
        return before.endswith(":") if self.resource.dialect is BICEP else body.value("copy") is not None


@dataclass(slots=True, eq=False)
class Stack:
    """All resources of templates that know each other's names."""

    dialect: Dialect
    placed: list[Placed] = field(default_factory=list)

    @property
    def language(self) -> str:
        return "terraform" if self.dialect is HCL else "bicep" if self.dialect is BICEP else "json"

    def of(self, symbol: str) -> Placed | None:
        """The resource that expressions call so."""
        plain = re.sub(r"\[[^\[\]]*\]$", "", symbol)
        return next((placed for placed in self.placed if placed.resource.symbol == plain), None)

    def around(self, path: str, span: Span) -> list[Placed]:
        """The resources that a place of a file belongs to, the innermost first."""
        found = [
            placed
            for placed in self.placed
            if placed.file.path == path and span in Span(placed.resource.body.start, placed.resource.body.end)
        ]
        return sorted(found, key=lambda p: p.resource.body.end - p.resource.body.start)

    def at(self, path: str, start: int) -> Placed:
        """The resource whose body begins there."""
        return next(p for p in self.placed if p.file.path == path and p.resource.body.start == start)

    def typed(self, *types: str) -> list[Placed]:
        wanted = {type_.lower() for type_ in types}
        return [placed for placed in self.placed if placed.resource.type.lower() in wanted]


class Stacks:
    """The stacks of a workspace, read when they are asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, Stack | None] = {}

    def of(self, path: str) -> Stack | None:
        """The stack of a template; None for every other file."""
        key = f"{path.rpartition('/')[0]}/*.tf" if path.lower().endswith(".tf") else path
        if key not in self._known:
            paths = [path] if key == path else sorted(p for p in self._workspace.files if _same_folder(p, path))
            self._known[key] = self._read(paths)
        return self._known[key]

    def _read(self, paths: Sequence[str]) -> Stack | None:
        stack: Stack | None = None
        for path in paths:
            try:
                file = self._workspace.text(path)
            except SourceError:
                continue
            dialect = dialect_of(path, file.text)
            if dialect is not None:
                stack = stack or Stack(dialect)
                stack.placed += [Placed(file, resource) for resource in resources(path, file.text)]
        return stack


def _same_folder(path: str, other: str) -> bool:
    return path.lower().endswith(".tf") and path.rpartition("/")[0] == other.rpartition("/")[0]


# -- what an expression names ------------------------------------------------------------------------------------------


def named_resources(stack: Stack, expression: str, known: Mapping[str, TemplateResource]) -> list[str]:
    """What resources that take roles an expression names, as expressions that name them; without those of a loop."""
    if stack.dialect is JSON:
        return list(dict.fromkeys(_identifiers(expression, known)))
    pattern = _ADDRESS if stack.dialect is HCL else _WORD
    found = []
    for match in pattern.finditer(expression):
        symbol = _granted(stack, match[0], known)
        if symbol is not None and not _EACH.search(symbol) and symbol not in found:
            found.append(symbol)
    return found


def type_of(stack: Stack, symbol: str) -> str:
    """The type of what an expression names."""
    if stack.dialect is JSON:
        match = _RESOURCE_ID.match(symbol)
        return match["type"] if match is not None else ""
    if stack.dialect is HCL:
        return symbol.removeprefix("data.").partition(".")[0]
    placed = stack.of(symbol)
    return placed.resource.type if placed is not None else ""


def takes(known: Mapping[str, TemplateResource], type_: str, role: str) -> bool:
    """Whether a role is one that is granted on resources of a type."""
    found = known.get(type_.lower())
    return found is not None and any(fnmatchcase(role, pattern) for pattern in found.roles)


def _granted(stack: Stack, symbol: str, known: Mapping[str, TemplateResource]) -> str | None:
    """A resource itself, or the one that it is a key or a part of."""
    for _ in range(4):
        placed = stack.of(symbol)
        data = known.get(type_of(stack, symbol).lower())
        if data is not None and data.roles:
            outside = stack.dialect is BICEP and (placed is None or placed.resource.body.value("scope") is not None)
            return None if outside or (placed is not None and placed.is_repeated and "[" not in symbol) else symbol
        member = data.of if data is not None else "parent" if stack.dialect is BICEP else ""
        text = placed.text(member) if placed is not None and member else None
        match = (_ADDRESS if stack.dialect is HCL else _WORD).match(text) if text is not None else None
        if match is None:
            return None
        symbol = match[0]
    return None


def _identifiers(expression: str, known: Mapping[str, TemplateResource]) -> Iterator[str]:
    for match in _RESOURCE_ID.finditer(expression):
        for data in known.values():
            type_ = data.type
            if data.roles and (match["type"].lower() + "/").startswith(f"{type_.lower()}/"):
                yield f"resourceId('{type_}', {match['name']})"
