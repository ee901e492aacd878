"""Comments on lines of their own above an entry, and what they speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mi_lint.settings.model import SettingEntry
from mi_lint.textfile import Span, TextFile

_MENTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SETTING_LIKE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def comment_above(
    file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry], marks: tuple[str, ...] = ("#",)
) -> Span:
    """The comment lines right above an entry, not those inside a value that ends there; empty where there are none."""
    start = entry.line_span.start
    floor = max((other.line_span.end for other in entries if other.line_span.start < start), default=0)
    line, _ = file.line_column(start)
    while line > 1 and file.line_starts[line - 2] >= floor:
        above = file.line_text(line - 1).lstrip()
        if not above.lower().startswith(marks) or above.startswith("#!"):
            break
        line -= 1
        start = file.line_starts[line - 1]
    return Span(start, entry.line_span.start)


def mentions(file: TextFile, span: Span, name: str) -> list[Span]:
    """Where a comment speaks of a setting; a definition that is commented out is left as it is."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-]|[^\S\r\n]*=)")
    return [Span(*match.span()) for match in pattern.finditer(file.text, span.start, span.end)]


def speaks_only_of(comment: str, name: str, others: set[str]) -> bool:
    """Whether a comment opens with a line that names the setting, and names no other one."""
    if name not in _MENTION.findall(comment.partition("\n")[0]):
        return False
    words = set(_MENTION.findall(comment)) - {name}
    return not words & others and not any(_SETTING_LIKE.fullmatch(word) for word in words)
