"""Fold constant string expressions of Python to their final text, keeping the places of all parts.

What is known only at run time becomes a hole: one replacement character, so that the constant rest can still be read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from mi_lint.documents.decode import base64_text, percent_text
from mi_lint.documents.python_literals import Source
from mi_lint.documents.python_scopes import Scopes
from mi_lint.documents.view import View, join

HOLE = "\ufffc"
_LONGEST = 1_000_000  # characters of one folded value
_BUDGET = 20_000_000  # characters folded in one file
_DEEPEST = 60
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<spec>[-+ #0]*\d*(?:\.\d+)?)(?P<type>[a-zA-Z%])")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?P<rest>[^{}]*)\}")
_TRIMS: dict[str, Callable[[str], str]] = {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}
_DECODERS: dict[str, Callable[[View], View | None]] = {
    "b64decode": base64_text,
    "urlsafe_b64decode": base64_text,
    "standard_b64decode": base64_text,
    "a2b_base64": base64_text,
    "unquote": percent_text,
    "unquote_plus": percent_text,
    "unquote_to_bytes": percent_text,
}
_SAME = frozenset({"str", "bytes", "bytearray", "SecretStr", "dedent"})


class Folder:
    """Folds the expressions of one module. `fold` gives None for what holds no constant text at all."""

    def __init__(self, source: Source, scopes: Scopes) -> None:
        self.source = source
        self.scopes = scopes
        self._known: dict[int, View | None] = {}
        self._busy: set[int] = set()
        self._depth = 0
        self._spent = 0

    def fold(self, node: ast.expr) -> View | None:
        key = id(node)
        if key in self._known:
            return self._known[key]
        if key in self._busy or self._depth > _DEEPEST or self._spent > _BUDGET:
            return None
        self._busy.add(key)
        self._depth += 1
        try:
            view = self._fold(node)
        finally:
            self._busy.discard(key)
            self._depth -= 1
        if view is not None and len(view) > _LONGEST:
            view = None
        self._spent += len(view) if view is not None else 0
        self._known[key] = view
        return view

    def _fold(self, node: ast.expr) -> View | None:
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node)
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Name | ast.Attribute):
            target = self.scopes.value_of(node)
            return self.fold(target) if target is not None else None
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.fold(node.value)
        return None

    def _constant(self, node: ast.Constant) -> View | None:
        if not isinstance(node.value, str | bytes):
            return None
        value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        view = join(piece.text for piece in self.source.pieces(node) if piece.text is not None)
        return view if view.text == value else self.source.hole(node, value)

    def _joined(self, node: ast.JoinedStr) -> View | None:
        fields = [value for value in node.values if isinstance(value, ast.FormattedValue)]
        pieces = self.source.pieces(node)
        if sum(piece.text is None for piece in pieces) != len(fields):
            return None
        parts, at = [], 0
        for piece in pieces:
            if piece.text is not None:
                parts.append(piece.text)
                continue
            field = fields[at]
            inner = self.fold(field.value) if piece.plain and field.format_spec is None else None
            parts.append(inner if inner is not None else self.source.hole(field.value, HOLE))
            at += 1
        return join(parts)

    def _operation(self, node: ast.BinOp) -> View | None:
        if isinstance(node.op, ast.Add):
            return self._sum(node)
        if isinstance(node.op, ast.Mod):
            return self._percent(node)
        if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
            view, times = self.fold(node.left), node.right.value
            if view is not None and 0 <= times * len(view) <= _LONGEST:
                return join([view] * times)
        return None

    def _sum(self, node: ast.BinOp) -> View | None:
        terms: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            terms.append(left.right)
            left = left.left
        return self._together([left, *reversed(terms)])

    def _together(self, nodes: Sequence[ast.expr], separator: View | None = None) -> View | None:
        """The nodes one after the other, holes for what is unknown; None if nothing is known."""
        folded = [self.fold(node) for node in nodes]
        if all(view is None for view in folded):
            return None
        parts: list[View] = []
        for index, (node, view) in enumerate(zip(nodes, folded, strict=True)):
            if index and separator is not None:
                parts.append(separator)
            parts.append(view if view is not None else self.source.hole(node, HOLE))
        return join(parts)

    def _percent(self, node: ast.BinOp) -> View | None:
        template = self.fold(node.left)
        if template is None:
            return None
        right = node.right
        given = list(right.elts) if isinstance(right, ast.Tuple) else [right]
        named = _items(right) if isinstance(right, ast.Dict) else {}
        parts, at, used = [], 0, 0
        for match in _PERCENT.finditer(template.text):
            parts.append(template[at : match.start()])
            at = match.end()
            if match["type"] == "%":
                parts.append(template[match.start() : match.start() + 1])
                continue
            value = named.get(match["name"]) if match["name"] else (given[used] if used < len(given) else None)
            used += not match["name"]
            parts.append(self._filled(value, match["type"] == "s" and not match["spec"], node))
        return join([*parts, template[at:]])

    def _format(self, template: View, call: ast.Call) -> View:
        named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        parts, at, used = [], 0, 0
        for match in _FIELD.finditer(template.text):
            parts.append(template[at : match.start()])
            at = match.end()
            if match.group() in ("{{", "}}"):
                parts.append(template[match.start() : match.start() + 1])
                continue
            name = match["name"]
            number = int(name) if name.isdecimal() else used
            used += not name
            positional = call.args[number] if number < len(call.args) else None
            value = positional if not name or name.isdecimal() else named.get(name)
            parts.append(self._filled(value, not match["rest"], call))
        return join([*parts, template[at:]])

    def _filled(self, value: ast.expr | None, plain: bool, owner: ast.expr) -> View:
        view = self.fold(value) if value is not None and plain else None
        return view if view is not None else self.source.hole(value or owner, HOLE)

    def _call(self, node: ast.Call) -> View | None:
        function = node.func
        name = (
            function.attr
            if isinstance(function, ast.Attribute)
            else function.id
            if isinstance(function, ast.Name)
            else ""
        )
        if name in _DECODERS and node.args:
            inner = self.fold(node.args[0])
            return _DECODERS[name](inner) if inner is not None and HOLE not in inner.text else None
        if name in _SAME and node.args:
            return self.fold(node.args[0])
        if not isinstance(function, ast.Attribute):
            return None
        if name == "join" and len(node.args) == 1:
            return self._join(function.value, node.args[0])
        owner = self.fold(function.value)
        return self._method(owner, name, node) if owner is not None else None

    def _method(self, owner: View, name: str, node: ast.Call) -> View | None:
        """What a string method makes of a constant."""
        if name in ("encode", "decode"):
            return owner
        if name == "format":
            return self._format(owner, node)
        if name in ("upper", "lower"):
            text = owner.text.upper() if name == "upper" else owner.text.lower()
            return View(text, owner.starts, owner.ends) if len(text) == len(owner) else None
        if name in _TRIMS and not node.args:
            trimmed = _TRIMS[name](owner.text)
            start = owner.text.find(trimmed)
            return owner[start : start + len(trimmed)]
        if name == "replace" and len(node.args) >= 2:
            old, new = self.fold(node.args[0]), self.fold(node.args[1])
            if old is not None and isinstance(node.args[1], ast.Constant) and node.args[1].value == "":
                new = owner[:0]
            return _replaced(owner, old.text, new) if old is not None and old.text and new is not None else None
        return None

    def _join(self, separator: ast.expr, items: ast.expr) -> View | None:
        target = self.scopes.value_of(items) if isinstance(items, ast.Name | ast.Attribute) else items
        if not isinstance(target, ast.List | ast.Tuple | ast.Set):
            return None
        between = self.fold(separator)
        empty = isinstance(separator, ast.Constant) and separator.value in ("", b"")
        return self._together(target.elts, None if empty else between) if between is not None or empty else None

    def _subscript(self, node: ast.Subscript) -> View | None:
        if isinstance(node.slice, ast.Slice):
            view, bounds = self.fold(node.value), _bounds(node.slice)
            if view is None or bounds is None:
                return None
            return _sliced(view, slice(*bounds))
        target = self.scopes.value_of(node.value) if isinstance(node.value, ast.Name | ast.Attribute) else node.value
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(target, ast.Dict) and isinstance(key, str):
            value = _items(target).get(key)
            return self.fold(value) if value is not None else None
        if (
            isinstance(target, ast.List | ast.Tuple)
            and isinstance(key, int)
            and -len(target.elts) <= key < len(target.elts)
        ):
            return self.fold(target.elts[key])
        return None


def _items(node: ast.Dict) -> dict[str, ast.expr]:
    pairs = zip(node.keys, node.values, strict=True)
    return {k.value: v for k, v in pairs if isinstance(k, ast.Constant) and isinstance(k.value, str)}


def _bounds(node: ast.Slice) -> tuple[int | None, int | None, int | None] | None:
    found: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        value = ast.literal_eval(part) if isinstance(part, ast.Constant | ast.UnaryOp) and _is_number(part) else None
        if part is not None and not isinstance(value, int):
            return None
        found.append(value)
    return found[0], found[1], found[2] or None


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(inner, ast.Constant) and isinstance(inner.value, int)


def _sliced(view: View, part: slice) -> View:
    return View(view.text[part], list(view.starts[part]), list(view.ends[part])) if part.step else view[part]


def _replaced(owner: View, old: str, new: View) -> View:
    parts, at = [], 0
    while (found := owner.text.find(old, at)) >= 0:
        parts += [owner[at:found], new]
        at = found + len(old)
    return join([*parts, owner[at:]]) if parts else owner
