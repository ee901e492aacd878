"""Undo the ways in which text is written inside other text, keeping the place of every character.

Each function takes a view and gives the decoded one; a view that needs no change comes back as it is.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable

from mi_lint.documents.view import View, ViewBuilder

_JSON = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\n": ""}
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BLANKS = re.compile(r"\s+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_URL_SAFE = str.maketrans("-_", "+/")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def json_text(view: View) -> View:
    """Resolve the escapes of a JSON or JavaScript string."""
    return _replaced(view, _JSON, _unescape) if "\\" in view.text else view


def xml_text(view: View) -> View:
    """Resolve the entities of XML."""
    return _replaced(view, _ENTITY, html.unescape) if "&" in view.text else view


def _replaced(view: View, pattern: re.Pattern[str], decode: Callable[[str], str]) -> View:
    builder = ViewBuilder()
    at = 0
    for match in pattern.finditer(view.text):
        builder.copy(view, at, match.start())
        builder.put(decode(match.group()), view.starts[match.start()], view.ends[match.end() - 1])
        at = match.end()
    if not at:
        return view
    builder.copy(view, at, len(view))
    return builder.build()


def _unescape(text: str) -> str:
    if text[1] in "ux" and len(text) > 2:
        code = int(text[2:], 16)
        return chr(code) if not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return _SIMPLE.get(text[1], text[1])


def percent_text(view: View) -> View:
    """Undo percent-encoding once. Bytes that are no UTF-8 stay as they are written."""
    if "%" not in view.text:
        return view
    builder = ViewBuilder()
    at = 0
    for match in _PERCENT.finditer(view.text):
        builder.copy(view, at, match.start())
        at = match.end()
        data = bytes.fromhex(match.group().replace("%", ""))
        try:
            text = data.decode()
        except UnicodeDecodeError:
            builder.copy(view, match.start(), match.end())
            continue
        place = match.start()
        for character in text:
            width = 3 * len(character.encode())
            builder.put(character, view.starts[place], view.ends[place + width - 1])
            place += width
    builder.copy(view, at, len(view))
    return builder.build() if at else view


def base64_text(view: View) -> View | None:
    """What base64 says, in either alphabet, with or without padding and line breaks; None unless that is text."""
    packed = _BLANKS.sub("", view.text)
    if len(packed) < 4 or not _BASE64.fullmatch(packed):
        return None
    bare = packed.rstrip("=")
    if len(bare) % 4 == 1 or not _is_text(_bytes_of(bare[:64])):
        return None  # most base64 is no text; its first characters tell
    data = _bytes_of(bare)
    text, width = _text_of(data), 1
    if text is None:
        text, width = _wide_text_of(data), 2
    if text is None:
        return None
    places = [at for at, character in enumerate(view.text) if not character.isspace()]
    builder = ViewBuilder()
    at = 0
    for character in text:
        size = width * len(character.encode("utf-16-le")) // 2 if width == 2 else len(character.encode())
        first, last = places[at * 8 // 6], places[((at + size) * 8 - 1) // 6]
        builder.put(character, view.starts[first], view.ends[last])
        at += size
    return builder.build()


def _bytes_of(bare: str) -> bytes:
    usable = bare[: len(bare) - (len(bare) % 4 == 1)]
    try:
        return base64.b64decode(usable.translate(_URL_SAFE) + "=" * (-len(usable) % 4))
    except (binascii.Error, ValueError):
        return b"\0"


def _is_text(data: bytes) -> bool:
    """Whether the first bytes read as text; a character may be cut at the end."""
    for cut in range(4):
        if _text_of(data[: len(data) - cut]) is not None:
            return True
    return _wide_text_of(data[: len(data) & ~1]) is not None


def _text_of(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _wide_text_of(data: bytes) -> str | None:
    """UTF-16 as PowerShell encodes its commands."""
    if len(data) % 2 or not data or any(data[1::2]):
        return None
    return _text_of(data[::2])
