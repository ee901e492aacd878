"""Read the calls of a rule: the old signature, the new one, and the async twin of both."""

from __future__ import annotations

from dataclasses import dataclass, field

from mi_lint.rulebook.model import Call, Parameter, Signature
from mi_lint.rulebook.nodes import Fields, Value, suggest
from mi_lint.rulebook.parts import read_signature
from mi_lint.rulebook.signature import is_passable
from mi_lint.rulebook.twins import twin

_CALL = {
    "old": '"package.Class(key)"',
    "new": '"package.Class(credential=IDENTITY)"',
    "async": "false",
    "assigned": "true",
    "drops": "[name]",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may refer to inside its pack, and the references that only all packs together can answer."""

    service: str
    roles: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()
    shapes: list[Value] = field(default_factory=list)  # names of wrapper classes


def read_calls(fields: Fields, known: Known) -> tuple[Call, ...]:
    twins = fields.pairs("async")
    secret = fields.text("secret")
    calls: list[Call] = []
    items = fields.items("calls")
    if not items:
        raise fields["calls"].error("the list is empty", f"write [{{old: {_CALL['old']}, new: {_CALL['new']}}}]")
    for item in items:
        parts = item.fields(_CALL, required=("old",))
        mode = _async_mode(parts)
        old = read_signature(parts["old"])
        new = read_signature(parts["new"]) if "new" in parts else None
        assigned = "assigned" in parts and parts["assigned"].flag()
        call = Call(old, new, mode == "only", assigned, parts.texts("drops"))
        _check_call(parts, call, secret, known)
        calls.append(call)
        if twins and not mode:
            calls.append(twin(call, twins, item))
    return tuple(calls)


def _async_mode(parts: Fields) -> str:
    """`` (has a twin if the rule says so), `none` (`async: false`) or `only` (is itself async)."""
    value = parts.get("async")
    if value is None:
        return ""
    if value.kind == "a text" and value.text() == "only":
        return "only"
    if value.kind == "true or false" and not value.flag():
        return "none"
    raise value.error("neither false nor only", "write async: false (no twin) or async: only (is itself async)")


def _check_call(parts: Fields, call: Call, secret: str, known: Known) -> None:
    old, new = call.old, call.new
    if not old.symbol:
        raise parts["old"].error("IDENTITY is no callable", "write the callable that takes the secret")
    if old.parameter(secret) is None:
        names = [p.name for p in old.parameters]
        raise parts["old"].error(f"has no parameter `{secret}`, the secret of the rule", suggest(secret, names))
    if call.is_assigned:
        _check_assigned(parts, call, secret)
    gone = [p.name for p in old.parameters if p.name != secret and new is not None and new.parameter(p.name) is None]
    for item in parts.items("drops"):
        item.choice(gone)
    for parameter in new.parameters if new else ():
        form = parameter.credential.kind if parameter.credential is not None else ""
        if call.is_async and form in ("token", "delegated"):
            what = "token" if form == "token" else "delegated key"
            raise parts["new"].error(f"a {what} cannot be fetched in an async call", "leave `new` out, and give advice")
        _check_parameter(parts["new"], parameter, old, secret, known)
    if new == old and secret not in known.derived:
        raise parts["new"].error("the same as `old`", "write the form that takes an identity")


def _check_assigned(parts: Fields, call: Call, secret: str) -> None:
    if call.new is not None:
        raise parts["new"].error("an assignment is only reported", "leave `new` out")
    if call.old.symbol.rpartition(".")[2] != secret:
        raise parts["old"].error(f"does not end in `{secret}`, the secret of the rule", f"write package.{secret}(...)")


def _check_parameter(place: Value, parameter: Parameter, old: Signature, secret: str, known: Known) -> None:
    """A parameter of `new` is derived, has something to pass, or is always given by the old call."""
    name, default = parameter.name, parameter.default
    if default is not None:
        if not is_passable(default):
            advice = 'write IDENTITY, TOKEN_PROVIDER("scope"), TOKEN("scope"), DELEGATED_KEY or a literal'
            raise place.error(f"`{default}` cannot be passed as `{name}`", advice)
        return
    if name in known.derived:
        return
    if name == secret:
        raise place.error(f"`{name}` would still pass the secret", f"write {name}=IDENTITY or derive it")
    carried = old.parameter(name)
    if carried is None:
        others = [p.name for p in old.parameters if p.name != secret]
        raise place.error(
            f"`{name}` is neither in `old` nor derived nor has it a default", suggest(name, [*others, *known.derived])
        )
    if carried.default is not None:
        raise place.error(
            f"`{name}` is required here, but optional in `old`", f"write {name}={carried.default} or derive it"
        )
