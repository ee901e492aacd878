"""How far a repository is on its way: what signs in with an identity already, and what the old way left behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mi_lint.bindings.plan import find_bindings
from mi_lint.dependencies import declares_dependencies
from mi_lint.edits import place_of
from mi_lint.engine import Analysis
from mi_lint.errors import SourceError
from mi_lint.findings import Finding
from mi_lint.python.sinks import shapes_of
from mi_lint.settings.model import SettingEntry
from mi_lint.settle import named_at
from mi_lint.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """A call or a declaration that signs in with an identity."""

    service: str
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """What the old way to sign in left behind, and what to do about it."""

    place: str
    what: str
    advice: str


def done(analysis: Analysis) -> list[Done]:
    """The calls of new forms that are given an identity, and the declarations whose settings name one."""
    found = [*_calls(analysis), *_declarations(analysis)]
    return sorted(dict.fromkeys(found), key=lambda item: (item.service, item.place))


def _calls(analysis: Analysis) -> Iterator[Done]:
    workspace = analysis.workspace
    services: dict[str, str] = {}
    for rule in analysis.rulebook.rules:
        for call in rule.calls:
            if call.new is not None and call.new.symbol:
                services.setdefault(call.new.symbol, rule.service)
    for module in workspace.project.modules.values():
        for node in module.names.scope_of:
            if isinstance(node, ast.Call):
                symbol = workspace.project.qualified(module, node.func)
                service = services.get(symbol.name, "") if symbol is not None else ""
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if service and any("token" in shapes_of(workspace.flow.trace(module, value)) for value in given):
                    yield Done(service, f"{module.path}:{node.lineno}", module.source(node.func).split("\n")[0])


def _declarations(analysis: Analysis) -> Iterator[Done]:
    """A setting that is gone, with others in its place whose names begin with its own."""
    workspace = analysis.workspace
    for name, uses in find_bindings(workspace, analysis.options).by_setting.items():
        suffixes = {item.setting for use in uses for item in use.binding.becomes}
        suffixes |= {alias for use in uses for alias in use.binding.aliases}
        moved = any(f"{name}__{suffix}" in workspace.entries for suffix in suffixes)
        if moved and name not in workspace.entries:
            for use in uses:
                yield Done(use.rule.service, f"{use.place.path}:{use.place.line}", f"{use.label} with {name}__...")


def leftovers(analysis: Analysis, findings: Iterable[Finding], moved: bool) -> list[Leftover]:
    """Settings with secrets that nothing reads, secrets that an identity would give way to, and dead packages.

    `findings` are the secrets that are written out; `moved` says whether anything signs in with an identity.
    """
    found = [*_settings(analysis, findings)]
    if moved:
        found += [*_implicit(analysis), *_packages(analysis)]
    return list(dict.fromkeys(found))


def _settings(analysis: Analysis, findings: Iterable[Finding]) -> Iterator[Leftover]:
    workspace = analysis.workspace
    bound = find_bindings(workspace, analysis.options).by_setting
    by_path: dict[str, list[SettingEntry]] = {}
    for entry in (entry for entries in workspace.entries.values() for entry in entries):
        by_path.setdefault(entry.path, []).append(entry)
    for finding in findings:
        for entry in by_path.get(finding.place.path, []):
            place = place_of(workspace.text(entry.path), entry.value_span)
            inside = place.start <= finding.place.start and finding.place.end <= place.end
            if inside and entry.name not in bound and not _is_named(workspace, entry.name):
                what = f"the setting {entry.name} holds a secret, and nothing reads it"
                yield Leftover(f"{entry.path}:{place.line}", what, "delete it, and rotate what it held")


def _is_named(workspace: Workspace, name: str) -> bool:
    named = any(named_at(module, name) for module in workspace.project.modules.values())
    return named or name in workspace.reads or bool(workspace.mentions(name))


def _implicit(analysis: Analysis) -> Iterator[Leftover]:
    """Settings that a credential reads by itself, so that they win over the identity."""
    workspace = analysis.workspace
    style = workspace.known.identities.get(analysis.options.credential)
    packages = (style.sync, style.aio) if style is not None else ()
    names = {
        rule.implicit
        for symbol, pairs in workspace.known.calls.items()
        for rule, _ in pairs
        if rule.implicit and symbol.rpartition(".")[0] in packages
    }
    for name in sorted(names):
        for entry in workspace.entries.get(name, []):
            line = workspace.text(entry.path).line_column(entry.name_span.start)[0]
            what = f"{name} is set beside a managed identity, and comes before it"
            yield Leftover(f"{entry.path}:{line}", what, "delete it")


def _packages(analysis: Analysis) -> Iterator[Leftover]:
    """Packages that only the old way to sign in needed, and that no module imports."""
    workspace = analysis.workspace
    imported = {target for module in workspace.project.modules.values() for target in module.imports}
    for pack in analysis.rulebook.packs:
        symbols = [call.old.symbol for rule in pack.rules for call in rule.calls]
        symbols += [wrapper.signature.symbol for wrapper in pack.wrappers]
        if not symbols or any(call.new is not None and call.new.symbol for rule in pack.rules for call in rule.calls):
            continue  # its clients are still of use with an identity
        roots = {_module(symbol) for symbol in symbols}
        if any(target == root or target.startswith(f"{root}.") for target in imported for root in roots):
            continue
        for name, _ in pack.packages:
            for place in _declared(workspace, name):
                yield Leftover(place, f"the package {name} is of no use any more", "remove it")


def _module(symbol: str) -> str:
    """The module of a qualified name: what comes before its first class, or before its last part."""
    parts = symbol.split(".")
    end = next((index for index, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:end])


def _declared(workspace: Workspace, package: str) -> Iterator[str]:
    spelled = re.sub(r"[-_.]+", "[-_.]+", re.escape(package).replace(r"\-", "-"))
    pattern = re.compile(rf"(?im)^[ \t\"']*{spelled}(?![\w.-])")
    for path in workspace.files:
        if declares_dependencies(path):
            try:
                text = workspace.text(path).text
            except SourceError:
                continue
            match = pattern.search(text)
            if match is not None:
                yield f"{path}:{text.count(chr(10), 0, match.end()) + 1}"
