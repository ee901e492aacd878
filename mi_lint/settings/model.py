"""A place where a setting is defined, and what can be done to it, whatever the format of its file.

A format knows how to find entries and how to spell changes; it never decides what changes. All spans are in characters
of the file's text, and all edits of one call are in order and do not overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mi_lint.textfile import Span, TextFile

Edits = tuple[tuple[Span, str], ...]
# By type of a resource: which of its attributes give a connection string, and the expressions of the string's parts.
Resources = Mapping[str, tuple[frozenset[str], Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class SettingEntry:
    """One definition of a setting.

    `value` is what a reader of the file gets, before interpolation; `value_span` is its raw text between the quotes.
    `line_span` is all that the definition takes up, its line ending included. An entry without a value (`KEY`) has an
    empty value and an empty span after its name. `example` marks files that show others what to fill in.
    `origin` says in words where a value comes from that is not written here but taken from elsewhere (`the secret X of
    the repository`); its `value` is then the expression that takes it, and the format `PassesOn`. `address` names that
    place, or the entry's own place for those that take it from here: entries with one address are one value.
    `computed` entries have an expression of the file's language as their `value`, and their format is `PassesOn` too.
    `form` is the form of the tree that holds an entry, whose format is then that of trees; empty for all others. A
    `fixed` entry is written in a way that cannot be edited; its spans are empty. An entry whose address ends with a
    slash takes all that is there, each under its key with the entry's own name as `prefix`. What an entry takes from
    one place it may have at another one for others to take, which it `provides`.
    """

    path: str
    name: str
    value: str
    name_span: Span
    value_span: Span
    line_span: Span
    quote: str = ""
    example: bool = False
    origin: str = ""
    address: str = ""
    computed: bool = False
    form: str = ""
    fixed: bool = False
    prefix: str = ""
    provides: str = ""

    def __repr__(self) -> str:
        return f"SettingEntry({self.path!r}, {self.name!r})"  # the value may be a secret


class SettingsFormat(Protocol):
    """How settings are written in one kind of file.

    `in_sections`: their names are `section.option`. `whole`: such a file holds nothing but settings.
    """

    @property
    def in_sections(self) -> bool: ...

    @property
    def whole(self) -> bool: ...

    def matches(self, path: str) -> bool:
        """Whether a file of that name is in this format."""

    def entries(self, file: TextFile) -> list[SettingEntry]:
        """All definitions, in order; what is not understood is passed over."""

    def references(self, file: TextFile, name: str) -> list[Span]:
        """Where values of the file refer to a setting by its name (the name alone)."""

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """Give an entry a new name, and a new value unless that is None."""

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        """Take entries away, each with a comment that speaks of nothing else."""

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        """Define a setting after another one, in that one's manner; at the end of the file where `after` is None."""

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Whether a reader takes the changed text as it took the file."""


@runtime_checkable
class PassesOn(Protocol):
    """A format whose entries may take their value from elsewhere, by an expression."""

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        """The expression that takes a derived value for the new name; None where there is none.

        `templates` say what the value is made of, as those of a derivation. The result is what `rename` and `add` get.
        """
