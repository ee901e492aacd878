"""Make the async twin of a call: the same signature in the module that a rule's `async:` names."""

from __future__ import annotations

from dataclasses import replace

from mi_lint.rulebook.model import Call, Signature
from mi_lint.rulebook.nodes import Value


def twin(call: Call, modules: tuple[tuple[str, str], ...], place: Value) -> Call:
    """The async form of a call; an error at `place` if no module prefix fits one of its symbols."""
    old = _moved(call.old, modules, place)
    new = None if call.new is None else _moved(call.new, modules, place)
    return replace(call, old=old, new=new, is_async=True)


def _moved(signature: Signature, modules: tuple[tuple[str, str], ...], place: Value) -> Signature:
    symbol = signature.symbol
    if not symbol:
        return signature
    fitting = [(prefix, other) for prefix, other in modules if symbol == prefix or symbol.startswith(prefix + ".")]
    if not fitting:
        raise place.error(f"`async` has no module prefix of {symbol}", "add one, or write async: false on this call")
    prefix, other = max(fitting, key=lambda pair: len(pair[0]))
    return replace(signature, symbol=other + symbol[len(prefix) :])
