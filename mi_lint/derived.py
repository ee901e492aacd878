"""Derived values as they are written: in Python source, in settings files, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mi_lint.change import SettingChange
from mi_lint.parted import trimmed
from mi_lint.rulebook.model import Derivation
from mi_lint.secrets.placeholders import is_placeholder
from mi_lint.settings.formats import format_for
from mi_lint.settings.model import PassesOn, SettingEntry
from mi_lint.templates import derive, holes, is_hole, parse_connection_string
from mi_lint.workspace import Workspace

_REFERENCE = re.compile(
    r"\$\{(?P<name>[A-Za-z_]\w*)(?::?(?:\?[^{}]*|[-+](?P<default>[^{}]*)))?\}|\$(?P<bare>[A-Za-z_]\w*)|\$\([^()]*\)"
)


def words(derivation: Derivation) -> str:
    """A derived value in plain words, for messages: `account url`."""
    return re.sub(r"\burl\b", "URL", derivation.name.replace("_", " "))


def placeholder(wanted: Derivation) -> str:
    """What stands for a derived value in files that show others what to fill in."""
    return f"<{re.sub('(?<=[a-z])(?=[A-Z])|_', '-', wanted.setting).lower()}>"


def derived_setting(workspace: Workspace, entry: SettingEntry, wanted: Derivation, new: str = "") -> str | None:
    """The new value of a setting entry; a placeholder stays a placeholder.

    Where it is passed on from outside under its own name, it is passed on under the `new` name.
    """
    format_ = format_for(entry)
    if (entry.origin or entry.computed) and isinstance(format_, PassesOn):
        file = workspace.text(entry.path)
        return format_.passed_on(file, entry, wanted.templates, new or entry.name, workspace.known.resources)
    found = derive(wanted.templates, parse_connection_string(entry.value))
    reference = _REFERENCE.fullmatch(entry.value)
    passed_on = reference is not None or "{{" in entry.value
    if found is None and passed_on and not format_.whole:
        own = (
            reference is not None and entry.name in (reference["name"], reference["bare"]) and not reference["default"]
        )
        return entry.value.replace(entry.name, new or entry.name, 1) if own else None
    if found is None and (is_placeholder(entry.value) or not entry.value):
        return placeholder(wanted) if entry.value else ""
    return found


def trimmed_value(change: SettingChange, text: str) -> str | None:
    """The value of a setting that keeps its name; None where it stays as it is, or cannot be told apart."""
    if change.only and not re.search(change.only, text):
        return None
    return trimmed(text, change.format.syntax, change.derivation.drops, change.derivation.adds)


def quoted(text: str, like: str) -> str:
    """A string literal with the quotes of an existing one."""
    body = like.lstrip("rRbBuUfF(")
    quote = "'" if body.startswith("'") else '"'
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"


def f_string(text: str, sources: list[str]) -> str | None:
    """Source of an f-string for text with holes; the expression itself when the text is one hole."""
    if len(text) == 1 and is_hole(text):
        return sources[holes(text)[0]]
    used = [sources[index] for index in holes(text)]
    if any("\n" in source or "\\" in source for source in used):
        return None
    quote = '"' if not any('"' in source for source in used) else "'"
    if any(quote in source for source in used) or quote in text:
        return None
    escapes = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"} | ({"{": "{{", "}": "}}"} if used else {})
    out = []
    for character in text:
        if is_hole(character):
            out.append("{" + sources[holes(character)[0]] + "}")
        else:
            out.append(escapes.get(character, character))
    prefix = "f" if used else ""
    return f"{prefix}{quote}{''.join(out)}{quote}"


def same_value(one: Derivation, other: Derivation, keys: Iterable[str]) -> bool:
    """Whether two derivations give the same of any connection string that has these keys."""
    parts = {key.lower(): f"https://{key.lower()}.example" for key in keys}
    values = [derive(item.templates, parts) for item in (one, other)]
    return values[0] is not None and values[0].rstrip("/") == (values[1] or "").rstrip("/")
