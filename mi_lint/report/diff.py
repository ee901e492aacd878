"""Unified diffs of what a run would change, without the secrets that it removes.

Lines are compared as they are and shown redacted. Where nothing had to be hidden, `git apply` takes the result.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from mi_lint.findings import Edit, Fix
from mi_lint.report.redact import Redactor
from mi_lint.report.style import Style, printable
from mi_lint.textfile import TextFile

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


class FileChange(Protocol):
    """The content of one file afterwards."""

    @property
    def after(self) -> bytes: ...


def apply_edits(file: TextFile, edits: Iterable[Edit]) -> bytes:
    """The bytes of a file after the edits (of this file, in order, not overlapping)."""
    data = file.data
    for edit in reversed([edit for edit in edits if edit.place.path == file.path]):
        data = data[: edit.place.start] + edit.text.encode(file.encoding) + data[edit.place.end :]
    return data


def fix_diff(fix: Fix, sources: Mapping[str, TextFile], redactor: Redactor, context: int = 1) -> list[str]:
    """The diff of one fix alone, line by line."""
    lines: list[str] = []
    for path in dict.fromkeys(edit.place.path for edit in fix.edits):
        if path in sources:
            file = sources[path]
            lines += file_diff(file, apply_edits(file, fix.edits), redactor, context)
    return [line.rstrip("\r\n") for line in lines]


def file_diff(file: TextFile, after: bytes, redactor: Redactor, context: int = 3) -> list[str]:
    """The diff of one file as lines with their ends."""
    new_text = after[len(file.bom) :].decode(file.encoding, "replace")
    mark = file.bom.decode("utf-8", "ignore")  # part of the first line, as far as git is concerned
    old, new = _lines(mark + file.text), _lines(mark + new_text)
    old_shown = _lines(mark + redactor.source(file.path, file.text))
    new_shown = _lines(mark + redactor.source(file.path, new_text))
    out: list[str] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        out.append(f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n")
        for tag, a, b, c, d in group:
            if tag == "equal":
                out += _rows(" ", old_shown[a:b])
            else:
                out += _rows("-", old_shown[a:b])
                out += _rows("+", new_shown[c:d])
    return [f"--- {_name('a/' + file.path)}\n", f"+++ {_name('b/' + file.path)}\n", *out] if out else []


def patch(files: Mapping[str, FileChange], sources: Mapping[str, TextFile], redactor: Redactor) -> bytes:
    """One patch over all changed files, in the files' own encodings."""
    parts: list[bytes] = []
    for path in sorted(files):
        file = sources[path]
        encoding = "utf-8" if file.encoding.startswith("utf-16") else file.encoding
        parts.append("".join(file_diff(file, files[path].after, redactor)).encode(encoding, "surrogateescape"))
    return b"".join(parts)


def hides(files: Mapping[str, FileChange], sources: Mapping[str, TextFile], redactor: Redactor) -> bool:
    """Whether the patch differs from the real one because something in it was hidden."""
    return patch(files, sources, redactor) != patch(files, sources, Redactor(show=True))


def coloured(lines: Iterable[str], style: Style) -> Iterator[str]:
    """Diff lines for a person to read."""
    for line in lines:
        text = printable(line.rstrip("\r\n"))
        if text.startswith(("--- ", "+++ ")):
            yield style.paint(text, "bold")
        elif text.startswith("@@"):
            yield style.paint(text, "cyan")
        else:
            colour = {"-": "red", "+": "green"}.get(text[:1])
            yield style.paint(text, colour) if colour else text


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)


def _rows(sign: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.endswith("\n"):
            yield sign + line
        else:
            yield from (f"{sign}{line}\n", "\\ No newline at end of file\n")


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _name(path: str) -> str:
    """A path as git writes it in a header: quoted if it has special characters, with a tab after blanks."""
    if any(c in '"\\' or not c.isprintable() for c in path):
        quoted = "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else _octal(c) for c in path)
        return f'"{quoted}"'
    return path + "\t" if " " in path else path


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
