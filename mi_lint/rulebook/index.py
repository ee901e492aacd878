"""Build the rulebook from its packs: the indexes by which analysis finds rules, and the keywords of the prefilter."""

from __future__ import annotations

from collections.abc import Iterable

from mi_lint.rulebook.model import Call, Pack, Rule, Rulebook


def build_rulebook(packs: Iterable[Pack], fingerprint: str = "") -> Rulebook:
    packs = tuple(packs)
    calls: dict[str, list[tuple[Rule, Call]]] = {}
    by_rule: dict[str, Rule] = {}
    for pack in packs:
        for rule in pack.rules:
            by_rule[rule.id] = by_rule[rule.name] = rule
            for call in rule.calls:
                calls.setdefault(call.old.symbol, []).append((rule, call))
    wrappers = {wrapper.signature.symbol: wrapper for pack in packs for wrapper in pack.wrappers}
    return Rulebook(
        packs=packs,
        fingerprint=fingerprint,
        by_rule=by_rule,
        by_service={pack.service: pack for pack in packs},
        calls={symbol: tuple(found) for symbol, found in calls.items()},
        wrappers=wrappers,
        formats={form.name: form for pack in packs for form in pack.formats},
        identities={style.name: style for pack in packs for style in pack.identities},
        keywords=_keywords((*calls, *wrappers)),
    )


def module_of(symbol: str) -> str:
    """The module part of a symbol: what stands before the first capitalised name, or before the last one."""
    parts = symbol.split(".")
    for position, part in enumerate(parts[1:], start=1):
        if part[:1].isupper():
            return ".".join(parts[:position])
    return ".".join(parts[:-1])


def _keywords(symbols: Iterable[str]) -> tuple[bytes, ...]:
    """Bytes of which a file has at least one if it imports one of the symbols.

    A module `a.b.c` is reached by its dotted name, by `from a.b import c`, or by `from a import b`.
    """
    words: set[str] = set()
    for module in {module_of(symbol) for symbol in symbols}:
        words.add(module)
        parts = module.split(".")
        words.update(".".join(parts[:n]) + " import" for n in range(1, len(parts)))
    shortest = sorted(w for w in words if not any(other != w and other in w for other in words))
    return tuple(word.encode() for word in shortest)
