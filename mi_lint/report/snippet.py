"""The lines of a finding with carets below what is meant, and nothing secret in them."""

from __future__ import annotations

import unicodedata

from mi_lint.findings import Place
from mi_lint.report.redact import MASK, Redactor, char_span
from mi_lint.report.shapes import Range
from mi_lint.report.style import Style, printable
from mi_lint.textfile import TextFile

_LONGEST = 6  # lines of one finding that are shown
_WIDEST = 160  # columns of one line that are shown
_BEHIND = 60  # of them before what is meant, where that is further to the right


def snippet(file: TextFile, place: Place, redactor: Redactor, style: Style, colour: str = "red") -> list[str]:
    """The lines of a place with line numbers, carets, and one line of context before."""
    start, end = char_span(file, place)
    hidden = redactor.ranges(file.path, file.text)
    first = place.line - 1 if place.line > 1 and file.line_text(place.line - 1).strip() else place.line
    gutter = len(str(place.end_line))
    bar = style.paint("|", "blue")
    out = [f"{' ' * gutter} {bar}"]
    for number in range(first, place.end_line + 1):
        if place.line + _LONGEST - 1 <= number < place.end_line:
            if number == place.line + _LONGEST - 1:
                out.append(f"{'.' * gutter} {bar}")
            continue
        shown, marks = _row(file, number, (start, end), hidden)
        label = style.paint(f"{number:>{gutter}}", "blue")
        out.append(f"{label} {bar} {shown}".rstrip())
        if marks and number >= place.line:
            out.append(f"{' ' * gutter} {bar} {style.paint(marks, colour)}")
    return out


def _row(file: TextFile, number: int, span: Range, hidden: list[Range]) -> tuple[str, str]:
    """A line as shown, and the carets below the part of it that lies in the span."""
    begin = file.line_starts[number - 1]
    text = file.line_text(number)
    cells: list[tuple[str, bool]] = []
    at = begin
    for low, high in [*((a, b) for a, b in hidden if a < begin + len(text) and b > begin), (begin + len(text), -1)]:
        cells += [(file.text[i], span[0] <= i < span[1]) for i in range(at, max(at, low))]
        if high >= 0:
            inside = low < span[1] and high > span[0]
            cells += [(c, inside) for c in MASK]
            at = high
    meant = next((i for i, (_, inside) in enumerate(cells) if inside), 0)
    if meant > _WIDEST - _BEHIND:
        cells = [("…", False), *cells[meant - _BEHIND :]]
    shown, marks, blank = "", "", True
    for character, inside in cells:
        blank = blank and character.isspace()
        piece = printable(character)
        shown += piece
        marks += ("^" if inside and not blank else " ") * _width(piece)
        if len(shown) >= _WIDEST:
            shown += "…"
            break
    return shown, marks.rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
