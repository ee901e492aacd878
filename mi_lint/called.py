"""Which methods of its clients a repository calls: what they need to be allowed, and what stands in their way."""

from __future__ import annotations

import ast

from mi_lint.python import classes
from mi_lint.python.project import Definition, Module
from mi_lint.python.sinks import Sink
from mi_lint.rulebook.model import Role
from mi_lint.workspace import Workspace


def calls_method(workspace: Workspace, module: Module, method: str) -> bool:
    """Whether a method of that name is called where a client may be: in its module, or one that imports it."""
    near = workspace.project.importers(module.path)
    for other, node in workspace.references.attributes(method):
        parent = other.names.parents.get(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if other.path in near and called and not _own_method(workspace, other, node):
            return True
    return False


def _own_method(workspace: Workspace, module: Module, node: ast.Attribute) -> bool:
    """Whether a method is one that a class of the repository defines, whatever it is called."""
    owner = workspace.project.symbol(module, node.value)  # `Class.method(self)`
    if not classes.is_class(owner):
        owner = classes.instance_of(workspace.project, module, node.value)
    if not isinstance(owner, Definition) or owner.binding.kind != "class":
        return False
    lineage = classes.lineage(workspace.project, owner)
    return any(binding.kind == "def" for one in lineage for _, binding in classes.own_bindings(one, node.attr))


def needed_roles(workspace: Workspace, sink: Sink) -> list[Role]:
    """The least roles that are enough for the methods that are called; the role of the rule where that is not known."""
    roles = dict(workspace.known.pack(sink.rule).roles)
    default = roles.get(sink.rule.role)
    if default is None:
        return []
    if not default.methods and not default.covers:
        return [default]
    called = {
        name
        for name, role in roles.items()
        if any(calls_method(workspace, sink.module, method) for method in role.methods)
    }
    covered = {other for name in called for other in roles[name].covers}
    found = [role for name, role in roles.items() if name in called - covered]
    if not found or found == [default] or _goes_elsewhere(workspace, sink):
        return [default]
    return found


def _goes_elsewhere(workspace: Workspace, sink: Sink) -> bool:
    """Whether the client may reach code outside of the repository, which could call anything."""
    own, parents = sink.module, sink.module.names.parents
    parent = parents.get(sink.call)
    if isinstance(parent, ast.keyword):
        parent = parents.get(parent)
    if isinstance(parent, ast.Call) and parent.func is not sink.call:
        return not _is_own(workspace, own, parent)
    names = _names_given(parent)
    near = workspace.project.importers(own.path)
    for path in near:
        module = workspace.project.modules[path]
        for node in module.names.scope_of:
            if isinstance(node, ast.Call) and not _is_own(workspace, module, node):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if any(_name(value) in names for value in given) or _looks_up(node):
                    return True
    return False


def _names_given(parent: ast.AST | None) -> set[str]:
    """What an assignment or a `with` calls its value."""
    targets: list[ast.expr] = []
    if isinstance(parent, ast.Assign):
        targets = parent.targets
    elif isinstance(parent, ast.AnnAssign | ast.NamedExpr):
        targets = [parent.target]
    elif isinstance(parent, ast.withitem) and parent.optional_vars is not None:
        targets = [parent.optional_vars]
    return {_name(target) for target in targets} - {""}


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_own(workspace: Workspace, module: Module, call: ast.Call) -> bool:
    """Whether a call is of something that the repository defines."""
    if isinstance(workspace.project.symbol(module, call.func), Definition):
        return True
    return isinstance(call.func, ast.Attribute) and _own_method(workspace, module, call.func)


def _looks_up(call: ast.Call) -> bool:
    """`getattr(client, name)`: any method."""
    dynamic = isinstance(call.func, ast.Name) and call.func.id == "getattr" and len(call.args) > 1
    return dynamic and not isinstance(call.args[1], ast.Constant)
