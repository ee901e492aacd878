"""Whether a call that a pack names exists in an SDK: its symbol, its parameters, and where they stand.

Run as a script it asks the SDKs of the interpreter that runs it: a JSON list of claims in, a JSON list of problems out.
So it needs nothing but the standard library and the modules of mi-lint that need no more than that.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from mi_lint.rulebook.model import Signature
from mi_lint.rulebook.signature import parse_signature

# Packages that hand keywords to classes of others.
PASSED_ON = {
    "adlfs": ("azure.identity.DefaultAzureCredential",),
    "fsspec": ("adlfs.AzureBlobFileSystem", "azure.identity.DefaultAzureCredential"),
}

# Callables that make a part of a connection string of every keyword.
ANY_KEYWORD = ("pyodbc.connect",)


def stub(name: str) -> ModuleType:
    """A compiled module that a library of the system is missing for, as its type stub declares it."""
    found = importlib.util.find_spec(name)
    path = Path(str(found.origin)).parent / f"{name}.pyi" if found is not None else Path(name)
    module = ModuleType(name)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return module


def resolve(symbol: str) -> Any:
    """The object that a dotted symbol names."""
    parts = symbol.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if not ".".join(parts[:length]).startswith(error.name or "?"):
                raise
            continue
        except ImportError:
            found = stub(parts[0])
            length = 1
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(symbol)


def real_signature(target: Any) -> inspect.Signature:
    """The parameters as a caller sees them: without the `self` of a method that is reached through its class."""
    found = inspect.signature(target)
    names = list(found.parameters)
    if inspect.isfunction(target) and names[:1] == ["self"]:
        return found.replace(parameters=list(found.parameters.values())[1:])
    return found


source = functools.cache(inspect.getsource)  # clients share their base classes


def documented_keywords(target: Any) -> str:
    """The texts in which an SDK documents keywords that it takes by `**kwargs`."""
    owner = target if inspect.isclass(target) else getattr(target, "__self__", None)
    owners = inspect.getmro(owner)[:-1] if inspect.isclass(owner) else (inspect.getmodule(target),)
    texts = [inspect.getdoc(target) or "", inspect.getdoc(getattr(target, "__init__", None)) or ""]
    for item in owners:
        with contextlib.suppress(OSError, TypeError):
            texts.append(source(item) if item is not None else "")
    with contextlib.suppress(ImportError, OSError, TypeError):  # where generated clients read further keywords
        package = target.__module__.rpartition(".")[0]
        texts.append(source(importlib.import_module(f"{package}._configuration")))
    package = getattr(target, "__module__", "").partition(".")[0]
    texts += [source(resolve(other)) for other in PASSED_ON.get(package, ())]
    return "\n".join(texts)


def in_package(target: Any, name: str) -> bool:
    """Whether the package names a keyword anywhere: drivers hand theirs on to a library that is not Python."""
    return any(f"{a}{name}{b}" in package_text(target.__module__.partition(".")[0]) for a in "'\"*" for b in "'\"*")


@functools.cache
def package_text(package: str) -> str:
    """All Python code of a package."""
    folder = Path(str(importlib.import_module(package).__file__)).parent
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.py")))


def shown_name(name: str, target: Any) -> str:
    """The name that a signature shows: pydantic shows the alias of a field, and may take its own name as well."""
    field = getattr(target, "model_fields", {}).get(name)
    by_name = field is not None and target.model_config.get("populate_by_name")
    return field.alias or name if by_name else name


def bind(signature: Signature, target: Any, complete: bool = True) -> None:
    """Bind a call with all parameters that the pack names, each as a pack may write it; `**kwargs` may hold the rest.

    Raises:
        TypeError: the SDK refuses the call.
    """
    real = real_signature(target)
    variable = any(p.kind == p.VAR_KEYWORD for p in real.parameters.values())
    only = {p.name for p in real.parameters.values() if p.kind == p.POSITIONAL_ONLY}
    positional = [p for p in signature.parameters if not p.keyword_only and (p.required or p.name in only)]
    keywords = {shown_name(p.name, target): object() for p in signature.parameters if p not in positional}
    binding = real.bind if complete else real.bind_partial
    binding(*[object() for _ in positional], **keywords)
    by_name = {shown_name(p.name, target): object() for p in signature.parameters if p.name not in only}
    binding(*[object() for p in signature.parameters if p.name in only], **by_name)
    documented = documented_keywords(target) if variable else ""
    for parameter in signature.parameters:
        if shown_name(parameter.name, target) not in real.parameters:
            known = signature.symbol in ANY_KEYWORD or parameter.name in documented
            known = known or in_package(target, parameter.name)
            assert known, f"{signature.symbol} knows no {parameter.name}"


def names_positions(signature: Signature, target: Any) -> None:
    """Positional parameters stand where the pack says: a caller's positional argument must bind to the same name."""
    real = [
        p for p in real_signature(target).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    for parameter, actual in zip(signature.positional, real, strict=False):
        assert actual.name == parameter.name, f"{signature.symbol}: {actual.name} stands where {parameter.name} should"
    required = [parameter for parameter in signature.positional if parameter.required]
    assert len(required) <= len(real), f"{signature.symbol}: {required[-1].name} is keyword-only in the SDK"


def check(signature: Signature, complete: bool = False) -> None:
    """All of the above for a call as a person writes it. `complete`: the pack names all that the SDK requires."""
    target = resolve(signature.symbol)
    bind(signature, target, complete=complete or not signature.var_keyword)
    names_positions(signature, target)


def problems(claims: Iterable[tuple[str, bool]]) -> list[str]:
    """What is wrong with each signature, complete or not; a text without brackets is a name that must exist."""
    found = []
    for text, complete in claims:
        try:
            if "(" in text:
                check(parse_signature(text), complete)
            else:
                resolve(text)
        except Exception as error:  # old libraries raise errors of their own for what is missing
            found.append(f"{text}: {type(error).__name__}: {error}")
    return found


if __name__ == "__main__":
    json.dump(problems(json.load(sys.stdin)), sys.stdout)
