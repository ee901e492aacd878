"""The first questions of a scan about a file, from a table that needs no rules to be loaded."""

from __future__ import annotations

from mi_lint.prefilter import Words, may_concern
from mi_lint.runs import BASE64, longest_run

TYPE_CHECKING = False  # `typing` itself would take a good part of the time that is saved here
if TYPE_CHECKING:
    from typing import Any

OWN_IGNORE = b"mi-lint:"
_RARE = "%~&\\+-/."  # where a file has none of a sign, no word with it needs to be looked for
_PYTHON = (".py", ".pyi", ".pyw", ".pyx", ".ipynb")


class Questions:
    """`table` is what `known.write_table` wrote.

    Raises:
        KeyError, TypeError, ValueError, IndexError, AttributeError: it is something else; then or when it is asked.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        modules, parts = (tuple(word.encode() for word in words) for words in table["words"])
        endings = tuple((ending, tuple(word.encode() for word in words)) for ending, words in table["endings"])
        self._words = Words(modules, parts, endings)
        self._stems: dict[bytes, list[tuple[bytes, list[tuple[int, bytes]]]]] = {}
        for stem, words in table["stems"]:
            rare = next((sign for sign in _RARE if sign in stem), "").encode()
            entry = (stem.encode(), [(number, word.encode()) for number, word in words])
            self._stems.setdefault(rare, []).append(entry)
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
        return may_concern(path, data, self._words)

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
        lower = data.lower()
        stems = [stem for rare, group in self._stems.items() if rare in lower for stem in group]
        present = {number for stem, words in stems if stem in lower for number, word in words if word in lower}
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
