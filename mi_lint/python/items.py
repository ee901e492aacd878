"""Entries of dict displays: which one an expression such as `settings["storage"]["key"]` reads, and where it stands."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mi_lint.python.names import Binding
from mi_lint.python.project import Definition, Module, Project


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An entry of a dict display that is bound to a name once. `path` are the keys that lead to it."""

    module: Module
    binding: Binding
    path: tuple[str, ...]
    display: ast.Dict
    key: ast.Constant
    value: ast.expr

    @property
    def name(self) -> str:
        return entry_name(self.binding.name, self.path)


def entry_name(name: str, path: tuple[str, ...]) -> str:
    """How messages and carriers spell an entry: `settings[storage][key]`."""
    return name + "".join(f"[{key}]" for key in path)


def entry_of(project: Project, module: Module, node: ast.expr) -> Entry | None:
    """The entry that an expression reads, by constant keys all the way; None if it reads none."""
    path: list[str] = []
    current = node
    while (read := key_expression(current)) is not None and (key := key_read(current)) is not None:
        path.insert(0, str(key.value))
        current = read.of
    symbol = project.symbol(module, current) if path else None
    if not isinstance(symbol, Definition) or len(symbol.binding.scope.bindings[symbol.binding.name]) != 1:
        return None
    return find_entry(symbol, tuple(path))


def find_entry(symbol: Definition, path: tuple[str, ...]) -> Entry | None:
    """The entry with these keys in the dict display that a name is bound to."""
    display = symbol.binding.value
    for number, wanted in enumerate(path, 1):
        if not isinstance(display, ast.Dict) or None in display.keys:
            return None  # an unpacked mapping may set any key
        pairs = zip(display.keys, display.values, strict=True)
        found = [(key, value) for key, value in pairs if isinstance(key, ast.Constant) and key.value == wanted]
        if len(found) != 1:
            return None
        key, value = found[0]
        if number == len(path):
            return Entry(symbol.module, symbol.binding, path, display, key, value)
        display = value
    return None


@dataclass(frozen=True, slots=True, eq=False)
class KeyRead:
    """`of["key"]` or `of.get("key", default)`."""

    of: ast.expr
    key: ast.expr
    default: ast.expr | None = None


def key_expression(node: ast.AST) -> KeyRead | None:
    """What an expression reads by a key, constant or not; None if it reads nothing so."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return KeyRead(node.value, node.slice)
    plain = isinstance(node, ast.Call) and not node.keywords and 1 <= len(node.args) <= 2
    if plain and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return KeyRead(node.func.value, node.args[0], node.args[1] if len(node.args) > 1 else None)
    return None


def key_read(node: ast.AST) -> ast.Constant | None:
    """The constant key of `x["key"]` or `x.get("key")`."""
    found = key_expression(node)
    key = found.key if found is not None else None
    return key if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def read_from(module: Module, node: ast.AST, depth: int) -> tuple[tuple[str, ...], ast.AST]:
    """The keys, at most `depth`, by which the code goes on from a reference to a mapping, and the whole expression."""
    path: list[str] = []
    current = node
    while len(path) < depth:
        parent = module.names.parents.get(current)
        outer: ast.AST | None = parent
        if isinstance(parent, ast.Attribute) and parent.value is current:
            outer = module.names.parents.get(parent)
            if not (isinstance(outer, ast.Call) and outer.func is parent):
                break
        elif not (isinstance(parent, ast.Subscript) and parent.value is current):
            break
        key = key_read(outer) if outer is not None else None
        if key is None or outer is None:
            break
        path.append(str(key.value))
        current = outer
    return tuple(path), current


def key_of(node: ast.AST) -> ast.Constant | None:
    """The key that a reference to an entry spells: its own place in the display, or the key of a read."""
    return node if isinstance(node, ast.Constant) else key_read(node)


def is_plain(module: Module, key: ast.Constant) -> bool:
    """Whether a key is written as one string without escapes, so that it can be renamed."""
    source = module.source(key)
    return len(source) >= 2 and source[1:-1] == key.value and source[0] == source[-1]
