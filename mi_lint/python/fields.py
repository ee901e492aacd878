"""Fields of classes that are filled from the environment: which settings a field is read from.

The name is that of the field with a prefix, or the one that its declaration gives; a model within a model is read by
the names of the fields that lead to it, where the outer class says what stands between them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property

from mi_lint.python import classes
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import Definition, External, Module, Project
from mi_lint.python.references import References
from mi_lint.python.values import Carrier, Choice, Setting, Value
from mi_lint.rulebook.model import SettingsClass

_NAMING = frozenset({"validation_alias", "alias", "env", "serialization_alias"})
_DEEPEST = 4


class Fields:
    """Look-ups over one state of a project."""

    def __init__(
        self,
        project: Project,
        known: Knowledge,
        references: References,
        trace: Callable[[Module, ast.expr], Value],
    ) -> None:
        self._project = project
        self._known = known.settings_classes
        self._references = references
        self._trace = trace
        self._prefixes: dict[Binding, str | None] = {}

    def read(self, home: Module, owner: Definition, scope: Scope, name: str) -> Value | None:
        """The settings that a field may come from; None where the class is another, or does not say so plainly."""
        binding = scope.bindings.get(name, [None])[0]
        if binding is None or not isinstance(binding.statement, ast.AnnAssign):
            return None
        value = binding.statement.value
        known = self._settings_class(owner)
        if known is None:
            prefix = self._prefix_of(owner)
            plain = prefix is not None and not _named_by(value, _NAMING)
            return Setting(home, binding.statement, f"{prefix}{name}".upper(), None, any_case=True) if plain else None
        default = None if value is None or isinstance(value, ast.Call) else self._trace(home, value)
        if isinstance(value, ast.Constant) and not value.value:
            default = None
        given = _named_by(value, known.aliases)
        if _named_by(value, _NAMING - {*known.aliases, "serialization_alias"}) or _names_fields(scope):
            return None
        prefix, exact = _text(scope, known.prefix, ""), _flag(scope, "case_sensitive")
        if exact is not None and given is not None:
            return self._aliased(home, binding.statement, given, default, not exact)
        if prefix is None or exact is None:
            return None
        full = f"{prefix}{name}"
        return Setting(home, binding.statement, full if exact else full.upper(), None, default, any_case=not exact)

    def _aliased(
        self, home: Module, statement: ast.AnnAssign, given: list[ast.expr], default: Value | None, any_case: bool
    ) -> Value | None:
        """The settings that a declaration names, the first that is there counts."""
        found = [
            Setting(home, statement if len(given) == 1 else node, node.value, node, default, any_case=any_case)
            for node in given
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        if not found or len(found) < len(given):
            return None
        return found[0] if len(found) == 1 else Choice(home, statement, tuple(found))

    def _settings_class(self, owner: Definition) -> SettingsClass | None:
        """The class outside of the repository that fills the fields of a class."""
        for current in classes.lineage(self._project, owner):
            for base in classes.bases(self._project, current):
                if isinstance(base, External) and base.name in self._known:
                    return self._known[base.name]
            found = self._with_fallback(current)
            if found is not None:
                return found
        return None

    def _with_fallback(self, definition: Definition) -> SettingsClass | None:
        """The class that fields are read by where its import has a fallback that reads them alike."""
        node = definition.binding.node
        assert isinstance(node, ast.ClassDef)
        for base in node.bases:
            found = [self._known.get(s.name) for s in self._project.alternatives(definition.module, base)]
            if found and all(item is not None for item in found):
                return found[0]
        return None

    # -- models within models ----------------------------------------------------------------------------------------

    @cached_property
    def _any_nested(self) -> bool:
        """Whether any class of the project says what stands between the names of models within models."""
        keys = [known.delimiter for known in self._known.values() if known.delimiter]
        return any(key in module.file.text for module in self._project.modules.values() for key in keys)

    def _prefix_of(self, owner: Definition) -> str | None:
        if not self._any_nested:
            return None
        if owner.binding not in self._prefixes:
            self._prefixes[owner.binding] = self._way_to(owner, 0)
        return self._prefixes[owner.binding]

    def _way_to(self, owner: Definition, depth: int) -> str | None:
        """What stands before the names of the fields of a model that is a field of one other class, and only that."""
        uses = self._uses(owner) if depth < _DEEPEST else None
        if uses is None or len(uses) != 1:
            return None
        holder, field = uses[0]
        scope = classes.class_scope(holder)
        known = self._settings_class(holder)
        if known is None:
            around = self._way_to(holder, depth + 1)
            root = self._root_of(holder, depth + 1)
            delimiter = _text(classes.class_scope(root), self._delimiter(root), None) if root is not None else None
            return f"{around}{field}{delimiter}" if around is not None and delimiter else None
        prefix, delimiter = _text(scope, known.prefix, ""), _text(scope, known.delimiter, None)
        renamed = _names_fields(scope) or _flag(scope, "case_sensitive") is not False
        return None if renamed or prefix is None or not delimiter else f"{prefix}{field}{delimiter}"

    def _root_of(self, owner: Definition, depth: int) -> Definition | None:
        uses = self._uses(owner) if depth < _DEEPEST else None
        if uses is None or len(uses) != 1:
            return None
        holder = uses[0][0]
        return holder if self._settings_class(holder) is not None else self._root_of(holder, depth + 1)

    def _delimiter(self, root: Definition) -> str:
        known = self._settings_class(root)
        return known.delimiter if known is not None else ""

    def _uses(self, owner: Definition) -> list[tuple[Definition, str]] | None:
        """The fields that are declared to be of a class; None where it is used in any other way."""
        parent = classes.class_scope(owner).parent
        if parent is None or self._references.subclasses(owner):
            return None
        found: list[tuple[Definition, str]] = []
        carrier = Carrier("function", owner.module, parent, owner.binding.name)
        for reference in self._references.of(carrier):
            if reference.kind in ("store", "import"):
                continue
            module, node = reference.module, reference.node
            statement = module.names.statement(node)
            scope = module.names.scope_of[statement] if statement is not None else None
            holder = classes.enclosing_class(module, scope) if scope is not None and scope.kind == "class" else None
            target = statement.target if isinstance(statement, ast.AnnAssign) else None
            if reference.kind == "doubtful" or holder is None or not isinstance(target, ast.Name):
                return None
            call = module.names.parents.get(node)
            if isinstance(call, ast.Call) and (call.func is not node or call.args or call.keywords):
                return None  # `Model(conn="x")`: a value of its own
            value = statement.value if isinstance(statement, ast.AnnAssign) else None
            if _named_by(value, _NAMING) is not None:
                return None
            found.append((holder, target.id))
        return list(dict.fromkeys(found))


def _named_by(value: ast.expr | None, keywords: frozenset[str] | tuple[str, ...]) -> list[ast.expr] | None:
    """The names that a declaration gives by one of some keywords; None if it gives none.

    `AliasChoices("A", "B")` and `["A", "B"]` are several; an unpacked mapping may give any.
    """
    for keyword in value.keywords if isinstance(value, ast.Call) else []:
        if keyword.arg is None:
            return [keyword.value]
        if keyword.arg in keywords:
            given = keyword.value
            if isinstance(given, ast.Call) and isinstance(given.func, ast.Name | ast.Attribute) and not given.keywords:
                name = given.func.attr if isinstance(given.func, ast.Attribute) else given.func.id
                return list(given.args) if name == "AliasChoices" else [given]
            return list(given.elts) if isinstance(given, ast.List | ast.Tuple) else [given]
    return None


def _names_fields(scope: Scope) -> bool:
    """Whether a settings class renames its fields by itself: `fields = {...}` in `Config`, an `alias_generator`."""
    named = {"fields", "alias_generator"}
    for node in ast.walk(scope.node):
        if isinstance(node, ast.ClassDef) and node is not scope.node:
            targets = [t for s in node.body if isinstance(s, ast.Assign) for t in s.targets]
            if any(isinstance(target, ast.Name) and target.id in named for target in targets):
                return True
        if isinstance(node, ast.keyword) and node.arg == "alias_generator":
            return True
    return False


def _configured(scope: Scope, key: str) -> ast.expr | None:
    """What a settings class sets a key to: in `model_config`, in an inner `Config`, or as a keyword of the class."""
    for node in ast.walk(scope.node):
        if isinstance(node, ast.keyword) and node.arg == key:
            return node.value
        if isinstance(node, ast.Dict):
            for name, value in zip(node.keys, node.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    return value
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == key:
            return node.value
    return None


def _text(scope: Scope, key: str, absent: str | None) -> str | None:
    """A text that a settings class configures; None if it is computed."""
    value = _configured(scope, key)
    if value is None:
        return absent
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _flag(scope: Scope, key: str) -> bool | None:
    value = _configured(scope, key)
    if value is None:
        return False
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, bool) else None
