"""The code of a notebook's cell as plain Python: what only the notebook understands stands aside."""

from __future__ import annotations

import ast
import re
import warnings

from mi_lint.textfile import Span

_LINE = re.compile(r"[^\n]+")
_COMMAND = re.compile(r"[ \t]*(?P<text>[%!?][^\n]*|[A-Za-z_][\w.]*\?{1,2}[ \t]*$)")
_ASSIGNED = re.compile(r"[^=\n#'\"]*[^=!<>\n#'\"]=[ \t]*(?P<text>[%!](?!=)[^\n]*)")
_CELL = re.compile(r"\s*%%(?P<name>\w+)")
# These run the rest of their cell as Python in the notebook's own names (IPython's documentation of cell magics).
_TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})


def plain_code(source: str) -> tuple[str, list[Span]] | None:
    """Python of the same length, and where it differs from the source; None where the cell is no Python.

    A command of the notebook (`%magic`, `!shell`, `name?`) becomes a number and a comment: it stays a statement.
    """
    if _parses(source):
        return source, []
    cell = _CELL.match(source)
    if cell is not None and cell["name"] not in _TRANSPARENT:
        return None
    out, hidden, continued = list(source), [], False
    for line in _LINE.finditer(source):
        found = _COMMAND.fullmatch(line[0]) or _ASSIGNED.fullmatch(line[0])
        if continued or found is not None:
            start = line.start() + (0 if continued or found is None else found.start("text"))
            code = "#" if continued else "0" if _COMMAND.fullmatch(line[0]) else "[]"
            out[start : line.end()] = code.ljust(line.end() - start, "#")
            hidden.append(Span(start, line.end()))
            continued = line[0].endswith("\\")
    text = "".join(out)
    return (text, hidden) if _parses(text) else None


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
