"""Parse the signatures that packs are written in, such as `a.b.C.m(x, y=None, *, z=IDENTITY, **kwargs)`.

Nothing is imported or evaluated: the text is turned into a `def`, parsed by `ast`, and read.
"""

from __future__ import annotations

import ast
import keyword

from mi_lint.rulebook.model import CLIENT_ID, Parameter, Signature

IDENTITY = "IDENTITY"


class SignatureProblem(ValueError):
    """What is wrong with a signature, and what to write instead."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


def parse_signature(text: str) -> Signature:
    """Read one signature. A bare `IDENTITY` gives the empty signature: the whole call becomes the credential."""
    text = text.strip()
    if text == IDENTITY:
        return Signature("", ())
    symbol, bracket, rest = text.partition("(")
    symbol = symbol.strip()
    if not bracket or not rest.endswith(")"):
        raise SignatureProblem(
            "a signature needs its parameters", f"write {symbol or 'package.Class'}(name, other=None)"
        )
    if not is_symbol(symbol):
        raise SignatureProblem(
            f"`{symbol}` is not a qualified name", "write the module as well, such as package.module.Class(name)"
        )
    arguments = _arguments(rest[:-1])
    return Signature(symbol, _parameters(arguments), arguments.kwarg is not None)


def is_symbol(text: str) -> bool:
    """Whether a text is a dotted name of at least two parts."""
    parts = text.split(".")
    return len(parts) > 1 and all(p.isidentifier() and p.isascii() and not keyword.iskeyword(p) for p in parts)


def format_signature(signature: Signature) -> str:
    """The text that `parse_signature` reads as this signature."""
    if not signature.symbol:
        return IDENTITY
    parts: list[str] = []
    star = False
    for parameter in signature.parameters:
        if parameter.keyword_only and not star:
            parts.append("*")
            star = True
        parts.append(parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}")
    if signature.var_keyword:
        parts.append("**kwargs")
    return f"{signature.symbol}({', '.join(parts)})"


def is_passable(default: str) -> bool:
    """Whether the default of a `new` parameter may be written into code: a credential or a plain literal."""
    if default == CLIENT_ID or Parameter("", default=default).credential is not None:
        return True
    try:
        ast.literal_eval(default)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _arguments(text: str) -> ast.arguments:
    try:
        tree = ast.parse(f"def _({text}\n): 0")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or "not readable"
        raise SignatureProblem(
            f"not a signature ({reason})", "write it as in a def: (name, other=None, **kwargs)"
        ) from None
    match tree.body:
        case [ast.FunctionDef(name="_", body=[ast.Expr(value=ast.Constant(value=0))], args=arguments, returns=None)]:
            return arguments
    raise SignatureProblem("not one signature", "write one callable with its parameters in one pair of brackets")


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    if arguments.posonlyargs:
        raise SignatureProblem("`/` is not supported", "leave the slash out")
    if arguments.vararg is not None:
        raise SignatureProblem(
            f"`*{arguments.vararg.arg}` is not supported", "write a bare * before keyword-only parameters"
        )
    for argument in (*arguments.args, *arguments.kwonlyargs):
        if argument.annotation is not None:
            raise SignatureProblem(f"`{argument.arg}` has an annotation", f"write only {argument.arg}")
    missing = len(arguments.args) - len(arguments.defaults)
    defaults = [None] * missing + [ast.unparse(d) for d in arguments.defaults]
    positional = [Parameter(a.arg, False, d) for a, d in zip(arguments.args, defaults, strict=True)]
    keyword_only = [
        Parameter(a.arg, True, None if d is None else ast.unparse(d))
        for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return (*positional, *keyword_only)
