"""Values of XML: attributes and texts with their names, and the pairs in which settings are written."""

from __future__ import annotations

from dataclasses import dataclass, field

from mi_lint.documents.decode import xml_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View, join
from mi_lint.documents.xml_tokens import Closing, Opening, Text, tokens

_NAMES = frozenset({"name", "key"})
_VALUES = frozenset({"value", "connectionstring", "defaultvalue"})
_PLIST_KEY, _PLIST_VALUES, _PLIST_HOLDER = "key", frozenset({"string", "data"}), "dict"
_VOID = frozenset({"br", "hr", "img", "input", "meta"})  # elements of HTML that nobody closes
_DEEPEST = 64  # names of a path that are kept


@dataclass(slots=True)
class _Element:
    """An open element. `path` has its tag and those around it; `title` is what it is called inside the file."""

    tag: str
    number: int
    path: tuple[str, ...] = ()
    title: str = ""
    value: View | None = None
    parts: list[View] = field(default_factory=list)


def values(text: str) -> list[NamedValue]:
    """All attribute values and element texts that say something.

    An element with a name and a value, each an attribute or a child, is also one value of that name beside its
    neighbours.
    """
    reader = _Reader(text)
    for token in tokens(text):
        if isinstance(token, Text):
            reader.text(token)
        elif isinstance(token, Opening):
            reader.open(token)
        else:
            reader.close(token)
    reader.flush()
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: list[NamedValue] = []
        self._text = text
        self._stack = [_Element("", 0)]
        self._count = 0
        self._open: dict[str, int] = {}

    def text(self, token: Text) -> None:
        view = View.of(self._text[token.start : token.end], token.start)
        self._stack[-1].parts.append(view if token.raw else xml_text(view))

    def open(self, token: Opening) -> None:
        self.flush()
        self._count += 1
        parent = self._stack[-1]
        path = (*parent.path, token.tag) if len(parent.path) < _DEEPEST else parent.path
        element = _Element(token.tag, self._count, path)
        for name, start, end in token.attributes:
            if start == end:
                continue
            view = xml_text(View.of(self._text[start:end], start))
            self.found.append(NamedValue(name, view, path, element.number))
            local = _local(name)
            if local in _NAMES:
                element.title = element.title or view.text
            elif local in _VALUES:
                element.value = view
        self._pair(element, parent)
        if not token.empty and token.tag.lower() not in _VOID:
            self._stack.append(element)
            self._open[token.tag] = self._open.get(token.tag, 0) + 1

    def close(self, token: Closing) -> None:
        """Close the innermost element of that tag and what was left open in it; without one the tag means nothing."""
        self.flush()
        if self._open.get(token.tag):
            closed = ""
            while closed != token.tag:
                closed = self._stack.pop().tag
                self._open[closed] -= 1

    def flush(self) -> None:
        """The text of the innermost element so far is a value."""
        element = self._stack[-1]
        if not element.parts:
            return
        view = _trimmed(join(element.parts))
        element.parts.clear()
        if not view.text or len(self._stack) == 1:
            return
        parent = self._stack[-2]
        self.found.append(NamedValue(element.tag, view, parent.path, parent.number))
        if element.title:
            self.found.append(NamedValue(element.title, view, parent.path, parent.number))
        elif len(self._stack) > 2:
            self._child(_local(element.tag), view, parent, self._stack[-3])

    def _child(self, tag: str, view: View, parent: _Element, holder: _Element) -> None:
        """A text that may name its parent, or be the value of what it is called."""
        if _local(parent.tag) == _PLIST_HOLDER:
            if tag == _PLIST_KEY:
                parent.title = view.text
            elif tag in _PLIST_VALUES and parent.title:
                self.found.append(NamedValue(parent.title, view, parent.path, parent.number))
                parent.title = ""
        elif tag in _NAMES:
            parent.title = parent.title or view.text
            self._pair(parent, holder)
        elif tag in _VALUES:
            parent.value = view
            self._pair(parent, holder)

    def _pair(self, element: _Element, holder: _Element) -> None:
        if element.title and element.value is not None:
            self.found.append(NamedValue(element.title, element.value, holder.path, holder.number))
            element.value = None


def _local(name: str) -> str:
    """A name without its namespace, as names are compared."""
    return name.rpartition(":")[2].lower()


def _trimmed(view: View) -> View:
    bare = view.text.strip()
    if len(bare) == len(view):
        return view
    start = view.text.find(bare)
    return view[start : start + len(bare)]
