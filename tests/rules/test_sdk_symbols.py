"""What packs say about SDKs is true of the installed ones: symbols exist, parameters exist, old and new calls bind."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from typing import Any

from mi_lint.rulebook.model import Call, Rule, Rulebook, Signature


def resolve(symbol: str) -> Any:
    """The object that a dotted symbol names."""
    parts = symbol.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if not ".".join(parts[:length]).startswith(error.name or "?"):
                raise
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(symbol)


def documented_keywords(target: Any) -> str:
    """The texts in which an SDK documents keywords that it takes by `**kwargs`."""
    owner = target if inspect.isclass(target) else inspect.getmodule(target)
    texts = [inspect.getdoc(target) or "", inspect.getdoc(getattr(target, "__init__", None)) or ""]
    with contextlib.suppress(OSError, TypeError):
        texts.append(inspect.getsource(owner) if owner is not None else "")
    with contextlib.suppress(ImportError, OSError, TypeError):  # where generated clients read further keywords
        package = target.__module__.rpartition(".")[0]
        texts.append(inspect.getsource(importlib.import_module(f"{package}._configuration")))
    return "\n".join(texts)


def shown_name(name: str, target: Any) -> str:
    """The name that a signature shows: pydantic shows the alias of a field, and may take its own name as well."""
    field = getattr(target, "model_fields", {}).get(name)
    by_name = field is not None and target.model_config.get("populate_by_name")
    return field.alias or name if by_name else name


def bind(signature: Signature, target: Any, complete: bool = True) -> None:
    """Bind a call with all parameters that the pack names, each as a pack may write it; `**kwargs` may hold the rest.

    Raises:
        TypeError: the SDK refuses the call.
    """
    real = inspect.signature(target)
    variable = any(p.kind == p.VAR_KEYWORD for p in real.parameters.values())
    positional = [p for p in signature.parameters if not p.keyword_only and p.required]
    keywords = {shown_name(p.name, target): object() for p in signature.parameters if p not in positional}
    binding = real.bind if complete else real.bind_partial
    binding(*[object() for _ in positional], **keywords)
    binding(**{shown_name(p.name, target): object() for p in signature.parameters})
    documented = documented_keywords(target) if variable else ""
    for parameter in signature.parameters:
        if shown_name(parameter.name, target) not in real.parameters:
            assert parameter.name in documented, f"{signature.symbol} knows no {parameter.name}"


def names_positions(signature: Signature, target: Any) -> None:
    """Positional parameters stand where the pack says: a caller's positional argument must bind to the same name."""
    real = [
        p
        for p in inspect.signature(target).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    for parameter, actual in zip(signature.positional, real, strict=False):
        assert actual.name == parameter.name, f"{signature.symbol}: {actual.name} stands where {parameter.name} should"
    required = [parameter for parameter in signature.positional if parameter.required]
    assert len(required) <= len(real), f"{signature.symbol}: {required[-1].name} is keyword-only in the SDK"


def test_old_call_binds(rule_call: tuple[Rule, Call]) -> None:
    rule, call = rule_call
    target = resolve(call.old.symbol)
    bind(call.old, target, complete=not call.old.var_keyword)
    names_positions(call.old, target)
    assert call.old.parameter(rule.secret), f"{rule.id}: {call.old.symbol} has no {rule.secret}"


def test_new_call_binds(rewritten_call: tuple[Rule, Call]) -> None:
    _, call = rewritten_call
    assert call.new is not None
    target = resolve(call.new.symbol)
    bind(call.new, target)
    names_positions(call.new, target)


def test_async_twins_are_async(rule_call: tuple[Rule, Call]) -> None:
    """What a pack calls async has a client that is an async context manager, and the sync one has not."""
    _, call = rule_call
    target = resolve((call.new if call.new and call.new.symbol else call.old).symbol)
    if inspect.isclass(target):
        assert hasattr(target, "__aenter__") == call.is_async, call.old.symbol


# Names in packs that no installed library has, each with the reason why the pack still says so.
LEGACY = {
    "pydantic.BaseSettings": "pydantic 1; it moved to pydantic_settings",
    "decouple.config": "python-decouple is not among the SDKs that are installed for tests",
}


def test_readers_tokens_and_settings_classes(rulebook: Rulebook) -> None:
    """They exist, or are listed as legacy; what is listed must really be missing."""
    names = set()
    for pack in rulebook.packs:
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
    for pack in rulebook.packs:
        for reader in pack.readers:
            if reader.signature is not None and reader.signature.symbol not in LEGACY:
                bind(reader.signature, resolve(reader.signature.symbol))
                names_positions(reader.signature, resolve(reader.signature.symbol))


def test_other_names(rulebook: Rulebook) -> None:
    """Wrappers, vaults and credentials exist."""
    for wrapper in rulebook.wrappers.values():
        bind(wrapper.signature, resolve(wrapper.signature.symbol))
    for pack in rulebook.packs:
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
