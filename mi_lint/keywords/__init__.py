"""Which of many words a file holds, asked of raw bytes before anything is parsed.

Three engines give the same answer: hyperscan, an Aho-Corasick automaton, and the standard library. The first that is
installed is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from threading import Lock
from typing import Any, Protocol

from mi_lint.keywords.stems import stems

ENGINES = ("hyperscan", "ahocorasick", "re")
_WINDOW = 1 << 20  # bytes that the automaton gets at a time, which bounds its list of matches


class Matcher(Protocol):
    """`present(data)`: the numbers of the words that occur anywhere in `data`, compared without ASCII case."""

    def present(self, data: bytes) -> frozenset[int]: ...


def matcher(words: Sequence[bytes], engine: str = "auto") -> Matcher:
    """A matcher for the words.

    Raises:
        ValueError: the engine is unknown, not installed or does not run here; or a word is empty.
    """
    if engine != "auto" and engine not in ENGINES:
        raise ValueError(f"unknown engine '{engine}'; use one of auto, {', '.join(ENGINES)}")
    if not all(words):
        raise ValueError("an empty word is in every file")
    lowered = tuple(word.lower() for word in words)
    if engine == "auto" or not lowered:
        return _first(lowered)
    try:
        return _MAKERS[engine](lowered)
    except ImportError:
        raise ValueError(f"the engine '{engine}' is not installed; `pip install mi-lint[fast]` brings it") from None
    except Exception as error:  # each library has errors of its own
        raise ValueError(f"the engine '{engine}' does not run here: {error}") from error


def _first(words: tuple[bytes, ...]) -> Matcher:
    for engine in ("hyperscan", "ahocorasick"):
        try:
            return _MAKERS[engine](words)
        except Exception:  # a broken installation of an optional engine must not stop a scan
            continue
    return _Plain(words)


class _Plain:
    """The standard library: a substring search per stem, and per word of the stems that are there."""

    def __init__(self, words: tuple[bytes, ...]) -> None:
        self._stems = stems(words)

    def present(self, data: bytes) -> frozenset[int]:
        lower = data.lower()
        return frozenset(
            number for stem in self._stems if stem.piece in lower for number, word in stem.words if word in lower
        )


class _Automaton:
    """ahocorasick_rs over lower-case bytes. Overlapping matches count: one word may hold another."""

    def __init__(self, words: tuple[bytes, ...]) -> None:
        library: Any = import_module("ahocorasick_rs")
        self._automaton = library.BytesAhoCorasick(list(words), implementation=library.Implementation.DFA)
        self._reach = _WINDOW + max(map(len, words), default=1) - 1

    def present(self, data: bytes) -> frozenset[int]:
        found: set[int] = set()
        for start in range(0, len(data), _WINDOW):
            window = data[start : start + self._reach].lower()
            found.update(match[0] for match in self._automaton.find_matches_as_indexes(window, overlapping=True))
        return frozenset(found)


class _Hyperscan:
    """hyperscan with one caseless literal a word, each reported once."""

    def __init__(self, words: tuple[bytes, ...]) -> None:
        library: Any = import_module("hyperscan")
        flags = library.HS_FLAG_CASELESS | library.HS_FLAG_SINGLEMATCH
        self._lock = Lock()  # the database has one scratch space
        self._database = library.Database(mode=library.HS_MODE_BLOCK)
        self._database.compile(
            expressions=[_escaped(word) for word in words],
            ids=list(range(len(words))),
            elements=len(words),
            flags=[flags] * len(words),
        )

    def present(self, data: bytes) -> frozenset[int]:
        found: set[int] = set()
        with self._lock:
            self._database.scan(data, match_event_handler=lambda number, *_: found.add(number))
        return frozenset(found)


def _escaped(word: bytes) -> bytes:
    """A literal as a pattern: the library's own literals end at a zero byte."""
    return b"".join(b"\\x%02x" % byte for byte in word)


_MAKERS: dict[str, Callable[[tuple[bytes, ...]], Matcher]] = {
    "hyperscan": _Hyperscan,
    "ahocorasick": _Automaton,
    "re": _Plain,
}
