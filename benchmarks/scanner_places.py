"""Where a scanner's report lies in a file, in bytes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.corpus.score import Found

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"), (b"", "utf-8"))
_WORD = re.compile(r"""[^\s"'<>]+""")


def place(corpus: Path, path: str, line: int, value: str) -> Found | None:
    """The words on or after the line that hold the value; the whole line where the value is not given or not there.

    Whole words, since some rules report a small piece of a URL or connection string as its secret.
    """
    path = Path(path).as_posix().removeprefix("./").removeprefix(f"{corpus.as_posix()}/")
    try:
        data = (corpus / path).read_bytes()
    except OSError:
        return None
    mark, codec = next((mark, codec) for mark, codec in _MARKS if data.startswith(mark))
    text = data[len(mark) :].decode(codec, "surrogateescape" if codec == "utf-8" else "replace")
    lines = text.split("\n")
    line = min(max(line, 1), len(lines))
    first = sum(len(row) + 1 for row in lines[: line - 1])
    start, end = first, first + len(lines[line - 1])
    at = text.find(value, first) if value else -1
    if at >= 0:
        start, end = _words(text, at, at + len(value))

    def offset(character: int) -> int:
        return len(mark) + len(text[:character].encode(codec, "surrogateescape" if codec == "utf-8" else "replace"))

    return Found(path, offset(start), offset(end))


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range, widened to the ends of the words at its borders, within their lines."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    high = len(text) if high < 0 else high
    for word in _WORD.finditer(text, low, high):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
    return start, end
