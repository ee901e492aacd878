"""The checksums that Azure keys carry in themselves, checked offline, and written for synthetic keys.

Algorithms after Microsoft's security-utilities: Marvin over the key's own bytes (his1, cask, entra8), and CRC-32 for
the older tokens of Azure DevOps.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_MASK = 0xFFFFFFFF
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ENTRA = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_URL_SAFE = str.maketrans("-_", "+/")
_SWAP = str.maketrans("+/", "PF")
_CASK = re.compile(r"[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{20}[A-Za-z0-9]{4}(?:[A-Za-z0-9]{2}==)?")
_ENTRA_SECRET = re.compile(r"[A-Za-z0-9._~-]{3}8Q~[A-Za-z0-9._~-]{34}")
_ADO_TOKEN = re.compile(r"[a-z2-7]{52}")
_ADO_PLACES = (2, 7, 8, 22)
_ADO_USES = {"user": 0xE0B9692D, "application": 0x1019F92E}
_DEFAULT = "Default0"


def _rotl(word: int, count: int) -> int:
    return ((word << count) | (word >> (32 - count))) & _MASK


def marvin64(data: bytes, seed: int) -> int:
    """The 64-bit Marvin hash of `data`."""
    a, b = seed & _MASK, seed >> 32 & _MASK
    whole = len(data) & ~3
    words = [int.from_bytes(data[at : at + 4], "little") for at in range(0, whole, 4)]
    words.append(int.from_bytes(data[whole:] + b"\x80", "little"))
    for word in (*words, 0):
        a = (a + word) & _MASK
        b ^= a
        a = (_rotl(a, 20) + b) & _MASK
        b = _rotl(b, 9) ^ a
        a = (_rotl(a, 27) + b) & _MASK
        b = _rotl(b, 19)
    return b << 32 | a


def marvin32(data: bytes, seed: int | str) -> int:
    """Both halves of the 64-bit hash, xored. A text seed is a label of eight characters."""
    number = int.from_bytes(seed.encode(), "big") if isinstance(seed, str) else seed
    full = marvin64(data, number)
    return (full >> 32) ^ (full & _MASK)


def signature_offset(size: int) -> int:
    """The character at which the signature of a key of that many bytes starts."""
    return (size - 7) * 8 // 6


def his1_label(value: str, signature: str, size: int, labels: Sequence[str], swapped: bool = False) -> str | None:
    """The seed label whose checksum the key carries; None if it is none of them. Both base64 alphabets are read."""
    at = signature_offset(size)
    if value[at : at + 4] != signature:
        return None
    data = _bytes_of(value)
    if data is None or len(data) != size:
        return None
    for label in labels:
        mark = marvin32(data[:-4], label).to_bytes(4, "little")
        if data[-4:] == mark:
            return label
        if swapped and base64.b64encode(data[:-4] + mark).decode().translate(_SWAP) == value:
            return label
    return None


def sign_his1(random: bytes, signature: str, size: int, label: str, url_safe: bool = False) -> str:
    """A synthetic key: as many of the random bytes as fit, the signature, and the checksum for that label."""
    at = signature_offset(size)
    head = base64.b64encode(random).decode()[:at]
    text = head + signature
    body = base64.b64decode(text + "A" * (-len(text) % 4))[: size - 4]
    data = body + marvin32(body, label).to_bytes(4, "little")
    text = base64.b64encode(data).decode()
    if url_safe:
        text = text.replace("+", "-").replace("/", "_")
    return text.rstrip("=") if size % 3 == 0 else text


def _bytes_of(value: str) -> bytes | None:
    bare = value.rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class CaskFields:
    """What an annotated key says about itself: kind letter, year and month of issue, provider data and signature."""

    kind: str
    year: int
    month: int
    data: str
    provider: str


def cask_fields(value: str) -> CaskFields | None:
    """The fields of an annotated key; None for any other text."""
    if not _CASK.fullmatch(value):
        return None
    return CaskFields(value[57], 2024 + _BASE64.index(value[58]), ord(value[59]) - 64, value[72:76], value[76:80])


def cask_holds(value: str) -> bool:
    """Whether an annotated key (84 or 88 characters) carries its checksum, in either way to write it."""
    if not _CASK.fullmatch(value):
        return False
    data = _bytes_of(value[:80])
    if data is None:
        return False
    number = marvin32(data, _DEFAULT)
    plain = base64.b64encode(number.to_bytes(4, "little")).decode()
    return any(value[80:] in (mark[:4], mark) for mark in (base62_mark(number), plain))


def sign_cask(first80: str, long: bool = False) -> str:
    """A synthetic annotated key from its first 80 characters."""
    mark = base62_mark(marvin32(base64.b64decode(first80), _DEFAULT))
    return first80 + (mark if long else mark[:4])


def base62_mark(number: int) -> str:
    """A 32-bit checksum in base 62, as an annotated key of the long form ends."""
    raw = number.to_bytes(4, "little")
    rest, digits = int.from_bytes(raw, "big"), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    text = ("0" * zeros + digits).ljust(6, "0")[:6]
    return base64.b64encode(base64.b64decode(text + "==")).decode()


def entra8_holds(value: str) -> bool:
    """Whether a client secret of 40 characters carries its checksum."""
    return bool(_ENTRA_SECRET.fullmatch(value)) and sign_entra8(value[:37]) == value


def sign_entra8(first37: str) -> str:
    """A synthetic client secret from its first 37 characters."""
    rest, digits = marvin32(first37.encode("latin-1", "replace"), "AadPwd00"), ""
    while rest:
        rest, digit = divmod(rest, 66)
        digits = _ENTRA[digit] + digits
    return first37 + digits.rjust(6, "a")[:3]


def ado_crc(value: str) -> str | None:
    """`user` or `application` where a token of 52 base32 characters carries its checksum, else None."""
    if not _ADO_TOKEN.fullmatch(value):
        return None
    number = 0
    for character in value:
        number = number << 5 | _BASE32.index(character)
    data = (number >> 4).to_bytes(32, "big")
    mark = bytes(data[at] for at in reversed(_ADO_PLACES))
    rest = zlib.crc32(bytes(byte for at, byte in enumerate(data) if at not in _ADO_PLACES))
    return next((use for use, key in _ADO_USES.items() if (rest ^ key).to_bytes(4, "little") == mark), None)


def sign_ado(random: bytes, application: bool = False) -> str:
    """A synthetic token of 52 characters from 28 random bytes."""
    mark = (zlib.crc32(random) ^ _ADO_USES["application" if application else "user"]).to_bytes(4, "little")
    data = bytearray(random)
    for at, byte in zip(_ADO_PLACES, reversed(mark), strict=True):
        data.insert(at, byte)
    number = int.from_bytes(data, "big") << 4
    return "".join(_BASE32[number >> shift & 31] for shift in range(255, -1, -5))
