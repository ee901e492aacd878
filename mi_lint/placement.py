"""Where credentials are created: inline for one call, shared for several, closed where the code is async.

An existing credential in reach is used before a new one is made.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mi_lint import identity
from mi_lint.edits import TextEdit
from mi_lint.placeholder import import_token
from mi_lint.python.blocks import before_all, blocks_around, indentation, line_start, runs_before, starts_line
from mi_lint.python.closing import Closing, closing_of
from mi_lint.python.form import CallForm
from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import External, Module
from mi_lint.rulebook.model import IdentityStyle
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace


@dataclass(slots=True, eq=False)
class Placement:
    """The credential text of every call, and the lines and `with` items that must be added for it."""

    texts: dict[CallForm, str] = field(default_factory=dict)
    edits: list[TextEdit] = field(default_factory=list)


class Placer:
    """Places the credentials of one module."""

    def __init__(self, workspace: Workspace, module: Module, options: identity.Options) -> None:
        self.workspace = workspace
        self.module = module
        self.options = options
        self.placement = Placement()
        self._named: dict[Scope, set[str]] = {}
        self._replaced: set[ast.AST] = set()

    def place(self, forms: list[CallForm]) -> Placement:
        """Decide for all calls of the module that want a credential."""
        self._replaced = {node for form in forms for node in form.dropped}
        groups: dict[tuple[Scope, bool], list[CallForm]] = {}
        self._headers([form for form in forms if form.sink.entry is not None])
        for form in (form for form in forms if form.sink.entry is None):
            is_async = form.sink.form.is_async
            if form.credential.kind == "identity" and form.credential.argument:
                self._inline(form)
                continue
            existing = None if form.whole else self.existing(form)
            if existing is not None:
                self._give(form, existing)
            else:
                groups.setdefault((form.sink.scope.function, is_async), []).append(form)
        for (scope, is_async), members in groups.items():
            if is_async:
                self._async(scope, members)
            else:
                self._sync(scope, members)
        return self.placement

    def _give(self, form: CallForm, inner: str) -> None:
        """Use an expression or variable as the credential of a call, in the form that the call takes."""
        kind, scope = form.credential.kind, form.credential.argument
        if kind == "provider":
            wrapped = identity.provider(self.options, self._styles, form.sink.form.is_async, scope, inner)
            inner = self._with_tokens(wrapped, form.site)
        elif kind == "token":
            inner_quote = token_quote(form)[1]
            inner = f"{inner}.get_token({inner_quote}{scope}{inner_quote}).token"
        self.placement.texts[form] = inner

    @property
    def _styles(self) -> Mapping[str, IdentityStyle]:
        return self.workspace.known.identities

    def expression(self, near: ast.AST, is_async: bool, family: str = "") -> str:
        """A new credential, with stand-ins for the names that must be imported next to `near`."""
        return self._with_tokens(identity.credential(self.options, self._styles, is_async, family), near)

    def client_id(self, near: ast.AST) -> str | None:
        """The client id of a user-assigned identity; None where the identity is of the system."""
        found = identity.client_id(self.options)
        return self._with_tokens(found, near) if found is not None else None

    def _with_tokens(self, expression: identity.Expression, near: ast.AST) -> str:
        text = expression.text
        for module, name in expression.imports:
            token = import_token(module, name, self.module, near)
            text = re.sub(rf"(?<![\w.]){name or module}(?=[(.])", token, text)
        return text

    # -- reuse -----------------------------------------------------------------------------------------------------

    def existing(self, form: CallForm) -> str | None:
        """A variable that already holds a fitting credential whenever the call runs."""
        call = form.site
        scope: Scope | None = form.scope.function
        while scope is not None:
            if scope.kind != "class" or scope is form.scope.function:
                for name, bindings in scope.bindings.items():
                    if len(bindings) == 1 and self._fits(form, bindings[0], call):
                        return name
            scope = scope.parent
        return None

    def _fits(self, form: CallForm, binding: Binding, call: ast.expr) -> bool:
        if binding.kind not in ("assign", "with") or not isinstance(binding.value, ast.Call):
            return False
        symbol = self.workspace.project.qualified(self.module, binding.value.func)
        if not self._is_credential(symbol, form.sink.form.is_async):
            return False
        statement = binding.statement
        if statement is None or binding.name in self._hidden(form.scope, binding.scope):
            return False
        if binding.kind == "with":
            return any(parent is statement for parent in self.module.names.ancestors(call))
        if binding.scope is not form.scope.function:
            return binding.scope.kind == "module" and not isinstance(self.module.names.parents.get(statement), ast.stmt)
        return runs_before(self.module, statement, call)

    def _is_credential(self, symbol: External | None, is_async: bool) -> bool:
        if symbol is None or not self.workspace.known.is_token(symbol.name):
            return False
        package, _, name = symbol.name.rpartition(".")
        for style in self._styles.values():
            if package in (style.sync, style.aio):
                return (
                    package == (style.aio if is_async else style.sync) and name != style.provider and name[0].isupper()
                )
        return False

    def _hidden(self, scope: Scope, owner: Scope) -> set[str]:
        """Names that scopes between a call and an outer binding bind themselves."""
        found: set[str] = set()
        current: Scope | None = scope
        while current is not None and current is not owner:
            if current.kind != "class" or current is scope:
                found |= set(current.bindings)
            current = current.parent
        return found

    # -- headers of requests ---------------------------------------------------------------------------------------

    def _headers(self, forms: list[CallForm]) -> None:
        """A variable for all headers of the module: a credential keeps its tokens, so it is not made per request."""
        waiting = []
        for form in forms:
            existing = self.existing(form)
            if existing is not None:
                self._give(form, existing)
            else:
                waiting.append(form)
        scopes = {form.scope.function for form in waiting}
        if self.options.client_id_setting:  # which the code may load before it calls the function, not before
            for scope in scopes:
                self._shared_header(scope, [form for form in waiting if form.scope.function is scope])
        elif waiting:
            self._shared_header(scopes.pop() if len(scopes) == 1 else self.module.names.module, waiting)

    def _shared_header(self, scope: Scope, forms: list[CallForm]) -> None:
        if scope.kind == "function" and not self.options.client_id_setting:
            scope = self.module.names.module
        target: ast.stmt | None = before_all(self.module, [form.site for form in forms])
        if scope.kind == "module" and any(form.scope.function is not scope for form in forms):
            target = self._outermost(forms)
        if target is None:
            raise ValueError("no line of its own for the credential of a header")
        name = self._assign(scope, target, forms[0].sink.call, is_async=False)
        for form in forms:
            self._give(form, name)

    def _outermost(self, forms: list[CallForm]) -> ast.stmt | None:
        """The first statement of the module that holds one of the headers."""
        nodes = {node for form in forms for node in self.module.names.ancestors(form.site)}
        first = next((statement for statement in self.module.tree.body if statement in nodes), None)
        return first if first is not None and starts_line(self.module, first) else None

    # -- synchronous code ------------------------------------------------------------------------------------------

    def _sync(self, scope: Scope, members: list[CallForm]) -> None:
        sharing = [form for form in members if not form.whole]
        shared = len(sharing) > 1 or any(form.sink.rule.following is not None for form in sharing)
        target = before_all(self.module, [form.site for form in sharing]) if shared else None
        if target is None or scope.kind == "class":
            for form in members:
                self._inline(form)
            return
        name = self._assign(scope, target, sharing[0].site, is_async=False)
        for form in members:
            if form.whole:
                self._inline(form)
            else:
                self._give(form, name)

    def _inline(self, form: CallForm) -> None:
        family = form.credential.argument if form.credential.kind == "identity" else ""
        self._give(form, self.expression(form.site, form.sink.form.is_async, family))

    def _assign(self, scope: Scope, target: ast.stmt, near: ast.AST, is_async: bool) -> str:
        """Add `credential = ...` on a line of its own before a statement; the variable's name."""
        name = self._free(scope)
        indent = indentation(self.module, target)
        text = f"{indent}{name} = {self.expression(near, is_async)}{self.module.file.newline}"
        at = line_start(self.module, target)
        if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text += 2 * self.module.file.newline
            at = self._above_comments(target, at)
        self.placement.edits.append(TextEdit(Span(at, at), text))
        return name

    def _above_comments(self, target: ast.stmt, at: int) -> int:
        """The start of the comments right above a statement, unless they are the first lines of their block."""
        block, _ = next(blocks_around(self.module, target))
        before = [statement for statement in block if statement.lineno < target.lineno]
        starts = self.module.file.line_starts
        line = starts.index(at)
        first = self.module.file.line_column(self.module.span(before[-1]).end)[0] if before else line
        while line > first and self.module.file.line_text(line).lstrip().startswith("#"):
            line -= 1
        return starts[line]

    def _free(self, scope: Scope) -> str:
        """A variable name that means nothing else wherever it would be seen."""
        used = self._named.setdefault(scope, set())
        related = [s for s in self.module.names.scopes if _inside(s, scope)]
        for candidate in (
            "credential",
            "azure_credential",
            "identity_credential",
            *(f"credential_{i}" for i in range(2, 99)),
        ):
            clash = any(candidate in s.bindings or self._loaded(s, candidate) for s in related)
            if not clash and candidate not in used:
                used.add(candidate)
                return candidate
        raise AssertionError("no free name")

    def _loaded(self, scope: Scope, name: str) -> bool:
        """Whether a scope reads a name other than as the argument that a new credential replaces."""
        return any(node not in self._replaced for node in scope.loads.get(name, ()))

    # -- asynchronous code -----------------------------------------------------------------------------------------

    def _async(self, scope: Scope, members: list[CallForm]) -> None:
        ordered = sorted(members, key=lambda f: (f.site.lineno, f.site.col_offset))
        open_blocks: list[tuple[ast.stmt, str]] = []  # `async with` statements that hold a credential, and its name
        closers: list[tuple[CallForm, Closing]] = []
        for form in ordered:
            if form in self.placement.texts:
                continue
            name = self._open(form, open_blocks)
            closing = None if form.whole else closing_of(self.module, form.sink.call)
            helped = [] if closing is None else [f for f in ordered if self._feeds(f, form)]
            if name is not None:
                self._give(form, name)
            elif closing is None:
                if not any(self._feeds(form, other) and closing_of(self.module, other.sink.call) for other in ordered):
                    self._inline(form)
            elif closing.kind == "with" and not starts_line(self.module, closing.statement):
                open_blocks.append((closing.statement, self._with_item(scope, form, closing)))
            elif closing.kind in ("with", "later"):
                found = self._later(scope, [*helped, form], closing)
                open_blocks.extend([(closing.statement, found)] if found is not None else [])
            else:
                closers.append((form, closing))
        self._closers(scope, closers)
        for form in ordered:
            if form not in self.placement.texts:
                self._inline(form)

    def _open(self, form: CallForm, open_blocks: list[tuple[ast.stmt, str]]) -> str | None:
        """The credential of an `async with` that the call, or the closing of its client, lies in."""
        closing = None if form.whole else closing_of(self.module, form.sink.call)
        around = list(self.module.names.ancestors(form.site))
        for statement, name in open_blocks:
            if any(a is statement for a in around) or (closing is not None and closing.statement is statement):
                return name
        return None

    def _feeds(self, form: CallForm, other: CallForm) -> bool:
        """Whether the client that one call creates is an argument of another call: they live and die together."""
        parent = self.module.names.parents.get(form.site)
        if form is other or not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
            return False
        name = parent.targets[0].id
        return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(other.site))

    def _with_item(self, scope: Scope, form: CallForm, closing: Closing) -> str:
        assert isinstance(closing.node, ast.withitem)
        name = self._free(scope)
        at = self.module.span(closing.node.context_expr).start
        text = f"{self.expression(form.site, True)} as {name}, "
        self.placement.edits.append(TextEdit(Span(at, at), text))
        self._give(form, name)
        return name

    def _later(self, scope: Scope, forms: list[CallForm], closing: Closing) -> str | None:
        """A credential before the first of some calls, closed with the client of the last one."""
        assert isinstance(closing.node, ast.withitem)
        target = before_all(self.module, [form.site for form in forms])
        if target is None:
            for form in forms:
                self._inline(form)
            return None
        name = self._assign(scope, target, forms[0].site, is_async=True)
        at = self.module.span(closing.node.context_expr).start
        self.placement.edits.append(TextEdit(Span(at, at), f"{name}, "))
        for form in forms:
            self._give(form, name)
        return name

    def _closers(self, scope: Scope, closers: list[tuple[CallForm, Closing]]) -> None:
        """One credential per client that is closed by hand, closed on the line after it."""
        for form, closing in closers:
            statement = self.module.names.statement(form.site)
            assert statement is not None
            if not (starts_line(self.module, statement) and starts_line(self.module, closing.statement)):
                self._inline(form)
                continue
            name = self._assign(scope, statement, form.site, is_async=True)
            indent = indentation(self.module, closing.statement)
            end = self.module.span(closing.statement).end
            text = f"{self.module.file.newline}{indent}await {name}.close()"
            self.placement.edits.append(TextEdit(Span(end, end), text))
            self._give(form, name)


def token_quote(form: CallForm) -> tuple[str, str]:
    """The quotes of a header's name and value, and those inside of them; elsewhere both are double."""
    entry = form.sink.entry
    if entry is None:
        return '"', '"'
    return ("'", '"') if form.module.source(entry.key).lstrip("rRuU").startswith("'") else ('"', "'")


def _inside(scope: Scope, outer: Scope) -> bool:
    current: Scope | None = scope
    while current is not None:
        if current is outer:
            return True
        current = current.parent
    return False
