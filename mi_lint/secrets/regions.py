"""Text inside of text: what stands percent-encoded, escaped or in base64, decoded with its places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.documents.decode import base64_text, json_text, percent_text, xml_text
from mi_lint.documents.view import View

DEEPEST = 3
_LONGEST = 400_000  # characters of one encoded run
_TOKEN = re.compile(r"[^\s\"'<>`]{12,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|/|x[0-9A-Fa-f]{2})")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def decoded(view: View, depth: int = 0, only_base64: bool = False) -> Iterator[View]:
    """What the encoded runs of a view say, and what is encoded in there again."""
    if depth == DEEPEST:
        return
    for inner in _base64(view) if only_base64 else _once(view):
        yield inner
        yield from decoded(inner, depth + 1)


def _once(view: View) -> Iterator[View]:
    yield from _escaped(view)
    yield from _base64(view)


def _escaped(view: View) -> Iterator[View]:
    text = view.text
    has_percent, has_entity, has_escape = "%" in text, "&" in text, "\\" in text
    if has_percent or has_entity or has_escape:
        for match in _TOKEN.finditer(text):
            token = match.group()
            if len(token) > _LONGEST:
                continue
            part = view[match.start() : match.end()]
            if has_percent and _PERCENT.search(token):
                yield percent_text(part)
            if has_entity and _ENTITY.search(token):
                yield xml_text(part)
            if has_escape and _ESCAPE.search(token):
                yield json_text(part)


def _base64(view: View) -> Iterator[View]:
    text = view.text
    for match in _BASE64.finditer(text):
        if match.end() - match.start() <= _LONGEST:
            inner = base64_text(view[match.start() : match.end()])
            if inner is not None and len(inner) >= 16:
                yield inner
