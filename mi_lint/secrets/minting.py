"""Synthetic secrets of every kind, with valid checksums where the kind has one: for examples and tests."""

from __future__ import annotations

import base64
import random as randomness
import re
from collections.abc import Mapping

from mi_lint.rulebook.kinds import Checksum, SecretKind
from mi_lint.secrets import checksum as algorithms
from mi_lint.secrets.sampling import sample

_TRIES = 50


def mint(kind: SecretKind, random: randomness.Random, kinds: Mapping[str, SecretKind]) -> str:
    """A value that has the shape of the kind and carries its checksum. `kinds` are all kinds by name.

    Raises:
        ValueError: the kind's shape and checksum do not fit together.
    """
    for _ in range(_TRIES):
        inner = next((name for search in kind.find for name in search.contains), "")
        value = sample(kind.sample or kind.shape, random)
        if inner:
            value = base64.b64encode(f":{mint(kinds[inner], random, kinds)}".encode()).decode()
        if kind.checksum is not None:
            value = _signed(value, kind.checksum, random)
        if re.fullmatch(kind.shape, value):
            return value
    raise ValueError(f"no value of {kind.name} could be made")


def broken(value: str, random: randomness.Random) -> str:
    """The value with one of its random characters changed, so that its checksum fails."""
    at = random.randrange(4, 20)
    other = random.choice([c for c in "bcdfghjkmnpqrstvwxyz" if c != value[at]])
    return value[:at] + other + value[at + 1 :]


def _signed(value: str, checksum: Checksum, random: randomness.Random) -> str:
    if checksum.algorithm == "cask":
        return algorithms.sign_cask(value[:80])
    if checksum.algorithm == "entra8":
        return algorithms.sign_entra8(value[:37]) if value[3:6] == "8Q~" else value
    if checksum.algorithm == "ado-crc":
        return algorithms.sign_ado(random.randbytes(28))
    label = random.choice(checksum.labels)[0]
    url_safe = random.random() < 0.5
    key = algorithms.sign_his1(random.randbytes(checksum.size), checksum.signature, checksum.size, label, url_safe)
    return key.replace("+", "P").replace("/", "F") if checksum.swapped else key
