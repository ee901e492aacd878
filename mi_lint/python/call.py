"""Rewrite one call expression with LibCST: new callee, arguments kept, replaced, dropped or appended.

Text in, text out. What is kept keeps its own characters, comments and commas; `commas.py` lays out the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mi_lint.python.commas import NEWLINE, Item, Listing, arrange
from mi_lint.python.pieces import Cutter, expression, fitted

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the new call, in order.

    `index` is the old argument (in source order) whose place and layout it takes; None appends. `name` is the keyword
    to write (None: positional). `text` replaces the value; None keeps the old one byte for byte.
    """

    index: int | None
    name: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class _Old:
    """An old argument. `prefix` holds stars, or the keyword with its equals sign."""

    prefix: str
    value: str
    star: str
    keyword: str
    bare: bool  # a generator or `:=` without parentheses of its own


@dataclass(frozen=True, slots=True)
class _Call:
    """A call in pieces: all before the opening parenthesis, the old arguments, and what stands around them."""

    head: str
    callee: str
    arguments: tuple[_Old, ...]
    listing: Listing


def rewrite_call(
    source: str, function: str | None, arguments: Sequence[Argument], measure: Callable[[str], int] = len
) -> str:
    """The new source of a call; `measure` tells how wide a value will be (stand-ins are wider than what they become).

    A call that needs parentheses around it because it spans lines (`(\\n  A\\n  .b(x)\\n)`) is fine without them.

    Raises:
        ValueError: the source is not a call, a part does not parse, or the arguments are in an impossible order.
    """
    call = _parsed(source)
    items = [_item(call, argument, len(arguments) == 1) for argument in _ordered(call, arguments)]
    head = call.head if function is None else fitted(function, call.listing.newline) + call.head[len(call.callee) :]
    result = f"{head}({arrange(call.listing, items, measure)})"
    expression(f"({result}\n)")
    return result


def _parsed(source: str) -> _Call:
    """Cut the source into pieces, by the lengths of what LibCST makes of them (it only normalises line endings)."""
    import libcst as cst

    plain = NEWLINE.sub("\n", source)
    call = expression(f"({plain}\n)")
    if not isinstance(call, cst.Call) or len(call.lpar) != 1:
        raise ValueError("not a call")
    code = cst.Module([]).code_for_node
    cut = Cutter(source)
    callee = cut.take(code(call.func))
    head = callee + cut.take(code(call.whitespace_after_func))
    cut.take("(")
    gaps = [cut.take(code(call.whitespace_before_args))]
    old = []
    for arg in call.args:
        bare = arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace(""))
        core, value = code(bare), code(arg.value)
        prefix = cut.take(core[: len(core) - len(value)])
        keyword = arg.keyword.value if arg.keyword is not None else ""
        old.append(_Old(prefix, cut.take(value), arg.star, keyword, _is_bare(arg.value)))
        gaps.append(cut.take(code(arg)[len(core) :]))
    cut.take(")")
    if not cut.finished:
        raise ValueError("the call does not parse")
    found = NEWLINE.search(source)
    return _Call(head, callee, tuple(old), Listing(tuple(gaps), found[0] if found else "\n"))


def _is_bare(value: cst.BaseExpression) -> bool:
    import libcst as cst

    return isinstance(value, cst.GeneratorExp | cst.NamedExpr) and not value.lpar


def _ordered(call: _Call, arguments: Sequence[Argument]) -> list[Argument]:
    """Added keywords come before `**kwargs`; all else stays as it is."""
    added = [argument.index is None and argument.name is not None for argument in arguments]
    double = [a.index is not None and call.arguments[a.index].star == "**" for a in arguments]
    if True not in double:
        return list(arguments)
    at = double.index(True)
    late = [argument for argument, new in zip(arguments[at:], added[at:], strict=True) if new]
    return [*arguments[:at], *late, *(argument for argument in arguments[at:] if argument not in late)]


def _item(call: _Call, wanted: Argument, single: bool) -> Item:
    value = fitted(wanted.text, call.listing.newline) if wanted.text is not None else None
    if wanted.index is None:
        if value is None:
            raise ValueError("a new argument has no text")
        return Item(None, f"{wanted.name}={value}" if wanted.name else value)
    old = call.arguments[wanted.index]
    name = None if old.star else wanted.name
    if value is None:
        value = f"({old.value})" if old.bare and (name or not single) else old.value
    prefix = old.prefix if old.star else ""
    if name:
        prefix = name + (old.prefix[len(old.keyword) :] if old.keyword else "=")
    return Item(wanted.index, prefix + value)
