"""A notebook as one Python module: its code cells in order, and the way back into the JSON that stores them.

Every cell begins on the line where the file has it, so that line numbers of the module are those of the file wherever
the file has one line of code per line, as Jupyter writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from mi_lint.documents.cell_code import plain_code
from mi_lint.documents.notebook import Cell, cells
from mi_lint.edits import TextEdit, apply, ordered
from mi_lint.errors import SourceError
from mi_lint.textfile import Span, TextFile, decode_text

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SEPARATOR = re.compile(r"\"\s*,\s*\"")
_OPENING = re.compile(r"\[\s*\"\Z")
_CLOSING = re.compile(r"\"\s*\]")
_WIDEST = 400  # characters of space before a string


@dataclass(frozen=True, slots=True)
class CodeCell:
    """A cell at `[start, end)` of the module. `hidden` spans of the module hold what is no Python."""

    cell: Cell
    start: int
    end: int
    hidden: tuple[Span, ...]

    @property
    def source(self) -> str:
        """The text as the notebook has it, with a line end."""
        return self.cell.view.text + "\n" * (not self.cell.view.text.endswith("\n"))

    def raw(self, offset: int) -> int:
        """Where a character of the module stands in the file."""
        view = self.cell.view
        index = offset - self.start
        return view.starts[index] if index < len(view) else view.ends[-1]

    def raw_end(self, offset: int) -> int:
        """Where a span that ends before `offset` of the module ends in the file."""
        view = self.cell.view
        return view.ends[min(offset - self.start, len(view)) - 1]


@dataclass(frozen=True, slots=True)
class Aside:
    """Text of a notebook that is not analysed: what a command says, or prose. `line` is that of the file."""

    text: str
    line: int
    is_code: bool


@dataclass(slots=True, eq=False, kw_only=True)
class NotebookFile(TextFile):
    """`text` and `data` are the module; `stored` is the file."""

    stored: TextFile
    cells: tuple[CodeCell, ...]
    asides: tuple[Aside, ...]

    def in_file(self, span: Span) -> tuple[TextFile, Span]:
        first, last = self._cell(span.start), self._cell(max(span.start, span.end - 1))
        start = first.raw(max(span.start, first.start))
        end = last.raw_end(span.end) if span.end > max(span.start, last.start) else start
        return self.stored, Span(start, max(start, end))

    def _cell(self, offset: int) -> CodeCell:
        """The cell of a character; between two cells the one before."""
        return next((cell for cell in reversed(self.cells) if cell.start <= offset), self.cells[0])


def read_notebook(path: str, data: bytes) -> NotebookFile | None:
    """The module of a notebook; None where it has no Python that could be analysed."""
    try:
        stored = decode_text(path, data)
        whole = json.loads(stored.text)
    except (SourceError, ValueError, RecursionError):
        return None
    return _module(stored) if _is_python(whole) else None


def _is_python(whole: object) -> bool:
    metadata = whole.get("metadata") if isinstance(whole, dict) else None
    if not isinstance(metadata, dict):
        return False
    known = [metadata.get(key) for key in ("language_info", "kernelspec")]
    named = [
        str(entry[key]) for entry in known if isinstance(entry, dict) for key in ("name", "language") if key in entry
    ]
    return not named or any("python" in name.lower() or "pyspark" in name.lower() for name in named)


def _module(stored: TextFile) -> NotebookFile | None:
    parts: list[str] = []
    found: list[CodeCell] = []
    asides: list[Aside] = []
    at, line = 0, 1  # where the next character of the module stands
    for cell in cells(stored.text):
        if cell.kind == "output":
            continue
        text, number = cell.view.text, stored.line_column(cell.view.starts[0])[0]
        code = plain_code(text) if cell.kind == "code" else None
        if code is None:
            asides.append(Aside(text, number, cell.kind == "code"))
            continue
        plain, hidden = code
        asides += [Aside(text[s.start : s.end], number + text.count("\n", 0, s.start), True) for s in hidden]
        gap = "\n" * max(number - line, 1 if found else 0)
        plain += "\n" * (not plain.endswith("\n"))
        start = at + len(gap)
        spans = tuple(Span(start + s.start, start + s.end) for s in hidden)
        found.append(CodeCell(cell, start, start + len(plain), spans))
        parts += [gap, plain]
        at, line = start + len(plain), line + len(gap) + plain.count("\n")
    if not found:
        return None
    module = "".join(parts)
    data = module.encode("utf-8", "surrogatepass")
    return NotebookFile(stored.path, data, module, "utf-8", stored=stored, cells=tuple(found), asides=tuple(asides))


def stored_edits(file: NotebookFile, edits: Iterable[TextEdit]) -> list[TextEdit]:
    """The edits of a module as edits of the file that stores it; other lines of it stay byte for byte.

    Raises:
        ValueError: an edit is of more than one cell, touches what is no Python, or cannot be written in the file's way.
    """
    chosen: dict[int, list[TextEdit]] = {}
    for edit in ordered(edits):
        owner = _owner(file, edit)
        if owner is not None:
            cell = file.cells[owner]
            clipped = Span(max(edit.span.start, cell.start), max(cell.start, min(edit.span.end, cell.end)))
            clipped = Span(min(clipped.start, cell.end), clipped.end)
            if any(clipped.overlaps(span) or span.start < clipped.start < span.end for span in cell.hidden):
                raise ValueError("an edit touches a command of the notebook")
            moved = Span(clipped.start - cell.start, clipped.end - cell.start)
            chosen.setdefault(owner, []).append(TextEdit(moved, edit.text))
    wanted = [cell.cell.view.text for cell in file.cells]
    found: list[TextEdit] = []
    for index, changes in chosen.items():
        cell = file.cells[index]
        new = apply(cell.source, changes)
        if not wanted[index].endswith("\n"):
            new = new.removesuffix("\n")
        wanted[index] = new
        found += _cell_edits(file.stored.text, cell.cell, new)
    _check(apply(file.stored.text, found), file, wanted)
    return found


def _owner(file: NotebookFile, edit: TextEdit) -> int | None:
    """The cell that an edit changes; None where it only changes the space between cells."""
    span = edit.span
    end = max(span.end, span.start + 1)  # where nothing is replaced, the cell in which the new text stands
    touched = [i for i, cell in enumerate(file.cells) if span.start < cell.end and cell.start < end]
    if len(touched) > 1:
        raise ValueError("an edit is of more than one cell")
    if touched:
        return touched[0]
    if not edit.text.strip():
        return None
    inside = [i for i, cell in enumerate(file.cells) if cell.start <= span.start]
    return inside[-1] if inside else 0


def _cell_edits(text: str, cell: Cell, new: str) -> list[TextEdit]:
    """Edits that give a cell a new text: by lines, each in the spelling that it has in the file."""
    first, last = cell.view.starts[0], cell.view.ends[-1]
    listed = _opening(text, first) if _is_listed(text, cell) else None
    ascii_only = text.isascii()
    old_lines = _LINE.findall(cell.view.text)
    new_lines = _LINE.findall(new)
    starts = [0, *accumulate(map(len, old_lines))]
    # Per new line: what the file shall have, and which line of the old ones it is.
    lines: list[tuple[str, int | None]] = []
    found: list[TextEdit] = []
    for kind, low, high, start, end in _compared(old_lines, new_lines):
        if kind == "equal":
            lines += [(_spelled(text, cell, starts[i], starts[i + 1]), i) for i in range(low, high)]
            continue
        written: list[tuple[str, int | None]] = [
            (json.dumps(line, ensure_ascii=ascii_only)[1:-1], None) for line in new_lines[start:end]
        ]
        lines += written
        span = _raw_span(cell, starts[low], starts[high])
        found.append(TextEdit(span, "".join(line for line, _ in written)))
    if listed is None:
        if len(cell.strings) > 1:
            raise ValueError("the lines of a cell are not strings of their own")
        return found
    if not lines:
        closing = _CLOSING.match(text, last)
        assert closing is not None
        return [TextEdit(Span(listed.start() + 1, closing.end() - 1), "")]
    between = text[cell.strings[0].ends[-1] : cell.strings[1].starts[0]] if len(cell.strings) > 1 else ""
    between = between or f'",{listed[0][1:]}'
    out = [lines[0][0]]
    for (_, before), (line, at) in pairwise(lines):
        follows = before is not None and at == before + 1
        own = text[cell.strings[at - 1].ends[-1] : cell.strings[at].starts[0]] if follows and at else between
        out += [own, line]
    return _line_edits(text[first:last], "".join(out), first)


def _is_listed(text: str, cell: Cell) -> bool:
    """Whether the file has a list with one string per line, as Jupyter writes it."""
    strings = cell.strings
    if _opening(text, strings[0].starts[0]) is None:
        return False
    one_each = all(s.text.count("\n") == 1 and s.text.endswith("\n") for s in strings[:-1])
    one_each = one_each and "\n" not in strings[-1].text[:-1]
    apart = pairwise(strings)
    return one_each and all(_SEPARATOR.fullmatch(text, a.ends[-1], b.starts[0]) for a, b in apart)


def _opening(text: str, first: int) -> re.Match[str] | None:
    """The bracket, space and quote before the first string of a list."""
    return _OPENING.search(text, max(0, first - _WIDEST), first)


def _raw_span(cell: Cell, start: int, end: int) -> Span:
    view = cell.view
    first = view.starts[start] if start < len(view) else view.ends[-1]
    return Span(first, view.ends[end - 1] if end > start else first)


def _spelled(text: str, cell: Cell, start: int, end: int) -> str:
    span = _raw_span(cell, start, end)
    return text[span.start : span.end]


def _line_edits(old: str, new: str, offset: int) -> list[TextEdit]:
    """Edits that turn `old`, which stands at `offset`, into `new`, by lines."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = list(accumulate(map(len, before), initial=offset))
    return [
        TextEdit(Span(starts[low], starts[high]), "".join(after[start:end]))
        for kind, low, high, start, end in _compared(before, after)
        if kind != "equal"
    ]


def _compared(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _check(text: str, file: NotebookFile, wanted: Sequence[str]) -> None:
    """The new file says what was wanted, and nothing else changed in it.

    Raises:
        ValueError: it does not.
    """
    json.loads(text)
    new = {cell.cell.view.starts[0]: text for cell, text in zip(file.cells, wanted, strict=True)}
    expected = [(c.kind, new.get(c.view.starts[0], c.view.text)) for c in cells(file.stored.text)]
    found = [(cell.kind, cell.view.text) for cell in cells(text)]
    if found != [item for item in expected if item[1]]:
        raise ValueError("the notebook would not say what it should")
