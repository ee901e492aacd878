"""Code as a message may quote it: short, and without the texts in it, any of which may be a secret."""

from __future__ import annotations

import ast
import re

_LONGEST = 60
_KEY = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,39}")


def quoted(node: ast.expr) -> str:
    """An expression as it is spelled, with `...` for every text but the keys of look-ups."""
    text = ast.unparse(_Texts().visit(ast.parse(ast.unparse(node), mode="eval")))
    return text if len(text) < _LONGEST else f"{text[: _LONGEST - 3]}..."


class _Texts(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        node.value = self.visit(node.value)
        if not (isinstance(key, str) and _KEY.fullmatch(key)):
            node.slice = self.visit(node.slice)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(...) if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant(...)
