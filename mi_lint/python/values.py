"""Where a value comes from, as a small tree: carriers (variables, parameters, attributes) down to sources.

`flow.py` builds these trees; linking and rewriting only read them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from mi_lint.entry_names import option
from mi_lint.python.names import Scope
from mi_lint.python.project import Module
from mi_lint.rulebook.model import Vault, Wrapper


@dataclass(frozen=True, slots=True)
class Carrier:
    """Something with a name that holds a value on its way. `scope` is where the name is bound.

    `kind`: variable (function, module or class level name), parameter, attribute (of the class `scope`), function
    (its return value), item (of a mapping; `name` is `mapping[key]`, or `mapping[key][key]`), key (of the configuration
    of an application, which has one for all its modules; `name` is `config[key]`).
    """

    kind: str
    module: Module
    scope: Scope
    name: str

    @property
    def spelled(self) -> str:
        """The name as the code spells it: of an item its own key."""
        return self.name.rstrip("]").rpartition("[")[2] if self.kind in ("item", "key") else self.name


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """Base of all values: the expression that has it."""

    module: Module
    node: ast.AST


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Value):
    """A string written out in the source."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Composed(Value):
    """A string assembled from text and expressions; `text` has one hole character per expression."""

    text: str
    parts: tuple[ast.expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Setting(Value):
    """A read of a named setting. `name_node` is the string that names it; None for a settings-class field.

    A setting of a section is called `section.option`; its `name_node` is the option alone. It is the whole read where
    an attribute names it.
    """

    name: str
    name_node: ast.expr | None
    default: Value | None = None
    section: str | None = None
    any_case: bool = False  # whether it may be spelled in another case where it is defined

    @property
    def spelled(self) -> str:
        """The name as the code writes it."""
        return self.name if self.section is None else option(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class VaultSecret(Value):
    """A look-up in a secret store; `name` is empty when it is not a literal."""

    name: str
    vault: Vault


@dataclass(frozen=True, slots=True, eq=False)
class Wrapped(Value):
    """A call of a class that only carries a secret."""

    wrapper: Wrapper
    inner: Value | None


@dataclass(frozen=True, slots=True, eq=False)
class Mapping(Value):
    """A dict display given where a secret is expected."""

    inners: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Token(Value):
    """A token credential or token provider: nothing to find."""


@dataclass(frozen=True, slots=True, eq=False)
class Nothing(Value):
    """None."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Value):
    """One of several values."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Carried(Value):
    """A value read from a carrier; `inners` are all values that may have been put there."""

    carrier: Carrier
    inners: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Unknown(Value):
    """A value that cannot be followed, with the reason as a sentence part."""

    reason: str


def children(value: Value) -> tuple[Value, ...]:
    """The values that a value is made of, one step down."""
    if isinstance(value, Carried):
        return value.inners
    if isinstance(value, Choice):
        return value.options
    if isinstance(value, Mapping):
        return value.inners
    if isinstance(value, Wrapped):
        return (value.inner,) if value.inner is not None else ()
    if isinstance(value, Setting):
        return (value.default,) if value.default is not None else ()
    return ()


def walk(value: Value) -> Iterator[Value]:
    """A value and everything below it, each node of the tree once."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        stack.extend(reversed(children(current)))


def leaves(value: Value) -> list[Value]:
    """The sources at the ends of the tree; a wrapper or carrier is never a leaf."""
    return [item for item in walk(value) if not isinstance(item, Carried | Choice | Mapping | Wrapped)]


def is_dict_call(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether an expression is `dict(...)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"
