"""Remove what a change left behind: variables, parameters, attributes, guards and imports that served the secret only.

Nothing is removed unless it was named in code that the change removed, and unless nothing refers to it any more.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from mi_lint.candidates import Candidate, find_scope
from mi_lint.edits import TextEdit
from mi_lint.python.guards import guard_test
from mi_lint.python.imports import remove_import_name
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import Definition, External, Module, ModuleReference, Project
from mi_lint.removal import removal, without_entry
from mi_lint.textfile import Span
from mi_lint.unparameter import remove_parameter

_PURE_NODES = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.BoolOp),
    *(ast.Compare, ast.UnaryOp, ast.IfExp, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Slice, ast.keyword, ast.Lambda),
    *(ast.operator, ast.boolop, ast.unaryop, ast.cmpop, ast.expr_context, ast.arguments, ast.arg, ast.Await),
)
_PURE_METHODS = frozenset({"strip", "format", "join", "get", "lower", "upper", "encode", "decode", "replace", "split"})
_PURE_SYMBOLS = frozenset({"dataclasses.field", "urllib.parse.quote", "urllib.parse.quote_plus"})
_PURE_CALLS = frozenset({"str", "int", "bool", "len"})
_LEAVING = (ast.Raise, ast.Return, ast.Continue, ast.Break)


class Sweeper:
    """Decides, for one state of a project, what a candidate allows to remove.

    `used_elsewhere(path, word)` tells whether any other module that can see `path` mentions a word.
    """

    def __init__(
        self,
        project: Project,
        known: Knowledge,
        used_elsewhere: Callable[[str, str], bool],
    ) -> None:
        self.project = project
        self.known = known
        self.used_elsewhere = used_elsewhere

    def step(self, candidate: Candidate) -> tuple[dict[str, list[TextEdit]], list[tuple[str, ast.AST]]]:
        """Edits by path, and the removed nodes with their paths (whose names are the next candidates)."""
        module = self.project.modules[candidate.path]
        scope = find_scope(module, candidate.scope, candidate.order)
        if scope is not None and candidate.kind == "name" and self._is_dead_parameter(module, scope, candidate.name):
            return remove_parameter(self.project, module, scope, candidate.name)
        if scope is not None and candidate.kind == "name" and scope.kind == "module":
            outside = self._guards_outside(module, candidate.name)
            if outside is not None:
                return outside
        edits, removed = self._local_step(candidate)
        return ({candidate.path: edits} if edits else {}), [(candidate.path, node) for node in removed]

    def _guards_outside(
        self, module: Module, name: str
    ) -> tuple[dict[str, list[TextEdit]], list[tuple[str, ast.AST]]] | None:
        """Take `module.name` out of the tests for its presence in other modules; None if it has other uses there."""
        edits: dict[str, list[TextEdit]] = {}
        removed: list[tuple[str, ast.AST]] = []
        for path in self.project.importers(module.path) - {module.path}:
            other = self.project.modules[path]
            uses = [node for node in _attributes(other, name) if self._is_member(other, node, module)]
            found = self._guards(other, uses) if uses else ([], [])
            if found is None:
                return None
            if found[0]:
                edits[path] = found[0]
                removed.extend((path, node) for node in found[1])
        return (edits, removed) if edits else None

    def _is_member(self, other: Module, node: ast.Attribute, module: Module) -> bool:
        base = self.project.symbol(other, node.value)
        return isinstance(base, ModuleReference) and base.module.path == module.path

    def _is_dead_parameter(self, module: Module, scope: Scope, name: str) -> bool:
        bindings = scope.bindings.get(name, [])
        return [b.kind for b in bindings] == ["param"] and not module.names.loads(scope, name)

    def _local_step(self, candidate: Candidate) -> tuple[list[TextEdit], list[ast.AST]]:
        module = self.project.modules[candidate.path]
        scope = find_scope(module, candidate.scope, candidate.order)
        if scope is None:
            return [], []
        if candidate.kind == "attribute":
            return self._attribute(module, scope, candidate.name)
        if candidate.kind == "item":
            return self._dict_entry(module, scope, candidate.name)
        bindings = scope.bindings.get(candidate.name, [])
        if not bindings:
            return [], []
        loads = module.names.loads(scope, candidate.name)
        if loads:
            guards = self._guards(module, loads)
            return guards if guards is not None else ([], [])
        if scope.kind == "class":
            return self._attribute(module, scope, candidate.name)
        if scope.kind == "module" and self._visible_outside(module, candidate.name):
            return [], []
        return self._dead(module, bindings)

    def _visible_outside(self, module: Module, name: str) -> bool:
        if module.path.endswith("__init__.py") and any(b.kind == "from" for b in module.names.module.bindings[name]):
            return True  # a re-export
        return self._in_strings(module, name) or self.used_elsewhere(module.path, name)

    def _in_strings(self, module: Module, name: str) -> bool:
        """Whether a string of the module names it: an entry of `__all__`, or a quoted annotation."""
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        for node in module.names.scope_of:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and pattern.search(node.value):
                parent = module.names.parents.get(node)
                if not isinstance(parent, ast.Expr | ast.Call | ast.Subscript | ast.JoinedStr):
                    return True
        return False

    def _dead(self, module: Module, bindings: list[Binding]) -> tuple[list[TextEdit], list[ast.AST]]:
        kinds = {binding.kind for binding in bindings}
        if kinds <= {"import", "from"}:
            edits = []
            for binding in bindings:
                assert isinstance(binding.statement, ast.Import | ast.ImportFrom)
                assert isinstance(binding.node, ast.alias)
                if getattr(binding.statement, "module", "") == "__future__":
                    return [], []
                whole = removal(module, binding.statement) if len(binding.statement.names) == 1 else None
                edits.append(whole or remove_import_name(module.file.text, binding.statement, binding.node))
            return edits, []
        if kinds <= {"assign", "annotation"} and all(b.value is None or self.pure(module, b.value) for b in bindings):
            return self._statements(module, [b.statement for b in bindings if b.statement is not None])
        return [], []

    def _statements(self, module: Module, statements: list[ast.stmt]) -> tuple[list[TextEdit], list[ast.AST]]:
        edits: list[TextEdit] = []
        for statement in statements:
            edit = removal(module, statement)
            if edit is None:
                return [], []
            edits.append(edit)
        return edits, list(statements)

    def pure(self, module: Module, value: ast.expr) -> bool:
        """Whether evaluating an expression does nothing but read settings, vault entries, and make wrappers."""
        for node in ast.walk(value):
            if isinstance(node, ast.Call):
                if not self._pure_call(module, node):
                    return False
            elif not isinstance(node, _PURE_NODES):
                return False
        return True

    def _pure_call(self, module: Module, node: ast.Call) -> bool:
        symbol = self.project.qualified(module, node.func)
        if symbol is not None:
            name = symbol.name
            return (
                name in self.known.readers
                or name in self.known.wrappers
                or name in self.known.vaults
                or self.known.is_token(name)
                or name in _PURE_SYMBOLS
                or self._is_field(module, node)
            )
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in _PURE_METHODS or any(
                v.method == node.func.attr for v in self.known.vaults.values()
            )
        return isinstance(node.func, ast.Name) and node.func.id in _PURE_CALLS

    def _is_field(self, module: Module, node: ast.Call) -> bool:
        """A field declaration of a settings class: `name: str = Field(...)`."""
        statement = module.names.statement(node)
        return isinstance(statement, ast.AnnAssign) and module.names.scope_of[node].kind == "class"

    def _dict_entry(self, module: Module, scope: Scope, item: str) -> tuple[list[TextEdit], list[ast.AST]]:
        """An entry of a dict display whose key nothing spells any more."""
        name, _, key = item.rstrip("]").partition("[")
        bindings = scope.bindings.get(name, [])
        display = bindings[0].value if len(bindings) == 1 else None
        if not isinstance(display, ast.Dict):
            return [], []
        spelled = 0
        for path in self.project.importers(module.path):
            nodes = self.project.modules[path].names.scope_of
            spelled += sum(1 for node in nodes if isinstance(node, ast.Constant) and node.value == key)
        index = next((i for i, k in enumerate(display.keys) if isinstance(k, ast.Constant) and k.value == key), None)
        if index is None or spelled != 1 or not self.pure(module, display.values[index]):
            return [], []
        edit = without_entry(module, display, index)
        return ([edit], [display.values[index]]) if edit is not None else ([], [])

    # -- attributes ------------------------------------------------------------------------------------------------

    def _attribute(self, module: Module, scope: Scope, name: str) -> tuple[list[TextEdit], list[ast.AST]]:
        near = self.project.importers(module.path)
        statements: list[ast.stmt] = []
        for path in near:
            other = self.project.modules[path]
            for node in other.names.scope_of:
                if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load):
                    return self._attribute_guard(other, node)
                if isinstance(node, ast.Constant) and node.value == name:
                    return [], []
            for keyword in (k for n in other.names.scope_of if isinstance(n, ast.Call) for k in n.keywords):
                if keyword.arg == name and self._constructs(other, keyword, scope):
                    return [], []
            if scope.bindings.get(name) and self._made_by_position(other, scope):
                return [], []
        for node in ast.walk(scope.node):
            if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store):
                statement = module.names.statement(node)
                if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
                    return [], []
                if isinstance(statement, ast.Assign) and statement.targets != [node]:
                    return [], []
                if not self.pure(module, statement.value):
                    return [], []
                statements.append(statement)
        for binding in scope.bindings.get(name, []):
            if binding.kind not in ("assign", "annotation") or binding.statement is None:
                return [], []
            if binding.value is not None and not self.pure(module, binding.value):
                return [], []
            statements.append(binding.statement)
        return self._statements(module, statements)

    def _attribute_guard(self, module: Module, node: ast.Attribute) -> tuple[list[TextEdit], list[ast.AST]]:
        guards = self._guards(module, [node])
        return guards if guards is not None else ([], [])

    def _made_by_position(self, other: Module, scope: Scope) -> bool:
        """Whether a class without a constructor of its own is called with its fields by position."""
        if "__init__" in scope.bindings:
            return False
        calls = (node for node in other.names.scope_of if isinstance(node, ast.Call) and node.args)
        symbols = (self.project.symbol(other, call.func) for call in calls)
        return any(isinstance(symbol, Definition) and symbol.binding.node is scope.node for symbol in symbols)

    def _constructs(self, module: Module, keyword: ast.keyword, scope: Scope) -> bool:
        call = module.names.parents.get(keyword)
        symbol = self.project.symbol(module, call.func) if isinstance(call, ast.Call) else None
        return not isinstance(symbol, External)

    # -- guards ----------------------------------------------------------------------------------------------------

    def _guards(self, module: Module, loads: Sequence[ast.expr]) -> tuple[list[TextEdit], list[ast.AST]] | None:
        """Edits that take a dead name out of the tests for its presence; None if it has any other use."""
        edits: list[TextEdit] = []
        removed: list[ast.AST] = []
        for load in loads:
            test = guard_test(module, load)
            edit = self._guard(module, load, test) if isinstance(test, ast.If | ast.Assert) else None
            if edit is None:
                return None
            edits.append(edit[0])
            removed.append(edit[1])
        if any(a.span.overlaps(b.span) for i, a in enumerate(edits) for b in edits[i + 1 :]):
            return edits[:1], removed[:1]
        return edits, removed

    def _guard(self, module: Module, load: ast.expr, test: ast.If | ast.Assert) -> tuple[TextEdit, ast.AST] | None:
        operand: ast.expr = load
        parent = module.names.parents[load]
        while not isinstance(parent, ast.BoolOp | ast.List | ast.Tuple | ast.If | ast.Assert):
            if not isinstance(parent, ast.expr):
                return None
            operand, parent = parent, module.names.parents[parent]
        if parent is test:
            leaving = isinstance(test, ast.Assert) or (not test.orelse and _leaves(test.body))
            absent = isinstance(test, ast.Assert) or _tests_absence(operand)
            edit = removal(module, test) if leaving and absent else None
            return (edit, test) if edit is not None else None
        items = (
            parent.values
            if isinstance(parent, ast.BoolOp)
            else parent.elts
            if isinstance(parent, ast.List | ast.Tuple)
            else []
        )
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or) != _tests_absence(operand):
            return None
        if len(items) < 2:
            return None
        index = next(i for i, item in enumerate(items) if item is operand)
        if index + 1 < len(items):
            span = Span(module.span(operand).start, module.span(items[index + 1]).start)
        else:
            span = Span(module.span(items[index - 1]).end, module.span(operand).end)
        return TextEdit(span, ""), operand


def _tests_absence(node: ast.expr) -> bool:
    """`not x`, `x is None`, `x == ""`."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.Eq)


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a block only complains and then leaves: raise, return, exit."""
    last = body[-1]
    if isinstance(last, _LEAVING):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        name = ast.unparse(last.value.func)
        return name in ("sys.exit", "exit", "quit", "os._exit", "pytest.skip", "click.Abort")
    return False


def _attributes(module: Module, name: str) -> list[ast.Attribute]:
    """Reads of an attribute of that name, of anything."""
    nodes = module.names.scope_of
    return [n for n in nodes if isinstance(n, ast.Attribute) and n.attr == name and isinstance(n.ctx, ast.Load)]
