"""Rewrite one call expression with LibCST: new callee, arguments kept, replaced, dropped or appended.

Text in, text out. What is kept keeps its own bytes, comments and commas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


_LINE = 88  # columns that a line of arguments may fill before each gets its own


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the new call, in order.

    `index` is the old argument (in source order) whose place and layout it takes; None appends. `name` is the keyword
    to write. `text` replaces the value; None keeps the old one byte for byte.
    """

    index: int | None
    name: str | None
    text: str | None


def rewrite_call(source: str, function: str | None, arguments: Sequence[Argument]) -> str:
    """The new source of a call.

    Raises:
        ValueError: the source is not a call, or a part does not parse.
    """
    import libcst as cst

    newline = "\r\n" if "\r\n" in source else "\n"
    try:
        call = cst.parse_expression(source.replace("\r\n", "\n"))
        if not isinstance(call, cst.Call):
            raise ValueError("not a call")
        old = list(call.args)
        made = [_argument(old, argument) for argument in arguments]
        new = call.with_changes(args=_laid_out(call, made, arguments))
        if not made:
            new = new.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
        if function is not None:
            new = new.with_changes(func=cst.parse_expression(function.replace("\r\n", "\n")))
    except cst.ParserSyntaxError:
        raise ValueError("the call does not parse") from None
    text = cst.Module([]).code_for_node(new)
    return text.replace("\n", newline) if newline != "\n" else text


def _argument(old: list[cst.Arg], wanted: Argument) -> cst.Arg:
    import libcst as cst

    value = cst.parse_expression(wanted.text) if wanted.text is not None else None
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    if wanted.index is None:
        assert value is not None
        if wanted.name is None:
            return cst.Arg(value)
        return cst.Arg(value, keyword=cst.Name(wanted.name), equal=tight)
    base = old[wanted.index]
    changes: dict[str, object] = {}
    if value is not None:
        changes["value"] = value
    if wanted.name is not None and not base.star:
        if base.keyword is None:
            changes.update(keyword=cst.Name(wanted.name), equal=tight)
        elif base.keyword.value != wanted.name:
            changes["keyword"] = cst.Name(wanted.name)
    return base.with_changes(**changes)


def _laid_out(call: cst.Call, made: list[cst.Arg], arguments: Sequence[Argument]) -> list[cst.Arg]:
    """Give every argument the comma that its place wants: between arguments as the call has them, last as it was."""
    import libcst as cst

    if not made:
        return []
    old = list(call.args)
    last_old = old[-1] if old else None
    between = next((arg.comma for arg in old[:-1] if isinstance(arg.comma, cst.Comma)), None)
    if between is None:
        between = _comma_like(call, made)
    out: list[cst.Arg] = []
    for position, (arg, wanted) in enumerate(zip(made, arguments, strict=True)):
        is_last = position == len(made) - 1
        was_last = wanted.index is not None and wanted.index == len(old) - 1
        if is_last:
            comma, after = _ending(last_old)
            if not was_last or arg is not last_old:
                arg = arg.with_changes(comma=comma, whitespace_after_arg=after)
        elif was_last or wanted.index is None or not isinstance(arg.comma, cst.Comma):
            arg = arg.with_changes(comma=_without_comment(between), whitespace_after_arg=cst.SimpleWhitespace(""))
        out.append(arg)
    return out


def _ending(last: cst.Arg | None) -> tuple[cst.Comma | cst.MaybeSentinel, cst.BaseParenthesizableWhitespace]:
    """Comma and white space before the closing parenthesis, as the old call had them (a comment stays with its own)."""
    import libcst as cst

    if last is None:
        return cst.MaybeSentinel.DEFAULT, cst.SimpleWhitespace("")
    comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
    if isinstance(last.comma, cst.Comma):
        comma = last.comma
    return comma, last.whitespace_after_arg


def _without_comment(comma: cst.Comma) -> cst.Comma:
    import libcst as cst

    white = comma.whitespace_after
    if isinstance(white, cst.ParenthesizedWhitespace) and white.first_line.comment is not None:
        plain = white.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
        return comma.with_changes(whitespace_after=white.with_changes(first_line=plain, empty_lines=[]))
    return comma


def _comma_like(call: cst.Call, made: Sequence[cst.Arg]) -> cst.Comma:
    """A comma for a call that had at most one argument.

    One that stood on a line of its own gets company there if the line stays short and no trailing comma says otherwise.
    """
    import libcst as cst

    white = call.whitespace_before_args
    plain = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if not isinstance(white, cst.ParenthesizedWhitespace):
        return plain
    trailing = bool(call.args) and isinstance(call.args[-1].comma, cst.Comma)
    code = [cst.Module([]).code_for_node(arg) for arg in made]
    width = len(white.last_line.value) + sum(len(text.strip()) + 2 for text in code)
    if not trailing and width <= _LINE and not any("\n" in text.strip() for text in code):
        return plain
    return _without_comment(cst.Comma(whitespace_after=white))
