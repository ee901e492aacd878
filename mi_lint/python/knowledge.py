"""What the rulebook says about Python code, indexed by symbol for the analysis."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mi_lint.python.project import External, Module, Project
from mi_lint.rulebook.model import (
    Call,
    ConnectionFormat,
    IdentityStyle,
    Pack,
    Reader,
    Rule,
    Rulebook,
    SettingsClass,
    Vault,
    Wrapper,
)


@dataclass(slots=True)
class Knowledge:
    """Look-ups by qualified symbol."""

    calls: dict[str, list[tuple[Rule, Call]]] = field(default_factory=dict)
    wrappers: dict[str, Wrapper] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    settings_classes: dict[str, SettingsClass] = field(default_factory=dict)
    vaults: dict[str, Vault] = field(default_factory=dict)
    formats: dict[str, ConnectionFormat] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    identities: dict[str, IdentityStyle] = field(default_factory=dict)
    tokens: tuple[str, ...] = ()

    def pack(self, rule: Rule) -> Pack:
        return self.packs[rule.service]

    def format(self, rule: Rule) -> ConnectionFormat | None:
        return self.formats.get(self.pack(rule).connection)

    def is_token(self, symbol: str) -> bool:
        """Whether calls of this symbol give a token credential (or a token provider)."""
        if symbol in self.calls:
            return False
        return any(symbol == token or (token.endswith(".*") and symbol.startswith(token[:-1])) for token in self.tokens)


def compile_knowledge(rulebook: Rulebook) -> Knowledge:
    """Index all packs."""
    known = Knowledge()
    tokens: list[str] = []
    for pack in rulebook.packs:
        known.packs[pack.service] = pack
        known.formats.update({item.name: item for item in pack.formats})
        known.wrappers.update({item.signature.symbol: item for item in pack.wrappers})
        known.readers.update({item.symbol: item for item in pack.readers})
        known.settings_classes.update({item.base: item for item in pack.settings_classes})
        known.vaults.update({item.client: item for item in pack.vaults})
        known.identities.update({item.name: item for item in pack.identities})
        tokens.extend(pack.tokens)
        for rule in pack.rules:
            for call in rule.calls:
                known.calls.setdefault(call.old.symbol, []).append((rule, call))
    known.tokens = tuple(tokens)
    return known


@dataclass(frozen=True, slots=True)
class Bound:
    """A call matched against a signature: parameter name -> argument. `rest` are keywords outside the signature."""

    arguments: dict[str, ast.expr]
    rest: tuple[ast.keyword, ...]
    stars: tuple[ast.expr, ...]  # `*args` and `**kwargs` at the call


def bind(call: ast.Call, parameters: tuple[str, ...], keyword_only: frozenset[str] = frozenset()) -> Bound | None:
    """Bind a call's arguments to parameter names as Python would; None if they do not fit."""
    positional = [name for name in parameters if name not in keyword_only]
    arguments: dict[str, ast.expr] = {}
    stars: list[ast.expr] = []
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            stars.append(argument)
            continue
        if stars or index >= len(positional):
            return None
        arguments[positional[index]] = argument
    rest = []
    for keyword in call.keywords:
        if keyword.arg is None:
            stars.append(keyword.value)
        elif keyword.arg in parameters:
            if keyword.arg in arguments:
                return None
            arguments[keyword.arg] = keyword.value
        else:
            rest.append(keyword)
    return Bound(arguments, tuple(rest), tuple(stars))


def callee(project: Project, module: Module, call: ast.Call) -> External | None:
    """The external symbol that a call calls."""
    return project.qualified(module, call.func)
