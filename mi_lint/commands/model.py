"""A command of a script as it is written, whatever the language of the script."""

from __future__ import annotations

from dataclasses import dataclass

from mi_lint.textfile import Span


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command. `text` is without quotes, but with what is put in for variables as it is written."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: assignments before it, its words, and all that it takes up, redirections included.

    `lead` and `trail` are the signs before and after it, such as `|` or a line break; the output of a `nested` command
    is put into another one. A command of assignments alone has no words.
    """

    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    span: Span
    lead: str = "\n"
    trail: str = "\n"
    nested: bool = False

    def __repr__(self) -> str:
        return f"Command({' '.join(word.text for word in self.words[:1])!r}, {self.span})"  # a word may be a secret


class NotUnderstood(ValueError):
    """A script that cannot be read with certainty."""
