"""Where the settings of a repository are defined: what all its files say, and which definitions are one value.

A value may be written in one file, taken by a second one under another key, and read by a third under a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from mi_lint.entry_names import family
from mi_lint.errors import SourceError
from mi_lint.python.loaded import Trees
from mi_lint.python.values import Setting
from mi_lint.settings.formats import TREES, format_of
from mi_lint.settings.model import SettingEntry
from mi_lint.settings.trees import unread
from mi_lint.textfile import TextFile

_LARGEST = 200_000  # bytes of a file of configuration; what is larger is data
Entries = dict[str, list[SettingEntry]]


class Definitions:
    """`by_name` are the definitions of each setting; `held` the addresses of values that the repository has."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        text: Callable[[str], TextFile],
        trees: Trees,
        reads: Mapping[str, list[Setting]],
        errors: list[SourceError],
    ) -> None:
        self.by_name: Entries = {}
        self._files = files
        self._text = text
        self._errors = errors
        for entry in (*self._plain_entries(), *self._tree_entries(trees)):
            self.by_name.setdefault(entry.name, []).append(entry)
        self._in_any_case(reads)
        self.held = self._follow_addresses()

    def _plain_entries(self) -> Iterator[SettingEntry]:
        for path, data in self._files.items():
            format_ = format_of(path)
            if format_ is None or b"\0" in data[:8192]:
                continue
            try:
                file = self._text(path)
            except SourceError as error:
                if format_.whole:  # others are read here only because of their name
                    self._errors.append(error)
                continue
            yield from format_.entries(file)

    def _tree_entries(self, trees: Trees) -> Iterator[SettingEntry]:
        """What stands in the files of configuration that the code loads."""
        forms = dict(trees.families()) if trees.any else {}
        for path, data in self._files.items() if forms else ():
            form = forms.get(family(path))
            if form is None or path.endswith(".py") or b"\0" in data[:8192]:
                continue
            if len(data) > _LARGEST:
                yield unread(path, form)
                continue
            try:
                yield from TREES[form].entries(self._text(path))
            except SourceError as error:
                self._errors.append(error)

    def _in_any_case(self, reads: Mapping[str, list[Setting]]) -> None:
        """A definition in another case is one too where the code reads the setting so."""
        wanted = {read.name.upper(): read.name for found in reads.values() for read in found if read.any_case}
        for name in [name for name in self.by_name if name not in reads and name.upper() in wanted]:
            own = wanted[name.upper()]
            self.by_name.setdefault(own, []).extend(replace(entry, name=own) for entry in self.by_name.pop(name))

    def _follow_addresses(self) -> frozenset[str]:
        """What one file takes from another under some key is a definition of the setting that it takes it for."""
        entries = self.by_name
        held: Entries = {}
        takers: dict[str, set[str]] = {}
        prefixed: list[SettingEntry] = []
        for entry in (entry for named in entries.values() for entry in named if entry.address):
            if entry.address.endswith("/"):
                prefixed.append(entry)
            elif entry.provides:
                held.setdefault(entry.provides, []).append(entry)
            elif entry.origin:
                takers.setdefault(entry.address, set()).add(entry.name)
            else:
                held.setdefault(entry.address, []).append(entry)
        for entry in (entry for own in held.values() for entry in own if entry.provides):
            takers.setdefault(entry.address, set()).update(takers.get(entry.provides, {entry.name}))
        for address, names in takers.items():
            own = held.get(address, [])
            elsewhere = {e.name for e in own for other in entries[e.name] if other.address != address}
            if own and len(names | elsewhere) > 1 and not all(entry.provides for entry in own):
                self._keep_shared(address, names)
            else:
                for name in names:
                    entries[name] += [replace(entry, name=name) for entry in own if entry.name != name]
        for taker in prefixed:
            for entry in (e for address, own in held.items() if address.startswith(taker.address) for e in own):
                name = f"{taker.name}{entry.name}"
                entries.setdefault(name, []).append(replace(entry, name=name, prefix=taker.name))
        return frozenset(held)

    def _keep_shared(self, address: str, names: set[str]) -> None:
        """A value that is taken under several names serves others too: nobody may rename it, or take it away."""
        entries = self.by_name
        for name, found in entries.items():
            entries[name] = [e for e in found if e.origin or e.address != address]
        for name in names:
            entries[name] = [replace(e, origin="", address="") if e.address == address else e for e in entries[name]]
