"""The tags and texts of XML, also of broken XML and of HTML. Nothing that is wrong stops it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARKUP = re.compile(r"<(?=[^\W\d]|[:/!?%])")
_NAME = re.compile(r"[\w:.-]+")
_REST_OF_TAG = re.compile(r"[^<>]*>?")
_DECLARATION = re.compile(r"[^<>\[]*")
_BLANK = re.compile(r"\s+")
_ATTRIBUTE = re.compile(r"(?P<name>[\w:.-]+)(?:\s*=\s*(?:(?P<quote>[\"'])|(?P<bare>[^\s\"'<>]+))?)?|(?P<end>/?>)")
_BROKEN = re.compile(r"[^\r\n<>\"']*[\"']?")


@dataclass(slots=True)
class Opening:
    """A start tag. `attributes` has names with the ranges of their values; `empty`: it ends itself."""

    tag: str
    attributes: tuple[tuple[str, int, int], ...]
    empty: bool


@dataclass(slots=True)
class Closing:
    """An end tag."""

    tag: str


@dataclass(slots=True)
class Text:
    """The range of a text; `raw`: it has no entities (CDATA)."""

    start: int
    end: int
    raw: bool = False


def tokens(text: str) -> Iterator[Opening | Closing | Text]:
    """What a text consists of; comments, declarations and processing instructions are skipped."""
    return _Tokenizer(text).run()


class _Tokenizer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()  # marks that do not occur any more: looked for once only

    def run(self) -> Iterator[Opening | Closing | Text]:
        text, at = self._text, 0
        while at < len(text):
            markup = _MARKUP.search(text, at)
            start = markup.start() if markup else len(text)
            if at < start:
                yield Text(at, start)
            if not markup:
                return
            if text.startswith("<![CDATA[", start):
                end = self._find("]]>", start)
                end = self._find("</", start) if end < 0 else end
                end = len(text) if end < 0 else end
                yield Text(start + 9, end, raw=True)
                at = end + 3 * text.startswith("]]>", end)
            elif text[start + 1] == "/":
                name = _NAME.match(text, start + 2)
                yield Closing(name.group() if name else "")
                at = _end_of(_REST_OF_TAG, text, start + 2)
            elif text[start + 1] in "!?%":
                at = self._skipped(start)
            else:
                opening, at = self._opening(start + 1)
                yield opening

    def _find(self, mark: str, at: int) -> int:
        found = -1 if mark in self._missing else self._text.find(mark, at)
        if found < 0:
            self._missing.add(mark)
        return found

    def _skipped(self, start: int) -> int:
        """Where a comment, declaration or instruction ends. One that nothing ends is only what begins it."""
        text = self._text
        if text.startswith("<!--", start):
            mark = "-->"
        elif text[start + 1] in "?%":
            mark = f"{text[start + 1]}>"
        else:
            at = _end_of(_DECLARATION, text, start + 2)
            if text[start + 2 : start + 9].upper() != "DOCTYPE" or text[at : at + 1] != "[":
                return _end_of(_REST_OF_TAG, text, at)
            mark = "]>"
        end = self._find(mark, start + 2)
        return end + len(mark) if end >= 0 else start + 2

    def _opening(self, start: int) -> tuple[Opening, int]:
        at = _end_of(_NAME, self._text, start)
        tag = self._text[start:at]
        attributes: list[tuple[str, int, int]] = []
        while at < len(self._text) and self._text[at] != "<":
            match = _ATTRIBUTE.match(self._text, at)
            if match is None:
                at = max(at + 1, _end_of(_BLANK, self._text, at))
                continue
            at = match.end()
            if match["end"]:
                return Opening(tag, tuple(attributes), match["end"] == "/>"), at
            if match["bare"]:
                low, high = match.span("bare")
                closes = self._text[high - 1 : high + 1] == "/>"
                at = high - closes
                attributes.append((match["name"], low, at))
            elif match["quote"]:
                end, after = self._quoted(match["quote"], at)
                attributes.append((match["name"], at, end))
                at = after
        return Opening(tag, tuple(attributes), False), at

    def _quoted(self, quote: str, start: int) -> tuple[int, int]:
        """Where the value ends that begins at `start`, and where to go on. A missing quote spoils one line."""
        end = self._find(quote, start)
        if end >= 0 and not (self._text.find("<", start, end) >= 0 and self._text.find("\n", start, end) >= 0):
            return end, end + 1
        end = _end_of(_BROKEN, self._text, start)
        return (end - 1, end) if self._text[end - 1] in "\"'" and end > start else (end, end)


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
