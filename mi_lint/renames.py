"""Give the carriers of a connection string names that say what they carry from now on."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mi_lint import naming
from mi_lint.edits import TextEdit
from mi_lint.python.blocks import line_start
from mi_lint.python.items import key_of
from mi_lint.python.project import Module
from mi_lint.python.references import Reference
from mi_lint.python.values import Carrier
from mi_lint.rulebook.model import Derivation
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace

_CONNECTION_STRING = re.compile(r"(?i)\bconnection[ -]string\b")


@dataclass(slots=True)
class NameRegistry:
    """New names given out in this run, so that two connections never claim the same one.

    `bound` are the names that settings get because declarations name them, in the files of `declared`; `chosen` those
    that a person wants, by the old name and the new one by convention.
    """

    settings: dict[str, tuple[str, str]] = field(default_factory=dict)  # new name -> (old name, derivation)
    variables: set[tuple[object, str]] = field(default_factory=set)
    bound: Mapping[str, tuple[tuple[str, Derivation], ...]] = field(default_factory=dict)
    declared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    chosen: Mapping[tuple[str, str], str] = field(default_factory=dict)


def new_name(
    workspace: Workspace, names: NameRegistry, carrier: Carrier, wanted: Derivation, references: list[Reference]
) -> str | None:
    """The new name of a carrier, by convention or close to it; None if both are taken."""
    if carrier.kind == "item":
        return _new_key(names, carrier, wanted, references)
    if carrier.kind == "key":
        return _new_config_key(workspace, names, carrier, wanted)
    new = naming.rename(carrier.name, wanted.setting.lower())
    fallback = f"{new}_setting" if new.islower() else f"{new}_SETTING"
    for candidate in (new, fallback):
        if candidate == carrier.name or not _taken(workspace, names, carrier, candidate, references):
            names.variables.add((carrier.scope, candidate))
            return candidate
    return None


def _new_key(names: NameRegistry, carrier: Carrier, wanted: Derivation, references: list[Reference]) -> str | None:
    """The new key of an entry of a dict display; None if the display has one of that name."""
    old = carrier.spelled
    new = naming.rename(old, wanted.setting.lower())
    displays = [r.module.names.parents.get(r.node) for r in references if r.kind == "store"]
    keys = [key for display in displays if isinstance(display, ast.Dict) for key in display.keys]
    taken = {key.value for key in keys if isinstance(key, ast.Constant)}
    for candidate in (new, f"{new}_setting"):
        claim = (carrier.scope, f"{carrier.name[: -len(old) - 1]}{candidate}]")
        if claim not in names.variables and candidate not in taken:
            names.variables.add(claim)
            return candidate
    return None


def _new_config_key(workspace: Workspace, names: NameRegistry, carrier: Carrier, wanted: Derivation) -> str | None:
    """The new key of an application's configuration; None if the code has one of that name already."""
    new, known = naming.rename(carrier.spelled, wanted.setting.lower()), workspace.references
    for candidate in (new, f"{new}_SETTING" if new.isupper() else f"{new}_setting"):
        claim = (carrier.scope, f"config[{candidate}]")
        if claim not in names.variables and not known.strings(candidate) and not known.attributes(candidate):
            names.variables.add(claim)
            return candidate
    return None


def _taken(workspace: Workspace, names: NameRegistry, carrier: Carrier, new: str, references: list[Reference]) -> bool:
    """Whether a name means something wherever the carrier can be seen."""
    if (carrier.scope, new) in names.variables:
        return True
    if carrier.kind == "attribute":
        return new in carrier.scope.bindings or bool(workspace.references.attributes(new))
    modules = {reference.module for reference in references}
    return any(
        new in scope.bindings or new in scope.loads
        for module in modules
        for scope in module.names.scopes
        if carrier.scope.kind == "module" or _within(scope, carrier) or scope.kind == "module"
    )


def _within(scope: object, carrier: Carrier) -> bool:
    current = scope
    while current is not None:
        if current is carrier.scope:
            return True
        current = getattr(current, "parent", None)
    return False


def explained(module: Module, node: ast.AST, phrase: str) -> list[TextEdit]:
    """Edits to the comments at an assignment, and to the description of a field, that speak of a connection string."""
    statement = module.names.statement(node)
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return []
    text, span = module.file.text, module.span(statement)
    above = line_start(module, statement)
    lines = text[:above].splitlines(keepends=True)
    while lines and lines[-1].lstrip().startswith("#"):
        above -= len(lines.pop())
    behind = next(iter(text[span.end :].splitlines()), "")
    regions = [Span(above, span.start)]
    if behind.lstrip().startswith("#"):
        regions.append(Span(span.end, span.end + len(behind)))
    for keyword in (child for child in ast.walk(statement) if isinstance(child, ast.keyword)):
        if keyword.arg in ("description", "help", "title", "doc") and isinstance(keyword.value, ast.Constant):
            regions.append(module.span(keyword.value))
    return [
        TextEdit(Span(*match.span()), phrase)
        for region in regions
        for match in _CONNECTION_STRING.finditer(text, region.start, region.end)
    ]


def name_span(reference: Reference, name: str) -> Span | None:
    """Where exactly a reference spells the name; None where it spells another one (`import x as y`)."""
    module, node = reference.module, reference.node
    if reference.kind == "item" or isinstance(node, ast.Constant):
        key = key_of(node)
        return Span(module.span(key).start + 1, module.span(key).end - 1) if key is not None else None
    if isinstance(node, ast.Name):
        return module.span(node) if node.id == name else None
    if isinstance(node, ast.Attribute):
        end = module.span(node).end
        return Span(end - len(name), end) if node.attr == name else None
    if isinstance(node, ast.arg | ast.keyword | ast.alias):
        start = module.span(node).start
        return Span(start, start + len(name))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        start = module.file.text.index(name, module.span(node).start + len("def"))
        return Span(start, start + len(name))
    return None
