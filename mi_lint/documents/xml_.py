"""Values of XML: attributes and texts with their names, read by a tokenizer that broken files do not stop."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mi_lint.documents.decode import xml_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<[?!][^>]*>|</\s*(?P<close>[\w:.-]+)[^>]*>"
    r"|<(?P<open>[\w:.-]+)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|(?P<text>[^<]+)|<",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?P<name>[\w:.-]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "connectionstring"})
_DEEPEST = 200


@dataclass(slots=True)
class _Element:
    """An open element: its tag, its number, the name that an attribute gives it."""

    tag: str
    number: int
    title: str = ""
    texts: list[View] = field(default_factory=list)


def values(text: str) -> list[NamedValue]:
    """All attribute values and element texts. `<add key="X" value="Y"/>` is also a value of the name X."""
    reader = _Reader(View.of(text))
    for match in _TOKEN.finditer(text):
        reader.token(match)
    return reader.found


class _Reader:
    def __init__(self, base: View) -> None:
        self.base = base
        self.found: list[NamedValue] = []
        self.stack = [_Element("", 0)]
        self.count = 0

    def token(self, match: re.Match[str]) -> None:
        if match["open"] is not None:
            self._open(match)
        elif match["close"] is not None:
            self._close()
        elif match["cdata"] is not None:
            self._text(self.base[match.start("cdata") : match.end("cdata")])
        elif match["text"] is not None and not match["text"].isspace():
            self._text(xml_text(self.base[match.start() : match.end()]))

    @property
    def _path(self) -> tuple[str, ...]:
        return tuple(element.tag for element in self.stack[1:_DEEPEST])

    def _open(self, match: re.Match[str]) -> None:
        self.count += 1
        element = _Element(match["open"], self.count)
        title, value = "", None
        offset = match.start("attributes")
        path = (*self._path, element.tag)
        for attribute in _ATTRIBUTE.finditer(match["attributes"]):
            quote = "double" if attribute["double"] is not None else "single"
            start, end = attribute.span(quote)
            view = xml_text(self.base[offset + start : offset + end])
            self.found.append(NamedValue(attribute["name"], view, path, element.number))
            if attribute["name"].lower() in _NAMES:
                title = title or view.text
            elif attribute["name"].lower() in _VALUES:
                value = view
        if title and value is not None:
            self.found.append(NamedValue(title, value, self._path, self.stack[-1].number))
        element.title = title
        if not match["attributes"].rstrip().endswith("/"):
            self.stack.append(element)

    def _text(self, view: View) -> None:
        top = self.stack[-1]
        self.found.append(NamedValue(top.tag, view, self._path[:-1], top.number))
        named = next((element for element in reversed(self.stack[-2:]) if element.title), None)
        if named is not None:
            self.found.append(NamedValue(named.title, view, self._path[:-1], self.stack[0].number))

    def _close(self) -> None:
        if len(self.stack) > 1:
            self.stack.pop()
