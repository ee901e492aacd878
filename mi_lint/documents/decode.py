"""Undo the ways in which text is written inside other text, keeping the place of every character.

Each function takes a view and gives the decoded one; a view that needs no change comes back as it is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence

from mi_lint.documents.view import View, ViewBuilder

_JSON = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}"
    r"|x[0-9A-Fa-f]{2}|\r\n|[^ux])",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONTINUED = frozenset({"\n", "\r", "\r\n", "\u2028", "\u2029"})
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8});")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPED_BYTES = range(0xDC80, 0xDD00)  # what "surrogateescape" makes of bytes that are no UTF-8
_BLANKS = re.compile(r"[ \t\r\n]+")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}")
_URL_SAFE = str.maketrans("-_", "+/")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WIDE_MARK = b"\xff\xfe"


def json_text(view: View) -> View:
    """Resolve the escapes of a JSON or JavaScript string. A half of a surrogate pair becomes U+FFFD."""
    return _replaced(view, _JSON, _unescape) if "\\" in view.text else view


def xml_text(view: View) -> View:
    """Resolve the entities of XML; those that it does not define itself stay."""
    return _replaced(view, _ENTITY, _character) if "&" in view.text else view


def percent_text(view: View) -> View:
    """Undo percent-encoding once. Bytes that are no UTF-8 stay as they are written."""
    if "%" not in view.text:
        return view
    builder, at, changed = ViewBuilder(), 0, False
    for match in _PERCENT.finditer(view.text):
        builder.copy(view, at, match.start())
        place = at = match.start()
        for character in bytes.fromhex(match.group().replace("%", "")).decode("utf-8", "surrogateescape"):
            if ord(character) in _ESCAPED_BYTES:
                at = place + 3
                builder.copy(view, place, at)
            else:
                at = place + 3 * _width(character)
                builder.put(character, *_place(view, place, at))
                changed = True
            place = at
    builder.copy(view, at, len(view))
    return builder.build() if changed else view


def base64_text(view: View) -> View | None:
    """What base64 says, in either alphabet, with or without padding and line breaks; None unless that is text."""
    packed = _BLANKS.sub("", view.text)
    if len(packed) < 4 or not _BASE64.fullmatch(packed):
        return None
    bare = packed.rstrip("=")
    if len(bare) % 4 == 1 or not _begins_as_text(_bytes_of(bare[:64])):
        return None  # most base64 is no text; its first characters tell
    data = _bytes_of(bare)
    text, wide, at = _text_of(data), False, 0
    if text is None:
        text, wide, at = _wide_text_of(data), True, 2 * data.startswith(_WIDE_MARK)
    if text is None:
        return None
    places: Sequence[int] = range(len(packed))
    if len(packed) < len(view):
        blanks = frozenset(" \t\r\n")
        places = [place for place, character in enumerate(view.text) if character not in blanks]
    builder = ViewBuilder()
    for character in text:
        end = at + (_wide_width(character) if wide else _width(character))
        builder.put(character, *_place(view, places[at * 8 // 6], places[(end * 8 - 1) // 6] + 1))
        at = end
    return builder.build()


def _replaced(view: View, pattern: re.Pattern[str], decode: Callable[[str], str | None]) -> View:
    """The view with what `decode` makes of each match; None leaves the match as it is."""
    builder, at, changed = ViewBuilder(), 0, False
    for match in pattern.finditer(view.text):
        text = decode(match.group())
        if text is None:
            continue
        start, end = match.span()
        if at < start:
            builder.copy(view, at, start)
        builder.put(text, *_place(view, start, end))
        at, changed = end, True
    if not changed:
        return view
    if at < len(view):
        builder.copy(view, at, len(view))
    return builder.build()


def _place(view: View, start: int, end: int) -> tuple[int, int]:
    """Where the characters `[start, end)` stand; parts that were put together need not be in order."""
    if view.plain:
        return view.starts[start], view.ends[end - 1]
    return min(view.starts[start:end]), max(view.ends[start:end])


def _unescape(escape: str) -> str:
    """What a JavaScript escape stands for, its backslash included."""
    text = escape[1:]
    if text[0] in "ux":
        digits = text[1:].strip("{}")
        if "\\" in digits:
            high, low = int(digits[:4], 16), int(digits[-4:], 16)
            return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)
        return _chr(int(digits, 16)) or "\ufffd"
    return "" if text in _CONTINUED else _SIMPLE.get(text, text)


def _character(entity: str) -> str | None:
    name = entity[1:-1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return _chr(code) if code else None


def _chr(code: int) -> str | None:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _width(character: str) -> int:
    """Bytes in UTF-8."""
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _wide_width(character: str) -> int:
    """Bytes in UTF-16."""
    return 2 if ord(character) < 0x10000 else 4


def _bytes_of(bare: str) -> bytes:
    usable = bare[: len(bare) - (len(bare) % 4 == 1)]
    try:
        return base64.b64decode(usable.translate(_URL_SAFE) + "=" * (-len(usable) % 4))
    except (binascii.Error, ValueError):
        return b"\0"


def _begins_as_text(data: bytes) -> bool:
    """Whether the first bytes read as text; a character may be cut at the end."""
    heads = [data[: len(data) - cut] for cut in range(4)]
    return any(_text_of(head) is not None or _wide_text_of(head) is not None for head in heads)


def _text_of(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _wide_text_of(data: bytes) -> str | None:
    """UTF-16 as PowerShell encodes its commands: mostly Latin, as nearly all bytes are characters of some script."""
    data = data.removeprefix(_WIDE_MARK)
    if not data or data[1::2].count(0) * 4 < len(data[1::2]) * 3:
        return None
    try:
        text = data.decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text
