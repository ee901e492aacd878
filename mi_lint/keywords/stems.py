"""Short pieces that many words share: where a piece is missing, none of its words needs to be looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

LENGTH = 5  # measured: longer stems are shared by fewer words, shorter ones occur in more files


class Stem(NamedTuple):
    """A piece and the words that hold it, with their numbers."""

    piece: bytes
    words: tuple[tuple[int, bytes], ...]


def stems(words: Sequence[bytes]) -> tuple[Stem, ...]:
    """Stems that together stand for each word once. A word shorter than a stem is its own."""
    pieces = {number: _pieces(word) for number, word in enumerate(words)}
    found = []
    while pieces:
        counts = Counter(piece for held in pieces.values() for piece in held)
        piece = min(counts, key=lambda piece: (-counts[piece], piece))
        members = [number for number, held in pieces.items() if piece in held]
        found.append(Stem(piece, tuple((number, words[number]) for number in members)))
        for number in members:
            del pieces[number]
    return tuple(found)


def _pieces(word: bytes) -> frozenset[bytes]:
    if len(word) <= LENGTH:
        return frozenset([word])
    return frozenset(word[start : start + LENGTH] for start in range(len(word) - LENGTH + 1))
