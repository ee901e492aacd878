"""Follow a value back to where it comes from: inside a module, across modules, through classes and callers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import cached_property

from mi_lint.entry_names import is_key, joined
from mi_lint.python import classes
from mi_lint.python.fields import Fields
from mi_lint.python.file_names import default_of
from mi_lint.python.items import entry_of, read_from
from mi_lint.python.knowledge import Knowledge, bind
from mi_lint.python.lazy_settings import settings_name, sole_definition
from mi_lint.python.loaded import TreeRead, Trees
from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import Definition, External, Module, Project
from mi_lint.python.quoted import quoted
from mi_lint.python.records import record_fields
from mi_lint.python.references import Reference, References, argument_for, field_argument
from mi_lint.python.sections import SectionRead, Sections
from mi_lint.python.strings import assembled
from mi_lint.python.values import (
    Carried,
    Carrier,
    Choice,
    Composed,
    Literal,
    Mapping,
    Nothing,
    Setting,
    Token,
    Unknown,
    Value,
    VaultSecret,
    Wrapped,
    leaves,
)
from mi_lint.rulebook.model import Reader

_MAX_DEPTH = 30
_PASS_THROUGH_METHODS = frozenset({"strip", "get_secret_value", "rstrip", "lstrip"})
_PASS_THROUGH_CALLS = frozenset({"str", "typing.cast"})


class Flow:
    """Traces values over one state of a project."""

    def __init__(self, project: Project, known: Knowledge, references: References) -> None:
        self.project = project
        self.known = known
        self.references = references
        self.setting_values: Callable[[str], Sequence[str]] = lambda name: ()  # what the settings files say
        self.sections = Sections(project, known, self._text)
        self.fields = Fields(project, known, references, self.trace)
        self.trees = Trees(project, known, references, self._text)
        self._memo: dict[ast.AST, Value] = {}
        self._active: set[object] = set()
        self._cut: set[object] = set()  # names whose own value was met again while it was traced

    def trace(self, module: Module, node: ast.expr) -> Value:
        """The tree of everything that `node` may evaluate to."""
        if node in self._memo:
            return self._memo[node]
        if node in self._active or len(self._active) > _MAX_DEPTH:
            return Unknown(module, node, "its definition is circular")
        self._active.add(node)
        try:
            value = self._trace(module, node)
        except RecursionError:
            value = Unknown(module, node, "its expression is nested too deeply")
        finally:
            self._active.discard(node)
        if not self._cut:  # inside a circle a value is only a part of the whole
            self._memo[node] = value
        return value

    def _trace(self, module: Module, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            return self._constant(module, node)
        if isinstance(node, ast.Name):
            return self._name(module, node)
        if isinstance(node, ast.Attribute):
            return self._attribute(module, node)
        if isinstance(node, ast.Subscript):
            return self._subscript(module, node)
        if isinstance(node, ast.Dict):
            return Mapping(module, node, tuple(self.trace(module, v) for v in node.values))
        if isinstance(node, ast.IfExp):
            return Choice(module, node, (self.trace(module, node.body), self.trace(module, node.orelse)))
        if isinstance(node, ast.BoolOp):
            return Choice(module, node, tuple(self.trace(module, value) for value in node.values))
        composed = self._composed(module, node)
        if composed is not None:
            return composed
        if isinstance(node, ast.Call):
            return self._call(module, node)
        return Unknown(module, node, "its value is computed in a way that mi-lint does not follow")

    def _constant(self, module: Module, node: ast.Constant) -> Value:
        if isinstance(node.value, str):
            return Literal(module, node, node.value)
        if node.value is None:
            return Nothing(module, node)
        return Unknown(module, node, "it is not a string")

    def _composed(self, module: Module, node: ast.expr) -> Value | None:
        found = assembled(node)
        if found is None:
            return None
        text, parts = found
        if not parts:
            return Literal(module, node, text)
        if len(parts) == 1 and len(text) == 1:
            return self.trace(module, parts[0])
        return Composed(module, node, text, parts)

    # -- names and attributes --------------------------------------------------------------------------------------

    def _name(self, module: Module, node: ast.Name) -> Value:
        scope = module.names.owner(module.names.scope_of[node], node.id)
        if scope is None:
            return Unknown(module, node, f"`{node.id}` is not defined in this file")
        bindings = scope.bindings[node.id]
        if all(b.kind in ("import", "from", "del") for b in bindings):
            return self._imported(module, node)
        return self._bound(module, node, scope, node.id, bindings)

    def _imported(self, module: Module, node: ast.expr) -> Value:
        symbol = self.project.symbol(module, node)
        if isinstance(symbol, External):
            return self._external(module, node, symbol)
        if isinstance(symbol, Definition):
            return self._defined(module, node, symbol)
        return Unknown(module, node, "its import cannot be resolved")

    def _external(self, module: Module, node: ast.expr, symbol: External) -> Value:
        if self.known.is_token(symbol.name):
            return Token(module, node)
        return Unknown(module, node, f"it comes from `{symbol.name}`, outside this repository")

    def _defined(self, module: Module, node: ast.expr, symbol: Definition) -> Value:
        binding = symbol.binding
        return self._bound(
            module, node, binding.scope, binding.name, binding.scope.bindings[binding.name], symbol.module
        )

    def _bound(
        self,
        module: Module,
        node: ast.expr,
        scope: Scope,
        name: str,
        bindings: list[Binding],
        home: Module | None = None,
    ) -> Value:
        home = home or module
        bindings = [b for b in bindings if b.kind not in ("annotation", "del")] or bindings
        if any(b.kind == "param" for b in bindings):
            if len(bindings) > 1:
                return self._reassigned(module, node, home, scope, name, bindings)
            return self._parameter(module, node, home, scope, name)
        assigned: list[ast.expr] = []
        for binding in bindings:
            if binding.kind == "assign" and binding.value is not None:
                assigned.append(binding.value)
            elif binding.kind == "annotation" and scope.kind == "class":
                return self._class_attribute(module, node, home, scope, name)
            else:
                return Unknown(module, node, f"`{name}` is bound in a way that mi-lint does not follow")
        if scope.kind == "class":
            return self._class_attribute(module, node, home, scope, name)
        return self._assigned(module, node, Carrier("variable", home, scope, name), assigned)

    def _reassigned(
        self, module: Module, node: ast.expr, home: Module, scope: Scope, name: str, bindings: list[Binding]
    ) -> Value:
        """A parameter that is also assigned, as in `conn = conn or os.environ["CONN"]`: what it is given, and that."""
        assigned = [b.value for b in bindings if b.kind == "assign" and b.value is not None]
        if len(assigned) != len(bindings) - 1:
            return Unknown(module, node, f"`{name}` is a parameter that is also bound in another way")
        given = self._parameter(module, node, home, scope, name)
        if not isinstance(given, Carried):
            return given
        return self._assigned(module, node, given.carrier, assigned, given.inners)

    def _assigned(
        self,
        module: Module,
        node: ast.expr,
        carrier: Carrier,
        assigned: Sequence[ast.expr],
        given: tuple[Value, ...] = (),
    ) -> Value:
        """All that a name may hold; where its own value is among it, as in `conn = conn.strip()`, that adds nothing."""
        key = (carrier.scope, carrier.name, "assigned")
        if key in self._active:
            self._cut.add(key)
            return Carried(module, node, carrier, ())
        self._active.add(key)
        try:
            found = tuple(self.trace(carrier.module, value) for value in assigned)
        finally:
            self._active.discard(key)
            self._cut.discard(key)
        value = Carried(module, node, carrier, (*given, *found))
        known = leaves(value) or any(isinstance(item, Mapping) for item in found)  # an empty dict is filled later
        return value if known else Unknown(module, node, "its definition is circular")

    def _parameter(self, module: Module, node: ast.expr, home: Module, scope: Scope, name: str) -> Value:
        function = scope.node
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return Unknown(module, node, f"`{name}` is a parameter of a lambda")
        sites = self.references.call_sites(home, function)
        if isinstance(sites, str):
            return Unknown(module, node, f"`{name}` is {sites}")
        inners: list[Value] = []
        omitted = not sites
        for site in sites:
            argument = argument_for(site, function, name)
            if isinstance(argument, str):
                return Unknown(module, node, f"`{name}` is a parameter of `{function.name}`, and {argument}")
            if argument is None:
                omitted = True
            else:
                inners.append(self.trace(site.module, argument))
        default = default_of(function, name)
        if not sites and (default is None or isinstance(default, ast.Constant)):
            where = f"`{name}` is a parameter of `{function.name}`, which nothing in this repository calls"
            return Unknown(module, node, where)
        if default is not None and omitted:
            inners.append(self.trace(home, default))
        return Carried(module, node, Carrier("parameter", home, scope, name), tuple(inners))

    def _attribute(self, module: Module, node: ast.Attribute) -> Value:
        vault = self._vault(module, node)
        if vault is not None:
            return vault
        tree = self.trees.read(module, node)
        if tree is not None:
            return self._leaf(module, node, tree)
        symbol = self.project.symbol(module, node)
        if isinstance(symbol, External):
            if symbol.name in self.known.readers:
                return Unknown(module, node, "it is a whole mapping of settings")
            if settings_name(symbol):
                return self._lazy_setting(module, node, settings_name(symbol))
            if not isinstance(self.project.symbol(module, node.value), Definition):
                return self._external(module, node, symbol)
        owner = classes.self_class(module, node.value)
        base = self.project.symbol(module, node.value)
        if owner is None and isinstance(base, Definition) and base.binding.kind == "class":
            owner = base
        if owner is None and isinstance(symbol, Definition):
            return self._defined(module, node, symbol)
        if owner is None:
            found = classes.instance_of(self.project, module, node.value)
            owner = found if isinstance(found, Definition) and found.binding.kind == "class" else None
        if owner is None:
            return Unknown(module, node, f"`{quoted(node)}` belongs to an object that mi-lint does not follow")
        return self._member(module, node, owner, node.attr)

    def _lazy_setting(self, module: Module, node: ast.expr, name: str) -> Value:
        """A setting of the framework's settings object, where its module is in the repository."""
        home = self.references.settings_module()
        if home is None:
            return Unknown(module, node, f"`{name}` is a setting of Django, and which module holds it is not certain")
        found = sole_definition(self.project, home, name)
        if isinstance(found, str):
            return Unknown(module, node, f"`{name}` is a setting of Django, and {found}")
        return self._defined(module, node, found)

    def attribute(self, module: Module, node: ast.expr, owner: Definition, name: str) -> Value:
        """What an attribute of a class of the repository may hold."""
        return self._member(module, node, owner, name)

    def _member(self, module: Module, node: ast.expr, owner: Definition, name: str) -> Value:
        for current in classes.lineage(self.project, owner):
            if classes.own_bindings(current, name):
                return self._class_attribute(module, node, current.module, classes.class_scope(current), name)
        return self._set_by_subclasses(module, node, owner, name)

    def _set_by_subclasses(self, module: Module, node: ast.expr, owner: Definition, name: str) -> Value:
        """What a base class uses and every class that derives from it sets."""
        derived = self.references.subclasses(owner)
        nodes = {current.binding.node for current in derived}
        setting = [current for current in derived if classes.own_bindings(current, name)]
        if not setting:
            return Unknown(module, node, f"the class has no plain assignment of `{name}`")
        for current in derived:
            lineage = classes.lineage(self.project, current)
            setters = [one for one in lineage if classes.own_bindings(one, name)]
            if not setters and not self.references.subclasses(current):
                return Unknown(module, node, f"`{current.binding.name}` has no plain assignment of `{name}`")
            if any(one.binding.node not in nodes for one in setters):
                return Unknown(module, node, f"`{current.binding.name}` has `{name}` from another base class")
        found = (self._class_attribute(module, node, c.module, classes.class_scope(c), name) for c in setting)
        return Choice(module, node, tuple(found))

    def _class_attribute(self, module: Module, node: ast.expr, home: Module, scope: Scope, name: str) -> Value:
        key = (scope, name)
        if key in self._active:
            return Unknown(module, node, "its definition is circular")
        self._active.add(key)
        try:
            return self._class_attribute_values(module, node, home, scope, name)
        finally:
            self._active.discard(key)

    def _class_attribute_values(self, module: Module, node: ast.expr, home: Module, scope: Scope, name: str) -> Value:
        owner = classes.enclosing_class(home, scope)
        if owner is None:
            return Unknown(module, node, "its class cannot be resolved")
        carrier = Carrier("attribute", home, scope, name)
        field = self.fields.read(home, owner, scope, name)
        if field is not None:
            return Carried(module, node, carrier, (field,))
        inners: list[Value] = []
        fields = record_fields(self.project, owner) or ()
        for where, binding in classes.attribute_bindings(self.project, owner, name):
            if name in fields and isinstance(binding.statement, ast.AnnAssign) and binding.scope is scope:
                given = self._given(owner, [*fields], name, binding)
                if isinstance(given, str):
                    return Unknown(module, node, f"`{name}` is {given}")
                inners.extend(given)
            elif binding.kind == "def" and isinstance(binding.node, ast.FunctionDef):
                returned = classes.sole_return(where, binding.node)
                if returned is None or not _is_property(binding.node):
                    return Unknown(module, node, f"`{name}` is a method")
                inners.append(self.trace(where, returned))
            elif binding.value is not None and binding.kind == "assign":
                if isinstance(binding.statement, ast.AnnAssign) and binding.scope is scope and self._is_model(owner):
                    return Unknown(module, node, f"`{name}` is a field of a model that other code may fill")
                inners.append(self._field_default(where, binding.value))
            else:
                return Unknown(module, node, f"`{name}` is a field that mi-lint does not follow")
        return Carried(module, node, carrier, tuple(inners))

    def _is_model(self, owner: Definition) -> bool:
        """Whether a class has a base outside of the repository that may make its constructor from its fields."""
        for current in classes.lineage(self.project, owner):
            for base in classes.bases(self.project, current):
                if isinstance(base, External) and base.name.partition(".")[0] not in ("abc", "typing", "enum"):
                    return True
        return False

    def _given(self, owner: Definition, fields: list[str], name: str, binding: Binding) -> list[Value] | str:
        """What the calls that make a record pass for a field, and its default where one leaves it out."""
        sites = self.references.record_sites(owner)
        if not isinstance(sites, list):
            return sites or "a field that mi-lint does not follow"
        found: list[Value] = []
        omitted = False
        for site in sites:
            argument = field_argument(site, fields, name)
            if isinstance(argument, str):
                return f"a field of `{owner.binding.name}`, and {argument}"
            omitted = omitted or argument is None
            if argument is not None:
                found.append(self.trace(site.module, argument))
        if binding.value is not None and (omitted or not sites):
            found.append(self._field_default(owner.module, binding.value))
        elif not found:
            return f"a field of `{owner.binding.name}`, which nothing in this repository makes"
        return found

    def _field_default(self, module: Module, value: ast.expr) -> Value:
        """`field(default_factory=lambda: value)` of a dataclass stands for the lambda's body."""
        if isinstance(value, ast.Call):
            symbol = self.project.qualified(module, value.func)
            if symbol is not None and symbol.name == "dataclasses.field":
                for keyword in value.keywords:
                    if keyword.arg == "default":
                        return self.trace(module, keyword.value)
                    if keyword.arg == "default_factory" and isinstance(keyword.value, ast.Lambda):
                        return self.trace(module, keyword.value.body)
        return self.trace(module, value)

    # -- calls and subscripts --------------------------------------------------------------------------------------

    def _subscript(self, module: Module, node: ast.Subscript) -> Value:
        symbol = self.project.qualified(module, node.value)
        reader = self.known.readers.get(symbol.name) if symbol is not None else None
        if reader is not None and reader.kind == "item":
            return self._setting(module, node, node.slice, None)
        read = self.sections.read(module, node)
        if read is not None:
            return self._option(module, node, read)
        if self.reader_of(module, node) is not None:
            return self._setting(module, node, node.slice, None)
        tree = self.trees.read(module, node)
        if tree is not None:
            return self._leaf(module, node, tree)
        item = self._key(module, node) or self._item(module, node)
        if item is not None:
            return item
        return Unknown(module, node, f"`{quoted(node.value)}[...]` is not followed")

    def _key(self, module: Module, node: ast.expr) -> Value | None:
        """`app.config["KEY"]`: all that any module puts there."""
        config = self.references.web_settings
        name = config.read(module, node)
        if name is None:
            return None
        if config.obstacle:
            reason = f"it is an entry of the application's configuration, which {config.obstacle} may fill or hand on"
            return Unknown(module, node, f"{reason}: read the setting itself instead")
        fills = config.key(name).fills
        if not fills:
            return Unknown(module, node, f"nothing that mi-lint follows fills the key {name} of the configuration")
        home = min((where for where, _, _ in fills), key=lambda where: where.path)
        carrier = Carrier("key", home, home.names.module, f"config[{name}]")
        return Carried(module, node, carrier, tuple(self.trace(where, value) for where, _, value in fills))

    def _item(self, module: Module, node: ast.expr) -> Value | None:
        """`settings["key"]` of a dict display that nothing changes afterwards."""
        entry = entry_of(self.project, module, node)
        if entry is None:
            return None
        mapping = Carrier("variable", entry.module, entry.binding.scope, entry.binding.name)
        for reference in self.references.of(mapping):
            if reference.kind not in ("store", "import") and not _reads_item(reference.module, reference.node):
                return self._whole(module, node, entry.binding.name, reference)
        carrier = Carrier("item", entry.module, entry.binding.scope, entry.name)
        if len(entry.path) > 1:
            for reference in self.references.of(carrier):
                if reference.kind == "doubtful":
                    return self._whole(module, node, entry.binding.name, reference)
        return Carried(module, node, carrier, (self.trace(entry.module, entry.value),))

    def _whole(self, module: Module, node: ast.expr, name: str, reference: Reference) -> Unknown:
        """Why an entry is not followed: the mapping, or a part of it, goes elsewhere and may be changed there."""
        place = f"{reference.module.path}:{getattr(reference.node, 'lineno', 1)}"
        return Unknown(module, node, f"its mapping `{name}` is used at {place} in a way that may change it")

    def reader_of(self, module: Module, node: ast.Call | ast.Subscript) -> Reader | None:
        """The reader that an expression uses through an object: `env("X")`, `env.str("X")`, `values["X"]`.

        None where the object puts a prefix before the names.
        """
        if isinstance(node, ast.Subscript):
            kind, method, target = "item", "", node.value
        else:
            kind, method, target = "call", ".__call__", node.func
            if isinstance(target, ast.Attribute):
                method, target = f".{target.attr}", target.value
        if method not in self._through_objects:
            return None
        symbol = classes.instance_of(self.project, module, target)
        reader = self.known.readers.get(f"{symbol.name}{method}") if isinstance(symbol, External) else None
        if reader is None or reader.kind != kind or reader.section or self._prefixed():
            return None
        return reader

    @cached_property
    def _through_objects(self) -> frozenset[str]:
        """What may follow a class in the symbol of a reader; nothing where no file imports one of their modules."""
        imported = {name for module in self.project.modules.values() for name in module.imports}
        found = set()
        for reader in self.known.readers.values():
            owner, _, method = reader.symbol.rpartition(".")
            made = owner if reader.kind == "call" else reader.symbol
            if not reader.section and {made, made.rpartition(".")[0]} & (imported - {"os"}):
                found.add(f".{method}" if reader.kind == "call" else "")
        return frozenset(found)

    def _declared(self, value: Value) -> Value:
        """A read, unless a keyword declares the setting too, with its type: `Env(NAME=(str, ""))`."""
        if isinstance(value, Setting) and self.references.keywords(value.name):
            return Unknown(value.module, value.node, f"a keyword declares the setting {value.name} too")
        return value

    def _prefixed(self) -> bool:
        """Whether the repository puts a prefix before the names of settings, wherever that may be."""
        named = any(self.references.attributes(name) for name in ("prefixed", "prefix"))
        return named or bool(self.references.keywords("env_prefix"))

    def _text(self, module: Module, node: ast.expr) -> str | None:
        """The text of a string, also of one that a variable always holds."""
        value = self.trace(module, node)
        if isinstance(value, Carried) and len(value.inners) == 1:
            value = value.inners[0]
        return value.text if isinstance(value, Literal) else None

    def _option(self, module: Module, node: ast.expr, read: SectionRead) -> Value:
        if read.section is None:
            return Unknown(module, node, "the name of the section is computed")
        found = self._setting(module, node, read.option, read.default)
        if not isinstance(found, Setting):
            return found
        if "." in found.name:
            return Unknown(module, node, "the name of the option has a dot in it")
        name = f"{read.section}.{found.name}"
        return Setting(module, node, name, found.name_node, found.default, read.section)

    def _leaf(self, module: Module, node: ast.expr, read: TreeRead) -> Value:
        """What is read from the tree of a file."""
        if not read.part.file:
            return Unknown(module, node, "which file it is loaded from is not certain: name the file in the code")
        if isinstance(read.option, ast.Attribute):
            found: Value = Setting(module, node, read.option.attr, read.option)
        else:
            found = self._setting(module, node, read.option, read.default)
        if not isinstance(found, Setting):
            return found
        if not is_key(found.name):
            return Unknown(module, node, "its key has a dot in it")
        if read.part.loaded.environment and not read.part.path:
            return found
        name = joined(read.section, found.name)
        return Setting(module, node, name, found.name_node, found.default, read.section)

    def _setting(self, module: Module, node: ast.expr, key: ast.expr, default: ast.expr | None) -> Value:
        name: ast.expr = key
        if isinstance(key, ast.Name):
            value = self.trace(module, key)
            if isinstance(value, Carried) and len(value.inners) == 1 and isinstance(value.inners[0], Literal):
                name = value.inners[0].node  # type: ignore[assignment]
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
            return Unknown(module, node, "the name of the setting is computed")
        inner = self.trace(module, default) if default is not None else None
        if isinstance(inner, Nothing) or (isinstance(inner, Literal) and not inner.text):
            inner = None
        same_file = name is key
        return Setting(module, node, name.value, name if same_file else None, inner)

    def _call(self, module: Module, node: ast.Call) -> Value:
        symbol = self.project.symbol(module, node.func)
        if isinstance(symbol, External):
            found = self._external_call(module, node, symbol)
            if found is not None:
                return found
        read = self.sections.read(module, node) if symbol is None else None
        if read is not None:
            return self._option(module, node, read)
        if not isinstance(symbol, External):
            reader = self.reader_of(module, node)
            if reader is not None:
                return self._declared(self._read(module, node, reader))
        tree = self.trees.read(module, node)
        if tree is not None:
            return self._leaf(module, node, tree)
        if isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1 and symbol is None:
            return self.trace(module, node.args[0])
        if isinstance(node.func, ast.Attribute) and node.func.attr in _PASS_THROUGH_METHODS and symbol is None:
            return self.trace(module, node.func.value)
        if isinstance(symbol, Definition) and symbol.binding.kind == "def":
            return self._returned(module, node, symbol)
        item = self._key(module, node) or self._item(module, node)
        if item is not None:
            return item
        return Unknown(module, node, f"it is the result of `{quoted(node.func)}(...)`, which mi-lint does not follow")

    def _external_call(self, module: Module, node: ast.Call, symbol: External) -> Value | None:
        reader = self.known.readers.get(symbol.name)
        if reader is not None and reader.kind == "call":
            return self._read(module, node, reader)
        wrapper = self.known.wrappers.get(symbol.name)
        if wrapper is not None:
            names = tuple(p.name for p in wrapper.signature.parameters)
            bound = bind(node, names)
            argument = bound.arguments.get(wrapper.secret) if bound is not None else None
            inner = self.trace(module, argument) if argument is not None else None
            return Wrapped(module, node, wrapper, inner)
        if self.known.is_token(symbol.name):
            return Token(module, node)
        if symbol.name in _PASS_THROUGH_CALLS and node.args:
            return self.trace(module, node.args[-1])
        return None

    def _read(self, module: Module, node: ast.Call, reader: Reader) -> Value:
        signature = reader.signature
        names = tuple(p.name for p in signature.parameters) if signature is not None else ()
        bound = bind(node, names)
        key = bound.arguments.get(reader.name) if bound is not None else None
        if bound is None or key is None:
            return Unknown(module, node, "the name of the setting is computed")
        return self._setting(module, node, key, bound.arguments.get(reader.default) if reader.default else None)

    def _returned(self, module: Module, node: ast.Call, symbol: Definition) -> Value:
        function = symbol.binding.node
        returned = None
        if isinstance(function, ast.FunctionDef) and not function.args.args and not node.args and not node.keywords:
            returned = classes.sole_return(symbol.module, function)
        if returned is None or symbol.binding.scope.kind != "module":
            return Unknown(
                module, node, f"it is the result of `{quoted(node.func)}(...)`, which mi-lint does not follow"
            )
        inner = self.trace(symbol.module, returned)
        carrier = Carrier("function", symbol.module, symbol.binding.scope, symbol.binding.name)
        return Carried(module, node.func, carrier, (inner,))

    def _vault(self, module: Module, node: ast.Attribute) -> Value | None:
        """`client.get_secret("name").value`, awaited or not."""
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            return None
        for vault in self.known.vaults.values():
            if call.func.attr == vault.method and node.attr == vault.attribute:
                first = call.args[0] if call.args else next((k.value for k in call.keywords), None)
                name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
                return VaultSecret(module, node, name, vault)
        return None


def _reads_item(module: Module, node: ast.AST) -> bool:
    """Whether a reference to a mapping does nothing but read one item of it."""
    if read_from(module, node, 1)[0]:
        return True
    parent = module.names.parents.get(node)
    return isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Load)


def _is_property(function: ast.FunctionDef) -> bool:
    names = {getattr(d, "id", getattr(d, "attr", "")) for d in function.decorator_list}
    return bool(names & {"property", "cached_property"})
