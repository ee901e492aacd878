"""What a file must hold before a kind is worth a closer look: a run of characters that its shape could match."""

from __future__ import annotations

import importlib
import re
import sys
from functools import lru_cache
from typing import Any

from mi_lint.runs import longest_run

Gate = tuple[bytes, int, bool]  # the characters, how many of them in a row, and whether a digit has to be among them
_ENCODED = b"%\\&#;"  # what stands between the characters of a value that is escaped
_DIGIT = re.compile(rb"[0-9+]")
_LEAST = 12  # shorter runs are in every file


def gate_of(shape: str, signed: bool) -> Gate | None:
    """The gate of a shape; None where it may match nearly anything. A `signed` value need not hold a digit."""
    parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    tree = parser.parse(shape)
    letters = _letters(tree)
    least = int(tree.getwidth()[0])
    if letters is None or least < _LEAST:
        return None
    extra = _ENCODED if any(chr(letter) in "+/=~" for letter in letters) else b""
    return bytes(sorted(letters | frozenset(extra))), least, not signed


def passes(gate: Gate | None, texts: list[bytes]) -> bool:
    """Whether any of the texts has such a run. Where a digit has to be in it, names alone do not count."""
    if gate is None:
        return True
    letters, least, digit = gate
    return any(longest_run(text, letters, least) and (not digit or _has_digits(text, gate)) for text in texts)


def _has_digits(text: bytes, gate: Gate) -> bool:
    return any(_DIGIT.search(match.group()) for match in _runs(gate).finditer(text))


@lru_cache(maxsize=64)
def _runs(gate: Gate) -> re.Pattern[bytes]:
    letters, least, _ = gate
    return re.compile(b"[" + b"".join(b"\\x%02x" % letter for letter in letters) + b"]{%d,}" % least)


def _letters(items: Any) -> frozenset[int] | None:
    """All ASCII characters that a pattern can match; None if that is nearly all of them."""
    found: set[int] = set()
    for operation, argument in items:
        inner = _of(str(operation), argument)
        if inner is None:
            return None
        found |= inner
    return frozenset(found)


def _of(name: str, argument: Any) -> frozenset[int] | None:
    if name == "LITERAL":
        return frozenset((argument,)) if argument < 128 else frozenset()
    if name == "RANGE":
        return frozenset(range(argument[0], min(argument[1], 127) + 1))
    if name == "IN":
        return _letters(argument)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _letters(argument[2])
    if name == "SUBPATTERN":
        return _letters(argument[3])
    if name == "BRANCH":
        parts = [_letters(branch) for branch in argument[1]]
        return None if None in parts else frozenset().union(*[part for part in parts if part is not None])
    return None
