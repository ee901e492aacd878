"""Whether a long value was typed by a person rather than drawn at random: words, runs, repetitions."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

_WORDS = ("example", "placeholder", "redacted", "dummy", "sample", "changeme", "replace", "notreal", "insert", "secret")
_SHORT_WORDS = ("fake", "mock", "your", "todo")
_CASED = tuple(form for word in _SHORT_WORDS for form in (word, word.title(), word.upper()))
_FILL = re.compile(r"(?:x{4,}|X{4,}|\*{3,}|\.{3,}|0{8,}|1234567|abcdef0|deadbeef|DEADBEEF|a{6,}|A{8,})")


def entropy(text: str) -> float:
    """Bits per character, by the frequencies in the text itself."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def is_patterned(value: str) -> bool:
    """Whether a value that should be random reads as if it was made up. For values of 16 characters and more."""
    body = value.rstrip("=")
    if len(body) < 16:
        return False
    lower = body.lower()
    if any(word in lower for word in _WORDS) or any(word in body for word in _CASED) or _FILL.search(body):
        return True
    if len(set(body)) < min(10, len(body) // 5 + 2):
        return True
    return is_typed(body)


def is_typed(body: str) -> bool:
    """Whether a value of 8 characters and more is one short piece again and again, or a run of the alphabet."""
    return len(body) >= 8 and (_repeats(body) or _runs(body.lower()))


def _repeats(body: str) -> bool:
    """Whether the text is one short piece again and again."""
    return any(body == (body[:size] * (len(body) // size + 1))[: len(body)] for size in range(1, len(body) // 2 + 1))


def _runs(lower: str) -> bool:
    """Whether half of the characters follow their neighbour in the alphabet or on the number row."""
    steps = [ord(b) - ord(a) for a, b in itertools.pairwise(lower)]
    return sum(step in (0, 1, -1) for step in steps) * 2 > len(steps)
