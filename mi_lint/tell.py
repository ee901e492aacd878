"""Put a finding into words: what was seen, where its value comes from, why it cannot move, what to do."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

from mi_lint.bindings.uses import BindingUse
from mi_lint.change import Plan
from mi_lint.config_rules import ConfigUse
from mi_lint.edits import place_of
from mi_lint.entry_names import file_of, named
from mi_lint.findings import Applicability, Confidence, Finding, Fix, Place, Source
from mi_lint.link import secret_parts
from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink
from mi_lint.python.values import Composed, Literal, Mapping, Setting, Unknown, Value, VaultSecret, leaves, walk
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace


def describe(workspace: Workspace, plan: Plan, sink: Sink, fix: Fix | None) -> Finding:
    """The finding of one sink. Its text never holds a secret: sources are named, not quoted."""
    rule = sink.rule
    pack = workspace.known.pack(rule)
    source = source_of(workspace, sink)
    reasons = _reasons(plan, sink) if plan.problems else tuple(plan.notes)
    return Finding(
        rule=rule.id,
        name=rule.name,
        kind=rule.name,
        service=rule.service,
        severity=rule.severity,
        confidence=Confidence.HIGH if sink.certain else Confidence.MEDIUM,
        applicability=fix.applicability if fix is not None else Applicability.MANUAL,
        place=place_of(sink.module.file, _narrow(sink)),
        message=_message(sink, source),
        fingerprint=_fingerprint(sink, source),
        redacted="[redacted]" if source is not None and source.kind == "literal" else "",
        source=source,
        help_url=rule.docs or pack.docs,
        fix=fix,
        reasons=reasons,
        advice="" if rule.advice in reasons else rule.advice,
        related=tuple(_literal_places(workspace, sink)),
    )


def describe_binding(workspace: Workspace, plan: Plan, use: BindingUse, fix: Fix | None) -> Finding:
    """The finding of one declaration that names a setting."""
    rule = use.rule
    pack = workspace.known.pack(rule)
    reasons = tuple(text for _, text in plan.problems) if plan.problems else tuple(plan.notes)
    text = "\0".join([rule.id, use.place.path, use.label, use.setting])
    return Finding(
        rule=rule.id,
        name=rule.name,
        kind=rule.name,
        service=rule.service,
        severity=rule.severity,
        confidence=Confidence.HIGH,
        applicability=fix.applicability if fix is not None else Applicability.MANUAL,
        place=use.place,
        message=f"`{use.label}` signs in with the connection string in the setting {use.setting}",
        fingerprint=_digest(text),
        source=Source("environment", f"the setting {use.setting}"),
        help_url=rule.docs or pack.docs,
        fix=fix,
        reasons=reasons,
        advice="" if rule.advice in reasons else rule.advice,
    )


def describe_config(workspace: Workspace, plan: Plan, use: ConfigUse, fix: Fix | None) -> Finding:
    """The finding of one place in a file that is no code."""
    rule = use.rule
    pack = workspace.known.pack(rule)
    reasons = tuple(text for _, text in plan.problems) if plan.problems else tuple(plan.notes)
    return Finding(
        rule=rule.id,
        name=rule.name,
        kind=rule.name,
        service=rule.service,
        severity=rule.severity,
        confidence=Confidence.HIGH,
        applicability=fix.applicability if fix is not None else Applicability.MANUAL,
        place=use.place,
        message=use.message,
        fingerprint=_digest("\0".join([*use.kind, str(use.order)])),
        help_url=rule.docs or pack.docs,
        fix=fix,
        reasons=reasons,
        advice="" if rule.advice in reasons else rule.advice,
    )


def _literal_places(workspace: Workspace, sink: Sink) -> Iterator[Place]:
    """Where anything is written out that the secret may be made of."""
    waiting, seen = [sink.value], set()
    while waiting:
        for value in walk(waiting.pop()):
            if value.node in seen:
                continue
            seen.add(value.node)
            if isinstance(value, Composed):
                parts = secret_parts(value, sink, workspace.known)
                waiting += [workspace.flow.trace(value.module, part) for part in parts]
            place = _written_out(value)
            if place is not None:
                yield place


def _written_out(value: Value) -> Place | None:
    """The place of a text: the value itself, or the text whose method makes it, as in `b"...".decode()`."""
    if isinstance(value, Literal | Composed | Mapping):
        return _place(value.module, value)
    node = value.node
    if isinstance(value, Unknown) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = node.func.value
        if isinstance(text, ast.Constant):
            return place_of(value.module.file, value.module.span(text))
    return None


def _narrow(sink: Sink) -> Span:
    """The callee up to the end of the call: one line where the call spans many is enough to find it."""
    return sink.module.span(sink.call)


def _message(sink: Sink, source: Source | None) -> str:
    callee = ".".join(sink.form.old.symbol.split(".")[-2:])
    parts = [part for part in callee.split(".") if part]
    name = ".".join(part for part in parts if part[:1].isupper() or part == parts[-1])
    name = sink.form.old.symbol if sink.form.is_assigned else name
    what = "a connection string" if sink.is_connection_string else "a secret"
    origin = f" from {source.text}" if source is not None else ""
    if sink.rule.request is not None:
        request = sink.rule.request
        where = f"header `{request.header}`" if request.header else f"query parameter `{request.query}`"
        return f"`{callee}` sends a secret{origin} in the {where}"
    if sink.written is not None:
        return f"{sink.written.label} holds {what}{origin}"
    if not sink.rule.secret:
        return f"`{name}`: {sink.rule.summary}"
    return f"`{name}` authenticates with {what}{origin}"


def source_of(workspace: Workspace, sink: Sink) -> Source | None:
    """Where the secret comes from: the first source that its flow ends at."""
    found = [s for s in (_source(workspace, sink, value) for value in leaves(sink.value)) if s is not None]
    known = [source for source in found if source.kind != "unknown"]
    return (known or found or [None])[0]  # type: ignore[list-item]


def _source(workspace: Workspace, sink: Sink, value: Value) -> Source | None:
    place = _place(value.module, value)
    if isinstance(value, Setting):
        if sink.secret is None:
            return Source("environment", f"the environment variable {value.name}, which it reads by itself")
        field = "the settings field" if value.name_node is None else "the environment variable"
        if value.section is not None and file_of(value.section):
            return Source("environment", f"{named(value.name, value.section)}", place)
        if value.section is not None:
            return Source("environment", f"the option {value.spelled} of section [{value.section}]", place)
        return Source("environment", f"{field} {value.name}", place)
    if isinstance(value, Literal):
        return Source("literal", "a literal in the code", place) if value.text else None
    if isinstance(value, Composed):
        return Source("composed", "a string that is put together in the code", place)
    if isinstance(value, VaultSecret):
        name = f" '{value.name}'" if value.name else ""
        return Source("key-vault", f"the vault's secret{name}", place)
    if isinstance(value, Mapping):
        return Source("literal", "a mapping in the code", place)
    if isinstance(value, Unknown):
        return Source("unknown", "a value that mi-lint cannot follow", place)
    return None


def _place(module: Module, value: Value) -> Place | None:
    return place_of(module.file, module.span(value.node)) if hasattr(value.node, "lineno") else None


def _reasons(plan: Plan, sink: Sink) -> tuple[str, ...]:
    """Why this call cannot move: its own problems first, else those of the calls that must move with it."""
    own = [text for owner, text in plan.problems if owner is sink or owner is None]
    if own:
        return tuple(own)
    found = []
    for owner, text in plan.problems:
        assert owner is not None
        place = f"{owner.module.path}:{owner.call.lineno}"
        found.append(f"it shares its secret with the call at {place}, which cannot move: {text}")
    return tuple(found[:3])


def _fingerprint(sink: Sink, source: Source | None) -> str:
    """Stable while lines move: rule, file, scope, callee, and the name (never the value) of the source."""
    scope = sink.scope.function.qualname
    named = source.text if source is not None and source.kind != "literal" else "literal"
    own = sink.call.func if sink.form.is_assigned or sink.written is not None else sink.call
    scopes = sink.module.names.scope_of
    same = [n for n in scopes if type(n) is type(own) and scopes[n].function is sink.scope.function]
    order = sum(
        1
        for node in same
        if (node.lineno, node.col_offset) < (own.lineno, own.col_offset)
        and sink.module.source(getattr(node, "func", node)) == sink.module.source(sink.call.func)
    )
    text = "\0".join([sink.rule.id, sink.module.path, scope, sink.form.old.symbol, named, str(order)])
    return _digest(text)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12, person=b"mi-lint/v1").hexdigest()
