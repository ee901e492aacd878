"""Whether a value only stands for another one: `<your key>`, `changeme`, `xxxx`, `${KEY}`.

The value itself is judged, never the line, file or name around it. A literal default of an interpolation is a value.
"""

from __future__ import annotations

import re

from mi_lint.templates import parse_connection_string

_BRACKETED = re.compile(r"<[A-Za-z][\w .:/'-]*>")
_INTERPOLATED = re.compile(
    r"\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|\$\{[\w.]+(?::?[-=](?P<default>[^{}]*))?\}|\$\([\w.]+\)|\$[A-Z_][A-Z0-9_]*"
    r"|\{[\w.]*\}|\[[A-Za-z][\w ./-]*\]|%\(\w+\)s|%s|%\w+%|#\{[^{}]*\}#?|@@\w+@@|__[A-Za-z]\w*__"
)
_TELLING = re.compile(
    r"(?:your|example|placeholder|changeme|dummy|redacted)\w*"
    r"|change|removed|hidden|masked|sample|insert|todo|tbd|fixme|fake|replace|replaceme|fill"
)
_EXACT = re.compile(
    r"none|null|nil|undefined|empty|na|foo|bar|foobar"
    r"|(?:my|test|some|the|new|old|admin|user|db|root|secret|super|strong|default){0,3}(?:key|secret|passwo?r?d|pwd)[0-9!]{0,4}"
)
_WORDS = re.compile(r"[A-Za-z]{1,20}[0-9]{0,2}(?:[ _.-]+(?:[A-Za-z]{1,20}[0-9]{0,2}|[0-9]{1,3}))*")
_YOURS = re.compile(r"(?i)your[ _-]?[a-z][a-z _-]+")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "abc123", "012345678901234567890", "qwertyuiopasdfghjklzxcvbnm")
_NO_LETTER = frozenset("x*?#")


def is_placeholder(value: str) -> bool:
    """Whether a value is no real one. Of a `Key=Value;` string, whether any of its parts is no real one."""
    text = value.strip().strip("\"'")
    if _is_mask(text, 4):
        return True
    parts = parse_connection_string(text) if ";" in text else {}
    if parts:
        return any(part and _is_mask(part, 8) for part in parts.values())  # longer, because a port may be 1234 or 5555
    return _is_words(text)


def _is_mask(text: str, shortest: int) -> bool:
    """Forms that no real value has, wherever they stand; runs and repetitions from a length on."""
    if not text or "..." in text or "…" in text or _BRACKETED.search(text) or _YOURS.fullmatch(text):
        return True
    match = _INTERPOLATED.fullmatch(text)
    if match:
        return is_placeholder(match["default"] or "")
    bare = re.sub(r"[-_ =/.]", "", text).lower()
    if not bare or (len(set(bare)) == 1 and len(bare) >= (3 if bare[0] in _NO_LETTER else shortest)):
        return True
    return len(bare) >= shortest and any(bare in run for run in _RUNS)


def _is_words(text: str) -> bool:
    """Whole values made of plain words, one of which says that it is not real."""
    lower = text.lower()
    if _EXACT.fullmatch(lower):
        return True
    return bool(_WORDS.fullmatch(text)) and any(_TELLING.fullmatch(word) for word in re.split(r"[ _.-]+", lower))
