"""Whether a command is one that a rule speaks of, and the edits that make of it what the rule says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mi_lint.commands.model import Command, NotUnderstood, Word
from mi_lint.rulebook.config_model import CommandChange
from mi_lint.textfile import Span

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=")
_EXPORTS = ("export", "declare", "typeset", "readonly", "local")
Replacement = tuple[Span, str]


@dataclass(frozen=True, slots=True)
class Given:
    """An option of a command with its value, as one word or as two."""

    words: tuple[Word, ...]
    value: str

    @property
    def span(self) -> Span:
        return Span(self.words[0].span.start, self.words[-1].span.end)


@dataclass(frozen=True, slots=True)
class Match:
    """A command that shows a rule. `secret` is what it shows it by, one of `names`.

    `about` is how the pattern of that name matched, and `leading` how many words are the command's own name.
    """

    command: Command
    change: CommandChange
    secret: Given
    names: str
    label: str
    about: re.Match[str] | None
    leading: int

    def option(self, names: str) -> Given | None:
        return option(self.command.words[self.leading :], names, names not in self.change.flags)


def option(words: Sequence[Word], names: str, takes_value: bool = True, pattern: str = "") -> Given | None:
    """The first option of any of these names (`--name|-n`) whose value matches."""
    known = names.split("|")
    for number, word in enumerate(words):
        if word.text in known and not takes_value:
            return Given((word,), "")
        if word.text in known:
            following = words[number + 1 : number + 2]
            given = Given((word, *following), following[0].text) if following else None
        else:
            name, equals, value = word.text.partition("=")
            given = Given((word,), value) if equals and name in known and takes_value else None
        if given is not None and re.search(pattern, given.value):
            return given
    return None


def matched(command: Command, change: CommandChange) -> Match | None:
    """The match of a command, or None."""
    leading = _leading(command, change)
    if leading is None:
        return None
    words = command.words[leading:]
    if any(option(words, name, name not in change.flags) is None for name in change.needs):
        return None
    found = _secret(command, words, change)
    if found is None:
        return None
    about = None
    if change.about and not change.variables:
        texts = [word.text for word in (*command.assignments, *command.words)]
        about = next((m for m in (re.search(change.about, text) for text in texts) if m is not None), None)
        if about is None:
            return None
    return Match(command, change, *found, about, leading)


def _leading(command: Command, change: CommandChange) -> int | None:
    """How many words are the name; None if it is another command."""
    texts: list[str] = []
    for word in command.words:
        if word.text.startswith("-") or len(texts) == 6:
            break
        texts.append(word.text)
    if texts and texts[0] in ("sudo", "exec", "command"):
        return None
    for count in range(len(texts), -1, -1):
        if re.fullmatch(change.name, " ".join(texts[:count])):
            return count
    return None


def _secret(command: Command, words: Sequence[Word], change: CommandChange) -> tuple[Given, str, str] | None:
    for names, pattern in change.secrets:
        given = option(words, names, names not in change.flags, pattern)
        if given is not None:
            return given, names, given.words[0].text.partition("=")[0]
    exported = words if command.words and command.words[0].text in _EXPORTS else ()
    for word in (*command.assignments, *exported):
        assigned = _ASSIGNMENT.match(word.text)
        if assigned is None or assigned[1] not in change.variables:
            continue
        value = word.text[assigned.end() :]
        if value and not (change.already and re.search(change.already, value)):
            return Given((word,), value), assigned[1], assigned[1]
    return None


def changed(match: Match, way: str, facts: dict[str, str]) -> list[Replacement]:
    """What the command becomes. `way` is the kind of identity; `facts` fill the places in the texts.

    Raises:
        NotUnderstood: a fact is missing, or an option has no value.
    """
    change, command = match.change, match.command
    if change.becomes:
        return [(command.span, filled(change.becomes, facts))]
    adds = filled(dict(change.adds).get(way, ""), facts)
    gone = [given for names in change.drops if (given := match.option(names)) is not None]
    place = min((given.span for given in gone), key=lambda span: span.start, default=None)
    edits = _without(command, [word for given in gone for word in given.words], place if adds else None)
    for names, text in change.swaps:
        given = match.secret if names == match.names else match.option(names) if names.startswith("-") else None
        if given is not None:
            edits.append((given.span, filled(text, facts)))
    if adds and place is not None:
        edits.append((place, adds))
    elif adds:
        end = command.words[match.leading - 1].span.end
        edits.append((Span(end, end), f" {adds}"))
    return sorted(edits, key=lambda edit: (edit[0].start, edit[0].end))


def filled(text: str, facts: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if not facts.get(found[1]):
            raise NotUnderstood(f"nothing says the {found[1].replace('_', ' ')}")
        return facts[found[1]]

    return re.sub(r"\{([a-z_]+)\}", value, text)


def _without(command: Command, gone: Iterable[Word], kept: Span | None) -> list[Replacement]:
    """Words go with the space before them, but for those of the place that gets another text."""
    spans = {word.span for word in gone if kept is None or word.span not in kept}
    everything = [*command.assignments, *command.words]
    edits: list[Replacement] = []
    for before, word in pairwise(everything):
        if word.span not in spans:
            continue
        start = before.span.end
        if edits and edits[-1][0].end == start:
            start = edits.pop()[0].start
        edits.append((Span(start, word.span.end), ""))
    return edits


@dataclass(slots=True)
class Variables:
    """What the variables of a script are set to, each by its one plain assignment; `several` are set more than once."""

    texts: dict[str, Given] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, commands: Iterable[Command]) -> Variables:
        found = cls()
        for command in commands:
            exported = command.words[1:] if command.words and command.words[0].text in _EXPORTS else ()
            for word in (*(command.assignments if not command.words else ()), *exported):
                assigned = _ASSIGNMENT.match(word.text)
                if assigned is None:
                    continue
                name = assigned[1]
                if name in found.texts or assigned[0].endswith("+="):
                    found.several.add(name)
                found.texts[name] = Given((word,), word.text[assigned.end() :])
                found.commands[name] = command
        return found

    def value(self, text: str, depth: int = 0) -> str:
        """A word with the variables that are known put in, if it is one variable alone."""
        name = variable(text)
        if name is None or name in self.several or name not in self.texts or depth > 5:
            return text
        return self.value(self.texts[name].value, depth + 1)


def variable(text: str) -> str | None:
    """The name in `$NAME` or `${NAME}`; None for anything else."""
    match = re.fullmatch(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))", text)
    return (match[1] or match[2]) if match else None


def mentions(text: str, name: str) -> list[int]:
    """Where a script reads a variable."""
    pattern = rf"\$\{{?[#!]?{re.escape(name)}(?!\w)|(?<![\w$-]){re.escape(name)}(?![\w=+-])"
    return [found.start() for found in re.finditer(pattern, text)]
