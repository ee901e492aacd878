"""What a signed URL or token says about itself in its own parameters: when it ends, and what it allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import unquote

from mi_lint.rulebook.kinds import SecretKind

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Terms:
    """`expired` is known only where the token names its end."""

    notes: tuple[str, ...] = ()
    expired: bool = False


def terms(kind: SecretKind, text: str, now: datetime) -> Terms:
    """Read the parameters that the kind names from the text around its secret."""
    notes, expired = [], False
    if kind.permissions:
        letters = _parameter(text, kind.permissions_in)
        words = [word for letter, word in kind.permissions if letter in letters]
        if words:
            notes.append(f"it allows to {', '.join(words)}")
    end = _moment(_parameter(text, kind.expires)) if kind.expires else None
    if end is not None:
        expired = end < now
        notes.append(f"it {'expired' if expired else 'is valid until'} {'on ' if expired else ''}{end:%Y-%m-%d}")
    return Terms(tuple(notes), expired)


def _parameter(text: str, name: str) -> str:
    match = re.search(rf"(?:^|[?&;\s=]|amp;|%26|%3[fF]){re.escape(name)}(?:=|%3[dD])([^&;\s\"'<>]{{1,64}})", text)
    return unquote(unquote(match[1])) if match else ""


def _moment(text: str) -> datetime | None:
    """A point in time written as ISO 8601 (to the day or the second) or as Unix seconds."""
    try:
        if text.isdecimal() and 9 <= len(text) <= 10:
            return datetime.fromtimestamp(int(text), timezone.utc)
        match = _DATE.match(text)
        numbers = [int(part or 0) for part in match.groups()] if match else []
        return datetime(*numbers, tzinfo=timezone.utc) if numbers else None  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError, OSError):
        return None
