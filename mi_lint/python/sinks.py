"""Calls that authenticate with a secret: matched by resolved symbol, judged by the shape of what they are given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mi_lint.python.assigned import assignments
from mi_lint.python.classes import instance_of
from mi_lint.python.displays import displays
from mi_lint.python.flow import Flow
from mi_lint.python.inherited import inherited
from mi_lint.python.knowledge import Bound, Knowledge, bind
from mi_lint.python.names import Scope
from mi_lint.python.project import External, Module
from mi_lint.python.texts import texts
from mi_lint.python.unpacked import unpacked_arguments
from mi_lint.python.values import (
    Carried,
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
from mi_lint.rulebook.model import ANY_TEXT, Call, Rule
from mi_lint.templates import is_hole

_SECRET_NAME = re.compile(r"(?i)(key|secret|sas|conn|password|passwd|pwd)(_?(str|string|value|token))?$")


_MADE_UP = re.compile(r"(?i)(?<![a-z])(mock|fake|dummy)(?![a-z])")
_TEST_FILE = re.compile(r"(^|/)(tests?/|test_[^/]*$|[^/]*_test\.py$|conftest\.py$)")
_SHORTEST = 20  # characters of the shortest key or connection string that a service gives out


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A header of a request, in a dict display or stored into it. `path` are the carriers between it and the call."""

    module: Module
    key: ast.expr
    value: ast.expr
    path: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One option as it is written: in a mapping, or by an assignment of its own, which then is `statement`.

    `name` is empty for a mapping that is unpacked; `key` is what spells the name, None for a keyword.
    """

    name: str
    key: ast.expr | None
    value: ast.expr
    statement: ast.stmt | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Options that are written together: `node` is the mapping, or what the first of the secrets is assigned.

    Assigned names begin with `prefix`, in upper case where that is. `label` says in words whose options they are.
    """

    node: ast.expr
    options: tuple[Option, ...]
    label: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Signing:
    """How a call that signs with an account key gets a delegated key from a client in reach.

    `key` is the source of that key, `moments` the source of arguments by parameter, and `lines` are assignments (name
    and source) before the statement of the call. `created` is the call that made the client, `read` where the account
    key is read from it.
    """

    key: str
    moments: dict[str, str]
    lines: tuple[tuple[str, str], ...]
    created: ast.Call
    read: ast.expr | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sink:
    """One call that takes a secret. `secret` is None where the callable reads it from the environment by itself."""

    module: Module
    call: ast.Call
    rule: Rule
    form: Call
    bound: Bound
    secret: ast.expr | None
    value: Value
    certain: bool
    problem: str = ""  # why this call cannot be rewritten whatever its value is
    entry: Entry | None = None  # of a request: the header that carries the secret
    note: str = ""  # what a person must look at
    signing: Signing | None = None
    written: Written | None = None  # of options: where they are; `call` then only stands for them

    @property
    def site(self) -> ast.expr:
        """Where the options stand, or the call itself."""
        return self.written.node if self.written is not None else self.call

    @property
    def scope(self) -> Scope:
        return self.module.names.scope_of[self.written.node if self.written is not None else self.call.func]

    @property
    def is_connection_string(self) -> bool:
        return "connection-string" in self.rule.accepts


def find_sinks(flow: Flow, known: Knowledge) -> Iterator[Sink]:
    """All sinks of a project, in the order of the files and of the code."""
    for module in flow.project.modules.values():
        nodes = [n for n in module.names.scope_of if isinstance(n, ast.Call)]
        for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset)):
            symbol = flow.project.qualified(module, node.func) or _method(flow, known, module, node.func)
            symbol = symbol or _with_fallback(flow, known, module, node.func)
            if symbol is not None and symbol.name in known.calls:
                yield from matches(flow, known, module, node, symbol)
            elif symbol is None:
                yield from _through_subclass(flow, known, module, node)
            yield from _handed_on(flow, known, module, node)
        for assigned, symbol in assignments(flow.project, module, known):
            yield from matches(flow, known, module, assigned, symbol)


def _method(flow: Flow, known: Knowledge, module: Module, function: ast.expr) -> External | None:
    """The qualified method that is called on an instance, as in `context = Context(url); context.acquire(secret)`."""
    if not isinstance(function, ast.Attribute) or function.attr not in known.methods:
        return None
    owner = instance_of(flow.project, module, function.value)
    return External(f"{owner.name}.{function.attr}", owner.certain) if isinstance(owner, External) else None


def _with_fallback(flow: Flow, known: Knowledge, module: Module, function: ast.expr) -> External | None:
    """What is called where an import has a fallback: the first of its choices that takes a secret."""
    choices = flow.project.alternatives(module, function)
    return next((choice for choice in choices if choice.name in known.calls), None)


def _through_subclass(flow: Flow, known: Knowledge, module: Module, node: ast.Call) -> Iterator[Sink]:
    found = inherited(flow.project, module, node.func)
    if found is not None and found.symbol.name in known.calls:
        for sink in matches(flow, known, module, node, found.symbol):
            yield replace(sink, problem=sink.problem or found.problem(sink.form))


def matches(flow: Flow, known: Knowledge, module: Module, node: ast.Call, symbol: External) -> Iterator[Sink]:
    """The sink that a call is by the first rule that speaks of it, and by those whose secrets only change as texts."""
    found: dict[str, Call] = {}
    for rule, form in known.calls[symbol.name]:
        if rule.secret in found or (found and not _goes_with(form, found.values())):
            continue
        names = tuple(p.name for p in form.old.parameters)
        keyword_only = frozenset(p.name for p in form.old.parameters if p.keyword_only)
        bound = bind(node, names, keyword_only)
        if bound is None or (bound.rest and not form.old.var_keyword):
            continue
        sink = _sink(flow, known, module, node, rule, form, bound, symbol.certain)
        if sink is not None:
            yield sink
            found[rule.secret] = form


def _goes_with(form: Call, others: Iterable[Call]) -> bool:
    """Whether a form of a call can be taken beside others: the call stays as it is, but for texts."""
    if any(other.new is not None and not other.stays for other in others):
        return False
    return form.stays or (form.new is None and all(other.stays for other in others))


def _sink(
    flow: Flow,
    known: Knowledge,
    module: Module,
    node: ast.Call,
    rule: Rule,
    form: Call,
    bound: Bound,
    certain: bool,
) -> Sink | None:
    given = {**bound.arguments, **{k.arg: k.value for k in bound.rest if k.arg is not None}}
    unpacked = unpacked_arguments(flow.project, module, bound.stars) if bound.stars else {}
    if any(name in unpacked for name in rule.unless) or any(
        name in given and not _is_none(given[name]) for name in rule.unless
    ):
        return None
    if rule.item and rule.secret in given:
        entry = _entry(given[rule.secret], rule.item)
        if entry is None and form.new is None:
            entry = _entry_behind(flow, module, given[rule.secret], rule.item)
        if entry is None:
            return None
        given[rule.secret] = entry
    if not all(_static_match(flow, module, given.get(name), pattern) for name, pattern in rule.when):
        return None
    if not rule.secret:
        value: Value = Nothing(module, node)
        return Sink(module, node, rule, form, bound, None, value, certain)
    secret = given.get(rule.secret)
    problem = ""
    if secret is None and any(form.old.symbol in options.unpacked for options in known.options.values()):
        return None  # the mapping itself is what changes
    if secret is None and rule.secret in unpacked:
        secret = unpacked[rule.secret]
        given = {**unpacked, **given}
        problem = f"it unpacks `{rule.secret}` from a mapping: pass `{rule.secret}=` in the call itself"
        value = flow.trace(module, secret)
        if not _is_secret(rule, secret, value):
            return None
    elif secret is None:
        if bound.stars:
            problem = "its arguments are unpacked from a variable"
            if "connection-string" not in rule.accepts:
                return None
            value = Unknown(module, node, problem)
        elif rule.implicit:
            value = Setting(module, node, rule.implicit, None)
        else:
            return None
    else:
        value = flow.trace(module, secret)
        if not _is_secret(rule, secret, value, form.old.symbol in known.options):
            return None
    if _is_made_up(module, value) or _is_emulator(flow, known, rule, module, given, value):
        return None
    return Sink(module, node, rule, form, bound, secret, value, certain, problem)


def _entry(node: ast.AST, key: str) -> ast.expr | None:
    """The value of an entry of a dict display."""
    if not isinstance(node, ast.Dict):
        return None
    found = [v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant) and k.value == key]
    return found[0] if len(found) == 1 and None not in node.keys else None


def _entry_behind(flow: Flow, module: Module, node: ast.expr, key: str) -> ast.expr | None:
    """The value of an entry of the only dict display that a variable of the same file may be."""
    found = [value for value, _ in displays(flow, flow.trace(module, node))]
    return _entry(found[0].node, key) if len(found) == 1 and found[0].module is module else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _static_match(flow: Flow, module: Module, node: ast.expr | None, pattern: str) -> bool:
    if node is None or _is_none(node):
        return False
    if pattern == ANY_TEXT:
        return True
    return any(re.search(pattern, text) for text in all_texts(flow, module, node))


def all_texts(flow: Flow, module: Module, node: ast.expr) -> list[str]:
    """The static texts of an expression; of one that is put together also those of the parts that are known."""
    value = flow.trace(module, node)
    put_together = any(isinstance(leaf, Composed) for leaf in leaves(value))
    return [*static_texts(flow, value), *(texts(flow, module, node) if put_together else ())]


def static_texts(flow: Flow, value: Value) -> list[str]:
    """The texts that a value is known to be or to contain, holes removed; those of the settings files included."""
    found: list[str] = []
    for leaf in leaves(value):
        if isinstance(leaf, Setting):
            found.extend(flow.setting_values(leaf.name))
        if isinstance(leaf, Literal):
            found.append(leaf.text)
        elif isinstance(leaf, Composed):
            found.append("".join(c for c in leaf.text if not is_hole(c)))
    return found


def _is_secret(rule: Rule, secret: ast.expr, value: Value, named: bool = False) -> bool:
    """Whether the shape of the value is one that the rule takes for a secret; `named` says that its key tells so."""
    if "connection-string" in rule.accepts:
        return not isinstance(value, Nothing | Token)
    shapes = shapes_of(value)
    if not shapes & set(rule.accepts):
        return "unknown" in shapes and "str" in rule.accepts and (named or _named_like_secret(secret))
    return True


def shapes_of(value: Value) -> set[str]:
    """str, dict, token, none, unknown, or the class name of a wrapper, for everything a value may be."""
    if isinstance(value, Carried | Choice):
        inners = value.inners if isinstance(value, Carried) else value.options
        return set().union(*(shapes_of(inner) for inner in inners))
    if isinstance(value, Wrapped):
        return {value.wrapper.name}
    if isinstance(value, Mapping):
        return {"dict"} if value.inners else {"unknown"}  # an empty one is filled later, with what is not known
    if isinstance(value, Token):
        return {"token"}
    if isinstance(value, Nothing):
        return {"none"}
    if isinstance(value, Literal):
        return {"str"} if value.text.strip() else {"none"}
    if isinstance(value, Composed | Setting | VaultSecret):
        return {"str"}
    return {"unknown"}


def _named_like_secret(node: ast.expr) -> bool:
    """Whether what is written says secret: `config.api_key`, `vault.get("OpenAIKey")`, `wrap(load_key())`."""
    if isinstance(node, ast.Call):
        return any(_named_like_secret(part) for part in (node.func, *node.args[:1]))
    if isinstance(node, ast.Subscript):
        return _named_like_secret(node.slice)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _SECRET_NAME.search(node.value) is not None
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return _SECRET_NAME.search(name) is not None


def is_emulator_text(known: Knowledge, rule: Rule, text: str) -> bool:
    """Whether a string names an emulator of the rule's service, by the patterns of its connection format."""
    format_ = known.format(rule)
    lowered = text.lower()
    return format_ is not None and any(pattern.lower() in lowered for pattern in format_.emulator)


def _is_made_up(module: Module, value: Value) -> bool:
    """Whether every source is a literal that no service takes: a `fake-key`, or in tests any text too short for one."""
    texts = [leaf.text for leaf in leaves(value) if isinstance(leaf, Literal)]
    if not texts or len(texts) != len(leaves(value)):
        return False
    in_tests = _TEST_FILE.search(module.path) is not None
    return all(_MADE_UP.search(text) or (in_tests and len(text) < _SHORTEST) for text in texts)


def _is_emulator(
    flow: Flow, known: Knowledge, rule: Rule, module: Module, given: dict[str, ast.expr], value: Value
) -> bool:
    """An emulator's well-known key is no secret: every text in the code names one, or another argument does."""
    written = all(isinstance(leaf, Literal | Composed) for leaf in leaves(value))
    texts = static_texts(flow, value) if written else []
    if texts and all(is_emulator_text(known, rule, text) for text in texts):
        return True
    for name, argument in given.items():
        if name == rule.secret:
            continue
        others = static_texts(flow, flow.trace(module, argument))
        if others and all(is_emulator_text(known, rule, text) for text in others):
            return True
    return False


def _handed_on(flow: Flow, known: Knowledge, module: Module, node: ast.Call) -> Iterator[Sink]:
    """A factory that takes a secret is itself an argument, as in `functools.partial(Client.from_..., secret)`."""
    for argument in node.args[:1]:
        if not isinstance(argument, ast.Name | ast.Attribute):
            continue
        symbol = flow.project.qualified(module, argument)
        for rule, form in known.calls.get(symbol.name, ())[:1] if symbol is not None else ():
            if "connection-string" in rule.accepts and not rule.when and symbol is not None:
                problem = "the factory is passed to other code instead of being called here"
                value = Unknown(module, argument, problem)
                yield Sink(module, node, rule, form, Bound({}, (), ()), None, value, symbol.certain, problem)
