"""Text of findings and plans as HTML: escaped, with code in backticks and emphasis, and nothing else of Markdown."""

from __future__ import annotations

import re
from html import escape

_CODE = re.compile(r"(?P<fence>`+)(?P<code>.+?)(?P=fence)(?!`)")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<url>https://[^\s)]+)\)")
_BOLD = re.compile(r"\*\*(?P<text>[^*]+)\*\*")
_ESCAPED = re.compile(r"\\([\\`*{}\[\]<>|_#.!()+-])")


def inline(text: str, markdown: bool = False) -> str:
    """One line of text. With `markdown` its escapes and links are read too; plain messages have none."""
    out, at = [], 0
    for match in _CODE.finditer(text):
        out += [_prose(text[at : match.start()], markdown), f"<code>{escape(match['code'].strip())}</code>"]
        at = match.end()
    return "".join([*out, _prose(text[at:], markdown)])


def _prose(text: str, markdown: bool) -> str:
    if not markdown:
        return escape(text)
    out, at = [], 0
    for match in _LINK.finditer(text):
        url = escape(match["url"])
        out += [_plain(text[at : match.start()]), f'<a href="{url}" rel="noreferrer">{_plain(match["text"])}</a>']
        at = match.end()
    return "".join([*out, _plain(text[at:])])


def _plain(text: str) -> str:
    bold = _BOLD.sub(r"<strong>\g<text></strong>", escape(text))
    return _ESCAPED.sub(r"\1", bold)
