"""Classes of the repository: bases, attributes, and which class an expression is an instance of."""

from __future__ import annotations

import ast

from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import Definition, External, Module, Project, Symbol

_MAX_DEPTH = 12
_TRANSPARENT = frozenset(
    {"typing.Annotated", "typing_extensions.Annotated", "typing.Optional", "typing.Final", "typing.ClassVar"}
)


def class_scope(definition: Definition) -> Scope:
    """The scope of a class definition's body."""
    return definition.module.names.inner[definition.binding.node]


def is_class(symbol: Symbol | None) -> bool:
    return isinstance(symbol, Definition) and symbol.binding.kind == "class"


def bases(project: Project, definition: Definition) -> list[Symbol]:
    """What the base expressions of a class refer to; unresolvable ones are left out."""
    node = definition.binding.node
    assert isinstance(node, ast.ClassDef)
    found = (project.symbol(definition.module, base) for base in node.bases)
    return [symbol for symbol in found if symbol is not None]


def lineage(project: Project, definition: Definition) -> list[Definition]:
    """A class and its bases in the repository, nearest first."""
    order: list[Definition] = []
    queue = [definition]
    while queue and len(order) < 50:
        current = queue.pop(0)
        if current in order:
            continue
        order.append(current)
        queue.extend(b for b in bases(project, current) if isinstance(b, Definition) and b.binding.kind == "class")
    return order


def self_class(module: Module, node: ast.expr) -> Definition | None:
    """The class when `node` is the first parameter (`self`, `cls`) of one of its methods."""
    if not isinstance(node, ast.Name):
        return None
    scope = module.names.owner(module.names.scope_of[node], node.id)
    if scope is None or scope.kind != "function" or scope.parent is None or scope.parent.kind != "class":
        return None
    function = scope.node
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    first = [*function.args.posonlyargs, *function.args.args][:1]
    if not first or first[0].arg != node.id or len(scope.bindings[node.id]) != 1 or is_static(function):
        return None
    return enclosing_class(module, scope.parent)


def enclosing_class(module: Module, scope: Scope) -> Definition | None:
    """The definition of the class whose body is `scope`."""
    parent = scope.parent
    if parent is None:
        return None
    name = scope.name
    for binding in parent.bindings.get(name, ()):
        if binding.node is scope.node:
            return Definition(module, binding)
    return None


def is_static(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)


def instance_of(project: Project, module: Module, node: ast.expr, depth: int = 0) -> Symbol | None:
    """The class (of the repository, or external) that an expression is an instance of, as far as it is plain."""
    if depth > _MAX_DEPTH:
        return None
    own = self_class(module, node)
    if own is not None:
        return own
    if isinstance(node, ast.Await):
        return instance_of(project, module, node.value, depth + 1)
    if isinstance(node, ast.Call):
        return _called(project, module, node, depth)
    if isinstance(node, ast.Name | ast.Attribute):
        symbol = project.symbol(module, node)
        if isinstance(symbol, Definition) and symbol.binding.kind != "class":
            return _bound(project, symbol, depth)
        if symbol is None and isinstance(node, ast.Name):
            return _joint(project, module, module.names.bindings(module.names.scope_of[node], node.id), depth)
    if isinstance(node, ast.Attribute):
        owner = instance_of(project, module, node.value, depth + 1)
        if isinstance(owner, Definition):
            declared = _declared(project, owner, node.attr)
            if declared is not None:
                return declared
            found = {
                instance_of(project, owner_module, value, depth + 1)
                for owner_module, value in attribute_values(project, owner, node.attr)
            }
            return found.pop() if len(found) == 1 else None
    return None


def _declared(project: Project, owner: Definition, name: str) -> Symbol | None:
    """The class of the repository that the body of a class declares an attribute to be an instance of."""
    for current in lineage(project, owner):
        for binding in class_scope(current).bindings.get(name, ()):
            if isinstance(binding.statement, ast.AnnAssign):
                symbol = _annotated(project, current.module, binding.statement.annotation)
                return symbol if is_class(symbol) else None
    return None


def _called(project: Project, module: Module, node: ast.Call, depth: int) -> Symbol | None:
    own = self_class(module, node.func)
    if own is not None and _is_class_name(module, node.func):
        return own
    symbol = project.symbol(module, node.func)
    if isinstance(symbol, External):
        return symbol
    if not isinstance(symbol, Definition):
        return None
    if symbol.binding.kind == "class":
        return symbol
    function = symbol.binding.node
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        if function.returns is not None:
            return _annotated(project, symbol.module, function.returns)
        value = sole_return(symbol.module, function)
        if value is not None:
            return instance_of(project, symbol.module, value, depth + 1)
    return None


def _is_class_name(module: Module, node: ast.expr) -> bool:
    """Whether a name is the first parameter of a class method."""
    assert isinstance(node, ast.Name)
    scope = module.names.owner(module.names.scope_of[node], node.id)
    function = scope.node if scope is not None else None
    decorators = function.decorator_list if isinstance(function, ast.FunctionDef) else []
    return any(isinstance(one, ast.Name) and one.id == "classmethod" for one in decorators)


def _bound(project: Project, symbol: Definition, depth: int) -> Symbol | None:
    binding = symbol.binding
    if binding.kind == "param":
        argument = binding.node
        assert isinstance(argument, ast.arg)
        return _annotated(project, symbol.module, argument.annotation) if argument.annotation is not None else None
    if binding.kind in ("assign", "with") and binding.value is not None:
        return instance_of(project, symbol.module, binding.value, depth + 1)
    return None


def _joint(project: Project, module: Module, bindings: list[Binding], depth: int) -> Symbol | None:
    found = {_bound(project, Definition(module, b), depth + 1) for b in bindings if b.kind != "annotation"}
    return found.pop() if len(found) == 1 else None


def _annotated(project: Project, module: Module, annotation: ast.expr) -> Symbol | None:
    """The class that an annotation names: `X`, `Annotated[X, ...]`, `Optional[X]` or `X | None`."""
    if isinstance(annotation, ast.Subscript):
        outer = project.symbol(module, annotation.value)
        inner = annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else annotation.slice
        known = isinstance(outer, External) and outer.name in _TRANSPARENT
        return _annotated(project, module, inner) if known else None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if not _is_none(side)]
        return _annotated(project, module, sides[0]) if len(sides) == 1 else None
    if isinstance(annotation, ast.Name | ast.Attribute):
        symbol = project.symbol(module, annotation)
        return symbol if isinstance(symbol, External) or is_class(symbol) else None
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def sole_return(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """The value of a function's only `return`; None if it has several, none, or yields."""
    scope = module.names.inner[function]
    found: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and _owner(module, node) is scope:
            if not isinstance(node, ast.Return) or node.value is None:
                return None
            found.append(node.value)
    return found[0] if len(found) == 1 else None


def _owner(module: Module, node: ast.AST) -> Scope:
    return module.names.scope_of[node].function


def attribute_values(project: Project, definition: Definition, name: str) -> list[tuple[Module, ast.expr]]:
    """Every expression assigned to an attribute of a class: in the class body, or through `self` in its methods."""
    return [(m, b.value) for m, b in attribute_bindings(project, definition, name) if b.value is not None]


def attribute_bindings(project: Project, definition: Definition, name: str) -> list[tuple[Module, Binding]]:
    """Every place that binds an attribute of a class or of its bases in the repository.

    `self.x = value` gives a binding of kind assign; any other store through `self` one of kind other.
    """
    return [pair for current in lineage(project, definition) for pair in own_bindings(current, name)]


def own_bindings(current: Definition, name: str) -> list[tuple[Module, Binding]]:
    """Every place that binds an attribute in the body or the methods of one class."""
    found: list[tuple[Module, Binding]] = []
    scope = class_scope(current)
    found.extend((current.module, b) for b in scope.bindings.get(name, ()))
    for node in current.module.stores(current.binding.node).get(name, ()):
        owner = self_class(current.module, node.value)
        if owner is not None and owner.binding is current.binding:
            found.append((current.module, _self_binding(current.module, node, scope)))
    return found


def _self_binding(module: Module, node: ast.Attribute, scope: Scope) -> Binding:
    statement = module.names.statement(node)
    value = None
    if isinstance(statement, ast.Assign):
        value = statement.value if statement.targets == [node] else None
    elif isinstance(statement, ast.AnnAssign):
        value = statement.value if statement.target is node else None
    kind = "assign" if value is not None else "other"
    return Binding(node.attr, kind, scope, node, statement, value)
