"""The first questions of a scan about a file, from a table that needs no rules to be loaded."""

from __future__ import annotations

from mi_lint.prefilter import DECLARATIONS, Words
from mi_lint.runs import BASE64, longest_run
from mi_lint.transcode import plain
from mi_lint.vocabulary import Text, Vocabulary

TYPE_CHECKING = False  # `typing` itself would take a good part of the time that is saved here
if TYPE_CHECKING:
    from typing import Any

OWN_IGNORE = b"mi-lint:"
_PYTHON = (".py", ".pyi", ".pyw", ".pyx", ".ipynb")


class Questions:
    """`table` is what `known.write_table` wrote.

    Raises:
        KeyError, TypeError, ValueError, IndexError, AttributeError: it is something else; then or when it is asked.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        modules, parts = (tuple(word.encode() for word in words) for words in table["words"])
        endings = tuple((ending, tuple(word.encode() for word in words)) for ending, words in table["endings"])
        self._words = Words(modules, parts, endings, table["first"])
        rows = [(piece.encode(), [(number, word.encode()) for number, word in words]) for piece, words in table["rows"]]
        self._vocabulary = Vocabulary(rows)
        self._latest: tuple[bytes, Text, set[int]] = (b"", Text(b""), set())
        self._kinds, self._gates = table["kinds"], table["gates"]
        self._packed: int = table["packed"]
        self._exclude: list[str] = table["exclude"]
        self.max_size: int = table["max_size"]

    def leave_out(self, path: str) -> bool:
        """Whether the configuration excludes a file."""
        if not self._exclude:
            return False
        from mi_lint.globs import matches_any

        return matches_any(path, self._exclude)

    def may_concern(self, path: str, data: bytes) -> bool:
        """Whether a file may be the reason for a finding of a call or a declaration."""
        if path.rpartition("/")[2] == DECLARATIONS:
            return True
        return self._words.concern(path, *self._read(data))

    def may_hold(self, path: str, data: bytes) -> bool:
        """Whether a file may hold a secret, or an ignore that is reported where it hides nothing."""
        if b"\0" in data or OWN_IGNORE in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return True
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return self._may_hide(path, data) or self._has_kind(data)

    def _may_hide(self, path: str, data: bytes) -> bool:
        """Whether something may be encoded in it, or be put together from parts."""
        from mi_lint.secrets.assembly import may_assemble

        return longest_run(data, BASE64, self._packed) or (path.lower().endswith(_PYTHON) and may_assemble(data))

    def _has_kind(self, data: bytes) -> bool:
        _, present = self._read(data)
        gates = {
            gate
            for some, also, gate in self._kinds
            if not present.isdisjoint(some) and not (also and present.isdisjoint(also))
        }
        if not gates or -1 in gates:
            return bool(gates)
        from mi_lint.secrets.gate import passes

        chosen = [self._gates[number] for number in gates]
        return any(passes((letters.encode("latin-1"), least, digit), [data]) for letters, least, digit in chosen)

    def _read(self, data: bytes) -> tuple[Text, set[int]]:
        """A file's text and the words in it, once for all questions about it."""
        if data is not self._latest[0]:
            text = Text(plain(data).lower())
            self._latest = data, text, self._vocabulary.present(text)
        return self._latest[1:]
