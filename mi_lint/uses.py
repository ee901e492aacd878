"""Literals that reach a parameter which takes a secret: by their use they are secrets, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mi_lint.change import Plan
from mi_lint.python.sinks import Sink
from mi_lint.python.values import Literal, Setting, Value, leaves
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Use:
    """A value written out at `span` that authenticates. `kinds` are the kinds of secrets that its sink takes."""

    path: str
    span: Span
    value: str = field(repr=False)
    kinds: tuple[str, ...]
    name: str = ""


def uses_of(workspace: Workspace, plans: Iterable[Plan]) -> list[Use]:
    """The literals, and the values of settings, that reach sinks whose rules name kinds of secrets."""
    sinks = [sink for plan in plans for sink in plan.connection.sinks if sink.rule.kinds]
    return list(
        dict.fromkeys(use for sink in sinks for value in leaves(sink.value) for use in _uses(workspace, sink, value))
    )


def _uses(workspace: Workspace, sink: Sink, value: Value) -> Iterator[Use]:
    kinds = sink.rule.kinds
    if isinstance(value, Literal) and value.text:
        module = value.module
        whole = module.span(value.node)
        start = module.file.text.find(value.text, whole.start, whole.end)
        span = Span(start, start + len(value.text)) if start >= 0 else whole
        yield Use(module.path, span, value.text, kinds)
    elif isinstance(value, Setting):
        for entry in workspace.entries.get(value.name, ()):
            if entry.value and not entry.origin and not entry.computed:
                yield Use(entry.path, entry.value_span, entry.value, kinds, entry.name)
