"""Rewrite a dict display: items kept byte for byte, dropped, replaced or added. Text in, text out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mi_lint.python.commas import NEWLINE, Item, Listing, arrange
from mi_lint.python.pieces import Cutter, expression, fitted


@dataclass(frozen=True, slots=True)
class Pair:
    """One item of the new display. `index` is the old item whose place it takes; None adds one.

    `key` and `value` replace those of the old item, which None keeps byte for byte.
    """

    index: int | None
    key: str | None = None
    value: str | None = None


def rewrite_display(source: str, pairs: Sequence[Pair], measure: Callable[[str], int] = len) -> str:
    """The new source of a dict display; `measure` tells how wide a value will be.

    Raises:
        ValueError: the source is no dict display, or a part does not parse.
    """
    import libcst as cst

    display = expression(f"({NEWLINE.sub(chr(10), source)}\n)")
    if not isinstance(display, cst.Dict) or len(display.lpar) != 1:
        raise ValueError("not a dict display")
    code = cst.Module([]).code_for_node
    cut = Cutter(source)
    head = cut.take(code(display.lbrace.with_changes(whitespace_after=cst.SimpleWhitespace(""))))
    gaps = [cut.take(code(display.lbrace.whitespace_after))]
    old: list[tuple[str, str, str]] = []
    for element in display.elements:
        core = code(element.with_changes(comma=cst.MaybeSentinel.DEFAULT))
        value = code(element.value)
        key = code(element.key) if isinstance(element, cst.DictElement) else ""
        old.append((cut.take(key), cut.take(core[len(key) : len(core) - len(value)]), cut.take(value)))
        gaps.append(cut.take(code(element)[len(core) :]))
    gaps[-1] += cut.take(code(display.rbrace.whitespace_before))
    cut.take("}")
    if not cut.finished:
        raise ValueError("the display does not parse")
    newline = NEWLINE.search(source)
    listing = Listing(tuple(gaps), newline[0] if newline else "\n")
    quote = "'" if any(key.startswith("'") for key, _, _ in old) else '"'
    items = [_item(old, pair, quote, listing.newline) for pair in pairs]
    result = f"{head}{arrange(listing, items, measure)}}}"
    expression(f"({result}\n)")
    return result


def _item(old: Sequence[tuple[str, str, str]], pair: Pair, quote: str, newline: str) -> Item:
    value = fitted(pair.value, newline) if pair.value is not None else None
    if pair.index is None:
        if value is None:
            raise ValueError("a new item has no value")
        return Item(None, f"{quote}{pair.key}{quote}: {value}")
    key, between, kept = old[pair.index]
    if pair.key is not None and key:
        key = f"{quote}{pair.key}{quote}"
    return Item(pair.index, f"{key}{between}{kept if value is None else value}")
