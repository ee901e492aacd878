"""What may not stand right beside a secret, so that a piece of something longer is not taken for one."""

from __future__ import annotations

import re

_BESIDE = {
    "base64": re.compile(r"[A-Za-z0-9+/=_-]"),
    "word": re.compile(r"[A-Za-z0-9_]"),
    "alnum": re.compile(r"[A-Za-z0-9]"),
    "token": re.compile(r"[A-Za-z0-9._~+/-]"),
}
_FULL_STOP = re.compile(r"\.(?:[\s\"'<)\]]|$)")


def stands_alone(text: str, start: int, end: int, borders: str) -> bool:
    """Whether `text[start:end]` is no part of a longer run of the characters that `borders` names."""
    beside = _BESIDE.get(borders)
    if beside is None:
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before and beside.match(before[-1]) and not _opens(before):
        return False
    return not (after and beside.match(after[0])) or (borders == "token" and bool(_FULL_STOP.match(after)))


def _opens(before: str) -> bool:
    """`${NAME:-value}`, `name=value`, and escapes such as `\\n` right before the value."""
    return before[-2:] in (":-", ":=") or before[-1] == "=" or before[-2:] in ("\\n", "\\t", "\\r")
