"""Whether bytes hold a long run of the characters of some alphabet, without a regular expression."""

from __future__ import annotations

from functools import lru_cache

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
HEX = b"0123456789abcdefABCDEF"


def longest_run(data: bytes, alphabet: bytes, at_least: int) -> bool:
    """Whether `data` has at least that many bytes of the alphabet in a row."""
    return b"x" * at_least in data.translate(_table(alphabet))


@lru_cache(maxsize=8)
def _table(alphabet: bytes) -> bytes:
    inside = frozenset(alphabet)
    return bytes(ord("x") if byte in inside else 0 for byte in range(256))
