"""YAML's scalars as text with places: what indentation, folding and escapes leave of the raw characters."""

from __future__ import annotations

import re

from mi_lint.documents.view import View, ViewBuilder

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+){1,2}")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n\x85\u2028\u2029]|$)")
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_BLANK = "[ \t\r\n\x85\u2028\u2029]"
_INNER = "[ \t](?![ \t\r\n\x85\u2028\u2029])"  # a blank that stays
_PARTS = {
    '"': re.compile(
        r"\\(?P<folded>(?:\r\n|[\r\n\x85\u2028\u2029])" + _BLANK + r"*)"
        r"|\\(?P<escape>x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU])"
        r"|(?:[^\\ \t\r\n\x85\u2028\u2029]|" + _INNER + r")+|(?P<blank>" + _BLANK + "+)"
    ),
    "'": re.compile(r"(?P<quote>'')|(?:[^' \t\r\n\x85\u2028\u2029]|" + _INNER + r")+|(?P<blank>" + _BLANK + "+)"),
    "": re.compile(r"(?:[^ \t\r\n\x85\u2028\u2029]|" + _INNER + r")+|(?P<blank>" + _BLANK + "+)"),
}
_ESCAPES = dict(zip("0abt\tnvfreN_LP", "\0\a\b\t\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))
_Break = tuple[str, int, int]  # what a line end reads as, and its place


def scalar_view(base: View, start: int, end: int, style: str, value: str, has_properties: bool) -> View:
    """The scalar that the parser read as `value` from `[start, end)`, where it may have an anchor or a tag first.

    A scalar whose places cannot be told keeps its value, each character at the place of the whole.
    """
    if not value:
        return base[end:end]
    if has_properties:
        match = _PROPERTIES.match(base.text, start, end)
        start = match.end() if match else start
    if style in ("'", '"'):
        start, end = min(start + 1, end), max(end - 1, start)
    end = max(start, end)
    if end - start == len(value) and base.text.startswith(value, start):
        return base[start:end]
    view = _block(base, start, end, value) if style in ("|", ">") else _flow(base, start, end, _PARTS[style])
    if view.text == value:
        return view
    builder = ViewBuilder()
    builder.put(value, start, end)
    return builder.build()


def _flow(base: View, start: int, end: int, parts: re.Pattern[str]) -> View:
    """A plain or quoted scalar: escapes resolved, lines folded."""
    builder = ViewBuilder()
    for match in parts.finditer(base.text, start, end):
        kind = match.lastgroup
        if kind == "blank":
            _fold(builder, base, match)
        elif kind == "folded":
            for text, at, stop in _breaks(match["folded"], match.start("folded"))[1:]:
                builder.put(text, at, stop)
        elif kind == "escape":
            builder.put(_unescaped(match["escape"]), match.start(), match.end())
        elif kind == "quote":
            builder.put("'", match.start(), match.end())
        else:
            builder.copy(base, match.start(), match.end())
    return builder.build()


def _fold(builder: ViewBuilder, base: View, match: re.Match[str]) -> None:
    """Blanks inside a line stay; one line end is a blank, and of several the first is left out."""
    breaks = _breaks(match.group(), match.start())
    if not breaks:
        builder.copy(base, match.start(), match.end())
    elif len(breaks) == 1 and breaks[0][0] == "\n":
        builder.put(" ", match.start(), match.end())
    for item in breaks[1:] if breaks and breaks[0][0] == "\n" else breaks:
        builder.put(*item)


def _breaks(text: str, start: int) -> list[_Break]:
    return [(_read(m.group()), start + m.start(), start + m.end()) for m in _BREAK.finditer(text)]


def _read(line_end: str) -> str:
    return line_end if line_end in ("\u2028", "\u2029") else "\n"


def _unescaped(code: str) -> str:
    if code[0] not in "xuU":
        return _ESCAPES.get(code, code)
    number = int(code[1:], 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _block(base: View, start: int, end: int, value: str) -> View:
    """A block scalar: the parser's rules for line ends, told by its value where the last ones are dropped or kept."""
    header = _HEADER.match(base.text, start, end)
    if not header:
        return base[start:start]
    folds = base.text[start] == ">"
    indent = _indent(base.text, header.end(), end, value)
    builder = ViewBuilder()
    size = 0
    held: list[_Break] = []
    after_text = after_blank = False
    at = header.end()
    while at < end:
        line_end = _BREAK.search(base.text, at, end)
        stop, after = line_end.span() if line_end else (end, end)
        if stop - at > indent:
            begin = at + indent
            is_blank = base.text[begin] in " \t"
            if folds and after_text and held[0][0] == "\n" and not after_blank and not is_blank:
                held = held[1:] if len(held) > 1 else [(" ", *held[0][1:])]
            for item in held:
                builder.put(*item)
            builder.copy(base, begin, stop)
            size += len(held) + stop - begin
            held, after_text, after_blank = [], True, is_blank
        if line_end:
            held.append((_read(line_end.group()), stop, after))
        at = after
    for item in held[: len(value) - size if len(value) > size else 0]:
        builder.put(*item)
    return builder.build()


def _indent(text: str, start: int, end: int, value: str) -> int:
    """How far the block is indented: what its first line with text has more than that line of the value."""
    written, read = _margin(text, start, end), _margin(value, 0, len(value))
    return max(0, written - read)


def _margin(text: str, start: int, end: int) -> int:
    """Blanks before the first other character of its line."""
    at = start
    while at < end and text[at] in " \r\n\x85\u2028\u2029":
        at += 1
    begin = at
    while begin > start and text[begin - 1] == " ":
        begin -= 1
    return at - begin
