"""The kinds of secrets, made ready to run: patterns compiled when they are first needed, keywords for the prefilter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from mi_lint.keywords import matcher
from mi_lint.rulebook.kinds import SHAPE, Search, SecretKind
from mi_lint.secrets.anchor import Anchor, anchor_of
from mi_lint.secrets.gate import Gate, gate_of, passes
from mi_lint.transcode import plain

_ENCODINGS: tuple[Mapping[str, str], ...] = (
    {"+": "%2b", "/": "%2f", "=": "%3d", "~": "%7e", " ": "%20", "&": "%26", "?": "%3f", ":": "%3a", "@": "%40"},
    {
        "+": "%252b",
        "/": "%252f",
        "=": "%253d",
        "~": "%257e",
        " ": "%2520",
        "&": "%2526",
        "?": "%253f",
        ":": "%253a",
        "@": "%2540",
    },
    {"+": "\\u002b", "/": "\\/", "=": "\\u003d", "&": "\\u0026"},
    {"+": "&#43;", "+ ": "&#x2b;", "=": "&#61;", "&": "&amp;"},
    {" ": "+"},
)


class CompiledSearch:
    """One search entry with its patterns compiled on demand."""

    def __init__(self, kind: SecretKind, search: Search) -> None:
        self.kind = kind
        self.search = search
        by_context = bool(search.names and (search.near or search.file))
        self.precedence = kind.precedence - 5 * bool(search.names) - 2 * by_context

    @cached_property
    def text(self) -> re.Pattern[str]:
        shape = f"(?P<secret>(?-i:{self.kind.shape}))"
        return re.compile(self.search.text.replace(SHAPE, shape), re.IGNORECASE)

    @cached_property
    def anchor(self) -> Anchor | None:
        return anchor_of(self.text.pattern)

    @cached_property
    def names(self) -> re.Pattern[str]:
        return re.compile(self.search.names, re.IGNORECASE)

    @cached_property
    def line(self) -> re.Pattern[str]:
        return re.compile(self.search.line, re.IGNORECASE)

    @cached_property
    def within(self) -> re.Pattern[str] | None:
        return _optional(self.search.within)

    @cached_property
    def without(self) -> re.Pattern[str] | None:
        return _optional(self.search.without)

    @cached_property
    def near(self) -> re.Pattern[str] | None:
        return _optional(self.search.near)

    @cached_property
    def file(self) -> re.Pattern[str] | None:
        return _optional(self.search.file)


def _optional(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


class CompiledKind:
    """One kind with its searches."""

    def __init__(self, kind: SecretKind) -> None:
        self.kind = kind
        self.by_text = [CompiledSearch(kind, search) for search in kind.find if search.text]
        self.by_line = [CompiledSearch(kind, search) for search in kind.find if search.line]
        self.by_name = [CompiledSearch(kind, search) for search in kind.find if search.names]

    @cached_property
    def shape(self) -> re.Pattern[str]:
        return re.compile(self.kind.shape)

    @cached_property
    def gate(self) -> Gate | None:
        return gate_of(self.kind.shape, self.kind.checksum is not None)


def spellings(word: str) -> set[str]:
    """A keyword as it may stand in a file: as it is, percent-encoded, escaped."""
    found = {word}
    for encoding in _ENCODINGS:
        found.add("".join(encoding.get(character, character) for character in word))
    return found


class Known(Protocol):
    """What is known beside the kinds: fixed keys of emulators, and how references to secrets start."""

    @property
    def emulator_keys(self) -> tuple[tuple[str, str], ...]: ...

    @property
    def references(self) -> tuple[str, ...]: ...


@dataclass
class Detector:
    """All kinds that are looked for, and the keyword tables that tell which of them a file may hold."""

    kinds: tuple[CompiledKind, ...]
    emulator_keys: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()  # lower case
    engine: str = "auto"

    @classmethod
    def of(cls, kinds: Iterable[SecretKind], known: Known, engine: str = "auto") -> Detector:
        """A detector for these kinds; `known` is the rulebook, or what was taken from it."""
        references = tuple(text.lower() for text in known.references)
        return cls(tuple(CompiledKind(kind) for kind in kinds), known.emulator_keys, references, engine)

    @cached_property
    def _table(self) -> tuple[list[tuple[frozenset[int], frozenset[int]]], list[bytes]]:
        """Per kind the numbers of its keywords and of its further keywords; all spellings in order."""
        numbers: dict[str, int] = {}

        def number(words: Iterable[str]) -> frozenset[int]:
            every = {form.lower() for word in words for form in spellings(word)}
            return frozenset(numbers.setdefault(form, len(numbers)) for form in sorted(every))

        rows = [(number(entry.kind.keywords), number(entry.kind.also)) for entry in self.kinds]
        return rows, [word.encode() for word in numbers]

    def table(self) -> tuple[list[tuple[frozenset[int], frozenset[int], Gate | None]], list[bytes]]:
        """Per kind the numbers of its keywords and of its further keywords, and its gate; all keywords in order."""
        rows, words = self._table
        gates = [entry.gate for entry in self.kinds]
        return [(some, also, gate) for (some, also), gate in zip(rows, gates, strict=True)], words

    @cached_property
    def _matcher(self) -> object:
        return matcher(self._table[1], self.engine)

    def candidates(self, data: bytes) -> list[CompiledKind]:
        """The kinds of which the bytes hold a keyword. UTF-16 is looked at as UTF-8."""
        present = self._matcher.present(plain(data))  # type: ignore[attr-defined]
        if not present:
            return []
        rows = self._table[0]
        return [
            entry
            for entry, (some, also) in zip(self.kinds, rows, strict=True)
            if not present.isdisjoint(some) and not (also and present.isdisjoint(also))
        ]

    @staticmethod
    def passing(kinds: Iterable[CompiledKind], texts: list[bytes]) -> list[CompiledKind]:
        """Those of the kinds of which one of the texts may hold a value."""
        known: dict[Gate | None, bool] = {}
        found = []
        for entry in kinds:
            if entry.gate not in known:
                known[entry.gate] = passes(entry.gate, texts)
            if known[entry.gate]:
                found.append(entry)
        return found

    @cached_property
    def signed(self) -> tuple[CompiledKind, ...]:
        """Kinds whose values carry a checksum."""
        return tuple(entry for entry in self.kinds if entry.kind.checksum)

    def named(self, name: str) -> CompiledKind | None:
        return next((entry for entry in self.kinds if entry.kind.name == name), None)
