"""Texts that a regular expression matches in full, for synthetic values."""

from __future__ import annotations

import importlib
import random as randomness
import string
import sys
from typing import Any

_LONGER = 4  # characters that an open repetition may get beyond its least
_CATEGORIES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": string.ascii_letters + string.digits,
    "CATEGORY_SPACE": " ",
}
_ANY = string.ascii_letters + string.digits


def sample(pattern: str, random: randomness.Random) -> str:
    """A random text that matches the whole pattern.

    Raises:
        ValueError: the pattern has a construct that cannot be sampled.
    """
    parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    return _sequence(parser.parse(pattern), random)


def _sequence(items: Any, random: randomness.Random) -> str:
    return "".join(_item(str(operation), argument, random) for operation, argument in items)


def _item(name: str, argument: Any, random: randomness.Random) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name == "IN":
        return random.choice(_members(argument))
    if name == "ANY":
        return random.choice(_ANY)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, body = argument
        return "".join(_sequence(body, random) for _ in range(random.randint(low, min(int(high), low + _LONGER))))
    if name == "SUBPATTERN":
        return _sequence(argument[3], random)
    if name == "BRANCH":
        return _sequence(random.choice(argument[1]), random)
    if name == "NOT_LITERAL":
        return random.choice([character for character in _ANY if ord(character) != argument])
    if name == "AT":
        return ""
    raise ValueError(f"{name} can't be sampled")


def _members(items: Any) -> str:
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    members = "".join(_member(str(operation), argument) for operation, argument in items)
    return "".join(c for c in _ANY if c not in members) if negated else members


def _member(name: str, argument: Any) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name == "RANGE":
        return "".join(map(chr, range(argument[0], argument[1] + 1)))
    return _CATEGORIES.get(str(argument), "") if name == "CATEGORY" else ""
