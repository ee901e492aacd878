"""The new form of one call: which argument goes where, decided from the old and the new signature of its rule."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field

from mi_lint.python.names import Scope
from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink, shapes_of
from mi_lint.python.values import Value
from mi_lint.rulebook.model import CLIENT_ID, CredentialForm, Pack, Parameter

PLAIN = CredentialForm("identity", "")


@dataclass(slots=True)
class Argument:
    """One argument of the new call. `index` is the old argument whose text is carried (with the edits inside it).

    `role`: carried, derived, identity, constant, or client-id, which is left out where the identity has none. `text`
    replaces the value's text; None keeps it.
    """

    index: int | None
    name: str | None
    role: str
    parameter: str
    text: str | None = None


@dataclass(slots=True, eq=False)
class CallForm:
    """How a call changes. `function` is the new callee text, or None to keep it; `imported` is a callee to be imported.

    `whole` means that the identity expression replaces the call itself. `credential` says in which form the call
    takes the identity. `dropped` are expressions that no longer appear.
    """

    sink: Sink
    function: str | None = None
    imported: str = ""
    arguments: list[Argument] = field(default_factory=list)
    whole: bool = False
    credential: CredentialForm = PLAIN
    dropped: list[ast.expr] = field(default_factory=list)
    primary: str = ""  # the derived parameter that takes the secret's place
    extra: list[str] = field(default_factory=list)  # further derived parameters that the call did not give
    keeps_token: bool = False
    shared: bool = False  # another call is given the same header, and its form writes it

    @property
    def site(self) -> ast.expr:
        """Where the identity is written: the call, the header of a request, or the options."""
        return self.sink.entry.value if self.sink.entry is not None else self.sink.site

    @property
    def module(self) -> Module:
        return self.sink.entry.module if self.sink.entry is not None else self.sink.module

    @property
    def scope(self) -> Scope:
        return self.module.names.scope_of[self.site] if self.sink.entry is not None else self.sink.scope

    @property
    def wants_identity(self) -> bool:
        if self.sink.entry is not None:
            return not self.shared
        return (
            self.whole
            or self.sink.rule.following is not None
            or any(argument.role == "identity" for argument in self.arguments)
        )


@dataclass(frozen=True, slots=True)
class _Old:
    node: ast.expr
    keyword: str | None
    parameter: str | None  # None for `**kwargs`


def call_form(sink: Sink, pack: Pack, token: Value | None) -> CallForm | str:
    """Map the old call to the new signature; a string says why it cannot be done.

    `token` is the traced value of a `credential=` that the call passes beside a connection string.
    """
    new = sink.form.new
    assert new is not None
    form = CallForm(sink)
    if sink.entry is not None:
        form.dropped = [sink.entry.value]
        form.credential = next(p.credential for p in new.parameters if p.credential is not None)
        return form
    if not new.symbol:
        form.whole = True
        form.dropped = [node.node for node in _old_arguments(sink)]
        return form
    problem = _callee(form)
    if problem:
        return problem
    identity = next((p for p in new.parameters if p.credential is not None), None)
    if identity is not None and identity.credential is not None:
        form.credential = identity.credential
    if sink.rule.following is not None:
        form.credential = CredentialForm("token", sink.rule.following.scope)
    form.keeps_token = token is not None and shapes_of(token) == {"token"}
    given = sink.bound.arguments.keys() - {sink.rule.secret}
    derived = [p.name for p in new.parameters if pack.derivation(p.name) and p.name not in given]
    if sink.is_connection_string:
        if not derived:
            return "the rule derives nothing from the connection string"
        form.primary, form.extra = derived[0], derived[1:]
    problem = _carry(form, identity)
    if problem:
        return problem
    _append(form, identity)
    _positions(form)
    return form


def _old_arguments(sink: Sink) -> list[_Old]:
    positional = [p.name for p in sink.form.old.positional]
    found = [
        _Old(node, None, None if isinstance(node, ast.Starred) else positional[index])
        for index, node in enumerate(sink.call.args)
    ]
    found += [_Old(keyword.value, keyword.arg, keyword.arg) for keyword in sink.call.keywords]
    return sorted(found, key=lambda old: (old.node.lineno, old.node.col_offset))


def _callee(form: CallForm) -> str:
    sink = form.sink
    old, new = sink.form.old.symbol, sink.form.new.symbol if sink.form.new is not None else ""
    if old == new:
        return ""
    function, owner = sink.call.func, old.rpartition(".")[0]
    new_owner, _, new_name = new.rpartition(".")
    if new_owner == old:
        form.function = f"{sink.module.source(function)}.{new_name}"
    elif owner in (new, new_owner) and isinstance(function, ast.Attribute):
        form.function = sink.module.source(function.value) + (f".{new_name}" if owner == new_owner else "")
    elif owner in (new, new_owner) and _is_class(owner):
        return "the factory is called through another name"
    elif _is_class(owner) or _is_class(new_owner):
        return f"the new form is a method of another class, {new}"
    else:
        form.imported = new
    return ""


def _is_class(symbol: str) -> bool:
    return symbol.rpartition(".")[2][:1].isupper()


def _carry(form: CallForm, identity: Parameter | None) -> str:
    """Place every old argument in the new call, or drop it."""
    sink, new = form.sink, form.sink.form.new
    assert new is not None
    for index, old in enumerate(_old_arguments(sink)):
        if isinstance(old.node, ast.Starred):
            return "its arguments are unpacked from a variable"
        if old.parameter is None:
            form.arguments.append(Argument(index, "**", "carried", "**"))
            continue
        if old.parameter == sink.rule.secret:
            if form.primary:
                name = form.primary if old.keyword else None
                form.arguments.append(Argument(index, name, "derived", form.primary))
                continue
            form.dropped.append(old.node)
            if identity is not None:
                name = identity.name if old.keyword or identity.keyword_only else None
                form.arguments.append(Argument(index, name, "identity", identity.name))
            continue
        if identity is not None and old.parameter == identity.name and not form.keeps_token:
            if not (isinstance(old.node, ast.Constant) and old.node.value is None):
                return f"it passes `{identity.name}` beside the secret, and that is no token"
            form.dropped.append(old.node)
            continue
        if old.parameter in sink.form.drops:
            form.dropped.append(old.node)
            continue
        if new.parameter(old.parameter) is None and not new.var_keyword:
            return f"the new form has no parameter `{old.parameter}`"
        carried = Argument(index, old.keyword, "carried", old.parameter)
        wanted, known = new.parameter(old.parameter), sink.form.old.parameter(old.parameter)
        if wanted is not None and wanted.default != CLIENT_ID and _is_constant(wanted, known):
            carried.role, carried.text = "constant", _literal(wanted.default or "")
        form.arguments.append(carried)
    return ""


def _append(form: CallForm, identity: Parameter | None) -> None:
    """Add the parameters that the new call needs and the old one did not have, as keywords before any `**kwargs`."""
    sink, new = form.sink, form.sink.form.new
    assert new is not None
    present = {argument.parameter for argument in form.arguments}
    required = {p.name for p in sink.form.old.parameters if p.required and p.name == sink.rule.secret}
    added: list[Argument] = []
    for parameter in new.parameters:
        if parameter.name in present:
            continue
        if parameter is identity:
            added.append(Argument(None, parameter.name, "identity", parameter.name))
        elif parameter.name == form.primary or parameter.name in form.extra:
            added.append(Argument(None, parameter.name, "derived", parameter.name))
        elif parameter.default == CLIENT_ID:
            added.append(Argument(None, parameter.name, "client-id", parameter.name))
        elif _is_constant(parameter, sink.form.old.parameter(parameter.name)):
            added.append(Argument(None, parameter.name, "constant", parameter.name, _literal(parameter.default or "")))
        elif parameter.default == "None" and parameter.name in required:  # the secret cannot be left out
            added.append(Argument(None, parameter.name, "constant", parameter.name, "None"))
    at = next((i for i, a in enumerate(form.arguments) if a.name == "**"), len(form.arguments))
    form.arguments[at:at] = added


def _literal(text: str) -> str:
    """A default as source, strings in double quotes."""
    value = ast.literal_eval(text)
    texts = value if isinstance(value, list) else [value]
    return json.dumps(value) if all(isinstance(item, str) for item in texts) else text


def _is_constant(parameter: Parameter, old: Parameter | None) -> bool:
    """Whether the new signature states a value to pass: a default that the old one does not have."""
    if parameter.default is None or parameter.default == "None":
        return False
    return old is None or old.default != parameter.default


def _positions(form: CallForm) -> None:
    """Turn positional arguments into keywords where their position differs in the new signature."""
    new = form.sink.form.new
    assert new is not None
    positional = [p.name for p in new.positional]
    keywords = False
    for index, argument in enumerate(form.arguments):
        if argument.name is not None:
            keywords = True
        elif keywords or index >= len(positional) or positional[index] != argument.parameter:
            argument.name, keywords = argument.parameter, True
