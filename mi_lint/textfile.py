"""A file as bytes and as text, with exact conversions between byte offsets, characters and lines.

Everything downstream reasons in characters of `text`; edits leave in bytes of `data`.
"""

from __future__ import annotations

import bisect
import codecs
import io
import re
import tokenize
from dataclasses import dataclass, field

from mi_lint.errors import SourceError

_STEP = 4096  # characters
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters `[start, end)` in one file's text."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(slots=True, eq=False)
class TextFile:
    """One decoded file. `path` is relative to the project root, with forward slashes."""

    path: str
    data: bytes
    text: str
    encoding: str
    bom: bytes = b""
    _starts: list[int] = field(default_factory=list, repr=False)
    _bytes: list[int] = field(default_factory=list, repr=False)

    @property
    def newline(self) -> str:
        """The line ending that the file uses first; a line feed where it has none."""
        match = _NEWLINE.search(self.text)
        return match.group() if match else "\n"

    @property
    def line_starts(self) -> list[int]:
        """Character offset of the first character of each line."""
        if not self._starts:
            self._starts = [0, *(m.end() for m in _NEWLINE.finditer(self.text))]
        return self._starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in characters) of a character offset."""
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    @property
    def _steps(self) -> list[int]:
        """Offset in `data` of every `_STEP`th character: conversions start from the nearest one."""
        if not self._bytes:
            at = len(self.bom)
            self._bytes = [at]
            for start in range(0, len(self.text), _STEP):
                at += len(self.text[start : start + _STEP].encode(self.encoding))
                self._bytes.append(at)
        return self._bytes

    def byte_offset(self, offset: int) -> int:
        """Offset in `data` of a character offset in `text`."""
        step = offset // _STEP
        return self._steps[step] + len(self.text[step * _STEP : offset].encode(self.encoding))

    def char_offset(self, offset: int) -> int:
        """Offset in `text` of an offset in `data`."""
        step = max(0, bisect.bisect_right(self._steps, offset) - 1)
        return step * _STEP + len(self.data[self._steps[step] : offset].decode(self.encoding, "replace"))

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its line ending."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def in_file(self, span: Span) -> tuple[TextFile, Span]:
        """What is stored, and where a span of `text` stands in it."""
        return self, span

    def encode(self, text: str) -> bytes:
        """Bytes of a new text in this file's encoding, with its byte order mark."""
        return self.bom + text.encode(self.encoding)


def decode_python(path: str, data: bytes) -> TextFile:
    """Decode a Python file by its byte order mark or coding line (PEP 263).

    Raises:
        SourceError: the coding is unknown, or the bytes do not fit it.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except (SyntaxError, UnicodeDecodeError):
        raise SourceError(path, "the file is not valid text in its declared encoding") from None
    bom = b""
    if data.startswith(codecs.BOM_UTF8):
        bom, encoding = codecs.BOM_UTF8, "utf-8"
    return _decode(path, data, encoding, bom)


def decode_text(path: str, data: bytes) -> TextFile:
    """Decode any other text file: a byte order mark decides, else UTF-8.

    Raises:
        SourceError: the bytes are not text in that encoding.
    """
    marks = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
    for bom, encoding in marks:
        if data.startswith(bom):
            return _decode(path, data, encoding, bom)
    return _decode(path, data, "utf-8", b"")


def decode_any(path: str, data: bytes) -> TextFile:
    """Decode whatever the bytes are, so that nothing stays unread: each byte a character where all else fails."""
    readers = [decode_python, decode_text] if path.endswith((".py", ".pyi", ".pyw")) else [decode_text]
    if looks_like_utf16(data):
        encoding = "utf-16-le" if _alternates(data, 1) else "utf-16-be"
        readers.insert(0, lambda path, data: _decode(path, data, encoding, b""))
    for decode in readers:
        try:
            return decode(path, data)
        except SourceError:
            continue
    return _decode(path, data, "latin-1", b"")


def looks_like_utf16(data: bytes) -> bool:
    """Whether bytes without a byte order mark are UTF-16 of mostly plain letters."""
    return _alternates(data, 0) or _alternates(data, 1)


def _alternates(data: bytes, zero: int) -> bool:
    """Whether every other byte is zero, as in UTF-16 of plain ASCII."""
    head = data[:64]
    return len(head) >= 8 and not any(head[zero::2]) and all(head[1 - zero :: 2])


def _decode(path: str, data: bytes, encoding: str, bom: bytes) -> TextFile:
    try:
        text = data[len(bom) :].decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise SourceError(path, f"the file is not valid {encoding} text") from None
    if bom + text.encode(encoding) != data:
        raise SourceError(path, f"the file's {encoding} bytes do not survive a round trip")
    return TextFile(path, data, text, encoding, bom)
