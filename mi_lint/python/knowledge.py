"""What the rulebook says about Python code, indexed by symbol for the analysis."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from mi_lint.rulebook.config_model import SignIn
from mi_lint.rulebook.model import (
    Call,
    ConnectionFormat,
    IdentityStyle,
    Loaded,
    OptionSet,
    Pack,
    Reader,
    Rule,
    Rulebook,
    Sender,
    SettingsClass,
    Vault,
    Wrapper,
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Look-ups by qualified symbol."""

    calls: Mapping[str, tuple[tuple[Rule, Call], ...]]
    wrappers: Mapping[str, Wrapper]
    readers: Mapping[str, Reader]
    settings_classes: Mapping[str, SettingsClass]
    loaded: Mapping[str, Loaded]
    vaults: Mapping[str, Vault]
    formats: Mapping[str, ConnectionFormat]
    packs: Mapping[str, Pack]
    identities: Mapping[str, IdentityStyle]
    tokens: tuple[str, ...]
    senders: Mapping[str, Sender]
    requests: tuple[Rule, ...]  # rules about what requests carry, in the order of the packs
    assigned: frozenset[str]  # attributes that take a secret by assignment
    resources: Mapping[str, tuple[frozenset[str], Mapping[str, str]]]  # what templates of infrastructure give, by type
    sign_ins: Mapping[str, SignIn]  # by platform
    options: Mapping[str, OptionSet]  # by the name that calls of rules give
    methods: frozenset[str]  # names of methods that are only reported, also where they are called on an instance

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
    """The rulebook's own indexes, and those that only the analysis of Python asks for."""
    packs = rulebook.packs
    return Knowledge(
        calls=rulebook.calls,
        wrappers=rulebook.wrappers,
        readers={item.symbol: item for pack in packs for item in pack.readers},
        settings_classes={item.base: item for pack in packs for item in pack.settings_classes},
        loaded={item.symbol: item for pack in packs for item in pack.loaded},
        vaults={item.client: item for pack in packs for item in pack.vaults},
        formats=rulebook.formats,
        packs=rulebook.by_service,
        identities=rulebook.identities,
        tokens=tuple(token for pack in packs for token in pack.tokens),
        senders={item.signature.symbol: item for pack in packs for item in pack.senders},
        requests=tuple(rule for rule in rulebook.rules if rule.request is not None),
        assigned=frozenset(
            symbol for symbol, found in rulebook.calls.items() if any(form.is_assigned for _, form in found)
        ),
        resources={item.type: (frozenset(item.gives), dict(item.parts)) for pack in packs for item in pack.templates},
        sign_ins={item.platform: item for pack in packs for item in pack.sign_ins},
        options={item.name: item for pack in packs for item in pack.options},
        methods=frozenset(
            symbol.rpartition(".")[2]
            for symbol, found in rulebook.calls.items()
            if symbol.split(".")[-2][:1].isupper() and all(form.new is None for _, form in found)
        ),
    )


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
