"""Read a YAML file as values that know their line and key, so that every complaint can name its place.

Packs are untrusted: no tags, no aliases, no duplicate keys, no deep nesting, nothing is constructed or run.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mi_lint.errors import RulePackError

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    Node = ScalarNode | SequenceNode | MappingNode

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_PREFIX = "tag:yaml.org,2002:"
_KINDS = {"mapping": "a mapping", "sequence": "a list"}
_SCALARS = {"str": "a text", "int": "a number", "float": "a number", "bool": "true or false", "null": "nothing"}


@dataclass(frozen=True, slots=True)
class Value:
    """One YAML value with the file and the dotted key that it stands at."""

    node: Node
    path: str
    key: str

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    @property
    def kind(self) -> str:
        """What the value is, in words."""
        if self.node.id != "scalar":
            return _KINDS[self.node.id]
        return _SCALARS.get(self.node.tag.removeprefix(_PREFIX), "a tagged value")

    def error(self, what: str, advice: str) -> RulePackError:
        place = f"{self.path}:{self.line}: {self.key}" if self.key else f"{self.path}:{self.line}"
        return RulePackError(f"{place}: {what}; {advice}")

    def text(self) -> str:
        if self.kind != "a text":
            if self.node.id == "scalar" and self.node.value:
                raise self.error(f"expected a text, found {self.kind}", f'write "{self.node.value}" in quotes')
            raise self.error(f"expected a text, found {self.kind}", "write a text")
        if not self.node.value.strip():
            raise self.error("the text is empty", "write a text or leave the key out")
        return str(self.node.value)

    def flag(self) -> bool:
        if self.kind != "true or false":
            raise self.error(f"expected true or false, found {self.kind}", "write true or false")
        return str(self.node.value).lower() in ("true", "yes", "on")

    def number(self) -> float:
        if self.kind != "a number":
            raise self.error(f"expected a number, found {self.kind}", "write a number")
        try:
            return float(self.node.value)
        except ValueError:
            raise self.error(f"`{self.node.value}` is no plain number", "write it in decimal digits") from None

    def choice(self, allowed: Collection[str]) -> str:
        text = self.text()
        if text not in allowed:
            raise self.error(f"`{text}` is not known", suggest(text, allowed))
        return text

    def items(self) -> list[Value]:
        if self.node.id != "sequence":
            raise self.error(f"expected a list, found {self.kind}", "write a list: [one, two]")
        return [Value(n, self.path, f"{self.key}[{i}]") for i, n in enumerate(self.node.value)]

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def entries(self) -> list[tuple[str, Value]]:
        """The keys and values of a mapping with free keys."""
        if self.node.id != "mapping":
            raise self.error(f"expected a mapping, found {self.kind}", "write key: value pairs")
        return list(self._entries().items())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, value.text()) for key, value in self.entries())

    def fields(self, samples: Mapping[str, str], required: Collection[str] = ()) -> Fields:
        """The values of a mapping with fixed keys. `samples` has an example value for every key, for the advice."""
        values = dict(self.entries())
        for key_node, _ in self.node.value:
            if key_node.value not in samples:
                raise Value(key_node, self.path, self.key).error(
                    f"unknown key `{key_node.value}`", suggest(key_node.value, samples)
                )
        for key in samples:
            if key in required and key not in values:
                raise self.error(f"the key `{key}` is missing", f"write {key}: {samples[key]}")
        return Fields(self, values)

    def _entries(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            key = Value(key_node, self.path, self.key).text()
            if key in found:
                raise Value(key_node, self.path, self.key).error(f"the key `{key}` occurs twice", "write it once")
            found[key] = Value(value_node, self.path, f"{self.key}.{key}" if self.key else key)
        return found


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a mapping whose keys have been checked."""

    owner: Value
    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> Value | None:
        return self.values.get(name)

    def text(self, name: str, default: str = "") -> str:
        return self.values[name].text().strip() if name in self.values else default

    def texts(self, name: str) -> tuple[str, ...]:
        return self.values[name].texts() if name in self.values else ()

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        return self.values[name].pairs() if name in self.values else ()

    def flag(self, name: str, default: bool = False) -> bool:
        return self.values[name].flag() if name in self.values else default

    def items(self, name: str) -> list[Value]:
        return self.values[name].items() if name in self.values else []

    def entries(self, name: str) -> list[tuple[str, Value]]:
        return self.values[name].entries() if name in self.values else []


def suggest(word: str, known: Collection[str]) -> str:
    """`did you mean x?` when a known word is near, else the list of what can be written."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"write one of {', '.join(sorted(known))}" if known else "there is none to choose from"


def compose(path: Path) -> Value:
    """Read a file as one value. The yaml library is imported here: a run with a warm cache never needs it."""
    import yaml

    name = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RulePackError(f"{name}: cannot be read ({error.strerror}); check the path") from None
    if len(data) > MAX_BYTES:
        raise RulePackError(f"{name}: larger than {MAX_BYTES} bytes; split the pack")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_events(yaml.parse(data, Loader=loader), name)
        node: Any = yaml.compose(data, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "nesting depth" in str(error.problem):  # newer releases of the library have a limit of their own
            raise RulePackError(f"{name}:{line}: nested too deeply; follow the pack schema") from None
        raise RulePackError(
            f"{name}:{line}: not valid YAML: {error.problem}; check its quotes and indentation"
        ) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise RulePackError(f"{name}:1: not valid YAML: {str(error).splitlines()[0]}; write plain UTF-8") from None
    if node is None:
        raise RulePackError(f"{name}:1: the file is empty; write service: NAME")
    return Value(node, name, "")


def _refuse_events(events: Iterable[Any], name: str) -> None:
    """Refuse aliases, and nesting on which a recursive reader would run out of stack, before building anything."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        if kind == "AliasEvent":
            line = event.start_mark.line + 1
            raise RulePackError(f"{name}:{line}: aliases (`*name`) are not supported; write the value out")
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > MAX_DEPTH:
            raise RulePackError(f"{name}:{event.start_mark.line + 1}: nested too deeply; follow the pack schema")
