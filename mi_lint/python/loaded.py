"""Trees of configuration that code loads from a file: `yaml.safe_load(f)["storage"]["conn"]`, whatever the way there.

Which calls load which form, and which objects have a tree ready, the rulebook says. A tree, or a part of it, that goes
anywhere but into variables, parameters and reads by constant keys is used as a whole.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mi_lint.entry_names import family, file_of, has_form, is_key, section_in
from mi_lint.python import classes
from mi_lint.python.file_names import UNKNOWN, FileNames, default_of
from mi_lint.python.items import key_expression
from mi_lint.python.knowledge import Knowledge, bind
from mi_lint.python.names import Binding
from mi_lint.python.project import Definition, External, Module, Project
from mi_lint.python.references import References, argument_for
from mi_lint.rulebook.model import Loaded

_MAX_DEPTH = 12
Text = Callable[[Module, ast.expr], str | None]  # the text of an expression that is a constant


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tree. `file` is the family of its file, empty where it is not certain; `path` are the keys to it."""

    loaded: Loaded
    file: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeRead:
    """One read of a leaf, or of a part. `option` is its key, None where it is computed; `section` the part around."""

    part: Part
    option: ast.expr
    default: ast.expr | None

    @property
    def section(self) -> str:
        return section_in(self.part.file, self.part.path)


class Trees:
    """Finds what reads trees, in one state of a project."""

    def __init__(self, project: Project, known: Knowledge, references: References, text: Text) -> None:
        self._project = project
        self._known = known.loaded
        self._references = references
        self._text = text
        self._names = FileNames(project, references)
        self._roots = {name.partition(".")[0] for name in known.loaded}
        self._methods = {name.rpartition(".")[2] for name in known.loaded}
        self._objects = {name for name, item in known.loaded.items() if item.signature is None}
        self._parts: dict[ast.AST, Part | None] = {}
        self._loads: dict[str, bool] = {}
        self._parameters = True  # whether parameters are followed

    def loads(self, module: Module) -> bool:
        """Whether a file imports something that loads a tree."""
        if module.path not in self._loads:
            self._loads[module.path] = any(name.partition(".")[0] in self._roots for name in module.imports)
        return self._loads[module.path]

    @cached_property
    def any(self) -> bool:
        """Whether the project loads trees from files that can be told."""
        roots = {name.partition(".")[0] for name in self._objects}
        imported = {name.partition(".")[0] for module in self._project.modules.values() for name in module.imports}
        return bool(roots & imported) or bool(self.families())

    @cached_property
    def _given(self) -> frozenset[str]:
        """Names of the functions and classes that are given a part of a tree which is no parameter itself."""
        found = set()
        self._parameters = False
        for module, node, _ in self._all_parts():
            parent = module.names.parents.get(node)
            call = module.names.parents.get(parent) if isinstance(parent, ast.keyword) else parent
            if isinstance(call, ast.Call) and call.func is not node:
                found.add(call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", ""))
        self._parameters = True
        self._parts.clear()
        return frozenset(found)

    @cached_property
    def _by_attribute(self) -> bool:
        """Whether the project may have trees that are read by attributes."""
        roots = {name.partition(".")[0] for name, item in self._known.items() if item.attributes}
        modules = self._project.modules.values() if self.any else ()
        return any(name.partition(".")[0] in roots for module in modules for name in module.imports)

    @cached_property
    def near(self) -> frozenset[str]:
        """Paths of the modules that may have a tree in hand."""
        loading = [path for path, module in self._project.modules.items() if self.loads(module)]
        found = {other for path in loading for other in self._project.importers(path)}
        return frozenset(found | {module.path for module, _, _ in self._all_parts()})

    def _all_parts(self) -> Iterator[tuple[Module, ast.expr, Part]]:
        for module in self._project.modules.values() if self.any else ():
            for node in list(module.names.scope_of):
                if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
                    continue
                if not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                    part = self.part(module, node)
                    if part is not None:
                        yield module, node, part

    def families(self) -> set[tuple[str, str]]:
        """The files that the project loads, each with its form."""
        found = set()
        for module in self._project.modules.values():
            if not self.loads(module):
                continue
            for node in list(module.names.scope_of):
                if isinstance(node, ast.Call | ast.Attribute):
                    part = self._root(module, node)
                    if part is not None and part.file and part.loaded.signature is not None:
                        found.add((part.file, part.loaded.form))
        return found

    def read(self, module: Module, node: ast.expr) -> TreeRead | None:
        """The key that an expression reads from a tree; None if it reads none."""
        if not self.any:
            return None
        if isinstance(node, ast.Attribute):
            reads = self._by_attribute and isinstance(node.ctx, ast.Load)
            part = self.part(module, node.value) if reads else None
            plain = part is not None and part.loaded.attributes and not self._is_method(module, node)
            return TreeRead(part, node, None) if part is not None and plain else None
        key = key_expression(node)
        if key is None:
            return None
        part = self.part(module, key.of)
        return TreeRead(part, key.key, key.default) if part is not None else None

    def _is_method(self, module: Module, node: ast.Attribute) -> bool:
        parent = module.names.parents.get(node)
        return isinstance(parent, ast.Call) and parent.func is node

    def part(self, module: Module, node: ast.expr, depth: int = 0) -> Part | None:
        """The part of a tree that an expression is; None if it is none."""
        if node in self._parts:
            return self._parts[node]
        if depth > _MAX_DEPTH:
            return None
        self._parts[node] = None  # a circle is no tree
        found = self._root(module, node) or self._inner(module, node, depth)
        self._parts[node] = found
        return found

    def _root(self, module: Module, node: ast.AST) -> Part | None:
        """A call that loads a tree, or an object that has one."""
        if isinstance(node, ast.Name | ast.Attribute):
            symbol = self._project.qualified(module, node) if self._objects else None
            loaded = self._known.get(symbol.name) if symbol is not None else None
            return Part(loaded, loaded.file) if loaded is not None and loaded.signature is None else None
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        symbol = self._project.qualified(module, function)
        if symbol is None and isinstance(function, ast.Attribute) and function.attr in self._methods:
            owner = classes.instance_of(self._project, module, function.value)
            symbol = External(f"{owner.name}.{function.attr}") if isinstance(owner, External) else None
        loaded = self._known.get(symbol.name) if symbol is not None else None
        if loaded is None or loaded.signature is None:
            return None
        bound = bind(node, tuple(p.name for p in loaded.signature.parameters))
        if bound is None or bound.rest or bound.stars or loaded.source not in bound.arguments:
            return None
        return Part(loaded, self._file(module, bound.arguments[loaded.source], loaded))

    def _file(self, module: Module, node: ast.expr, loaded: Loaded) -> str:
        names = self._names.of(module, node)
        found = {family(name) for name in names}
        name = found.pop() if len(found) == 1 and UNKNOWN not in names else ""
        return name if has_form(name, loaded.form) and "*" not in name else ""

    def _inner(self, module: Module, node: ast.expr, depth: int) -> Part | None:
        if isinstance(node, ast.Subscript | ast.Call | ast.Attribute):
            key = key_expression(node)
            if key is None and isinstance(node, ast.Attribute) and not self._is_method(module, node):
                outer = self.part(module, node.value, depth + 1)
                if outer is not None and outer.loaded.attributes:
                    return Part(outer.loaded, outer.file, (*outer.path, node.attr))
            if key is not None:
                outer = self.part(module, key.of, depth + 1)
                text = self._text(module, key.key) if outer is not None else None
                known = text is not None and is_key(text)
                if outer is not None:
                    return Part(outer.loaded, outer.file, (*outer.path, text)) if known and text is not None else None
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):  # `tree.get("a") or {}`
            rest = node.values[1:]
            empty = all(isinstance(value, ast.Dict) and not value.keys for value in rest)
            return self.part(module, node.values[0], depth + 1) if empty else None
        if isinstance(node, ast.Call):
            symbol = self._project.symbol(module, node.func)
            function = symbol.binding.node if isinstance(symbol, Definition) else None
            if isinstance(symbol, Definition) and isinstance(function, ast.FunctionDef):
                value = classes.sole_return(symbol.module, function)
                return self.part(symbol.module, value, depth + 1) if value is not None else None
        if isinstance(node, ast.Name | ast.Attribute):
            return self._held(module, node, depth)
        return None

    def _held(self, module: Module, node: ast.Name | ast.Attribute, depth: int) -> Part | None:
        """What a variable, an attribute of `self` or a parameter holds, the same whatever it is given."""
        owner = classes.self_class(module, node.value) if isinstance(node, ast.Attribute) else None
        if owner is None and isinstance(node, ast.Attribute):
            made = classes.instance_of(self._project, module, node.value)
            owner = made if isinstance(made, Definition) and made.binding.kind == "class" else None
        if owner is not None and isinstance(node, ast.Attribute):
            values = classes.attribute_values(self._project, owner, node.attr)
            return self._same([self.part(m, value, depth + 1) for m, value in values])
        symbol = self._project.symbol(module, node)
        if isinstance(symbol, Definition):
            found = [self._binding(symbol.module, b, depth) for b in symbol.binding.scope.bindings[symbol.binding.name]]
            return self._same(found)
        return None

    def _same(self, found: list[Part | None]) -> Part | None:
        return found[0] if found and all(part == found[0] for part in found) else None

    def _binding(self, module: Module, binding: Binding, depth: int) -> Part | None:
        if binding.kind == "assign" and binding.value is not None:
            return self.part(module, binding.value, depth + 1)
        function = binding.scope.node
        if binding.kind != "param" or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        outer = binding.scope.parent
        name = outer.name if function.name == "__init__" and outer is not None else function.name
        if not self._parameters or name not in self._given:
            return None
        sites = self._references.call_sites(module, function)
        if isinstance(sites, str) or not sites or default_of(function, binding.name) is not None:
            return None
        arguments = [(site.module, argument_for(site, function, binding.name)) for site in sites]
        return self._same(
            [self.part(m, value, depth + 1) if isinstance(value, ast.expr) else None for m, value in arguments]
        )

    # -- what hands a part on ----------------------------------------------------------------------------------------

    def whole_uses(self, section: str) -> Iterator[tuple[Module, ast.expr]]:
        """Expressions that hand on a part that holds a section, so that any key of it may be read from there."""
        for module, node, part in self._all_parts():
            if part.file in ("", file_of(section)):
                around = section_in(part.file, part.path)
                holds = not part.file or section == around or section.startswith(_prefix(around))
                if holds and not self._goes_on(module, node, part):
                    yield module, node

    def _goes_on(self, module: Module, node: ast.expr, part: Part) -> bool:
        """Whether what is done with a part is followed."""
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Attribute):
            if part.loaded.attributes and not self._is_method(module, parent):
                return True
            call = module.names.parents.get(parent)
            return key_expression(call) is not None if isinstance(call, ast.expr) else False
        if isinstance(parent, ast.Subscript):
            return parent.value is node and isinstance(parent.ctx, ast.Load) and key_expression(parent) is not None
        if isinstance(parent, ast.Assign):
            return all(isinstance(t, ast.Name) or self._is_own(module, t) for t in parent.targets)
        if isinstance(parent, ast.AnnAssign | ast.Return | ast.If | ast.Compare | ast.Expr):
            return True
        if isinstance(parent, ast.BoolOp):
            return parent in self._parts or isinstance(module.names.parents.get(parent), ast.If)
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        return self._is_followed(module, node, parent)

    def _is_own(self, module: Module, target: ast.expr) -> bool:
        return isinstance(target, ast.Attribute) and classes.self_class(module, target.value) is not None

    def _is_followed(self, module: Module, node: ast.expr, parent: ast.AST | None) -> bool:
        """Whether a part is given to a parameter of the repository whose value is always that part."""
        call = module.names.parents.get(parent) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or (isinstance(parent, ast.keyword) and parent.arg is None):
            return False
        symbol = self._project.symbol(module, call.func)
        function: ast.AST | None = symbol.binding.node if isinstance(symbol, Definition) else None
        home = symbol.module if isinstance(symbol, Definition) else module
        if isinstance(function, ast.ClassDef):
            inits = home.names.inner[function].bindings.get("__init__", [])
            function = inits[0].node if len(inits) == 1 else None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        sites = self._references.call_sites(home, function)
        site = next((s for s in sites if s.call is call), None) if isinstance(sites, list) else None
        for argument in (*function.args.args, *function.args.kwonlyargs):
            if site is not None and argument_for(site, function, argument.arg) is node:
                bindings = home.names.inner[function].bindings.get(argument.arg, [])
                return len(bindings) == 1 and self._binding(home, bindings[0], 0) is not None
        return False


def _prefix(section: str) -> str:
    return section if section.endswith("::") else f"{section}."
