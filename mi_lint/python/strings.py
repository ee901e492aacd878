"""Strings that are assembled in an expression: f-strings, `+`, `%`, `format` and `join`, as text with holes."""

from __future__ import annotations

import ast
import re
import string

from mi_lint.templates import hole

_PERCENT = re.compile(r"%(?:\((\w+)\))?([-#0 +]*\d*(?:\.\d+)?[a-zA-Z%])")


def assembled(node: ast.expr) -> tuple[str, tuple[ast.expr, ...]] | None:
    """Text with holes and the expression of each hole; None if the node assembles nothing.

    A hole with a conversion or format specification is not understood and gives None.
    """
    parts: list[ast.expr] = []
    text = _text(node, parts)
    return (text, tuple(parts)) if text is not None else None


def _add(parts: list[ast.expr], node: ast.expr) -> str:
    parts.append(node)
    return hole(len(parts) - 1)


def _text(node: ast.expr, parts: list[ast.expr]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return _joined(node, parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _operand(node.left, parts), _operand(node.right, parts)
        return left + right if left is not None and right is not None else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _percent(node, parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _method(node, node.func, parts)
    return None


def _operand(node: ast.expr, parts: list[ast.expr]) -> str | None:
    inner = _text(node, parts)
    return inner if inner is not None else _add(parts, node)


def _joined(node: ast.JoinedStr, parts: list[ast.expr]) -> str | None:
    out = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            out.append(str(value.value))
        elif isinstance(value, ast.FormattedValue) and value.conversion == -1 and value.format_spec is None:
            out.append(_add(parts, value.value))
        else:
            return None
    return "".join(out)


def _percent(node: ast.BinOp, parts: list[ast.expr]) -> str | None:
    if not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
        return None
    template = node.left.value
    arguments = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
    if isinstance(node.right, ast.Dict) or any(isinstance(a, ast.Starred) for a in arguments):
        return None
    out, position, used = [], 0, 0
    for match in _PERCENT.finditer(template):
        out.append(template[position : match.start()])
        position = match.end()
        if match[2] == "%":
            out.append("%")
        elif match[2] == "s" and match[1] is None and used < len(arguments):
            out.append(_add(parts, arguments[used]))
            used += 1
        else:
            return None
    out.append(template[position:])
    return "".join(out) if used == len(arguments) else None


def _method(node: ast.Call, function: ast.Attribute, parts: list[ast.expr]) -> str | None:
    base = function.value
    if function.attr == "join":
        return _join(node, base, parts)
    if function.attr != "format" or not (isinstance(base, ast.Constant) and isinstance(base.value, str)):
        return None
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return None
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    out, automatic = [], 0
    try:
        fields = list(string.Formatter().parse(base.value))
    except ValueError:
        return None
    for literal, name, specification, conversion in fields:
        out.append(literal)
        if name is None:
            continue
        if specification or conversion:
            return None
        if name == "":
            name, automatic = str(automatic), automatic + 1
        if name.isdigit() and int(name) < len(node.args):
            out.append(_add(parts, node.args[int(name)]))
        elif name in named:
            out.append(_add(parts, named[name]))
        else:
            return None
    return "".join(out)


def _join(node: ast.Call, base: ast.expr, parts: list[ast.expr]) -> str | None:
    if not (isinstance(base, ast.Constant) and isinstance(base.value, str)) or len(node.args) != 1 or node.keywords:
        return None
    items = node.args[0]
    if not isinstance(items, ast.List | ast.Tuple) or any(isinstance(e, ast.Starred) for e in items.elts):
        return None
    texts = [_operand(item, parts) for item in items.elts]
    return base.value.join(text for text in texts if text is not None)
