"""Join sinks into connections: all calls, carriers and sources that share one secret must move together."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from mi_lint.parted import parts_of
from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.sinks import Sink
from mi_lint.python.values import Carried, Composed, Literal, Setting, Value, VaultSecret, Wrapped, walk
from mi_lint.templates import holes


@dataclass(slots=True, eq=False)
class Connection:
    """Sinks that move together or not at all. `id` is stable over runs on the same code."""

    id: str
    sinks: list[Sink] = field(default_factory=list)


def link(sinks: list[Sink], flow: Flow, known: Knowledge) -> list[Connection]:
    """Group sinks by shared secrets (settings, vault entries, literals) and shared carriers."""
    parent: dict[Hashable, Hashable] = {}

    def find(key: Hashable) -> Hashable:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for index, sink in enumerate(sinks):
        for key in _keys(sink, flow, known):
            parent[find(key)] = find(("sink", index))
    groups: dict[Hashable, Connection] = {}
    for index, sink in enumerate(sinks):
        root = find(("sink", index))
        if root not in groups:
            groups[root] = Connection(f"C{len(groups) + 1}")
        groups[root].sinks.append(sink)
    return list(groups.values())


def _keys(sink: Sink, flow: Flow, known: Knowledge) -> Iterator[Hashable]:
    if sink.signing is not None:
        yield ("created", sink.signing.created)
    yield ("created", sink.call)
    yield from shared_keys(sink, flow, known)


def shared_keys(sink: Sink, flow: Flow, known: Knowledge) -> Iterator[Hashable]:
    """What sinks of one secret have in common."""
    for option in sink.written.options if sink.written is not None else ():
        if option.name in sink.form.drops:  # goes with the secret, and may be another one
            for value in walk(flow.trace(sink.module, option.value)):
                yield from _value_keys(value)
    for value in walk(sink.value):
        yield from _value_keys(value)
        if isinstance(value, Composed):
            for part in secret_parts(value, sink, known):
                for inner in walk(flow.trace(value.module, part)):
                    yield from _value_keys(inner)


def _value_keys(value: Value) -> Iterator[Hashable]:
    if isinstance(value, Setting):
        yield ("setting", value.name)
    elif isinstance(value, VaultSecret) and value.name:
        yield ("vault", value.name)
    elif isinstance(value, Literal | Wrapped) and isinstance(value.node, ast.expr):
        if not isinstance(value, Literal) or value.text:
            yield ("node", value.module.path, value.node.lineno, value.node.col_offset)
    elif isinstance(value, Carried):
        yield ("carrier", value.carrier)


def secret_parts(value: Composed, sink: Sink, known: Knowledge) -> list[ast.expr]:
    """The expressions that fill the secret parts of an assembled connection string (all, if it is none)."""
    format_ = known.format(sink.rule)
    if not sink.is_connection_string or format_ is None:
        return list(value.parts)
    parts = parts_of(value.text, format_.syntax)
    if not parts:
        return list(value.parts)
    secret = {key.lower() for key in format_.secrets}
    return [value.parts[index] for part in parts if part.key in secret for index in holes(part.value)]
