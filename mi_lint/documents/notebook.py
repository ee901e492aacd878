"""The cells of a notebook as text that maps back to the file."""

from __future__ import annotations

from dataclasses import dataclass

from mi_lint.documents.json_ import strings
from mi_lint.documents.view import View, join

_TEXTS = ("source", "text", "traceback")
_MIME = ("text/plain", "text/html", "text/markdown", "application/json")


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is code, markdown or output."""

    kind: str
    view: View


def cells(text: str) -> list[Cell]:
    """All cells and outputs, in order; lines of one source are joined."""
    found: list[Cell] = []
    kinds: dict[int, str] = {}
    lines: dict[tuple[int, str], list[View]] = {}
    order: list[tuple[int, str]] = []
    for string in strings(text):
        if string.name == "cell_type":
            kinds[string.owner] = string.view.text
        if string.name in _TEXTS or string.name in _MIME:
            key = (string.owner, string.name)
            if key not in lines:
                lines[key] = []
                order.append(key)
            lines[key].append(string.view)
    for owner, name in order:
        kind = kinds.get(owner, "code") if name == "source" else "output"
        found.append(Cell(kind if kind in ("code", "markdown", "output") else "markdown", join(lines[(owner, name)])))
    return found
