"""Requests of HTTP libraries that carry a secret: in a header, or in a query parameter of their URL.

Which header or parameter it is, and which hosts are meant, is said by the rules; anything else is left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from mi_lint.python.classes import instance_of
from mi_lint.python.displays import displays, made
from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Bound, Knowledge, bind
from mi_lint.python.project import External, Module
from mi_lint.python.sinks import Entry, Sink, shapes_of
from mi_lint.python.texts import UNKNOWN, texts
from mi_lint.python.values import Carried, Carrier, Choice, Composed, Literal, Setting, Value, walk
from mi_lint.rulebook.model import Call, Request, Rule, Sender
from mi_lint.templates import holes

_LONGEST = 4000
_ASYNC = (
    "the request is sent by async code: await the token of an async credential there, and send it in the header `{}`"
)
_KEPT = (
    "the header is kept for all requests of the client, and a token lives for about an hour: "
    "give the client an `auth` that sets the header `{}` of each request"
)
_OLD = (
    "the header is set once, before the requests are sent, and a token lives for about an hour: "
    "make the headers where the request is sent"
)
_PASSED = (
    "the headers are passed in: send the header `Authorization` to this host where they are made, and make them "
    "where the request is sent"
)
_LOOP = "the token is fetched once, before the loop that sends the requests, and lives for about an hour at least"


def find_requests(flow: Flow, known: Knowledge) -> Iterator[Sink]:
    """All requests of a project that carry a secret, in the order of the files and of the code."""
    if not known.requests:
        return
    methods = {symbol.rpartition(".")[2] for symbol, sender in known.senders.items() if sender.owner}
    owners = {sender.owner for sender in known.senders.values()} - {""}
    for module in flow.project.modules.values():
        nodes = [n for n in module.names.scope_of if isinstance(n, ast.Call)]
        for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset)):
            symbol = _symbol(flow, module, node.func, methods)
            sender = known.senders.get(symbol.name) if symbol is not None else None
            if symbol is not None and sender is not None:
                yield from _sent(flow, known, module, node, symbol, sender)
            elif _updates_headers(flow, module, node, owners):
                yield from _updated(flow, known, module, node)


def _symbol(flow: Flow, module: Module, function: ast.expr, methods: set[str]) -> External | None:
    symbol = flow.project.qualified(module, function)
    if symbol is None and isinstance(function, ast.Attribute) and function.attr in methods:
        owner = instance_of(flow.project, module, function.value)
        if isinstance(owner, External):
            return External(f"{owner.name}.{function.attr}", owner.certain)
    return symbol


def _sent(
    flow: Flow, known: Knowledge, module: Module, node: ast.Call, symbol: External, sender: Sender
) -> Iterator[Sink]:
    names = tuple(p.name for p in sender.signature.parameters)
    bound = bind(node, names, frozenset(p.name for p in sender.signature.parameters if p.keyword_only))
    if bound is None:
        return
    url = bound.arguments.get("url") or bound.arguments.get("base_url")
    urls = _urls(flow, known, module, url) if url is not None else [UNKNOWN]
    for rule in known.requests:
        sink = _match(flow, module, node, rule, Call(sender.signature, None, sender.is_async), bound, urls)
        if sink is None:
            continue
        if sink.entry is None or not _rewritable(rule):
            yield replace(sink, certain=symbol.certain)
        else:
            yield replace(_movable(module, sink, sender, rule), certain=symbol.certain)
        return


def _urls(flow: Flow, known: Knowledge, module: Module, url: ast.expr, depth: int = 3) -> list[str]:
    """All URLs that a request may go to. One that came in a header of a response is of the service that sent it."""
    place = _value_of(module, url)
    if isinstance(place, ast.Call) and isinstance(place.func, ast.Attribute) and place.func.attr == "get":
        headers: ast.expr | None = place.func.value
    else:
        headers = place.value if isinstance(place, ast.Subscript) else None
    if not depth or not (isinstance(headers, ast.Attribute) and headers.attr == "headers"):
        return texts(flow, module, url)
    sent = _value_of(module, headers.value)
    methods = {symbol.rpartition(".")[2] for symbol in known.senders}
    symbol = _symbol(flow, module, sent.func, methods) if isinstance(sent, ast.Call) else None
    sender = known.senders.get(symbol.name) if symbol is not None else None
    if sender is None or not isinstance(sent, ast.Call):
        return texts(flow, module, url)
    bound = bind(sent, tuple(p.name for p in sender.signature.parameters))
    first = bound.arguments.get("url") if bound is not None else None
    return _urls(flow, known, module, first, depth - 1) if first is not None else [UNKNOWN]


def _value_of(module: Module, node: ast.expr) -> ast.expr:
    """What a variable holds that is assigned once."""
    if not isinstance(node, ast.Name):
        return node
    bindings = module.names.bindings(module.names.scope_of[node], node.id)
    value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
    return value if value is not None else node


def _rewritable(rule: Rule) -> bool:
    return rule.request is not None and bool(rule.request.scope)


def _movable(module: Module, sink: Sink, sender: Sender, rule: Rule) -> Sink:
    """The sink with the call that it becomes, or with the reason why it cannot."""
    request = rule.request
    assert request is not None
    assert sink.entry is not None
    parameters = tuple(
        replace(p, default=f'TOKEN("{request.scope}")') if p.name == "headers" else p
        for p in sender.signature.parameters
    )
    problem = sink.problem
    if sender.keeps:
        problem = _KEPT.format("Authorization")
    elif sender.is_async:
        problem = _ASYNC.format("Authorization")
    elif any(carried.carrier.kind == "parameter" for carried in sink.entry.path):
        problem = _PASSED
    elif _is_conditional(sink.entry):
        problem = f"the header `{request.header}` is set on some condition, perhaps whether there is a key"
    elif not _is_fresh(module, sink):
        problem = _OLD
    form = replace(sink.form, new=replace(sender.signature, parameters=parameters))
    return replace(sink, form=form, problem=problem, note=_LOOP if _in_later_loop(module, sink) else "")


def _match(
    flow: Flow, module: Module, node: ast.Call, rule: Rule, form: Call, bound: Bound, urls: list[str]
) -> Sink | None:
    """The sink of a call by one rule; None if the rule does not speak about it."""
    request = rule.request
    assert request is not None
    fitting = [url for url in urls if not request.url or re.search(request.url, url[:_LONGEST])]
    if not fitting:
        return None
    problem = "" if len(fitting) == len(urls) else "the request may also go to another host, which takes no such token"
    if request.query:
        found = _parameter(flow, module, bound, request.query)
        secret, value = found if found is not None else (None, None)
        return Sink(module, node, rule, form, bound, secret, value, True) if value is not None else None
    headers = bound.arguments.get("headers")
    if headers is None:
        return None
    found_entries = list(entries(flow, module, headers, request.header))
    chosen = [entry for entry in found_entries if _carries(flow, request, entry)]
    if not chosen:
        return None
    if len(found_entries) > 1:
        problem = problem or f"the header `{request.header}` is set in more than one place"
    if _is_choice(made(flow, module, headers)):
        problem = problem or "the headers are chosen among several, perhaps by whether there is a key"
    if request.header != "authorization" and any(entries(flow, module, headers, "authorization")):
        problem = problem or "the request has an `Authorization` header already"
    if "auth" in {keyword.arg for keyword in node.keywords}:
        problem = problem or "the request has an `auth`, which sets the header `Authorization`"
    entry = chosen[0]
    value = flow.trace(entry.module, entry.value)
    return Sink(module, node, rule, form, bound, entry.value, value, True, problem, entry)


def _carries(flow: Flow, request: Request, entry: Entry) -> bool:
    """Whether the value of a header may be a secret."""
    shapes = shapes_of(flow.trace(entry.module, entry.value))
    if not shapes & {"str", "unknown"}:
        return False
    if not request.value:
        return True
    return any(re.search(request.value, text[:_LONGEST]) for text in texts(flow, entry.module, entry.value))


# -- headers -----------------------------------------------------------------------------------------------------------


def entries(flow: Flow, module: Module, headers: ast.expr, name: str) -> Iterator[Entry]:
    """The places that give a header its value: entries of dict displays, and stores into variables that hold them."""
    seen = set()
    for value, path in displays(flow, made(flow, module, headers)):
        if not isinstance(value.node, ast.Dict):
            continue
        for key, item in zip(value.node.keys, value.node.values, strict=True):
            if key is not None and _is_name(key, name) and key not in seen:
                seen.add(key)
                yield Entry(value.module, key, item, path)
        for carried in path:
            for key, item in _stores(flow, carried):
                if _is_name(key, name) and key not in seen:
                    seen.add(key)
                    yield Entry(carried.carrier.module, key, item, path)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() == name


def _is_choice(value: Value) -> bool:
    """Whether headers may be one of several values; what they hold does not matter."""
    if isinstance(value, Carried):
        return len(value.inners) > 1 or any(_is_choice(inner) for inner in value.inners)
    return isinstance(value, Choice)


def _stores(flow: Flow, carried: Carried) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Keys and values of `headers["key"] = value`, for a variable."""
    if carried.carrier.kind != "variable":
        return
    for reference in flow.references.of(carried.carrier):
        parent = reference.module.names.parents.get(reference.node)
        if isinstance(parent, ast.Subscript) and parent.value is reference.node and isinstance(parent.ctx, ast.Store):
            statement = reference.module.names.statement(parent)
            if isinstance(statement, ast.Assign) and statement.targets == [parent]:
                yield parent.slice, statement.value


def _is_fresh(module: Module, sink: Sink) -> bool:
    """Whether the header is made anew where the request is sent: a token must not outlive its hour in a constant."""
    entry = sink.entry
    assert entry is not None
    for index, carried in enumerate(entry.path):
        carrier = carried.carrier
        if carrier.kind == "variable" and index == 0:
            if carrier.module is not module or carrier.scope is not sink.scope.function:
                return False
        elif carrier.kind == "variable":
            if carrier.scope.kind != "function":
                return False
        elif carrier.kind != "function" or _is_decorated(carrier):  # a decorator may keep what it returned
            return False
    here = entry.module.names.scope_of[entry.value].function
    return here.kind == "function" or (entry.module is module and sink.scope.function is here)


def _is_conditional(entry: Entry) -> bool:
    """Whether a header is stored into a variable elsewhere than in the block where the variable gets its value."""
    statement = entry.module.names.statement(entry.key)
    bindings = [b for carried in entry.path for b in carried.carrier.scope.bindings.get(carried.carrier.name, ())]
    made = [b.statement for b in bindings if b.kind == "assign" and b.statement is not None]
    stored = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
    parents = entry.module.names.parents
    return stored and statement is not None and parents.get(statement) not in [parents.get(one) for one in made]


def _is_decorated(carrier: Carrier) -> bool:
    nodes = [binding.node for binding in carrier.scope.bindings.get(carrier.name, ())]
    return any(isinstance(node, ast.FunctionDef) and node.decorator_list for node in nodes)


def _in_later_loop(module: Module, sink: Sink) -> bool:
    """Whether a loop sends the request again and again with a header from before the loop."""
    entry = sink.entry
    assert entry is not None
    if not entry.path or entry.path[0].carrier.kind != "variable":
        return False
    bindings = entry.path[0].carrier.scope.bindings.get(entry.path[0].carrier.name, [])
    made = {parent for binding in bindings if binding.statement for parent in module.names.ancestors(binding.statement)}
    around = module.names.ancestors(sink.call)
    return any(isinstance(parent, ast.For | ast.While) and parent not in made for parent in around)


# -- clients that keep headers -----------------------------------------------------------------------------------------


def _updates_headers(flow: Flow, module: Module, node: ast.Call, owners: set[str]) -> bool:
    """Whether a call is `client.headers.update(...)`."""
    function = node.func
    if not (isinstance(function, ast.Attribute) and function.attr == "update" and len(node.args) == 1):
        return False
    headers = function.value
    if not (isinstance(headers, ast.Attribute) and headers.attr == "headers"):
        return False
    owner = instance_of(flow.project, module, headers.value)
    return isinstance(owner, External) and owner.name in owners


def _updated(flow: Flow, known: Knowledge, module: Module, node: ast.Call) -> Iterator[Sink]:
    """`client.headers.update({...})`: judged by the URLs that the same client is called with."""
    assert isinstance(node.func, ast.Attribute)
    assert isinstance(node.func.value, ast.Attribute)
    client = node.func.value.value
    owner = instance_of(flow.project, module, client)
    name = module.source(client)
    urls: list[str] = []
    sender = None
    for other in (n for n in module.names.scope_of if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)):
        assert isinstance(other.func, ast.Attribute)
        found = known.senders.get(f"{owner.name}.{other.func.attr}") if isinstance(owner, External) else None
        if found is None or module.source(other.func.value) != name:
            continue
        sender = found
        bound = bind(other, tuple(p.name for p in found.signature.parameters))
        url = bound.arguments.get("url") if bound is not None else None
        urls.extend(texts(flow, module, url) if url is not None else [UNKNOWN])
    if sender is None:
        return
    given = Bound({"headers": node.args[0]}, (), ())
    for rule in known.requests:
        if rule.request is None or rule.request.query:
            continue
        sink = _match(flow, module, node, rule, Call(sender.signature, None, sender.is_async), given, urls)
        if sink is not None:
            yield replace(sink, problem=_KEPT.format("Authorization") if _rewritable(rule) else "")
            return


# -- query parameters --------------------------------------------------------------------------------------------------


def _parameter(flow: Flow, module: Module, bound: Bound, name: str) -> tuple[ast.expr, Value] | None:
    """The value of a query parameter that is known to be there, in `params=` or in the URL."""
    params = bound.arguments.get("params")
    if params is not None:
        for entry in entries(flow, module, params, name):
            value = flow.trace(entry.module, entry.value)
            if shapes_of(value) & {"str", "unknown"}:
                return entry.value, value
    url = bound.arguments.get("url")
    found = _in_url(flow, flow.trace(module, url), re.compile(rf"[?&]{re.escape(name)}=([^&#]*)")) if url else None
    return (url, found) if url is not None and found is not None else None


def _in_url(flow: Flow, value: Value, pattern: re.Pattern[str], depth: int = 6) -> Value | None:
    """What stands after the name of a query parameter in a URL, or in a part of it."""
    for item in walk(value):
        if isinstance(item, Literal):
            match = pattern.search(item.text)
            if match is not None and match[1]:
                return Literal(item.module, item.node, match[1])
        elif isinstance(item, Setting):
            if any(match[1] for text in flow.setting_values(item.name) if (match := pattern.search(text))):
                return item
        elif isinstance(item, Composed):
            found = _in_composed(flow, item, pattern, depth)
            if found is not None:
                return found
    return None


def _in_composed(flow: Flow, item: Composed, pattern: re.Pattern[str], depth: int) -> Value | None:
    match = pattern.search(item.text)
    if match is not None and match[1]:
        unknown = holes(match[1])
        if unknown:
            return flow.trace(item.module, item.parts[unknown[0]])
        return Literal(item.module, item.node, match[1])
    if depth:
        for part in item.parts:
            found = _in_url(flow, flow.trace(item.module, part), pattern, depth - 1)
            if found is not None:
                return found
    return None
