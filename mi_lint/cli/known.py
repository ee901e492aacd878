"""What a scan takes from the verdicts of earlier ones, and leaves for later ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mi_lint import cache
from mi_lint.cache import BINARY, CLEAN, CONCERNS, Verdicts
from mi_lint.cli.questions import OWN_IGNORE
from mi_lint.files import Project
from mi_lint.prefilter import Prefilter, Words

if TYPE_CHECKING:
    from mi_lint.config import Config
    from mi_lint.secrets.run import Settings


@dataclass(slots=True)
class Known:
    """Verdicts about the files of a project as they are on disk; `key` tells the state of all else."""

    project: Project
    verdicts: Verdicts
    key: str

    def concerning(self, words: Words) -> bool:
        """Whether any file may be the reason for a finding of a call or a declaration."""
        found, prefilter = False, Prefilter(words)
        for path, data in self.project.files.items():
            verdict = self._of(path)
            if verdict is None:
                verdict = CONCERNS if prefilter.may_concern(path, data) else 0
                self._note(path, verdict)
            found = found or bool(verdict & CONCERNS)
        return found

    def unknown(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Those files that may hold a secret."""
        return {path: data for path, data in files.items() if not (self._of(path) or 0) & CLEAN}

    def clean(self, files: Mapping[str, bytes], dirty: Collection[str]) -> None:
        """These files were searched for secrets, and only the dirty ones hold some."""
        for path, data in files.items():
            if path not in dirty and OWN_IGNORE not in data:
                self._note(path, (self._of(path) or 0) | CLEAN)

    def save(self) -> None:
        for path in self.project.status.keys() - self.project.files.keys():
            self._note(path, BINARY)
        if not self.project.errors:
            self.verdicts.keep(self.project.status)
        self.verdicts.save()

    def _of(self, path: str) -> int | None:
        status = self.project.status.get(path)
        return None if status is None else self.verdicts.of(path, status)

    def _note(self, path: str, verdict: int) -> None:
        status = self.project.status.get(path)
        if status is not None:
            self.verdicts.note(path, status, verdict)


def write_table(key: str, words: Words, settings: Settings, config: Config) -> None:
    """Leave the first questions of this scan to those that follow; once per state."""
    from mi_lint.cli.quick import table_path

    path = table_path(key)
    if path and not cache.read(path):
        cache.write(path, table_of(words, settings, config))


def table_of(words: Words, settings: Settings, config: Config) -> dict[str, Any]:
    """The first questions, for `Questions`."""
    from mi_lint.secrets.run import detector_for
    from mi_lint.secrets.scan import ENCODED_RUN
    from mi_lint.vocabulary import rows_of

    rows, spelled = detector_for(settings).table()
    pieces = rows_of([*spelled, *words.every])
    gates = list(dict.fromkeys(gate for _, _, gate in rows if gate is not None))
    return {
        "words": [[word.decode() for word in group] for group in (words.modules, words.parts)],
        "endings": [[ending, [word.decode() for word in found]] for ending, found in words.endings],
        "first": len(spelled),
        "rows": [[piece.decode(), [[n, word.decode()] for n, word in held]] for piece, held in pieces],
        "kinds": [[sorted(a), sorted(b), -1 if gate is None else gates.index(gate)] for a, b, gate in rows],
        "gates": [[letters.decode("latin-1"), least, digit] for letters, least, digit in gates],
        "packed": ENCODED_RUN,
        "exclude": list(config.exclude),
        "max_size": config.max_file_size,
    }
