"""UTF-16 as UTF-8, so that one keyword table serves every file."""

from __future__ import annotations

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def plain(data: bytes) -> bytes:
    """The same object for everything but UTF-16, with or without byte order mark."""
    encoding = _MARKS.get(data[:2]) or _unmarked(data)
    return data.decode(encoding, "replace").encode("utf-8", "replace") if encoding else data


def _unmarked(data: bytes) -> str:
    head = data[:64]
    if len(head) < 8 or b"\0" not in head:
        return ""
    if not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    return "utf-16-be" if not any(head[::2]) and all(head[1::2]) else ""
