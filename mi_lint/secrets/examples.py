"""Run the examples of kinds: each text is scanned, and must give what the pack promises."""

from __future__ import annotations

import base64
import random as randomness
import re
from collections.abc import Mapping

from mi_lint.rulebook.kinds import SecretExample, SecretKind
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.minting import broken, mint
from mi_lint.secrets.scan import find_secrets
from mi_lint.textfile import decode_any

_TOKEN = re.compile(r"\{([a-z0-9]+(?:-[a-z0-9]+)*)(:broken|:base64)?\}")
_ALNUM = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def expand(text: str, kinds: Mapping[str, SecretKind], seed: str) -> tuple[str, list[str]]:
    """The text with a synthetic value for each token, and those values; the same ones on every run."""
    random = randomness.Random(f"mi-lint {seed}")
    made: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        name, form = match[1], match[2] or ""
        plain = made.get(name) or _value(name, kinds, random)
        if plain is None:
            return match.group()
        made[name] = plain
        if form == ":broken":
            made[name + form] = made.get(name + form) or broken(plain, random)
            return made[name + form]
        if form == ":base64":
            made[name + form] = base64.b64encode(plain.encode()).decode()
            return made[name + form]
        return plain

    return _TOKEN.sub(value, text), list(made.values())


def _value(name: str, kinds: Mapping[str, SecretKind], random: randomness.Random) -> str | None:
    if name in kinds:
        return mint(kinds[name], random, kinds)
    digits = random.randbytes(16).hex()
    if name == "guid":
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
    if name in ("hex32", "hex64"):
        return random.randbytes(int(name[3:]) // 2).hex()
    if name in ("base64-32", "base64-64"):
        return base64.b64encode(random.randbytes(int(name[7:]))).decode()
    return "".join(random.choice(_ALNUM) for _ in range(24)) if name == "alnum24" else None


def problem_of(example: SecretExample, kind: SecretKind, kinds: Mapping[str, SecretKind], detector: Detector) -> str:
    """Why an example does not hold, empty if it does. Names kinds and places, never values."""
    text, values = expand(example.text, kinds, f"{kind.name} {example.title}")
    file = decode_any(example.path, text.encode())
    found = find_secrets(file, detector)
    told = ", ".join(f"{s.kind.name} at {s.start}-{s.end}" for s in found) or "nothing"
    if example.silent:
        return f"found {told}" if found else ""
    if [secret.kind.name for secret in found] != [kind.name]:
        return f"found {told}"
    shown = "".join(file.text[span.start : span.end] for span in found[0].spans)
    return "" if shown in values or found[0].value in values else f"the place is not the whole value ({told})"
