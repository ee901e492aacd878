"""Every place of a repository that refers to a variable, parameter, attribute or function.

A reference that cannot be told apart from an unrelated one is reported as such: whoever renames or removes must
stop there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mi_lint.python import classes
from mi_lint.python.items import find_entry, is_plain, key_of, read_from
from mi_lint.python.lazy_settings import SETTINGS_VARIABLE, settings_module, settings_name
from mi_lint.python.names import Binding, all_parameters
from mi_lint.python.project import Definition, External, Module, ModuleReference, Project
from mi_lint.python.records import record_fields, unfolded_at
from mi_lint.python.values import Carrier
from mi_lint.python.web_settings import WebSettings, uses

_HARMLESS_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache", "contextmanager"}
    | {"asynccontextmanager", "wraps", "abstractmethod", "override"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """One reference. `kind`: load, store, import, attribute, keyword, item, or doubtful (cannot be told)."""

    module: Module
    node: ast.AST
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class CallSite:
    """One call of a function of the repository; `skip` positional parameters (self) are already bound."""

    module: Module
    call: ast.Call
    skip: int


class References:
    """Reference look-ups over one state of a project, with the indexes that make them quick."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.web_settings = WebSettings(project, self.attributes, self.strings)
        self._attributes: dict[str, list[tuple[Module, ast.Attribute]]] = {}
        self._calls: dict[Binding, list[tuple[Module, ast.Call]]] | None = None
        self._records: dict[Binding, list[CallSite] | str | None] = {}
        self._strings: dict[str, list[tuple[Module, ast.Constant]]] = {}
        self._named: dict[str, list[tuple[Module, ast.Constant]]] = {}
        self._keyword_uses: dict[str, list[tuple[Module, ast.keyword]]] = {}
        for module in project.modules.values():
            for node in module.names.scope_of:
                if isinstance(node, ast.Attribute):
                    self._attributes.setdefault(node.attr, []).append((module, node))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
                    self._strings.setdefault(node.value, []).append((module, node))
                    self._named.setdefault(node.value.rpartition(".")[2], []).append((module, node))
                elif isinstance(node, ast.keyword) and node.arg is not None:
                    self._keyword_uses.setdefault(node.arg, []).append((module, node))

    def strings(self, text: str) -> list[tuple[Module, ast.Constant]]:
        """String constants that are exactly `text`, anywhere."""
        return self._strings.get(text, [])

    def named(self, name: str) -> list[tuple[Module, ast.Constant]]:
        """String constants that are `name`, or a dotted path that ends with it, as in code that patches."""
        return self._named.get(name, [])

    def keywords(self, name: str) -> list[tuple[Module, ast.keyword]]:
        """Keyword arguments of that name, of any call."""
        return self._keyword_uses.get(name, [])

    def attributes(self, name: str) -> list[tuple[Module, ast.Attribute]]:
        """Attribute accesses `.name`, on anything, anywhere."""
        return self._attributes.get(name, [])

    def of(self, carrier: Carrier) -> list[Reference]:
        """All references to a carrier, its own bindings included."""
        if carrier.kind == "attribute":
            return self._of_attribute(carrier)
        if carrier.kind == "item":
            return list(self._of_item(carrier))
        if carrier.kind == "key":
            return list(self._of_key(carrier))
        found = [Reference(carrier.module, n, "load") for n in carrier.module.names.loads(carrier.scope, carrier.name)]
        for binding in carrier.scope.bindings.get(carrier.name, ()):
            found.append(Reference(carrier.module, binding.node, "store"))
        if carrier.kind == "parameter":
            found.extend(self._keywords(carrier))
        elif carrier.scope.kind == "module":
            found.extend(self._from_outside(carrier))
            if carrier.name.isupper() and carrier.module is self.settings_module():
                found.extend(self._handed_out(carrier))
        elif carrier.scope.kind == "class":
            found.extend(r for r in self._of_attribute(carrier) if r.kind != "store")
        declared = any(scope.outer.get(carrier.name) for scope in carrier.module.names.scopes)
        if declared or self._dynamic(carrier):
            found.append(Reference(carrier.module, carrier.scope.node, "doubtful"))
        return found

    def _of_item(self, carrier: Carrier) -> Iterator[Reference]:
        """The key in the display, every read by it, and every use of the mapping that may be one."""
        name, *rest = carrier.name.split("[")
        path = tuple(key.removesuffix("]") for key in rest)
        bindings = carrier.scope.bindings[name]
        entry = find_entry(Definition(carrier.module, bindings[0]), path) if len(bindings) == 1 else None
        if entry is None or _is_typed(bindings[0]):
            yield Reference(carrier.module, carrier.scope.node, "doubtful")
            return
        found = [Reference(carrier.module, entry.key, "store")]
        for reference in self.of(Carrier("variable", carrier.module, carrier.scope, name)):
            if reference.kind in ("store", "import"):
                continue
            if reference.kind == "doubtful":
                found.append(reference)
                continue
            read, node = read_from(reference.module, reference.node, len(path))
            if read == path:
                found.append(Reference(reference.module, node, "item"))
            elif read == path[: len(read)]:
                found.append(Reference(reference.module, reference.node, "doubtful"))
        for reference in found:
            key = key_of(reference.node)
            plain = reference.kind == "doubtful" or (key is not None and is_plain(reference.module, key))
            yield reference if plain else Reference(reference.module, reference.node, "doubtful")

    def _of_key(self, carrier: Carrier) -> Iterator[Reference]:
        """Every use of a key of an application's configuration, and of what fills it by its name."""
        key = self.web_settings.key(carrier.spelled)
        known = set()
        for module, node, kind in uses(key):
            known.add(node)
            yield Reference(module, node, kind)
        for module, scope in key.attributes:
            kind = "attribute" if scope.kind == "class" else "variable"
            for reference in self.of(Carrier(kind, module, scope, carrier.spelled)):
                if reference.node not in known:
                    yield reference

    def _dynamic(self, carrier: Carrier) -> bool:
        """Whether the scope may reach the name by a string: `locals()`, `globals()`, `vars()`, `exec`, `eval`."""
        names = ("globals", "exec", "eval") if carrier.scope.kind == "module" else ("locals", "vars", "exec", "eval")
        scopes = carrier.module.names.scopes if carrier.scope.kind == "module" else [carrier.scope]
        return any(name in scope.loads for scope in scopes for name in names)

    def _from_outside(self, carrier: Carrier, seen: frozenset[str] = frozenset()) -> list[Reference]:
        """Imports of a module-level name elsewhere, what they bind there, and `module.name` accesses.

        A module that imports the name may hand it on to others: they are followed as well.
        """
        found: list[Reference] = []
        seen |= {carrier.module.path}
        for path in self.project.importers(carrier.module.path):
            module = self.project.modules[path]
            if module is carrier.module:
                continue
            for scope in module.names.scopes:
                for bindings in scope.bindings.values():
                    for binding in bindings:
                        if binding.kind == "from" and self._imports(module, binding, carrier):
                            found.append(Reference(module, binding.node, "import"))
                            loads = module.names.loads(binding.scope, binding.name)
                            found.extend(Reference(module, node, "load") for node in loads)
                            if binding.scope.kind == "module" and path not in seen:
                                handed_on = Carrier("variable", module, binding.scope, binding.name)
                                found.extend(self._from_outside(handed_on, seen))
                for target in scope.stars:
                    if self.project.find_module(target, module) is carrier.module:
                        used: list[ast.AST] = [n for s in module.names.scopes for n in s.loads.get(carrier.name, ())]
                        found.extend(Reference(module, node, "doubtful") for node in used or [scope.node])
        for module, node in self.attributes(carrier.name):
            base = self.project.symbol(module, node.value)
            if isinstance(base, ModuleReference) and base.module is carrier.module:
                found.append(Reference(module, node, "attribute"))
        found.extend(
            Reference(carrier.module, node, "doubtful")
            for module, node in self.strings(carrier.name)
            if module is carrier.module and self._exported(node, module)
        )
        return found

    def settings_module(self) -> Module | None:
        """The module whose names a framework's settings object hands out."""
        return settings_module(self.project, self.strings(SETTINGS_VARIABLE))

    def _handed_out(self, carrier: Carrier) -> Iterator[Reference]:
        """Uses of a setting through the framework's settings object, and all that may be one."""
        for module, node in self.attributes(carrier.name):
            symbol = self.project.symbol(module, node)
            if isinstance(symbol, External) and settings_name(symbol) and isinstance(node.ctx, ast.Load):
                yield Reference(module, node, "attribute")
            elif symbol is None or isinstance(symbol, External):
                yield Reference(module, node, "doubtful")
        for module, keyword in self._keyword_uses.get(carrier.name, []):
            yield Reference(module, keyword, "doubtful")
        for module, text in self.strings(carrier.name):
            call = module.names.parents.get(text)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("attr"):
                yield Reference(module, text, "doubtful")

    def _exported(self, node: ast.Constant, module: Module) -> bool:
        statement = module.names.statement(node)
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)

    def _imports(self, module: Module, binding: Binding, carrier: Carrier) -> bool:
        base, _, name = binding.target.rpartition(".")
        if name != carrier.name:
            return False
        if binding.target.startswith(".") and not base.strip("."):
            base = binding.target[: len(binding.target) - len(name)]
        return self.project.find_module(base, module) is carrier.module

    def _of_attribute(self, carrier: Carrier) -> list[Reference]:
        owner = classes.enclosing_class(carrier.module, carrier.scope)
        if owner is None:
            return [Reference(carrier.module, carrier.scope.node, "doubtful")]
        family = {d.binding for d in classes.lineage(self.project, owner)}
        homes = {d.module.path for d in classes.lineage(self.project, owner)}
        near = set().union(*(self.project.importers(home) for home in homes))
        is_record = (
            record_fields(self.project, owner) is not None
        )  # handed to functions of modules that do not import it
        found = [Reference(carrier.module, b.node, "store") for b in carrier.scope.bindings.get(carrier.name, ())]
        found += [Reference(carrier.module, n, "load") for n in carrier.module.names.loads(carrier.scope, carrier.name)]
        found.extend(self._set_otherwise(carrier, owner))
        for module, node in self.attributes(carrier.name):
            holder = self._holder(module, node)
            if isinstance(holder, Definition) and holder.binding.kind == "class":
                related = holder.binding in family or owner.binding in {
                    d.binding for d in classes.lineage(self.project, holder)
                }
                if related:
                    holding = classes.self_class(module, node.value)
                    inside = holding is not None and holding.binding is owner.binding
                    stored = "store" if inside else "doubtful"  # a store from outside puts in what nobody traced
                    found.append(Reference(module, node, "attribute" if isinstance(node.ctx, ast.Load) else stored))
            elif holder is None and (module.path in near or is_record):
                found.append(Reference(module, node, "doubtful"))
        for module, text in self.strings(carrier.name):
            parent = module.names.parents.get(text)
            if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
                found.extend([Reference(module, text, "doubtful")] if parent.func.id.endswith("attr") else [])
        return found

    def _set_otherwise(self, carrier: Carrier, owner: Definition) -> list[Reference]:
        """Values that an attribute gets where nobody traces them: in a subclass, or as a keyword of the constructor."""
        found: list[Reference] = []
        for subclass in self.subclasses(owner):
            bindings = classes.class_scope(subclass).bindings.get(carrier.name, ())
            found.extend(Reference(subclass.module, binding.node, "doubtful") for binding in bindings)
        sites = self.record_sites(owner)
        made = {site.call for site in sites} if isinstance(sites, list) else set()
        if isinstance(sites, str):
            found.append(Reference(carrier.module, carrier.scope.node, "doubtful"))
        if carrier.scope.bindings.get(carrier.name):
            for module, keyword in self._keyword_uses.get(carrier.name, []):
                call = module.names.parents.get(keyword)
                symbol = self.project.symbol(module, call.func) if isinstance(call, ast.Call) else None
                if symbol is None or (isinstance(symbol, Definition) and self._related(symbol, owner)):
                    found.append(Reference(module, keyword, "keyword" if call in made else "doubtful"))
        return found

    def _related(self, symbol: Definition, owner: Definition) -> bool:
        """Whether a class is, or derives from, another one."""
        if symbol.binding.kind != "class":
            return False
        return any(current.binding is owner.binding for current in classes.lineage(self.project, symbol))

    def _holder(self, module: Module, node: ast.Attribute) -> object:
        symbol = self.project.symbol(module, node.value)
        if isinstance(symbol, ModuleReference) or classes.is_class(symbol):
            return symbol
        return classes.instance_of(self.project, module, node.value) or (
            symbol if symbol is not None and not isinstance(symbol, Definition) else None
        )

    # -- calls -----------------------------------------------------------------------------------------------------

    def call_sites(self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[CallSite] | str:
        """All calls of a function; a string says why they cannot all be known."""
        for decorator in function.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "?")
            if name not in _HARMLESS_DECORATORS:
                return f"a parameter of `{function.name}`, which a decorator hands to other code"
        scope = module.names.inner[function].parent
        assert scope is not None
        binding = next((b for b in scope.bindings[function.name] if b.node is function), None)
        if binding is None or len(scope.bindings[function.name]) != 1:
            return f"a parameter of `{function.name}`, which is defined more than once"
        if scope.kind == "class":
            return self._method_sites(module, function, binding)
        carrier = Carrier("function", module, scope, function.name)
        return self._sites(function.name, self.of(carrier), 0)

    def _sites(self, name: str, references: Iterable[Reference], skip: int) -> list[CallSite] | str:
        sites = []
        for reference in references:
            if reference.kind in ("store", "import"):
                continue
            parent = reference.module.names.parents.get(reference.node)
            called = isinstance(parent, ast.Call) and parent.func is reference.node
            if reference.kind == "doubtful" or not called:
                line = getattr(reference.node, "lineno", 1)
                return f"a parameter of `{name}`, which is passed around at {reference.module.path}:{line}"
            assert isinstance(parent, ast.Call)
            sites.append(CallSite(reference.module, parent, skip))
        return sites

    def _method_sites(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, binding: Binding
    ) -> list[CallSite] | str:
        owner = classes.enclosing_class(module, binding.scope)
        if owner is None:
            return f"a parameter of `{function.name}`, whose class cannot be resolved"
        bound = 0 if classes.is_static(function) else 1
        if function.name in ("__init__", "__new__"):
            return self._constructor_sites(owner)
        if function.name.startswith("__"):
            return f"a parameter of `{function.name}`, which Python calls itself"
        family = [*classes.lineage(self.project, owner)[1:], *self.subclasses(owner)]
        if any(function.name in classes.class_scope(other).bindings for other in family):
            return f"a parameter of `{function.name}`, which a class of the same family defines too"
        sites = []
        for reference in self._of_attribute(Carrier("attribute", module, binding.scope, function.name)):
            if reference.kind == "store":
                continue
            parent = reference.module.names.parents.get(reference.node)
            if reference.kind == "doubtful" or not (isinstance(parent, ast.Call) and parent.func is reference.node):
                line = getattr(reference.node, "lineno", 1)
                return f"a parameter of `{function.name}`, which may also be called at {reference.module.path}:{line}"
            through_class = classes.is_class(self.project.symbol(reference.module, _base(reference.node)))
            is_classmethod = any(isinstance(d, ast.Name) and d.id == "classmethod" for d in function.decorator_list)
            sites.append(CallSite(reference.module, parent, 0 if through_class and not is_classmethod else bound))
        return sites

    def _constructor_sites(self, owner: Definition) -> list[CallSite] | str:
        """Calls of the class, of subclasses without a constructor of their own, and `super().__init__`."""
        made = self._own_class_sites(owner)
        if isinstance(made, str):
            return made
        sites = made
        for current in [owner, *self.subclasses(owner)]:
            scope = classes.class_scope(current)
            own = current is owner or "__init__" not in scope.bindings
            if not own:
                sites.extend(self._super_calls(current))
                continue
            parent = scope.parent
            assert parent is not None
            carrier = Carrier("function", current.module, parent, scope.name)
            references = [r for r in self.of(carrier) if not self._names_only(r)]
            found = self._sites(scope.name, references, 1)
            if isinstance(found, str):
                return found
            sites.extend(found)
        return sites

    def _names_only(self, reference: Reference) -> bool:
        """A class is named, not passed around: as a base, in an annotation, an `isinstance`, or `Class.attribute`."""
        node = reference.node
        parent = reference.module.names.parents.get(node)
        if isinstance(parent, ast.Call):
            checks = ("isinstance", "issubclass", "super")
            return parent.func is not node and isinstance(parent.func, ast.Name) and parent.func.id in checks
        if isinstance(parent, ast.Tuple):
            outer = reference.module.names.parents.get(parent)
            return isinstance(outer, ast.Subscript)  # an annotation
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):  # whose annotations are no children of `arg`
            defaults = [*parent.args.defaults, *parent.args.kw_defaults]
            return node not in parent.decorator_list and node not in defaults
        if isinstance(parent, ast.AnnAssign):
            return node is parent.annotation
        if isinstance(parent, ast.ClassDef):
            return node in parent.bases
        named = (ast.arg, ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.ExceptHandler, ast.MatchClass)
        return isinstance(node, ast.Module) or isinstance(parent, named)

    def _own_class_sites(self, owner: Definition) -> list[CallSite] | str:
        """Calls of the class that its own family makes: `cls(...)`, `type(self)(...)`, `self.__class__(...)`."""
        sites: list[CallSite] = []
        family = [*classes.lineage(self.project, owner), *self.subclasses(owner)]
        for current in family:
            for node in ast.walk(current.binding.node):
                if not isinstance(node, ast.Name) or not _is_own_class(current.module, node):
                    continue
                maker = _maker(current.module, node)
                parent = current.module.names.parents.get(maker) if maker is not None else None
                if isinstance(parent, ast.Call) and parent.func is maker:
                    sites.append(CallSite(current.module, parent, 1))
                elif maker is not None and not isinstance(parent, ast.Attribute | ast.Compare | ast.FormattedValue):
                    return f"a parameter of `{owner.binding.name}`, which is passed around at {_place(current, node)}"
        overridden = any("__init__" in classes.class_scope(other).bindings for other in self.subclasses(owner))
        if sites and overridden:
            return f"a parameter of `{owner.binding.name}`, which makes objects of classes with other constructors"
        return list(dict.fromkeys(sites))

    def subclasses(self, owner: Definition) -> list[Definition]:
        """The classes of the repository that derive from a class."""
        found = []
        for path in self.project.importers(owner.module.path):
            module = self.project.modules[path]
            for scope in module.names.scopes:
                definition = classes.enclosing_class(module, scope) if scope.kind == "class" else None
                if definition is None or definition.binding is owner.binding:
                    continue
                if any(d.binding is owner.binding for d in classes.lineage(self.project, definition)):
                    found.append(definition)
        return found

    def record_sites(self, owner: Definition) -> list[CallSite] | str | None:
        """All calls that make an object of a dataclass or a named tuple; None for a class of another kind.

        A string says why they cannot all be known.
        """
        if owner.binding not in self._records:
            self._records[owner.binding] = self._find_record_sites(owner)
        return self._records[owner.binding]

    def _find_record_sites(self, owner: Definition) -> list[CallSite] | str | None:
        if record_fields(self.project, owner) is None:
            return None
        for path in sorted(self._around(owner.module.path)):
            line = unfolded_at(self.project, self.project.modules[path])
            if line:
                return f"a field of `{owner.binding.name}`, and {path}:{line} may reach fields without their names"
        if self.subclasses(owner):
            return f"a field of `{owner.binding.name}`, which other classes derive from"
        found = self._constructor_sites(owner)
        return found.replace("a parameter of", "a field of", 1) if isinstance(found, str) else found

    def _around(self, path: str) -> set[str]:
        """The modules that import a module, and all that those import."""
        near = self.project.importers(path)
        modules = [self.project.modules[one] for one in near]
        names = [(name, m) for m in modules for target in m.imports for name in (target, target.rpartition(".")[0])]
        found = [self.project.find_module(name, module) for name, module in names if name.strip(".")]
        return near | {module.path for module in found if module is not None}

    def _super_calls(self, definition: Definition) -> list[CallSite]:
        sites = []
        for node in ast.walk(definition.binding.node):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "__init__"
                and isinstance(node.func.value, ast.Call)
                and isinstance(node.func.value.func, ast.Name)
                and node.func.value.func.id == "super"
            ):
                sites.append(CallSite(definition.module, node, 1))
        return sites

    def _keywords(self, carrier: Carrier) -> list[Reference]:
        function = carrier.scope.node
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return [Reference(carrier.module, function, "doubtful")]
        sites = self.call_sites(carrier.module, function)
        if isinstance(sites, str):
            return [Reference(carrier.module, function, "doubtful")]
        return [
            Reference(site.module, keyword, "keyword")
            for site in sites
            for keyword in site.call.keywords
            if keyword.arg == carrier.name
        ]


def field_argument(site: CallSite, fields: list[str], name: str) -> ast.expr | str | None:
    """The argument that a call passes for a field of a record: None where it is left out, a string where not plain."""
    if any(keyword.arg is None for keyword in site.call.keywords):
        return "a call unpacks `**kwargs`"
    if any(isinstance(argument, ast.Starred) for argument in site.call.args):
        return "a call unpacks `*args`"
    found = {keyword.arg: keyword.value for keyword in site.call.keywords}
    return found.get(name) or dict(zip(fields, site.call.args, strict=False)).get(name)


def _is_own_class(module: Module, node: ast.Name) -> bool:
    """Whether a name is the `self` or `cls` of a method."""
    return classes.self_class(module, node) is not None


def _maker(module: Module, node: ast.Name) -> ast.AST | None:
    """The expression that is the class of `self` or `cls`: `cls` itself, `type(self)`, `self.__class__`."""
    parent = module.names.parents.get(node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "type":
        return parent if parent.args == [node] else None
    if isinstance(parent, ast.Attribute) and parent.attr == "__class__":
        return parent
    scope = module.names.owner(module.names.scope_of[node], node.id)
    function = scope.node if scope is not None else None
    decorators = getattr(function, "decorator_list", ())
    name = getattr(function, "name", "")
    is_class = name == "__new__" or any(isinstance(d, ast.Name) and d.id == "classmethod" for d in decorators)
    supered = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "super"
    made = isinstance(parent, ast.Call) and name == "__new__" and parent.func is not node
    return node if is_class and not supered and not made else None


def _place(owner: Definition, node: ast.expr) -> str:
    return f"{owner.module.path}:{node.lineno}"


def _is_typed(binding: Binding) -> bool:
    """Whether a mapping is declared as something else than a plain one: a `TypedDict` lists its keys."""
    annotation = binding.statement.annotation if isinstance(binding.statement, ast.AnnAssign) else None
    outer = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    name = outer.attr if isinstance(outer, ast.Attribute) else getattr(outer, "id", "")
    return outer is not None and name not in ("dict", "Dict", "Mapping", "MutableMapping", "Any", "Final")


def _base(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.Attribute)
    return node.value


def argument_for(site: CallSite, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> ast.expr | str | None:
    """The argument that a call passes for a parameter: None where it is left out, a string where it is not plain."""
    args = function.args
    if (args.vararg is not None and args.vararg.arg == name) or (args.kwarg is not None and args.kwarg.arg == name):
        return "it is passed through `*args` or `**kwargs`"
    names = [parameter.arg for parameter in all_parameters(args)]
    positional = [parameter.arg for parameter in [*args.posonlyargs, *args.args]][site.skip :]
    if name not in names:
        return None
    for keyword in site.call.keywords:
        if keyword.arg == name:
            return keyword.value
        if keyword.arg is None:
            return "a call unpacks `**kwargs`"
    if name in positional:
        index = positional.index(name)
        if any(isinstance(argument, ast.Starred) for argument in site.call.args[: index + 1]):
            return "a call unpacks `*args`"
        if index < len(site.call.args):
            return site.call.args[index]
    return None
