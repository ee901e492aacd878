"""All Python modules of a repository, and what a name or attribute in one of them refers to.

Resolution crosses modules by import; whatever cannot be proved to be one thing resolves to nothing.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mi_lint.errors import SourceError
from mi_lint.progress import tracked
from mi_lint.python.names import Binding, Names, Scope
from mi_lint.textfile import Span, TextFile, decode_python

_MAX_DEPTH = 25


@dataclass(slots=True, eq=False)
class Module:
    """One parsed Python file."""

    file: TextFile
    tree: ast.Module
    names: Names
    _imports: list[str] | None = field(default=None, repr=False)
    _texts: dict[str, int] | None = field(default=None, repr=False)
    _fields: dict[str, int] | None = field(default=None, repr=False)
    _attributes: dict[str, int] | None = field(default=None, repr=False)
    _stores: dict[ast.AST, dict[str, list[ast.Attribute]]] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def package(self) -> str:
        """Path of the directory that relative imports start from."""
        return self.path.rpartition("/")[0]

    def offset(self, line: int, column: int) -> int:
        """Character offset of an `ast` position (1-based line, column in UTF-8 bytes)."""
        start = self.file.line_starts[line - 1]
        text = self.file.line_text(line)
        if text.isascii():
            return start + column
        return start + len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))

    def span(self, node: ast.AST) -> Span:
        """Characters of a node, decorators not included."""
        start = self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        end = self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return Span(start, end)

    def source(self, node: ast.AST) -> str:
        span = self.span(node)
        return self.file.text[span.start : span.end]

    @property
    def imports(self) -> list[str]:
        """Every module or symbol that the file imports, as written (with leading dots)."""
        if self._imports is None:
            self._imports = _import_targets(self)
        return self._imports

    @property
    def texts(self) -> dict[str, int]:
        """Every string constant, with the first line where it stands."""
        if self._texts is None:
            self._texts = {}
            for node in self.names.scope_of:
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self._texts.setdefault(node.value, node.lineno)
        return self._texts

    @property
    def fields(self) -> dict[str, int]:
        """Every annotated name in the body of a class, with the first line where it stands."""
        if self._fields is None:
            self._fields = {}
            for node, scope in self.names.scope_of.items():
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and scope.kind == "class":
                    self._fields.setdefault(node.target.id, node.lineno)
        return self._fields

    def stores(self, node: ast.AST) -> dict[str, list[ast.Attribute]]:
        """Every attribute that is set or deleted inside a class, by its name."""
        if node not in self._stores:
            found: dict[str, list[ast.Attribute]] = {}
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and not isinstance(inner.ctx, ast.Load):
                    found.setdefault(inner.attr, []).append(inner)
            self._stores[node] = found
        return self._stores[node]

    @property
    def attributes(self) -> dict[str, int]:
        """Every attribute that is read, with the first line where it is."""
        if self._attributes is None:
            self._attributes = {}
            for node in self.names.scope_of:
                if isinstance(node, ast.Attribute):
                    self._attributes.setdefault(node.attr, node.lineno)
        return self._attributes


def parse_module(file: TextFile) -> Module:
    """Parse a decoded Python file.

    Raises:
        SourceError: a syntax error, or code nested too deeply for the parser.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.text)
        return Module(file, tree, Names(tree))
    except SyntaxError as error:
        raise SourceError(file.path, f"syntax error: {error.msg}", error.lineno) from None
    except (RecursionError, MemoryError):
        raise SourceError(file.path, "the code is nested too deeply to be analysed") from None
    except ValueError as error:
        raise SourceError(file.path, f"not Python source: {error}") from None


def read_module(path: str, data: bytes) -> Module:
    """Decode and parse one file.

    Raises:
        SourceError: as for decoding and parsing.
    """
    return parse_module(decode_python(path, data))


@dataclass(frozen=True, slots=True)
class External:
    """A symbol outside the repository. `certain` is false where only a star import can have brought it."""

    name: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ModuleReference:
    """A module of the repository."""

    module: Module


@dataclass(frozen=True, slots=True)
class Definition:
    """A name bound in a module of the repository, by exactly one binding."""

    module: Module
    binding: Binding


Symbol = External | ModuleReference | Definition


class Project:
    """The modules of a repository by path and by every dotted name that may import them."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules: dict[str, Module] = {module.path: module for module in modules}
        self._by_tail: dict[str, list[str]] = {}
        self._symbols: dict[ast.AST, Symbol | None] = {}
        self._importers: dict[str, set[str]] | None = None
        self._imported: dict[str, tuple[Module, set[str]]] = {}
        for path in self.modules:
            tail = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            self._by_tail.setdefault(tail, []).append(path)

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> tuple[Project, list[SourceError]]:
        """Parse every file; those that cannot be parsed are returned as errors."""
        modules, errors = [], []
        for path, data in tracked(files.items(), "Reading code", len(files)):
            try:
                modules.append(read_module(path, data))
            except SourceError as error:
                errors.append(error)
        return cls(modules), errors

    def replaced(self, modules: Iterable[Module]) -> Project:
        """The same project with some modules in a new state."""
        new = {module.path: module for module in modules}
        if not new.keys() <= self.modules.keys():
            return Project({**self.modules, **new}.values())
        project = Project(())
        project.modules = {**self.modules, **new}
        project._by_tail, project._imported = self._by_tail, self._imported  # they depend on the paths alone
        return project

    # -- modules by name -------------------------------------------------------------------------------------------

    def find_module(self, name: str, importer: Module) -> Module | None:
        """The module that `import name` in `importer` means; None if it is not of this repository, or ambiguous."""
        if name.startswith("."):
            return self._find_relative(name, importer)
        parts = name.split(".")
        wanted = "/".join(parts)
        matches = [
            path
            for path in self._by_tail.get(parts[-1], ())
            if ("/" + _module_path(path)).endswith("/" + wanted) and _importable(_module_path(path), wanted, importer)
        ]
        if len(matches) > 1:
            matches = _nearest(matches, importer.path)
        return self.modules[matches[0]] if len(matches) == 1 else None

    def _find_relative(self, name: str, importer: Module) -> Module | None:
        stripped = name.lstrip(".")
        folder = importer.package.split("/") if importer.package else []
        up = len(name) - len(stripped) - 1
        if up > len(folder):
            return None
        base = folder[: len(folder) - up] + ([*stripped.split(".")] if stripped else [])
        path = "/".join(base)
        return self.modules.get(f"{path}.py") or self.modules.get(f"{path}/__init__.py" if path else "__init__.py")

    # -- symbols ---------------------------------------------------------------------------------------------------

    def symbol(self, module: Module, node: ast.expr, depth: int = 0) -> Symbol | None:
        """What a name or dotted expression refers to."""
        if depth > _MAX_DEPTH:
            return None
        if node in self._symbols:
            return self._symbols[node]
        self._symbols[node] = None  # a cycle resolves to nothing
        found = self._symbol(module, node, depth)
        self._symbols[node] = found
        return found

    def _symbol(self, module: Module, node: ast.expr, depth: int) -> Symbol | None:
        if isinstance(node, ast.Name):
            return self._name(module, module.names.scope_of[node], node.id, depth)
        if isinstance(node, ast.Attribute):
            base = self.symbol(module, node.value, depth + 1)
            return self.member(base, node.attr, depth) if base is not None else None
        return None

    def _name(self, module: Module, scope: Scope, name: str, depth: int) -> Symbol | None:
        bindings = module.names.bindings(scope, name)
        if not bindings:
            return self._starred(module, name, depth)
        symbols = {self.bound(module, binding, depth + 1) for binding in bindings if not _is_nothing(binding)}
        return symbols.pop() if len(symbols) == 1 else None

    def alternatives(self, module: Module, node: ast.expr) -> list[External]:
        """What a name stands for by an import that has a fallback, the first choice first; nothing if it is other."""
        if isinstance(node, ast.Attribute):
            return [External(f"{found.name}.{node.attr}", False) for found in self.alternatives(module, node.value)]
        bindings = module.names.bindings(module.names.scope_of[node], node.id) if isinstance(node, ast.Name) else []
        tried = [binding for binding in bindings if not _is_nothing(binding)]
        guarded = [binding for binding in tried if _is_tried(module, binding)]
        found = [self.bound(module, binding) for binding in [*guarded, *(b for b in tried if b not in guarded)]]
        plain = [External(symbol.name, False) for symbol in found if isinstance(symbol, External)]
        imported = all(binding.kind in ("import", "from") for binding in tried)
        return plain if imported and len(guarded) == 1 and len(plain) == len(tried) > 1 else []

    def bound(self, module: Module, binding: Binding, depth: int = 0) -> Symbol | None:
        """What a binding stands for: imports and plain aliases are followed, anything else is a definition."""
        if depth > _MAX_DEPTH:
            return None
        if binding.kind == "import":
            return self._imported_module(module, binding.target)
        if binding.kind == "from":
            return self._imported_name(module, binding.target, depth)
        if binding.kind == "assign" and isinstance(binding.value, ast.Name | ast.Attribute):
            target = self.symbol(module, binding.value, depth + 1)
            if isinstance(target, External) or (
                isinstance(target, Definition) and target.binding.kind in ("class", "def")
            ):
                return target
        return Definition(module, binding)

    def _imported_module(self, module: Module, name: str) -> Symbol:
        found = self.find_module(name, module)
        return ModuleReference(found) if found is not None else External(name)

    def _imported_name(self, module: Module, target: str, depth: int) -> Symbol | None:
        base, _, name = target.rpartition(".")
        if target.startswith(".") and not base.strip("."):
            base = target[: len(target) - len(name)]
        owner = self.find_module(base, module)
        if owner is not None:
            found = self._name(owner, owner.names.module, name, depth + 1)
            if found is not None:
                return found
        whole = self.find_module(target, module)
        if whole is not None:
            return ModuleReference(whole)
        return External(target) if owner is None and not target.startswith(".") else None

    def _starred(self, module: Module, name: str, depth: int) -> Symbol | None:
        outside: list[str] = []
        for scope in module.names.scopes:
            for target in scope.stars:
                owner = self.find_module(target, module)
                if owner is None:
                    outside.append(target)
                elif name in owner.names.module.bindings and depth < _MAX_DEPTH:
                    return self._name(owner, owner.names.module, name, depth + 1)
        return External(f"{outside[0]}.{name}", certain=False) if len(outside) == 1 else None

    def member(self, base: Symbol, name: str, depth: int = 0) -> Symbol | None:
        """The attribute `name` of a module, class or external symbol."""
        if isinstance(base, External):
            inner = self._external_child(base, name)
            return inner or External(f"{base.name}.{name}", base.certain)
        if isinstance(base, ModuleReference):
            found = self._name(base.module, base.module.names.module, name, depth + 1)
            if found is None:
                child = self.find_module(f"{_module_path(base.module.path).replace('/', '.')}.{name}", base.module)
                return ModuleReference(child) if child is not None else None
            return found
        if base.binding.kind == "class":
            scope = base.module.names.inner[base.binding.node]
            bindings = scope.bindings.get(name, [])
            return Definition(base.module, bindings[0]) if len(bindings) == 1 else None
        return None

    def _external_child(self, base: External, name: str) -> Symbol | None:
        """`import app.config` binds `app`, which is external by itself when `app/` has no `__init__.py`."""
        path = f"{base.name}.{name}".replace(".", "/")
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in self.modules:
                return ModuleReference(self.modules[candidate])
        return None

    def qualified(self, module: Module, node: ast.expr) -> External | None:
        """The external symbol that an expression names, such as `azure.core.X`; None for anything else."""
        found = self.symbol(module, node)
        return found if isinstance(found, External) else None

    def importers(self, path: str) -> set[str]:
        """Paths of all modules that import `path`, directly or through others, and `path` itself."""
        if self._importers is None:
            self._importers = self._import_graph()
        seen, queue = {path}, [path]
        while queue:
            for importer in self._importers.get(queue.pop(), ()):
                if importer not in seen:
                    seen.add(importer)
                    queue.append(importer)
        return seen

    def _import_graph(self) -> dict[str, set[str]]:
        graph: dict[str, set[str]] = {}
        for module in self.modules.values():
            for path in self._imports_of(module):
                graph.setdefault(path, set()).add(module.path)
        return graph

    def _imports_of(self, module: Module) -> set[str]:
        """Paths of the modules of the repository that a module imports."""
        known = self._imported.get(module.path)
        if known is None or known[0] is not module:
            names = {name for target in module.imports for name in (target, target.rpartition(".")[0]) if name}
            found = (self.find_module(name, module) for name in names)
            known = module, {other.path for other in found if other is not None}
            self._imported[module.path] = known
        return known[1]


def _import_targets(module: Module) -> list[str]:
    targets = []
    for scope in module.names.scopes:
        targets.extend(scope.stars)
        for bindings in scope.bindings.values():
            targets.extend(b.target for b in bindings if b.kind in ("import", "from"))
    for node in module.names.scope_of:
        if isinstance(node, ast.Import):
            targets.extend(alias.name for alias in node.names)
    return targets


def _module_path(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__")


def _importable(path: str, wanted: str, importer: Module) -> bool:
    """Whether the folder that would have to be on `sys.path` is a likely one: the root, `src`, or above the importer.

    Without this a file `jobs/openai.py` would shadow the installed package everywhere.
    """
    root = path[: len(path) - len(wanted)].rstrip("/")
    return root in ("", "src") or root.endswith("/src") or f"{importer.path}".startswith(f"{root}/")


def _nearest(paths: list[str], importer: str) -> list[str]:
    """Those that share the longest leading folder with the importer; more than one means ambiguous."""
    folders = importer.split("/")[:-1]

    def shared(path: str) -> int:
        count = 0
        for mine, theirs in zip(folders, path.split("/")[:-1], strict=False):
            if mine != theirs:
                break
            count += 1
        return count

    best = max(shared(path) for path in paths)
    closest = [path for path in paths if shared(path) == best]
    shortest = min(path.count("/") for path in closest)
    return [path for path in closest if path.count("/") == shortest]


def _is_tried(module: Module, binding: Binding) -> bool:
    """Whether an import stands in the body of a `try` that catches its failure."""
    inner = binding.node
    for outer in module.names.ancestors(binding.node):
        if isinstance(outer, ast.Try) and inner in outer.body:
            caught = [ast.unparse(handler.type) if handler.type else "" for handler in outer.handlers]
            return any(not name or "ImportError" in name or "ModuleNotFound" in name for name in caught)
        inner = outer
    return False


def _is_nothing(binding: Binding) -> bool:
    """`X = None` in an `except ImportError` branch stands for nothing; so does `del X` when all is done."""
    if binding.kind == "del":
        return True
    return binding.kind == "assign" and isinstance(binding.value, ast.Constant) and binding.value.value is None
