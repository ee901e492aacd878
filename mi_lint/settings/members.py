"""Change the members of a body in a template, in the manner of the lines around: HCL, Bicep and JSON alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mi_lint.edits import TextEdit
from mi_lint.settings.items import HCL, JSON, Body, Dialect, Item
from mi_lint.settings.templates import own_lines
from mi_lint.textfile import Span, TextFile

_INDENT = re.compile(r"[ \t]*")
_ALIGNED = re.compile(r"(?P<gap> +)=")
_COMMA = re.compile(r"\s*,")


def spelled_member(dialect: Dialect, name: str, value: str) -> str:
    if dialect is JSON:
        return f'"{name}": {value}'
    return f"{name} = {value}" if dialect is HCL else f"{name}: {value}"


def replaced(file: TextFile, dialect: Dialect, item: Item, name: str, value: str) -> list[TextEdit]:
    """Another member in the place of one. In HCL the sign stays in line with its neighbours."""
    edits = [TextEdit(item.value, value)]
    gap = _ALIGNED.match(file.text, item.name_span.end) if dialect is HCL else None
    if gap is None:
        return [TextEdit(item.name_span, name), *edits]
    width = max(1, gap.end("gap") - item.name_span.start - len(name))
    return [TextEdit(Span(item.name_span.start, gap.end("gap")), name + " " * width), *edits]


def removed(file: TextFile, dialect: Dialect, items: Sequence[Item]) -> list[TextEdit]:
    """Members go, with their lines where they have them to themselves."""
    edits = []
    for item in items:
        lines = own_lines(file, item.span)
        span = lines if lines is not None else _in_line(dialect, item)
        edits.append(TextEdit(span, ""))
    for body in {id(item.body): item.body for item in items}.values():
        edits += _last_comma(file, dialect, body, items)
    return edits


def without_block(file: TextFile, dialect: Dialect, body: Body) -> list[TextEdit]:
    """A body goes as a whole, with what it is called and a blank line around it; none where it shares its lines."""
    item = _item_of(body)
    if item is not None:
        return removed(file, dialect, [item])
    span = block_lines(file, body)
    if span is None or dialect is JSON:
        return []
    first, _ = file.line_column(span.start)
    last, _ = file.line_column(span.end)
    above = file.line_text(first - 1).strip() if first > 1 else ""
    below = file.line_text(last).strip() if last <= len(file.line_starts) else ""
    if not above and not below and last < len(file.line_starts):
        span = Span(span.start, file.line_starts[last])
    elif not above and below == "}" and first > 1:
        span = Span(file.line_starts[first - 2], span.end)
    return [TextEdit(span, "")]


def block_lines(file: TextFile, body: Body) -> Span | None:
    """The lines of a body with what it is called; None where something else stands there too."""
    start = file.line_starts[file.line_column(body.start)[0] - 1]
    line, _ = file.line_column(body.end)
    end = file.line_starts[line] if line < len(file.line_starts) else len(file.text)
    before, after = file.text[start : body.start].strip(), file.text[body.end : end].strip()
    alone = after in ("", ",") and (bool(body.header) or not before)
    return Span(start, end) if alone else None


def _item_of(body: Body) -> Item | None:
    """The member whose whole value a body is."""
    around = body.parent.items if body.parent is not None and not body.header else []
    return next((i for i in around if i.value.start == body.start and i.value.end == body.end), None)


def _in_line(dialect: Dialect, item: Item) -> Span:
    """A member of several on one line, with what keeps it apart from the next one or the one before."""
    around = item.body.items
    index, quote = around.index(item), int(dialect is JSON)
    start = item.span.start - quote
    if index + 1 < len(around):
        return Span(start, around[index + 1].span.start - quote)
    return Span(around[index - 1].span.end if index else start, item.span.end)


def _last_comma(file: TextFile, dialect: Dialect, body: Body, gone: Sequence[Item]) -> list[TextEdit]:
    """In JSON the member that comes to be the last one loses its comma."""
    left = [item for item in body.items if item not in gone]
    if dialect is not JSON or not left or body.items[-1] not in gone or own_lines(file, body.items[-1].span) is None:
        return []
    comma = _COMMA.match(file.text, left[-1].span.end)
    return [TextEdit(Span(left[-1].span.end, comma.end()), "")] if comma is not None else []


def added(file: TextFile, dialect: Dialect, body: Body, members: Sequence[tuple[str, str]]) -> list[TextEdit]:
    """New members after the last one that a body begins with."""
    if not members:
        return []
    texts = [spelled_member(dialect, name, value) for name, value in members]
    last = body.items[-1] if body.items else None
    if "\n" not in file.text[body.start : body.end]:
        return _in_one_line(file, dialect, body, last, texts)
    indent = member_indent(file, body)
    texts = [text.replace("\n", f"{file.newline}{indent}") for text in texts]
    comma = "," if dialect is JSON else ""
    if last is None:
        tail = comma if body.items else ""
        lines = "".join(f"{file.newline}{indent}{text}{comma}" for text in texts).removesuffix(comma) + tail
        return [TextEdit(Span(body.start + 1, body.start + 1), lines)]
    if dialect is JSON:
        return [TextEdit(Span(last.span.end, last.span.end), "".join(f",{file.newline}{indent}{t}" for t in texts))]
    own = own_lines(file, last.span)
    if own is None:
        return [TextEdit(Span(last.span.end, last.span.end), "".join(f"{file.newline}{indent}{t}" for t in texts))]
    return [TextEdit(Span(own.end, own.end), "".join(f"{indent}{text}{file.newline}" for text in texts))]


def _in_one_line(
    file: TextFile, dialect: Dialect, body: Body, last: Item | None, texts: Sequence[str]
) -> list[TextEdit]:
    """A body in one line stays in it, but for a block of HCL, which may hold one member only there."""
    texts = [text.replace("\n", f"{file.newline}{line_indent(file, body.start)}") for text in texts]
    if dialect is HCL and body.header:
        outer = line_indent(file, body.start)
        inside = file.text[body.start + 1 : body.end - 1].strip()
        own = [*([inside] if inside else []), *texts]
        text = "".join(f"{file.newline}{outer}  {line}" for line in own) + f"{file.newline}{outer}"
        return [TextEdit(Span(body.start + 1, body.end - 1), text)]
    if last is None:
        return [TextEdit(Span(body.start + 1, body.end - 1), f" {', '.join(texts)} ")]
    return [TextEdit(Span(last.span.end, last.span.end), "".join(f", {text}" for text in texts))]


def line_indent(file: TextFile, offset: int) -> str:
    line, _ = file.line_column(offset)
    match = _INDENT.match(file.text, file.line_starts[line - 1])
    return match[0] if match is not None else ""


def member_indent(file: TextFile, body: Body) -> str:
    """The indentation of the members of a body that has lines of its own."""
    first = next((item for item in body.items if own_lines(file, item.span) is not None), None)
    if first is not None:
        return line_indent(file, first.span.start)
    outer = line_indent(file, body.start)
    return outer + ("\t" if outer.startswith("\t") else "  ")


def identity_block(file: TextFile, indent: str, identity: str) -> str:
    """The block of Terraform for an identity: `system`, or what names a user-assigned one."""
    step = "\t" if indent.startswith("\t") else indent or "  "
    lines = ['type = "SystemAssigned"']
    if identity != "system":
        lines = ['type         = "UserAssigned"', f"identity_ids = [{identity}.id]"]
    inside = "".join(f"{indent}{step}{line}{file.newline}" for line in lines)
    return f"{indent}identity {{{file.newline}{inside}{indent}}}{file.newline}"
