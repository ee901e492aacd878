"""Which of many words are in a text, at a price that hardly grows with their number.

A text is cut into runs of letters, digits and underscores. Files say the same again and again, and so do the files of a
project: each distinct run is looked at once. Its pieces of four letters are looked up in a table, whatever its size;
a word is compared only where one of its pieces is.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself takes longer to import than a question to answer
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Rows = Sequence[tuple[bytes, Sequence[tuple[int, bytes]]]]  # a piece, and the words that it stands for

_LENGTH = 4
_LETTERS = b"etaoinrslcdpmufghybvw_kx0123456789jqz"  # the frequent ones first
_RUNS = bytes(byte if byte in _LETTERS else ord(" ") for byte in range(256))
_LONG = 1 << 16  # bytes of distinct runs
_MOST = 100_000  # runs to remember


class Text:
    """A text in lower case, and its distinct runs."""

    def __init__(self, lower: bytes) -> None:
        self.lower = lower
        self.runs = set(runs_of(lower))


def runs_of(lower: bytes) -> list[bytes]:
    return lower.translate(_RUNS).split()


def rows_of(words: Iterable[bytes]) -> Rows:
    """The table of a vocabulary: each word, numbered in order and in lower case, with the piece that stands for it."""
    rows: dict[bytes, list[tuple[int, bytes]]] = {}
    for number, word in enumerate(words):
        rows.setdefault(_piece(word), []).append((number, word))
    return list(rows.items())


def _piece(word: bytes) -> bytes:
    """The rarest piece of a word; its longest run where all are short."""
    runs = runs_of(word)
    pieces = [run[at : at + _LENGTH] for run in runs for at in range(len(run) - _LENGTH + 1)]
    return max(pieces or runs, key=lambda piece: (len(piece), sum(map(_LETTERS.index, piece))), default=b"")


class Vocabulary:
    """Words to look for, from the rows that `rows_of` made."""

    def __init__(self, rows: Rows) -> None:
        self._rows: dict[bytes, list[tuple[int, bytes]]] = {}
        self._short: list[bytes] = []
        self._signed: dict[int, bytes] = {}  # a word with other signs in it is in no run
        self._always: list[int] = []
        for piece, words in rows:
            for number, word in words:
                signed = bool(word.translate(None, _LETTERS))
                if signed:
                    self._signed[number] = word
                self._rows.setdefault(piece, []).append((number, piece if signed else word))
            if not piece:
                self._always = [number for number, _ in words]
            elif len(piece) < _LENGTH:
                self._short.append(piece)
        self._seen: set[bytes] = set()
        self._held: dict[bytes, list[int]] = {}

    def present(self, text: Text) -> set[int]:
        """The numbers of the words that occur anywhere in the text."""
        fresh = text.runs - self._seen
        if fresh:
            self._look_at(fresh)
        found = {*self._always, *(number for run in text.runs & self._held.keys() for number in self._held[run])}
        return {number for number in found if number not in self._signed or self._signed[number] in text.lower}

    def _look_at(self, runs: set[bytes]) -> None:
        if len(self._seen) > _MOST:
            self._seen.clear()  # what they held stays true
        self._seen |= runs
        joined = b" ".join(runs) + b" "
        if len(joined) > _LONG:  # then a search per piece takes less, of time and of memory
            met = {piece for piece in self._rows if piece in joined}
        else:
            pieces = {joined[at : at + _LENGTH] for at in range(len(joined) - _LENGTH + 1)}
            met = {piece for piece in self._short if piece in joined} | (self._rows.keys() & pieces)
        for piece in met:
            for number, needle in self._rows[piece]:
                for run in _holders(needle, joined):
                    self._held.setdefault(run, []).append(number)


def _holders(needle: bytes, joined: bytes) -> Iterable[bytes]:
    """The runs in which it is; each of them ends with a space."""
    at = joined.find(needle)
    while at >= 0:
        end = joined.index(b" ", at)
        yield joined[joined.rfind(b" ", 0, at) + 1 : end]
        at = joined.find(needle, end)
