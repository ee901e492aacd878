"""The cheap question before any parsing: can this project concern us at all?

Works on raw bytes with the words that the rulebook itself names, so that a new pack needs no change here.
"""

from __future__ import annotations

from mi_lint.transcode import plain
from mi_lint.vocabulary import Text, Vocabulary, rows_of, runs_of

TYPE_CHECKING = False  # `typing` itself takes longer to import than the question to answer
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mi_lint.rulebook.model import Rulebook

CODE = (".py", ".ipynb")  # what is read as code
DECLARATIONS = "function.json"  # the file that declares what starts a function, and from where
_LETTERS = frozenset(bytes((byte,)) for byte in b"abcdefghijklmnopqrstuvwxyz0123456789_")


class Words:
    """Of these, every project with a finding holds at least one; all in lower case.

    `modules` are whole words of code; `parts` may stand inside of others, and in settings too. `endings` are words that
    count only in files whose paths end so: a file with a finding of such a rule holds one itself. `first` is the number
    of the first of `every` part and such word in a vocabulary.
    """

    def __init__(
        self,
        modules: tuple[bytes, ...],
        parts: tuple[bytes, ...],
        endings: tuple[tuple[str, tuple[bytes, ...]], ...] = (),
        first: int = 0,
    ) -> None:
        self.modules, self.parts, self.endings = modules, parts, endings
        self.every = tuple(dict.fromkeys([*parts, *(word for _, words in endings for word in words)]))
        numbers = {word: number for number, word in enumerate(self.every, first)}
        self._parts = frozenset(numbers[word] for word in parts)
        self._endings = [(ending, frozenset(numbers[word] for word in words)) for ending, words in endings]
        self._modules: dict[bytes, list[bytes]] = {}
        for module in modules:
            self._modules.setdefault(runs_of(module)[0], []).append(module)

    def concern(self, path: str, text: Text, present: set[int]) -> bool:
        """Whether a file with this text, and these words of the vocabulary, may be the reason for a finding."""
        if not self._parts.isdisjoint(present):
            return True
        if any(path.endswith(ending) and not words.isdisjoint(present) for ending, words in self._endings):
            return True
        if not path.endswith(CODE):
            return False
        named = (module for run in text.runs & self._modules.keys() for module in self._modules[run])
        return any(_has_word(text.lower, module) for module in named)


class Prefilter:
    """The words, ready to be looked for in many files."""

    def __init__(self, words: Words) -> None:
        self._words, self._vocabulary = words, Vocabulary(rows_of(words.every))

    def may_concern(self, path: str, data: bytes) -> bool:
        """Whether a file may be the reason for a finding of a call or a declaration."""
        if path.rpartition("/")[2] == DECLARATIONS:
            return True
        text = Text(plain(data).lower())
        return self._words.concern(path, text, self._vocabulary.present(text))


def words_of(rulebook: Rulebook) -> Words:
    named = (rule for rule in rulebook.rules if not rule.hosts)
    optional = {options.name for options in rulebook.options}
    calls = (call for rule in named for call in rule.calls if call.old.symbol not in optional)
    modules = {call.old.symbol.partition(".")[0] for call in calls}
    modules |= {word for options in rulebook.options for word in options.words}
    parts = {word for rule in rulebook.rules if rule.request is not None for word in rule.request.words}
    parts |= {word for rule in rulebook.rules for word in rule.hosts}
    bindings = [rule.binding for rule in rulebook.rules if rule.binding is not None]
    modules |= {binding.module.partition(".")[0] for binding in bindings}
    parts |= {host for binding in bindings for host in binding.hosts}
    endings: dict[str, set[str]] = {}
    for rule in rulebook.rules:
        for ending, words in rule.words:
            endings.setdefault(ending, set()).update(words)
    by_ending = tuple((ending, _lower(found)) for ending, found in sorted(endings.items()))
    return Words(_lower(modules), _lower(parts), by_ending)


def _has_word(text: bytes, word: bytes) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if text[at - 1 : at] not in _LETTERS and text[end : end + 1] not in _LETTERS:
            return True
        at = text.find(word, at + 1)
    return False


def _lower(words: Iterable[str]) -> tuple[bytes, ...]:
    lower = {word.lower() for word in words if word}
    return tuple(sorted(word.encode() for word in lower))
