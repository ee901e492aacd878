"""What packs say about SDKs is true of the installed ones: symbols exist, parameters exist, old and new calls bind.

A pack about a generation that is not installed is checked in an environment of its own; see `legacy.py`.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import legacy
import pytest
import sdk_symbols
from sdk_symbols import bind, documented_keywords, names_positions, resolve

from mi_lint.rulebook.model import Call, Pack, Rule, Rulebook
from mi_lint.rulebook.signature import format_signature


def test_old_call_binds(rule_call: tuple[Rule, Call]) -> None:
    rule, call = rule_call
    assert sdk_symbols.problems(_old_claims(call)) == []
    assert call.old.parameter(rule.secret), f"{rule.id}: {call.old.symbol} has no {rule.secret}"


def test_new_call_binds(rewritten_call: tuple[Rule, Call]) -> None:
    _, call = rewritten_call
    assert call.new is not None
    target = resolve(call.new.symbol)
    bind(call.new, target)
    names_positions(call.new, target)


def test_async_twins_are_async(rule_call: tuple[Rule, Call]) -> None:
    """What a pack calls async has a client that is an async context manager, and the sync one has not.

    Where a client takes one and the same credential in both worlds, it makes no difference.
    """
    _, call = rule_call
    forms = [parameter.credential for parameter in (call.new.parameters if call.new else ())]
    if any(form is not None and form.kind == "identity" and form.argument for form in forms):
        return
    target = resolve((call.new if call.new and call.new.symbol else call.old).symbol)
    if inspect.isclass(target):
        assert hasattr(target, "__aenter__") == call.is_async, call.old.symbol


def test_senders_bind(rulebook: Rulebook) -> None:
    """Every callable that sends a request exists, takes what the pack says, and is async where it says so."""
    senders = [sender for pack in rulebook.packs for sender in pack.senders]
    assert senders
    claims = [(format_signature(sender.signature), False) for sender in senders]
    # A fresh process: some SDKs exchange the functions of requests when they are imported.
    assert legacy.ask(Path(sys.executable), Path(sdk_symbols.__file__), claims) == []
    for sender in senders:
        owner = resolve(sender.owner) if sender.owner else None
        assert owner is None or hasattr(owner, "__aenter__") == sender.is_async, sender.signature.symbol


def test_clients_give_delegated_keys(rulebook: Rulebook) -> None:
    found = [rule.delegation for rule in rulebook.rules if rule.delegation is not None]
    assert found
    for delegation in found:
        for client in delegation.clients:
            method = inspect.signature(getattr(resolve(client), delegation.method))
            method.bind(object(), **{delegation.start: object(), delegation.expiry: object()})
            assert not inspect.iscoroutinefunction(getattr(resolve(client), delegation.method))
            assert hasattr(resolve(client), delegation.account) or delegation.account in documented_keywords(
                resolve(client)
            )


@pytest.mark.parametrize("group", legacy.groups())
def test_what_is_installed_apart(group: str, rulebook: Rulebook) -> None:
    """The calls, wrapper classes, vaults and tokens of the packs that only this group satisfies."""
    packs = [pack for pack in rulebook.packs if not legacy.is_installed(pack) and legacy.group_of(pack) == group]
    assert packs, f"no pack needs {group}: leave it out of pyproject.toml"
    if not legacy.wanted(group):
        pytest.skip("its markers say that it is not for this Python")
    claims = [claim for pack in packs for claim in _claims(pack)]
    assert claims
    assert legacy.ask(legacy.interpreter(group), Path(sdk_symbols.__file__), claims) == []


def _claims(pack: Pack) -> Iterator[tuple[str, bool]]:
    """What a pack says about its library: signatures, each complete or not, and names that have to exist."""
    for rule in pack.rules:
        for call in rule.calls:
            assert call.old.parameter(rule.secret), f"{rule.id}: {call.old.symbol} has no {rule.secret}"
            yield from _old_claims(call)
            if call.new is not None and call.new.symbol:
                yield format_signature(call.new), True
                yield from _async_claims(call.new.symbol, call.is_async)
    yield from ((format_signature(wrapper.signature), False) for wrapper in pack.wrappers)
    yield from ((token.removesuffix(".*"), False) for token in pack.tokens)
    yield from ((f"{vault.client}.{vault.method}", False) for vault in pack.vaults)


def _old_claims(call: Call) -> list[tuple[str, bool]]:
    """The signature of a call; of an assignment the attributes that it speaks about."""
    owner = call.old.symbol.rpartition(".")[0]
    if call.is_assigned:
        return [(f"{owner}.{p.name}", False) for p in call.old.parameters]
    return [(format_signature(call.old), False)]


def _async_claims(symbol: str, is_async: bool) -> list[tuple[str, bool]]:
    """An async class is an async context manager."""
    is_class = symbol.rpartition(".")[2][:1].isupper()
    return [(f"{symbol}.__aenter__", False)] if is_async and is_class else []


# Packs whose libraries bring a whole orchestrator along, or half of what there is: checked by hand when they change.
TOO_LARGE = {"dagster-azure", "langchain-azuresearch", "litellm", "llama-index-azure-openai", "prefect-azure"}


def test_every_pack_can_be_checked(rulebook: Rulebook) -> None:
    """Its packages are installed, or a group of those that are installed apart has them."""
    lost = {p.service for p in rulebook.packs if not legacy.is_installed(p) and not legacy.group_of(p)}
    assert lost <= TOO_LARGE, (
        "add the SDKs to the group sdks in pyproject.toml and install it, or add a group legacy-..."
    )


def test_groups_apart_pin_exact_versions() -> None:
    for group, requirements in legacy.groups().items():
        for requirement in requirements:
            assert [pin.operator for pin in requirement.specifier] == ["=="], f"{group}: {requirement}"


# Names in packs that no installed library has, each with the reason why the pack still says so.
LEGACY = {
    "pydantic.BaseSettings": "pydantic 1; it moved to pydantic_settings",
    "environs.Env.__call__": "environs wants a later marshmallow than the SDKs",
    "environs.Env.str": "environs wants a later marshmallow than the SDKs",
    "decouple.config": "python-decouple is not among the SDKs that are installed for tests",
}


def test_readers_tokens_and_settings_classes(rulebook: Rulebook) -> None:
    """They exist, or are listed as legacy; what is listed must really be missing."""
    names = set()
    for pack in filter(legacy.is_installed, rulebook.packs):
        names |= {token.removesuffix(".*") for token in pack.tokens}
        names |= {item.base for item in pack.settings_classes}
        names |= {reader.symbol for reader in pack.readers}
    found = set()
    for name in names:
        with contextlib.suppress(Exception):  # libraries raise errors of their own for what has moved
            resolve(name)
            found.add(name)
    assert names - found == set(LEGACY)


def test_readers_bind(rulebook: Rulebook) -> None:
    """What a reader calls the name and the default are parameters of the real function."""
    for pack in filter(legacy.is_installed, rulebook.packs):
        for reader in pack.readers:
            if reader.signature is not None and reader.signature.symbol not in LEGACY:
                bind(reader.signature, resolve(reader.signature.symbol))
                names_positions(reader.signature, resolve(reader.signature.symbol))


def test_other_names(rulebook: Rulebook) -> None:
    """Wrappers, vaults and credentials exist."""
    for pack in filter(legacy.is_installed, rulebook.packs):
        for wrapper in pack.wrappers:
            bind(wrapper.signature, resolve(wrapper.signature.symbol))
        for vault in pack.vaults:
            assert hasattr(resolve(vault.client), vault.method), vault.client
    for style in rulebook.identities.values():
        for text in (style.system, style.user):
            name = text.partition("(")[0]
            assert hasattr(importlib.import_module(style.sync), name)
            assert name in style.sync_only or hasattr(importlib.import_module(style.aio), name)
        if style.provider:
            assert hasattr(importlib.import_module(style.sync), style.provider)
            assert hasattr(importlib.import_module(style.aio), style.provider)
