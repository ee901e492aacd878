"""The configuration of a web application, a mapping that many places fill and read: `app.config["KEY"]`.

A key is filled by item, by keyword, by a dict display, or as an attribute of a class that is handed over as a whole.
One way to fill the mapping that is not understood may set any key.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mi_lint.python import classes
from mi_lint.python.items import key_expression
from mi_lint.python.names import Scope
from mi_lint.python.project import External, Module, Project

_APPLICATIONS = frozenset({"flask.Flask", "flask.current_app", "quart.Quart", "quart.current_app"})
_HARMLESS = frozenset({"get", "setdefault", "copy", "keys"})
_OPENLY = frozenset({"from_mapping", "update"})
Attributes = Callable[[str], Iterable[tuple[Module, ast.Attribute]]]
Strings = Callable[[str], Iterable[tuple[Module, ast.Constant]]]


@dataclass(slots=True, eq=False)
class Key:
    """All about one key: `fills` are the values it is given with the node that names it; `reads` are whole reads.

    `attributes` are classes and modules with that name, `unclear` what may be one more use of it.
    """

    fills: list[tuple[Module, ast.AST, ast.expr]] = field(default_factory=list)
    reads: list[tuple[Module, ast.expr]] = field(default_factory=list)
    attributes: list[tuple[Module, Scope]] = field(default_factory=list)
    unclear: list[tuple[Module, ast.AST]] = field(default_factory=list)


class WebSettings:
    """Look-ups over one state of a project; `attributes` and `strings` find nodes by what they spell."""

    def __init__(self, project: Project, attributes: Attributes, strings: Strings) -> None:
        self._project = project
        self._attributes = attributes
        self._strings = strings
        self._keys: dict[str, Key] = {}

    @cached_property
    def any(self) -> bool:
        """Whether the project has such applications at all."""
        roots = {name.partition(".")[0] for name in _APPLICATIONS}
        modules = self._project.modules.values()
        return any(name.partition(".")[0] in roots for module in modules for name in module.imports)

    def is_config(self, module: Module, node: ast.expr) -> bool:
        """Whether an expression is the configuration of an application."""
        if isinstance(node, ast.Name):
            bindings = module.names.bindings(module.names.scope_of[node], node.id)
            value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
            return isinstance(value, ast.Attribute) and self.is_config(module, value)
        if not isinstance(node, ast.Attribute) or node.attr != "config" or not self.any:
            return False
        owner = node.value
        symbol = self._project.qualified(module, owner) or classes.instance_of(self._project, module, owner)
        return isinstance(symbol, External) and symbol.name in _APPLICATIONS

    def read(self, module: Module, node: ast.expr) -> str | None:
        """The constant key that an expression reads; None if it reads none."""
        found = key_expression(node) if self.any else None
        if found is None or not self.is_config(module, found.of):
            return None
        return found.key.value if isinstance(found.key, ast.Constant) and isinstance(found.key.value, str) else None

    @cached_property
    def _configs(self) -> list[tuple[Module, ast.expr]]:
        """Every place that names a configuration."""
        named = [(module, node) for module, node in self._attributes("config") if self.is_config(module, node)]
        found: list[tuple[Module, ast.expr]] = []
        for module, node in named:
            statement = module.names.parents.get(node)
            target = statement.targets[0] if isinstance(statement, ast.Assign) and statement.value is node else None
            if isinstance(target, ast.Name):
                found.extend((module, load) for load in module.names.loads(module.names.scope_of[target], target.id))
            else:
                found.append((module, node))
        return found

    @cached_property
    def obstacle(self) -> str:
        """The place that fills or hands on a configuration in a way that may set any key; empty if there is none."""
        for module, node in self._configs:
            if not self._is_plain(module, node):
                return f"{module.path}:{node.lineno}"
        return ""

    def _is_plain(self, module: Module, node: ast.expr) -> bool:
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Subscript):
            return parent.value is node and isinstance(parent.slice, ast.Constant)
        if isinstance(parent, ast.Compare):
            return True
        call = module.names.parents.get(parent) if isinstance(parent, ast.Attribute) else None
        if not isinstance(parent, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not parent:
            return False
        if parent.attr in _HARMLESS:
            return not call.args or isinstance(call.args[0], ast.Constant)
        if parent.attr == "from_object":
            return len(call.args) == 1 and not call.keywords
        return parent.attr in _OPENLY and all(k.arg for k in call.keywords) and all(map(_is_display, call.args))

    def key(self, name: str) -> Key:
        """All uses of a key."""
        if name not in self._keys:
            self._keys[name] = self._find(name)
        return self._keys[name]

    def _find(self, name: str) -> Key:
        found = Key()
        handed_over = False
        for module, node in self._configs:
            parent = module.names.parents.get(node)
            outer = module.names.parents.get(parent) if parent is not None else None
            if isinstance(parent, ast.Subscript) and _says(parent.slice, name):
                self._item(found, module, parent, outer)
            elif isinstance(parent, ast.Attribute) and isinstance(outer, ast.Call):
                handed_over = handed_over or parent.attr == "from_object"
                self._called(found, module, parent.attr, outer, name)
        if handed_over:
            self._handed_over(found, name)
        known: set[ast.AST] = {node for _, node, _ in found.fills}
        known |= {key.key for _, read in found.reads if (key := key_expression(read)) is not None}
        for module, text in self._strings(name):
            if text not in known and self._may_be_key(module, text):
                found.unclear.append((module, text))
        return found

    def _item(self, found: Key, module: Module, item: ast.Subscript, statement: ast.AST | None) -> None:
        if isinstance(item.ctx, ast.Load):
            found.reads.append((module, item))
        elif isinstance(statement, ast.Assign) and statement.targets == [item]:
            found.fills.append((module, item.slice, statement.value))
        else:
            found.unclear.append((module, item))

    def _called(self, found: Key, module: Module, method: str, call: ast.Call, name: str) -> None:
        first = call.args[0] if call.args else None
        if method == "get" and first is not None and _says(first, name):
            found.reads.append((module, call))
        elif method == "setdefault" and len(call.args) == 2 and first is not None and _says(first, name):
            found.fills.append((module, first, call.args[1]))
        elif method in _OPENLY:
            found.fills += [(module, k, k.value) for k in call.keywords if k.arg == name]
            for display in (argument for argument in call.args if isinstance(argument, ast.Dict)):
                pairs = zip(display.keys, display.values, strict=True)
                found.fills += [(module, key, value) for key, value in pairs if key is not None and _says(key, name)]

    def _handed_over(self, found: Key, name: str) -> None:
        """What is handed over is often chosen at run time: every class or module that has the name may be it."""
        for module in self._project.modules.values():
            for scope in module.names.scopes:
                bindings = scope.bindings.get(name, []) if scope.kind in ("class", "module") else []
                if not bindings or all(b.kind in ("import", "from", "annotation") for b in bindings):
                    continue
                for binding in bindings:
                    if binding.kind != "assign" or binding.value is None:
                        found.unclear.append((module, binding.node))
                    else:
                        found.fills.append((module, binding.node, binding.value))
                found.attributes.append((module, scope))

    def _may_be_key(self, module: Module, text: ast.Constant) -> bool:
        """Whether a string of that name may be a key of a configuration: not where it is a key of something known."""
        parent = module.names.parents.get(text)
        if isinstance(parent, ast.Subscript) and parent.slice is text:
            return not isinstance(self._project.symbol(module, parent.value), External)
        if isinstance(parent, ast.Call):
            return not isinstance(self._project.symbol(module, parent.func), External)
        return not isinstance(parent, ast.Expr)


def _says(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == name


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys)


def uses(key: Key) -> Iterator[tuple[Module, ast.AST, str]]:
    """Every use of a key with the kind of reference that it is."""
    yield from ((module, node, "store") for module, node, _ in key.fills)
    yield from ((module, node, "item") for module, node in key.reads)
    yield from ((module, node, "doubtful") for module, node in key.unclear)
