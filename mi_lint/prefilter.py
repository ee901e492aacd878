"""The cheap question before any parsing: can this project concern us at all?

Works on raw bytes with the words that the rulebook itself names, so that a new pack needs no change here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mi_lint.rulebook.model import Rulebook

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def keywords(rulebook: Rulebook) -> frozenset[str]:
    """Words of which at least one is in every project with a finding: packages, secret parts, words of requests."""
    words = {call.old.symbol.partition(".")[0] for rule in rulebook.rules for call in rule.calls}
    words |= {word for rule in rulebook.rules if rule.request is not None for word in rule.request.words}
    words |= {rule.binding.module for rule in rulebook.rules if rule.binding is not None}
    words |= {name for rule in rulebook.rules if rule.binding is not None for name, _ in rule.binding.types}
    words |= {name for rule in rulebook.rules if rule.binding is not None for name in rule.binding.hosts}
    words |= {secret for pack in rulebook.packs for form in pack.formats for secret in form.secrets}
    return frozenset(word for word in words if word)


def concerns(files: Mapping[str, bytes], rulebook: Rulebook) -> bool:
    """Whether any file holds one of the rulebook's words (in any case)."""
    words = keywords(rulebook)
    if not words:
        return False
    pattern = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(words)), re.IGNORECASE)
    return any(pattern.search(_plain(data)) for data in files.values())


def _plain(data: bytes) -> bytes:
    encoding = _UTF16.get(data[:2])
    return data.decode(encoding, "replace").encode() if encoding else data
