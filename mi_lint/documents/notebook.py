"""The cells of a notebook as text that maps back to the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from mi_lint.documents.json_ import owned_values
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View, ViewBuilder, join

_SOURCES = frozenset({"source", "input"})
_OUTPUTS = frozenset({"text", "html", "evalue", "traceback", "application/json", "application/javascript"})


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is code, markdown or output. `strings` are those of the file that hold the text."""

    kind: str
    view: View
    strings: tuple[View, ...] = ()


@dataclass(slots=True)
class _Text:
    """One text of a cell, by its lines. `owner` numbers the object that it stands in."""

    owner: int
    name: str
    is_output: bool
    lines: list[View] = field(default_factory=list)


def cells(text: str) -> list[Cell]:
    """All cells and outputs that have text, in the order of the file. An output's MIME types are cells of their own."""
    texts: dict[tuple[int, str], _Text] = {}
    kinds: dict[int, str] = {}
    for value, owner in owned_values(text):
        is_output = _is_output(value)
        if is_output or _is_source(value):
            found = texts.setdefault((owner, value.name), _Text(owner, value.name, is_output))
            found.lines.append(value.value)
        elif value.name == "cell_type":
            kinds[owner] = value.value.text
    return [_cell(found, kinds) for found in texts.values() if any(line.text for line in found.lines)]


def _is_source(value: NamedValue) -> bool:
    return value.name in _SOURCES and value.path[-1:] == ("cells",)


def _is_output(value: NamedValue) -> bool:
    holder = value.path[-2:] if value.path[-1:] == ("data",) else value.path[-1:]
    return holder[:1] == ("outputs",) and (value.name in _OUTPUTS or value.name.startswith("text/"))


def _cell(text: _Text, kinds: dict[int, str]) -> Cell:
    if text.is_output:
        return Cell("output", _listed(text.lines) if text.name == "traceback" else join(text.lines))
    kind = "code" if kinds.get(text.owner, "code") == "code" else "markdown"
    return Cell(kind, join(text.lines), tuple(text.lines))


def _listed(lines: list[View]) -> View:
    """Lines that the file has without their ends: each stands where one string stops and the next begins."""
    builder = ViewBuilder()
    last: View | None = None
    for line in lines:
        if not line.text:
            continue
        if last is not None:
            builder.put("\n", last.ends[-1], line.starts[0])
        builder.copy(line, 0, len(line))
        last = line
    return builder.build()
