"""Whether Python source may put a secret together from parts: a cheap look before anything is parsed."""

from __future__ import annotations

import re

_RUN = re.compile(rb"[A-Za-z0-9+/~_%.=-]{10,}")
_QUOTES = (b'"', b"'")
# What is rare in words: a digit beside a letter, and capitals that do not begin one.
_ODD = re.compile(rb"(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]|(?<=[A-Z])[A-Z]|(?<=[A-Z][a-z])[A-Z]")
_GUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def may_assemble(data: bytes) -> bool:
    """Whether Python source holds at least two quoted pieces that could be parts of one secret: random ones."""
    pieces = 0
    for match in _RUN.finditer(data):
        start, end = match.span()
        if data[start - 1 : start] not in _QUOTES and data[end : end + 1] not in _QUOTES:
            continue
        body = match.group()
        pieces += len(_ODD.findall(body)) >= 0.2 * len(body) and not _GUID.fullmatch(body)
        if pieces == 2:
            return True
    return False
