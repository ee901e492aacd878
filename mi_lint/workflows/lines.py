"""Edits on the lines of a YAML text: members of mappings and items of lists, each on lines of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mi_lint.edits import TextEdit
from mi_lint.settings.yaml_scalars import spell
from mi_lint.textfile import Span, TextFile


class NotOnLines(ValueError):
    """Something stands inside of braces or beside something else; a line of its own is what is understood."""


def line_start(file: TextFile, offset: int) -> int:
    return file.line_starts[file.line_column(offset)[0] - 1]


def line_end(file: TextFile, offset: int) -> int:
    """The offset behind the line ending of the line of an offset."""
    line = file.line_column(offset)[0]
    return file.line_starts[line] if line < len(file.line_starts) else len(file.text)


def end_of(file: TextFile, node: Any) -> int:
    """Where the text of a node ends; a block ends only with the next token for the parser."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        end = int(node.end_mark.index)
        return max(int(node.start_mark.index), len(file.text[:end].rstrip())) if node.style in ("|", ">") else end
    if node.flow_style:
        return int(node.end_mark.index)
    inside = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    return max((end_of(file, part) for part in inside), default=int(node.end_mark.index))


def indent_of(file: TextFile, node: Any) -> str:
    """The white space in front of a node that begins a line, or of the dash that it follows."""
    start = line_start(file, node.start_mark.index)
    lead = file.text[start : node.start_mark.index]
    if lead.strip(" ") not in ("", "-") or (node.start_mark.line != node.end_mark.line and "\t" in lead):
        raise NotOnLines
    return lead[: len(lead) - len(lead.lstrip(" "))]


def margin_of(file: TextFile, key: Any) -> str:
    """The white space that aligns with a key, whether or not a dash stands before it."""
    indent_of(file, key)
    return " " * int(key.start_mark.column)


def member_span(file: TextFile, key: Any, value: Any) -> Span:
    """The lines of a member, which has them to itself."""
    start = line_start(file, key.start_mark.index)
    if file.text[start : key.start_mark.index].strip():
        raise NotOnLines
    end = max(end_of(file, value), int(key.end_mark.index))
    return Span(start, _own_line_end(file, end))


def item_span(file: TextFile, item: Any) -> Span:
    """The lines of an item of a list, from its dash on."""
    start = line_start(file, item.start_mark.index)
    if file.text[start : item.start_mark.index].strip() != "-" or getattr(item, "flow_style", False):
        raise NotOnLines
    return Span(start, _own_line_end(file, end_of(file, item)))


def _own_line_end(file: TextFile, end: int) -> int:
    after = line_end(file, end)
    rest = file.text[end:after].strip()
    if rest and not rest.startswith("#"):
        raise NotOnLines
    return after


def removed(file: TextFile, holder: Any, gone: Sequence[tuple[Any, Any]]) -> list[TextEdit]:
    """Take members out of a block mapping, which keeps others."""
    if holder.flow_style:
        raise NotOnLines
    edits = []
    for key, value in gone:
        span = member_span(file, key, value)
        edits.append(TextEdit(span, ""))
    return edits


def lines(file: TextFile, margin: str, texts: Sequence[str]) -> str:
    return "".join(f"{margin}{text}{file.newline}" for text in texts)


def inserted(file: TextFile, at: int, text: str) -> TextEdit:
    """Insert whole lines at the start of a line, or after a last line that is not ended."""
    if at and at == len(file.text) and file.text[at - 1] not in "\r\n":
        text = file.newline + text[: len(text) - len(file.newline)]
    return TextEdit(Span(at, at), text)


def plain(text: str) -> str:
    """A value as a YAML scalar."""
    return text if text.startswith("${{") else spell(text, "")


def above(file: TextFile, start: int, margin: str) -> int:
    """The start of the comment lines directly above a line, with the same indentation."""
    line = file.line_column(start)[0] - 1
    while line > 0:
        text = file.line_text(line)
        if not text.startswith(f"{margin}#"):
            break
        line -= 1
    return file.line_starts[line]
