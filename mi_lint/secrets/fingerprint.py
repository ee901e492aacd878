"""The identity of a secret: a keyed one-way hash of its value and kind, the same wherever the secret stands."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from urllib.parse import unquote

_PERSON = b"mi-lint/v1"
_LONG = 32  # characters from which on nobody can guess a value that is drawn at random
_ROUNDS = 20_000  # for shorter ones, and for what people choose: each guess costs as much as this
_CHOSEN = ("password", "connection-url")


def fingerprint(value: str, kind: str, secret_class: str = "", key: str = "") -> str:
    """24 hex digits. Values that differ only in percent-encoding or in blanks around them are the same.

    `key` is the project's own, if it has one: without it two projects with the same secret have the same fingerprint.
    """
    normal = unquote(value).strip()
    material = f"{kind}\0{normal}".encode("utf-8", "surrogatepass")
    slow = len(normal) < _LONG or secret_class in _CHOSEN
    return _hash(material, key.encode() or _PERSON, slow)


@lru_cache(maxsize=4096)
def _hash(material: bytes, key: bytes, slow: bool) -> str:
    if slow:
        return hashlib.pbkdf2_hmac("sha256", material, key, _ROUNDS, 12).hex()
    return hmac.new(key, material, hashlib.blake2b).digest()[:12].hex()


def sha1(value: str) -> str:
    """The hash by which detect-secrets knows a value; only for its baseline files, which hold nothing else."""
    return hashlib.sha1(value.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
