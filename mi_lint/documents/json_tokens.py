"""The tokens of JSON as people write it: comments, both quotes, bare words. Every text has tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

STRING, BARE = "string", "bare"

_TOKEN = re.compile(
    r"(?P<mark>[{}\[\]:,])"
    r"|\"(?P<double>[^\"\\\r\n]*(?:\\(?:\r\n|.)[^\"\\\r\n]*)*)\"?"
    r"|'(?P<single>[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*)'"
    r"|(?P<block>/\*)|//[^\r\n]*|(?<![^\s,])#(?!\{)[^\r\n]*"
    r"|(?P<bare>[^\s{}\[\]:,\"'/#\\][^\s{}\[\]:,\"'/\\]*)|\\.",
    re.DOTALL,
)
_TO_QUOTE = re.compile(r"[^\"\\]*(?:\\.[^\"\\]*)*", re.DOTALL)
_BEHIND_VALUE = re.compile(r"\s*(?:[,\]}]|\Z)")


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Each token as its kind (a mark is its own kind) and its range; that of a string is without the quotes.

    A string that its line does not close goes on only if what follows the next quote says that a value ends there;
    else it ends with the line, so that a forgotten quote spoils one line.
    """
    at = hopeless = 0  # before `hopeless` no quote closes a string of several lines
    comments = True
    while at < len(text):
        for match in _TOKEN.finditer(text, at):
            kind = match.lastgroup
            if kind == "mark":
                yield match["mark"], match.start(), match.end()
            elif kind == "bare":
                yield BARE, match.start(), match.end()
            elif kind == "block":
                end = text.find("*/", match.end()) if comments else -1
                comments = end >= 0
                if comments:
                    at = end + 2
                    break
            elif kind is not None:
                start, end = match.span(kind)
                if match.end() == end and start >= hopeless:
                    end = _TO_QUOTE.match(text, start).end()  # type: ignore[union-attr]  # matches anywhere
                    if end < len(text) and _BEHIND_VALUE.match(text, end + 1):
                        yield STRING, start, end
                        at = end + 1
                        break
                    hopeless, end = end, match.end()
                yield STRING, start, end
        else:
            return
