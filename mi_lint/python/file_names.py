"""Which file an expression names or has open: `open("config.yaml")`, `Path(__file__).parent / "config.yaml"`."""

from __future__ import annotations

import ast

from mi_lint.python import classes
from mi_lint.python.names import Binding
from mi_lint.python.project import Definition, Module, Project
from mi_lint.python.references import References, argument_for

_MAX_DEPTH = 12
_OPENED = frozenset({"open", "read", "read_text", "read_bytes", "resolve", "absolute", "expanduser", "as_posix"})
_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get"})
UNKNOWN = ""


class FileNames:
    """Finds the last parts of paths; a part that is computed is a `*`."""

    def __init__(self, project: Project, references: References) -> None:
        self._project = project
        self._references = references

    def of(self, module: Module, node: ast.expr, depth: int = 0) -> set[str]:
        """Every name that a file may have; with `UNKNOWN` among them where some way to it is not understood."""
        if depth > _MAX_DEPTH:
            return {UNKNOWN}
        if isinstance(node, ast.Constant):
            return {node.value.replace("\\", "/").rpartition("/")[2]} if isinstance(node.value, str) else {UNKNOWN}
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "*" for part in node.values]
            return {"".join(str(part) for part in parts).rpartition("/")[2]}
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add):
            return self.of(module, node.right, depth + 1)
        if isinstance(node, ast.IfExp):
            return self.of(module, node.body, depth + 1) | self.of(module, node.orelse, depth + 1)
        if isinstance(node, ast.BoolOp):
            return set().union(*(self.of(module, value, depth + 1) for value in node.values))
        if isinstance(node, ast.Call):
            return self._called(module, node, depth)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._bound(module, node, depth)
        return {UNKNOWN}

    def _called(self, module: Module, node: ast.Call, depth: int) -> set[str]:
        symbol = self._project.qualified(module, node.func)
        if symbol is not None and symbol.name in _ENVIRONMENT:
            default = node.args[1] if len(node.args) > 1 else None
            return {UNKNOWN} if default is None else self.of(module, default, depth + 1)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _OPENED and symbol is None:
            return self.of(module, node.func.value, depth + 1)
        if isinstance(node.func, ast.Name) and node.func.id in ("open", "str") and node.args:
            return self.of(module, node.args[0], depth + 1)
        if symbol is not None and symbol.name in ("io.open", "codecs.open") and node.args:
            return self.of(module, node.args[0], depth + 1)
        joins = symbol is not None or (isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath")
        if joins and node.args and not isinstance(node.args[-1], ast.Starred):
            return self.of(module, node.args[-1], depth + 1)  # `os.path.join(...)`, `Path(...)`, `Path(...).open()`
        return {UNKNOWN}

    def _bound(self, module: Module, node: ast.Name | ast.Attribute, depth: int) -> set[str]:
        owner = classes.self_class(module, node.value) if isinstance(node, ast.Attribute) else None
        if owner is not None and isinstance(node, ast.Attribute):
            values = classes.attribute_values(self._project, owner, node.attr)
            return set().union(*(self.of(m, value, depth + 1) for m, value in values)) if values else {UNKNOWN}
        symbol = self._project.symbol(module, node)
        if isinstance(symbol, Definition):
            home, bindings = symbol.module, symbol.binding.scope.bindings[symbol.binding.name]
        elif isinstance(node, ast.Name):
            home, bindings = module, module.names.bindings(module.names.scope_of[node], node.id)
        else:
            return {UNKNOWN}
        found = [self._binding(home, binding, depth) for binding in bindings if binding.kind != "annotation"]
        return set().union(*found) if found else {UNKNOWN}

    def _binding(self, module: Module, binding: Binding, depth: int) -> set[str]:
        if binding.kind in ("assign", "with") and binding.value is not None:
            return self.of(module, binding.value, depth + 1)
        function = binding.scope.node
        if binding.kind != "param" or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return {UNKNOWN}
        sites = self._references.call_sites(module, function)
        if isinstance(sites, str):
            return {UNKNOWN}
        found: set[str] = set()
        default = default_of(function, binding.name)
        for site in sites:
            argument = argument_for(site, function, binding.name)
            if isinstance(argument, str) or (argument is None and default is None):
                return {UNKNOWN}
            if argument is not None:
                found |= self.of(site.module, argument, depth + 1)
        omitted = not sites or any(argument_for(site, function, binding.name) is None for site in sites)
        if omitted:
            found |= self.of(module, default, depth + 1) if default is not None else {UNKNOWN}
        return found


def default_of(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> ast.expr | None:
    """The default of a parameter."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    for arg, default in zip(reversed(positional), reversed(args.defaults), strict=False):
        if arg.arg == name:
            return default
    for arg, keyword_default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if arg.arg == name:
            return keyword_default
    return None
