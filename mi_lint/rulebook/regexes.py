"""Decide whether a regular expression of a pack can be run on a stranger's text without running away.

Python's engine backtracks; a pack may come from the scanned repository. So only a subset is accepted whose cost is a
small polynomial: no back-reference, no look-around, no repetition around a repetition or an alternative.
"""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

MAX_LENGTH = 300
MAX_REPEATS = 3
_REFUSED = {
    "GROUPREF": "a back-reference",
    "GROUPREF_EXISTS": "a conditional group",
    "ASSERT": "a look-ahead or look-behind",
    "ASSERT_NOT": "a look-ahead or look-behind",
}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def regex_problem(pattern: str, longest: int = MAX_LENGTH) -> str:
    """Why a pattern cannot be accepted, in a few words; empty if it can."""
    if len(pattern) > longest:
        return f"longer than {longest} characters"
    try:
        re.compile(pattern)
        tree = _parser().parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"not a regular expression ({error})"
    walk = _Walk()
    walk.sequence(tree, inside=False)
    if not walk.problem and walk.unbounded > MAX_REPEATS:
        return f"more than {MAX_REPEATS} open-ended repetitions"
    return walk.problem


def _parser() -> Any:
    return importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")


class _Walk:
    """One pass over the parsed pattern; remembers the first problem and counts open-ended repetitions."""

    def __init__(self) -> None:
        self.problem = ""
        self.unbounded = 0

    def sequence(self, items: Any, inside: bool) -> None:
        for operation, argument in items:
            if self.problem:
                return
            self.item(str(operation), argument, inside)

    def item(self, name: str, argument: Any, inside: bool) -> None:
        if name in _REFUSED:
            self.problem = _REFUSED[name]
        elif name in _REPEATS:
            self.repeat(argument, inside)
        elif name == "SUBPATTERN":
            self.sequence(argument[3], inside)
        elif name == "ATOMIC_GROUP":
            self.sequence(argument, inside)
        elif name == "BRANCH":
            if inside:
                self.problem = "an alternative inside a repetition"
            for branch in argument[1]:
                self.sequence(branch, inside)

    def repeat(self, argument: Any, inside: bool) -> None:
        _low, high, body = argument
        if inside:
            self.problem = "a repetition inside a repetition"
            return
        if int(high) > 64:
            self.unbounded += 1
        self.sequence(body, inside=int(high) > 1)
