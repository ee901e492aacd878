"""Scopes, bindings and loads of one module, with Python's own scoping rules.

A pure index over the `ast`: it decides which binding a name refers to, never what its value is.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

# Names that Python itself provides: builtins, and what it sets in modules, class bodies and methods.
BUILTINS = frozenset(dir(builtins)) | {
    *("__file__", "__name__", "__doc__", "__path__", "__spec__", "__package__", "__loader__", "__cached__"),
    *("__builtins__", "__annotations__", "__class__", "__qualname__", "__module__"),
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(slots=True, eq=False)
class Binding:
    """One place that binds a name. `kind`: assign, annotation, param, import, from, def, class, with, del, other.

    `value` is the bound expression where the binding is exactly `name = value` (or `with value as name`).
    `target` is the dotted module or symbol of an import, with leading dots for relative imports.
    """

    name: str
    kind: str
    scope: Scope
    node: ast.AST
    statement: ast.stmt | None
    value: ast.expr | None = None
    target: str = ""


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension."""

    kind: str
    node: ast.AST
    parent: Scope | None
    name: str = ""
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    loads: dict[str, list[ast.Name]] = field(default_factory=dict)
    outer: dict[str, str] = field(default_factory=dict)  # name -> "global" | "nonlocal"
    stars: list[str] = field(default_factory=list)  # modules that are star-imported here

    @property
    def qualname(self) -> str:
        """Dotted path from the module, such as `Client.__init__`; empty for the module itself."""
        if self.parent is None:
            return ""
        prefix = self.parent.qualname
        return f"{prefix}.{self.name}" if prefix else self.name

    @property
    def function(self) -> Scope:
        """The nearest enclosing function, class or module: where statements live."""
        scope: Scope = self
        while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
            scope = scope.parent
        return scope


class Names:
    """The scope tree of a module and, for every node, its parent and the scope that it is evaluated in."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.module = Scope("module", tree, None)
        self.scopes: list[Scope] = [self.module]
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scope_of: dict[ast.AST, Scope] = {}
        self.inner: dict[ast.AST, Scope] = {tree: self.module}
        self._deferred: list[tuple[Scope, ast.Name]] = []
        _Builder(self).build()
        self.users: dict[Scope, dict[str, list[ast.Name]]] = {}
        for scope, node in self._deferred:
            owner = self.owner(scope, node.id)
            if owner is not None:
                self.users.setdefault(owner, {}).setdefault(node.id, []).append(node)

    def owner(self, scope: Scope, name: str) -> Scope | None:
        """The scope whose binding `name` refers to when evaluated in `scope`; None for builtins and unknowns."""
        declared = scope.outer.get(name)
        if declared == "global":
            return self.module if name in self.module.bindings else None
        current: Scope | None = scope if declared is None else scope.parent
        while current is not None:
            if current is scope or current.kind != "class":
                if current.outer.get(name) == "global":
                    return self.module if name in self.module.bindings else None
                if name in current.bindings:
                    return current
            current = current.parent
        return None

    def bindings(self, scope: Scope, name: str) -> list[Binding]:
        """All bindings that a load of `name` in `scope` may see (not ordered by control flow)."""
        owner = self.owner(scope, name)
        return owner.bindings[name] if owner is not None else []

    def loads(self, scope: Scope, name: str) -> list[ast.Name]:
        """All loads, anywhere in the module, that refer to `name` as bound in `scope`."""
        return self.users.get(scope, {}).get(name, [])

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement that holds `node`."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parents.get(current)
        return current

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Parents of `node`, innermost first."""
        current = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    def class_scope(self, scope: Scope) -> Scope | None:
        """The class whose method body (possibly nested) `scope` lies in."""
        current: Scope | None = scope
        while current is not None:
            if current.kind == "class":
                return current
            current = current.parent
        return None

    def unresolved(self) -> set[str]:
        """Names that are loaded but bound nowhere that Python would look; empty when a star import may bind them."""
        if any(scope.stars for scope in self.scopes):
            return set()
        missing = set()
        for scope, node in self._deferred:
            if node.id not in BUILTINS and self.owner(scope, node.id) is None:
                missing.add(node.id)
        return missing


class _Builder:
    """Fills a `Names`, iteratively, so that deep nesting cannot exhaust the stack."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.stack: list[tuple[ast.AST, Scope]] = []

    def build(self) -> None:
        self.stack.append((self.names.tree, self.names.module))
        while self.stack:
            node, scope = self.stack.pop()
            self.names.scope_of[node] = scope
            self.visit(node, scope)

    def push(self, parent: ast.AST, nodes: Iterator[ast.AST] | list[ast.AST], scope: Scope) -> None:
        items = list(nodes)
        for node in reversed(items):
            self.names.parents[node] = parent
            self.stack.append((node, scope))

    def bind(
        self,
        scope: Scope,
        name: str,
        kind: str,
        node: ast.AST,
        value: ast.expr | None = None,
        target: str = "",
    ) -> None:
        owner = scope
        if scope.outer.get(name) == "global":
            owner = self.names.module
        elif scope.outer.get(name) == "nonlocal":
            current = scope.parent
            while current is not None and (current.kind == "class" or name not in current.bindings):
                current = current.parent
            owner = current or scope
        if kind == "walrus":
            kind = "other"
            while owner.kind == "comprehension" and owner.parent is not None:
                owner = owner.parent
        statement = self.names.statement(node)
        owner.bindings.setdefault(name, []).append(Binding(name, kind, owner, node, statement, value, target))

    def visit(self, node: ast.AST, scope: Scope) -> None:
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is not None:
            method(node, scope)
        else:
            self.push(node, ast.iter_child_nodes(node), scope)

    def visit_Name(self, node: ast.Name, scope: Scope) -> None:  # noqa: N802
        if isinstance(node.ctx, ast.Load):
            scope.loads.setdefault(node.id, []).append(node)
            self.names._deferred.append((scope, node))
        else:
            kind, value = self.binding_kind(node)
            self.bind(scope, node.id, kind, node, value)

    def binding_kind(self, node: ast.Name) -> tuple[str, ast.expr | None]:
        parent = self.names.parents.get(node)
        if isinstance(node.ctx, ast.Del):
            return "del", None
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.targets[0] is node:
            return "assign", parent.value
        if isinstance(parent, ast.AnnAssign) and parent.target is node:
            return ("assign", parent.value) if parent.value is not None else ("annotation", None)
        if isinstance(parent, ast.withitem) and parent.optional_vars is node:
            return "with", parent.context_expr
        if isinstance(parent, ast.NamedExpr):
            return "walrus", None
        return "other", None

    def visit_Global(self, node: ast.Global, scope: Scope) -> None:  # noqa: N802
        for name in node.names:
            scope.outer[name] = "global"

    def visit_Nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:  # noqa: N802
        for name in node.names:
            scope.outer[name] = "nonlocal"

    def visit_Import(self, node: ast.Import, scope: Scope) -> None:  # noqa: N802
        for alias in node.names:
            self.names.parents[alias] = node
            local = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else local
            self.bind(scope, local, "import", alias, target=target)

    def visit_ImportFrom(self, node: ast.ImportFrom, scope: Scope) -> None:  # noqa: N802
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            self.names.parents[alias] = node
            if alias.name == "*":
                scope.stars.append(module)
                continue
            joint = "" if module.endswith(".") else "."
            self.bind(scope, alias.asname or alias.name, "from", alias, target=f"{module}{joint}{alias.name}")

    def visit_ExceptHandler(self, node: ast.ExceptHandler, scope: Scope) -> None:  # noqa: N802
        if node.name:
            self.bind(scope, node.name, "other", node)
        self.push(node, ast.iter_child_nodes(node), scope)

    def visit_MatchAs(self, node: ast.MatchAs, scope: Scope) -> None:  # noqa: N802
        if node.name:
            self.bind(scope, node.name, "other", node)
        self.push(node, ast.iter_child_nodes(node), scope)

    def visit_MatchStar(self, node: ast.MatchStar, scope: Scope) -> None:  # noqa: N802
        if node.name:
            self.bind(scope, node.name, "other", node)

    def visit_MatchMapping(self, node: ast.MatchMapping, scope: Scope) -> None:  # noqa: N802
        if node.rest:
            self.bind(scope, node.rest, "other", node)
        self.push(node, ast.iter_child_nodes(node), scope)

    def visit_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:  # noqa: N802
        self.bind(scope, node.name, "class", node)
        inner = self.enter("class", node, scope, node.name)
        outside: list[ast.AST] = [*node.decorator_list, *node.bases, *node.keywords]
        self.push(node, [*outside], scope)
        self.push(node, list(node.body), inner)

    def visit_FunctionDef(self, node: ast.FunctionDef, scope: Scope) -> None:  # noqa: N802
        self.function(node, scope)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef, scope: Scope) -> None:  # noqa: N802
        self.function(node, scope)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self.bind(scope, node.name, "def", node)
        inner = self.enter("function", node, scope, node.name)
        self.names.parents[node.args] = node
        self.names.scope_of[node.args] = scope
        self.parameters(node.args, inner)
        outside: list[ast.AST] = [*node.decorator_list, *_defaults(node.args), *_annotations(node.args)]
        if node.returns is not None:
            outside.append(node.returns)
        self.push(node, outside, scope)
        self.declare(node.body, inner)
        self.push(node, list(node.body), inner)

    def declare(self, body: list[ast.stmt], inner: Scope) -> None:
        """Register `global` and `nonlocal` of a function body before any binding of it is seen."""
        stack: list[ast.AST] = list(body)
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Global | ast.Nonlocal):
                kind = "global" if isinstance(node, ast.Global) else "nonlocal"
                for name in node.names:
                    inner.outer[name] = kind
            elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.expr)):
                stack.extend(ast.iter_child_nodes(node))

    def visit_Lambda(self, node: ast.Lambda, scope: Scope) -> None:  # noqa: N802
        inner = self.enter("lambda", node, scope, "<lambda>")
        self.names.parents[node.args] = node
        self.names.scope_of[node.args] = scope
        self.parameters(node.args, inner)
        self.push(node, [*_defaults(node.args)], scope)
        self.push(node, [node.body], inner)

    def parameters(self, args: ast.arguments, inner: Scope) -> None:
        for arg in all_parameters(args):
            self.names.parents[arg] = args
            self.names.scope_of[arg] = inner
            self.bind(inner, arg.arg, "param", arg)

    def comprehension(self, node: ast.AST, scope: Scope) -> None:
        inner = self.enter("comprehension", node, scope, "<comprehension>")
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        results = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.comprehension)]
        self.push(node, results, inner)
        for index, generator in enumerate(generators):
            self.names.parents[generator] = node
            self.names.scope_of[generator] = inner
            self.push(generator, [generator.target, *generator.ifs], inner)
            self.push(generator, [generator.iter], scope if index == 0 else inner)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    def enter(self, kind: str, node: ast.AST, scope: Scope, name: str) -> Scope:
        inner = Scope(kind, node, scope, name)
        self.names.scopes.append(inner)
        self.names.inner[node] = inner
        return inner


def all_parameters(args: ast.arguments) -> list[ast.arg]:
    """Every parameter in order of the signature, `*args` and `**kwargs` included."""
    extra = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(default for default in args.kw_defaults if default is not None)]


def _annotations(args: ast.arguments) -> list[ast.expr]:
    return [arg.annotation for arg in all_parameters(args) if arg.annotation is not None]
