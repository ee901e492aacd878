"""Whether a match is a real secret: not a stand-in, not an emulator's key, not made up, not refuted by its checksum."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from mi_lint.secrets.detector import CompiledSearch, Detector
from mi_lint.secrets.patterned import entropy, is_patterned, is_typed
from mi_lint.secrets.placeholders import is_placeholder

HOLE = "\ufffc"  # stands for a part that is known only when the program runs
_FREE_FORM = ("password", "connection-url")  # what people choose themselves
_INTERPOLATED = re.compile(
    r"\$\{|\{\{|\}\}|\$\(|%\(\w+\)s|#\{|@@\w+@@|\[(?:parameters|variables|concat|listKeys)\(|listKeys\("
)
_VARIABLE = re.compile(r"\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_]\w*%|%s|%r|\{[A-Za-z_][\w.]*\}|\{\d*\}")
_CODE = re.compile(
    r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*[\[(].*[\])]|(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\([\w\s,.=*]*"
    r"|(?:os|self|config|settings|env|args|options)\.\w+|[a-z_][a-z0-9_]*(?:\.[a-z_]+){2,}"
)
_CALLED = re.compile(r"[A-Za-z_][\w.]*")
_DOTTED = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)+")  # an expression
_NAMED = re.compile(  # `payments-client-secret`: the name of a secret
    r"(?i)(?:[a-z]{1,24}[-_. ]){1,6}(?:secret|password|passwd|pwd|key|token|credentials?|name|value)"
    r"(?:[-_. ][a-z]{1,24}){0,3}"
)
_WORD = re.compile(r"[A-Za-z_]+")


def is_stand_in(value: str, secret_class: str, detector: Detector) -> bool:
    """Whether the value only stands for another one, or was plainly made up."""
    value = html.unescape(value) if "&" in value else value
    if HOLE in value or _INTERPOLATED.search(value) or is_placeholder(value):
        return True
    if value.lower().startswith(detector.references) or _NAMED.fullmatch(value):
        return True
    if _DOTTED.fullmatch(value):
        return True
    if secret_class in _FREE_FORM:
        return _is_no_password(value) or is_typed(value)
    return is_patterned(value)


def is_name_in_code(text: str, start: int, end: int) -> bool:
    """Whether the value reads as a name in code: of a function that is called, or of a variable in an f-string."""
    value = text[start:end]
    if text[end : end + 1] == "(" and _CALLED.fullmatch(value):
        return True
    braced = text[max(0, start - 1) : start] == "{" and text[end : end + 1] == "}"
    return braced and value.isidentifier() and not (len(value) >= 10 and any(c.isdigit() for c in value))


def _is_no_password(value: str) -> bool:
    """A reference, a piece of code, one repeated character, or the name of a secret instead of it."""
    plain = unquote(value)
    if _VARIABLE.fullmatch(plain) or _CODE.fullmatch(plain) or is_placeholder(plain):
        return True
    words = [word.lower() for word in _WORD.findall(plain)]
    named = {"password", "passwd", "pwd", "pass", "secret"}
    return len(set(plain)) < 3 or (bool(words) and _WORD.fullmatch(plain) is not None and set(words) <= named)


def is_emulator_key(value: str, detector: Detector) -> bool:
    """Whether the value is one of the fixed keys that emulators ship with."""
    plain = unquote(value) if "%" in value else value
    return any(plain.startswith(start) and plain.endswith(end) for start, end in detector.emulator_keys)


def is_weak(value: str, entry: CompiledSearch) -> bool:
    """Whether the value has less variety than the search entry demands."""
    return bool(entry.search.entropy) and entropy(value) < entry.search.entropy


# What a name says about a value that has the shape of a secret and is none.
_NO_SECRET_NAME = re.compile(
    r"(?i)(?:hash|digest|check_?sum|e_?tag|md5|sha_?\d*|thumb_?print|finger_?print|public|version|commit|revision|uuid|guid"
    r"|integrity|(?:^|[^a-z])id|(?<=[a-z])Id|_id|name|names|url|uri|path|file|format|regex|pattern|length|size|type)s?$"
)


def names_no_secret(name: str) -> bool:
    """Whether a name says that its value is a hash, an id, a version or the like."""
    last = re.split(r"[.:/]", name)[-1]
    return bool(_NO_SECRET_NAME.search(last)) or "public" in last.lower()
