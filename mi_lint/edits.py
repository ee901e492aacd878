"""Span edits on text: apply them, compose two rounds of them, and hand them out as byte edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mi_lint.findings import Edit, Place
from mi_lint.textfile import Span, TextFile


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace the characters of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of the result: characters `[start, end)` of the original, or new text (`text` is not None)."""

    start: int
    end: int
    text: str | None = None

    @property
    def length(self) -> int:
        return len(self.text) if self.text is not None else self.end - self.start

    def cut(self, start: int, end: int) -> _Piece:
        if self.text is not None:
            return _Piece(self.start, self.end, self.text[start:end])
        return _Piece(self.start + start, self.start + end)


def ordered(edits: Iterable[TextEdit]) -> list[TextEdit]:
    """Edits by position, identical ones merged; insertions come before a replacement at the same place.

    Raises:
        ValueError: two edits overlap, or one ends before it starts.
    """
    unique = list(dict.fromkeys(edits))
    unique.sort(key=lambda e: (e.span.start, e.span.end > e.span.start))
    end = 0
    for edit in unique:
        if edit.span.start < end:
            raise ValueError("edits overlap")
        if edit.span.end < edit.span.start:
            raise ValueError("an edit ends before it starts")
        end = max(end, edit.span.end)
    return unique


def apply(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with all edits made.

    Raises:
        ValueError: two edits overlap, or one reaches beyond the text.
    """
    out: list[str] = []
    position = 0
    for edit in ordered(edits):
        out.append(text[position : edit.span.start])
        out.append(edit.text)
        position = edit.span.end
    if position > len(text):
        raise ValueError("an edit reaches beyond the text")
    out.append(text[position:])
    return "".join(out)


def compose(text: str, first: Sequence[TextEdit], second: Sequence[TextEdit]) -> list[TextEdit]:
    """Edits on `text` that do what `first` and then `second` (which refers to the result of `first`) do.

    Minimal: no edit changes nothing, none touch, and none begins or ends with what was there before.

    Raises:
        ValueError: two edits overlap, or one reaches beyond its text.
    """
    pieces = _edited(_edited([_Piece(0, len(text))], first), second)
    return _minimal(text, pieces)


def _edited(pieces: list[_Piece], edits: Sequence[TextEdit]) -> list[_Piece]:
    out: list[_Piece] = []
    queue = list(reversed(pieces))
    position = 0  # in the text that the pieces spell

    def take(until: int, keep: bool) -> None:
        nonlocal position
        while position < until:
            if not queue:
                raise ValueError("an edit reaches beyond the text")
            piece = queue.pop()
            wanted = until - position
            if piece.length > wanted:
                queue.append(piece.cut(wanted, piece.length))
                piece = piece.cut(0, wanted)
            position += piece.length
            if keep:
                out.append(piece)

    for edit in ordered(edits):
        take(edit.span.start, keep=True)
        out.append(_Piece(0, 0, edit.text))
        take(edit.span.end, keep=False)
    out.extend(reversed(queue))
    return out


def _minimal(text: str, pieces: list[_Piece]) -> list[TextEdit]:
    edits: list[TextEdit] = []
    position = 0
    inserted: list[str] = []
    for piece in [*(p for p in pieces if p.length), _Piece(len(text), len(text))]:
        if piece.text is not None:
            inserted.append(piece.text)
            continue
        if inserted or piece.start > position:
            edit = _trimmed(text, TextEdit(Span(position, piece.start), "".join(inserted)))
            edits.extend([edit] if edit is not None else [])
        inserted, position = [], piece.end
    return edits


def _trimmed(text: str, edit: TextEdit) -> TextEdit | None:
    """An edit without the prefix and suffix that it does not change; None if it changes nothing."""
    old, new = text[edit.span.start : edit.span.end], edit.text
    if old == new:
        return None
    shortest = min(len(old), len(new))
    prefix = 0
    while prefix < shortest and old[prefix] == new[prefix]:
        prefix += 1
    suffix = 0
    while suffix < shortest - prefix and old[-1 - suffix] == new[-1 - suffix]:
        suffix += 1
    return TextEdit(Span(edit.span.start + prefix, edit.span.end - suffix), new[prefix : len(new) - suffix])


def to_edits(file: TextFile, edits: Iterable[TextEdit]) -> tuple[Edit, ...]:
    """Byte edits with lines and columns. What is inserted at one place is one edit, so that any order is right."""
    joined: list[TextEdit] = []
    for edit in ordered(edits):
        if joined and edit.span == joined[-1].span and edit.span.start == edit.span.end:
            edit = TextEdit(edit.span, joined.pop().text + edit.text)
        joined.append(edit)
    return tuple(Edit(place_of(file, edit.span), edit.text) for edit in joined)


def place_of(file: TextFile, span: Span) -> Place:
    """A span as lines, columns and bytes of what is stored."""
    file, span = file.in_file(span)
    line, column = file.line_column(span.start)
    end_line, end_column = file.line_column(span.end)
    start, end = file.byte_offset(span.start), file.byte_offset(span.end)
    return Place(file.path, start, end, line, column, end_line, end_column)
