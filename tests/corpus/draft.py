"""A file in the making: its text, and where the values of secrets lie in it."""

from __future__ import annotations

from collections.abc import Callable

from tests.corpus.secrets import Form

_CODECS = {"utf-8": (b"", "utf-8"), "utf-8-bom": (b"\xef\xbb\xbf", "utf-8"), "utf-16": (b"\xff\xfe", "utf-16-le")}


class Draft:
    """Text with marked places. Escapes work on single characters, so a value's escape is part of the whole's."""

    def __init__(self) -> None:
        self.text = ""
        self.places: list[tuple[Form, tuple[int, int]]] = []

    def add(self, text: str) -> None:
        self.text += text

    def secret(self, form: Form, escape: Callable[[str], str] = str) -> None:
        """Write the form's text and mark its value."""
        before, _, after = form.text.partition(form.value)
        self.add(escape(before))
        start = len(self.text)
        self.add(escape(form.value))
        self.places.append((form, (start, len(self.text))))
        self.add(escape(after))

    def encoded(self, encoding: str, crlf: bool) -> tuple[bytes, list[tuple[Form, tuple[int, int]]]]:
        """The bytes of the file and the byte ranges of the values."""
        mark, codec = _CODECS[encoding]

        def convert(text: str) -> bytes:
            return (text.replace("\n", "\r\n") if crlf else text).encode(codec)

        def offset(at: int) -> int:
            return len(mark) + len(convert(self.text[:at]))

        return mark + convert(self.text), [(form, (offset(a), offset(b))) for form, (a, b) in self.places]
