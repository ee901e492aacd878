"""Settings in sections: `parser["storage"]["key"]`, `parser.get("storage", "key")`, and a section in a variable.

Which classes are parsers and sections, and how they are read, say the readers of the rulebook.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mi_lint.python import classes
from mi_lint.python.knowledge import Knowledge, bind
from mi_lint.python.project import Definition, External, Module, Project
from mi_lint.rulebook.model import Reader

_MAX_DEPTH = 8
_WHOLE = frozenset(
    {"items", "values", "_sections", "_proxies", "defaults"}
)  # attributes that give more than one option
Text = Callable[[Module, ast.expr], str | None]  # the text of an expression that is a constant


@dataclass(frozen=True, slots=True)
class SectionRead:
    """One read of an option. `section` is None where its name is computed."""

    section: str | None
    option: ast.expr
    default: ast.expr | None = None


class Sections:
    """Finds what reads options, in one state of a project."""

    def __init__(self, project: Project, known: Knowledge, text: Text) -> None:
        self._project = project
        self._text = text
        readers = known.readers.values()
        self._parsers = {reader.symbol for reader in readers if reader.kind == "item" and reader.section}
        sections = {reader.section for reader in readers if reader.kind == "item" and reader.section}
        self._methods: dict[str, dict[str, Reader]] = {}  # method -> class -> reader
        for reader in readers:
            owner, _, method = reader.symbol.rpartition(".")
            if reader.kind == "call" and owner in (*self._parsers, *sections):
                self._methods.setdefault(method, {})[owner] = reader
        self._section_class = next(iter(sections), "")
        self._roots = {name.partition(".")[0] for name in self._parsers}
        self._files: dict[str, bool] = {}

    def parses(self, module: Module) -> bool:
        """Whether a file imports a parser by itself."""
        if module.path not in self._files:
            self._files[module.path] = any(name.partition(".")[0] in self._roots for name in module.imports)
        return self._files[module.path]

    def any(self) -> bool:
        """Whether the project has parsers at all."""
        return any(self.parses(module) for module in self._project.modules.values())

    def read(self, module: Module, node: ast.expr) -> SectionRead | None:
        """The option that an expression reads; None if it reads none."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if not self._is_section(module, node.value):
                return None
            return SectionRead(self._name(module, node.value), node.slice)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        owners = self._methods.get(node.func.attr)
        if not owners:
            return None
        base = node.func.value
        parser = self._parser(module, base)
        if parser in owners:
            return self._called(module, node, owners[parser])
        if self._section_class in owners and self._is_section(module, base):
            found = self._called(module, node, owners[self._section_class])
            return SectionRead(self._name(module, base), found.option, found.default) if found else None
        return None

    def _called(self, module: Module, node: ast.Call, reader: Reader) -> SectionRead | None:
        assert reader.signature is not None
        parameters = reader.signature.parameters
        keyword_only = frozenset(p.name for p in parameters if p.keyword_only)
        bound = bind(node, tuple(p.name for p in parameters), keyword_only)
        if bound is None or bound.stars or reader.name not in bound.arguments:
            return None
        arguments = bound.arguments
        if set(arguments) - {reader.name, reader.section, reader.default}:
            return None  # further arguments may give the value themselves
        section = self._text(module, arguments[reader.section]) if reader.section in arguments else None
        return SectionRead(section, arguments[reader.name], arguments.get(reader.default or ""))

    def _parser(self, module: Module, node: ast.expr) -> str:
        """The class of a parser; empty for anything else."""
        symbol = classes.instance_of(self._project, module, node)
        return symbol.name if isinstance(symbol, External) and symbol.name in self._parsers else ""

    def _is_section(self, module: Module, node: ast.expr) -> bool:
        return self._made(module, node) is not None

    def _name(self, module: Module, node: ast.expr) -> str | None:
        made = self._made(module, node)
        return self._text(made[0], made[1].slice) if made is not None else None

    def _made(self, module: Module, node: ast.expr, depth: int = 0) -> tuple[Module, ast.Subscript] | None:
        """The `parser[name]` that an expression stands for."""
        if depth > _MAX_DEPTH:
            return None
        if isinstance(node, ast.Subscript):
            return (module, node) if self._parser(module, node.value) else None
        if isinstance(node, ast.Call):
            symbol = self._project.symbol(module, node.func)
            function = symbol.binding.node if isinstance(symbol, Definition) else None
            if isinstance(symbol, Definition) and isinstance(function, ast.FunctionDef):
                value = classes.sole_return(symbol.module, function)
                return self._made(symbol.module, value, depth + 1) if value is not None else None
        if isinstance(node, ast.Name | ast.Attribute):
            found = self._assigned(module, node)
            return self._made(*found, depth + 1) if found is not None else None
        return None

    def _assigned(self, module: Module, node: ast.Name | ast.Attribute) -> tuple[Module, ast.expr] | None:
        """The only expression that a variable or an attribute of `self` is assigned."""
        symbol = self._project.symbol(module, node)
        if isinstance(symbol, Definition):
            value = symbol.binding.value
            return (symbol.module, value) if symbol.binding.kind == "assign" and value is not None else None
        owner = classes.self_class(module, node.value) if isinstance(node, ast.Attribute) else None
        if owner is None or not isinstance(node, ast.Attribute):
            return None
        values = classes.attribute_values(self._project, owner, node.attr)
        return values[0] if len(values) == 1 else None

    def whole_uses(self, module: Module, section: str) -> Iterator[ast.expr]:
        """Expressions that hand on a section, or all sections, so that any option of it may be read from there."""
        names = module.names
        for node in list(names.scope_of):
            if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
                continue
            if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                continue
            parent = names.parents.get(node)
            if self._parser(module, node):
                if (
                    isinstance(parent, ast.Attribute)
                    and parent.attr in _WHOLE
                    and self._concerns(module, parent, section)
                ):
                    yield node
                continue
            if not self._is_section(module, node) or self._name(module, node) not in (None, section):
                continue
            if isinstance(parent, ast.Subscript) and parent.value is node:
                continue
            if isinstance(parent, ast.Attribute) and parent.attr not in _WHOLE:
                continue
            if isinstance(parent, ast.Assign | ast.AnnAssign | ast.Compare | ast.Return):
                continue
            yield node

    def _concerns(self, module: Module, attribute: ast.Attribute, section: str) -> bool:
        """Whether `parser.items(...)` may give that section."""
        call = module.names.parents.get(attribute)
        first = call.args[0] if isinstance(call, ast.Call) and call.args else None
        return first is None or self._text(module, first) in (None, section)
