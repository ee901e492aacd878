"""Calls that sign with an account key: which client in reach gives a delegated key, and for how long.

A delegated key is only asked of a client of the same account, which takes a token once the plan is carried out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mi_lint.link import shared_keys
from mi_lint.python import classes
from mi_lint.python.blocks import runs_before, starts_line
from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.moments import Moment, moment_of
from mi_lint.python.names import Binding, Scope
from mi_lint.python.project import Module, Project
from mi_lint.python.sinks import Signing, Sink, shapes_of
from mi_lint.rulebook.model import Delegation

_PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
_MARGIN = "minutes=5"  # clocks of machines differ
_LOCAL_MARGIN = "days=1"  # and so do time zones, which a time without one is taken from
_STEPS = 4


@dataclass(frozen=True, slots=True)
class _Client:
    """An expression for a client, and the call that created it. `read` is where its account key is read."""

    source: str
    created: ast.Call
    read: ast.expr | None = None


def with_signings(sinks: Sequence[Sink], flow: Flow, known: Knowledge) -> list[Sink]:
    """The sinks, and with those that can sign with a delegated key how they do it; else why they cannot."""
    found = []
    for sink in sinks:
        if sink.rule.delegation is None or sink.form.new is None:
            found.append(sink)
            continue
        if _is_delegated(sink, sink.rule.delegation):
            continue
        signing = _signing(sink, sink.rule.delegation, sinks, flow, known)
        if isinstance(signing, str):
            found.append(replace(sink, problem=sink.problem or f"{signing}. {sink.rule.advice}"))
        else:
            found.append(replace(sink, signing=signing))
    return found


def _is_delegated(sink: Sink, delegation: Delegation) -> bool:
    """Whether what the call signs with is a delegated key already, in a variable."""
    binding = _only_binding(sink.module, sink.secret) if isinstance(sink.secret, ast.Name) else None
    value = binding.value if binding is not None else None
    value = value.value if isinstance(value, ast.Await) else value
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == delegation.method


def _signing(sink: Sink, delegation: Delegation, sinks: Sequence[Sink], flow: Flow, known: Knowledge) -> Signing | str:
    if sink.problem:
        return sink.problem
    if sink.bound.stars:
        return "its arguments are unpacked from a variable"
    client = _client(sink, delegation, sinks, flow, known)
    if isinstance(client, str):
        return client
    return _validity(sink, delegation, client, sinks, flow.project)


# -- the client --------------------------------------------------------------------------------------------------------


def _client(sink: Sink, delegation: Delegation, sinks: Sequence[Sink], flow: Flow, known: Knowledge) -> _Client | str:
    """The client that gives the key: the one that the key or the account is read from, else one with the same key."""
    project = flow.project
    moving = {other.call: other for other in sinks if other.form.new is not None and other.rule.delegation is None}
    read = _key_read(sink, delegation)
    if read is not None:
        chain, base = read
        client = _service(project, sink, delegation, base)
        if client is None or client.created not in moving:
            return "the client that the key is read from is not created in this file by a call that can move"
        if not _only_signs(sink, sinks):
            return "the account key is also used for something else"
        return replace(client, read=chain)
    account = sink.bound.arguments.get(delegation.account)
    if isinstance(account, ast.Attribute) and account.attr == delegation.account:
        client = _service(project, sink, delegation, account.value)
        if client is not None and (client.created in moving or _has_token(flow, sink.module, client.created)):
            return client
    keys = set(shared_keys(sink, flow, known))
    for name, created in _in_reach(project, sink, delegation):
        other = moving.get(created)
        if other is not None and keys & set(shared_keys(other, flow, known)):
            return _Client(name, created)
    return "no client of the account that can give a delegated key is in reach"


def _key_read(sink: Sink, delegation: Delegation) -> tuple[ast.expr, ast.expr] | None:
    """The expression that reads the account key from a client, and that client; a variable may hold the key."""
    node = sink.secret
    if isinstance(node, ast.Name):
        binding = _only_binding(sink.module, node)
        node = binding.value if binding is not None and binding.value is not None else node
    chain, base = node, node
    for wanted in reversed(delegation.key.split(".")):
        if not (isinstance(base, ast.Attribute) and base.attr == wanted):
            return None
        base = base.value
    return (chain, base) if chain is not None and base is not None else None


def _only_signs(sink: Sink, sinks: Sequence[Sink]) -> bool:
    """Whether a variable that holds the account key goes nowhere but into calls that sign."""
    if not isinstance(sink.secret, ast.Name):
        return True
    names = sink.module.names
    scope = names.owner(names.scope_of[sink.secret], sink.secret.id)
    signed = {other.secret for other in sinks if other.rule.delegation is not None}
    return scope is not None and scope.kind == "function" and set(names.loads(scope, sink.secret.id)) <= signed


def _service(project: Project, sink: Sink, delegation: Delegation, node: ast.expr) -> _Client | None:
    """The client that an expression is, or that made what it is: `service.get_container_client(name)`."""
    for _ in range(_STEPS):
        created = _creation(project, sink, node)
        if created is None:
            return None
        if _makes(project, sink.module, created, delegation):
            return _Client(sink.module.source(node), created)
        if not isinstance(created.func, ast.Attribute):
            return None
        node = created.func.value
    return None


def _creation(project: Project, sink: Sink, node: ast.expr) -> ast.Call | None:
    """The only call whose result an expression can be, where the expression means the same at the signing call."""
    value: ast.expr | None = None
    if isinstance(node, ast.Name):
        binding = _only_binding(sink.module, node)
        value = binding.value if binding is not None and _visible(sink, binding) else None
    elif isinstance(node, ast.Attribute):
        owner = classes.self_class(sink.module, node.value)
        here = isinstance(node.value, ast.Name) and _same_function(sink, node)
        found = classes.attribute_values(project, owner, node.attr) if owner is not None and here else []
        value = found[0][1] if len(found) == 1 and found[0][0] is sink.module else None
    return value if isinstance(value, ast.Call) else None


def _same_function(sink: Sink, node: ast.expr) -> bool:
    return sink.module.names.scope_of[node].function is sink.scope.function


def _only_binding(module: Module, node: ast.Name) -> Binding | None:
    bindings = module.names.bindings(module.names.scope_of[node], node.id)
    return bindings[0] if len(bindings) == 1 and bindings[0].kind in ("assign", "with") else None


def _visible(sink: Sink, binding: Binding) -> bool:
    """Whether a variable holds its value whenever the signing call runs, and its name means the same there."""
    names = sink.module.names
    statement = binding.statement
    if statement is None or names.owner(sink.scope, binding.name) is not binding.scope:
        return False
    if binding.kind == "with":
        return any(parent is statement for parent in names.ancestors(sink.call))
    if binding.scope is sink.scope.function:
        return runs_before(sink.module, statement, sink.call)
    return binding.scope.kind == "module" and not isinstance(names.parents.get(statement), ast.stmt)


def _makes(project: Project, module: Module, created: ast.Call, delegation: Delegation) -> bool:
    symbol = project.qualified(module, created.func)
    if symbol is None:
        return False
    owner = symbol.name.rpartition(".")[0]
    return symbol.certain and (symbol.name in delegation.clients or owner in delegation.clients)


def _has_token(flow: Flow, module: Module, created: ast.Call) -> bool:
    """Whether a client was created with a token already."""
    given = [keyword.value for keyword in created.keywords] + created.args[1:]
    return any(shapes_of(flow.trace(module, node)) == {"token"} for node in given)


def _in_reach(project: Project, sink: Sink, delegation: Delegation) -> Iterator[tuple[str, ast.Call]]:
    """Variables of the call's function and of the module that hold such a client, nearest first."""
    scope: Scope | None = sink.scope.function
    while scope is not None:
        for name, bindings in scope.bindings.items():
            value = bindings[0].value
            if len(bindings) > 1 or not isinstance(value, ast.Call) or not _visible(sink, bindings[0]):
                continue
            if _makes(project, sink.module, value, delegation):
                yield name, value
        scope = scope.parent


# -- its validity ------------------------------------------------------------------------------------------------------


def _validity(
    sink: Sink, delegation: Delegation, client: _Client, sinks: Sequence[Sink], project: Project
) -> Signing | str:
    """The moments between which the key and the signature are valid, each computed once."""
    module = sink.module
    start_name, expiry_name = delegation.window
    expiry = _moment(project, sink, expiry_name)
    start = _moment(project, sink, start_name)
    if isinstance(expiry, str):
        return expiry
    if not expiry.duration:
        return f"its `{expiry_name}` is the present time"
    if isinstance(start, str) and _argument(sink, start_name) is not None:
        return start
    if expiry.seconds is not None and expiry.seconds > delegation.days * 86400:
        return f"the signature is valid for longer than the {delegation.days} days that a delegated key lives at most"
    moments: dict[str, str] = {}
    lines: list[tuple[str, str]] = []
    for name, moment in ((start_name, start), (expiry_name, expiry)):
        if not isinstance(moment, str):
            moments[name] = module.source(moment.node)
            if not isinstance(moment.node, ast.Name):
                moments[name] = _free(module, name)
                source = module.source(moment.node)
                lines.append((moments[name], f"({source})" if "\n" in source else source))
    if lines and not _takes_lines(sink, sinks):
        return "the moments of its validity are computed where no line can be added before"
    early = f"{module.source(expiry.now)} - {expiry.duration}({_LOCAL_MARGIN if expiry.is_local else _MARGIN})"
    key_start = moments.get(start_name) or early
    key = f"{client.source}.{delegation.method}("
    key += f"{delegation.start}={key_start}, {delegation.expiry}={moments[expiry_name]})"
    note = f"a delegated key lives for {delegation.days} days at most: see that the signature expires before"
    known = expiry.seconds is not None
    return Signing(key, moments, tuple(lines), client.created, client.read, "" if known else note)


def _argument(sink: Sink, name: str) -> ast.expr | None:
    """What a call passes for a parameter; None also where it passes None."""
    given = {**sink.bound.arguments, **{k.arg: k.value for k in sink.bound.rest if k.arg is not None}}
    node = given.get(name)
    return None if isinstance(node, ast.Constant) and node.value is None else node


def _moment(project: Project, sink: Sink, name: str) -> Moment | str:
    node = _argument(sink, name)
    if node is None:
        return f"the call has no `{name}`"
    found = moment_of(project, sink.module, node)
    computed = f"its `{name}` is not the present time and a duration"
    if found is None:
        return computed
    for binding in found.through:
        if not _visible(sink, binding):
            return computed
    return found


def _free(module: Module, name: str) -> str:
    """A variable name that the module does not use."""
    used = {word for scope in module.names.scopes for word in (*scope.bindings, *scope.loads)}
    return next(n for n in (name, f"key_{name}", *(f"{name}_{i}" for i in range(2, 999))) if n not in used)


def _takes_lines(sink: Sink, sinks: Sequence[Sink]) -> bool:
    """Whether lines before the statement of the call run when the call does, and serve no other such call."""
    statement = sink.module.names.statement(sink.call)
    same = [s for s in sinks if s.rule.delegation is not None and s.module.names.statement(s.call) is statement]
    if len(same) > 1:
        return False
    between = sink.module.names.ancestors(sink.call)
    inner = any(isinstance(node, ast.Lambda | ast.comprehension) for node in between if node is not statement)
    plain = isinstance(statement, _PLAIN) and starts_line(sink.module, statement)
    return plain and not inner and sink.scope is sink.scope.function and sink.scope.kind != "class"
