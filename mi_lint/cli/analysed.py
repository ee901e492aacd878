"""What the analysis of a whole project finds: made now, or known from an earlier run over the same files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mi_lint import remembered
from mi_lint.cli.questions import OWN_IGNORE
from mi_lint.errors import SourceError
from mi_lint.findings import Finding, Place
from mi_lint.notebook import read_notebook
from mi_lint.remembered import Remembered
from mi_lint.textfile import Span, TextFile, decode_python, decode_text

if TYPE_CHECKING:
    from mi_lint.engine import Analysis
    from mi_lint.files import Project
    from mi_lint.secrets.run import Settings

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Analysed:
    """Findings of the whole project, the texts in which they are shown, and the analysis if there was one."""

    found: Remembered
    sources: dict[str, TextFile]
    analysis: Analysis | None = None


def analysed(
    project: Project, analyse: Callable[[], Analysis], settings: Settings, state: str, options: str
) -> Analysed:
    """The result of `analyse`. `state` and `options` are the key of all but the files.

    Where `state` is empty nothing is remembered.
    """
    root, texts = str(project.root), _Texts(project.files)
    key = remembered.key_of(state, options, project.files) if state else ""
    known = remembered.load(root, key, texts.get) if key else None
    if known is not None:
        paths = {*_paths([*known.calls, *known.values]), *_marked(project.files)}
        return Analysed(known, {path: file for path in paths if (file := texts.get(path)) is not None})
    made = _made(project.files, analyse(), settings)
    if key:
        from mi_lint.report.redact import redactor_for

        redactor = redactor_for([*made.found.calls, *made.found.values], made.sources)
        remembered.save(root, key, made.found, texts.get, redactor.prose)
    return made


def _made(files: Iterable[str], analysis: Analysis, settings: Settings) -> Analysed:
    from mi_lint.cli.known_by_use import known_by_use
    from mi_lint.uses import uses_of

    texts = analysis.sources
    sources = {path: file for path in files if (file := texts.get(path)) is not None}
    values = []
    if settings.kinds:
        values = known_by_use(uses_of(analysis.workspace, analysis.plans), sources, settings)
    return Analysed(Remembered(list(analysis.findings), values, list(analysis.errors)), sources, analysis)


class _Texts:
    """The files of a project as an analysis reads them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._read: dict[str, TextFile | None] = {}

    def get(self, path: str) -> TextFile | None:
        if path not in self._read:
            self._read[path] = self._decoded(path) if path in self._files else None
        return self._read[path]

    def _decoded(self, path: str) -> TextFile | None:
        data = self._files[path]
        notebook = read_notebook(path, data) if path.endswith(".ipynb") else None
        if notebook is not None:
            return notebook.in_file(Span(0, 0))[0]
        for decode in (decode_python, decode_text) if path.endswith(".py") else (decode_text,):
            try:
                return decode(path, data)
            except SourceError:
                continue
        return None


def _paths(findings: Iterable[Finding]) -> Iterator[str]:
    """The files in which something of the findings stands."""
    for finding in findings:
        places: list[Place] = [finding.place, *finding.related, *finding.parts, *finding.also, *finding.hidden]
        places += [finding.source.place] if finding.source and finding.source.place else []
        places += [edit.place for edit in finding.fix.edits] if finding.fix else []
        yield from (place.path for place in places)


def _marked(files: Mapping[str, bytes]) -> Iterator[str]:
    """Files with an ignore, and those in which one would have other bytes."""
    return (path for path, data in files.items() if OWN_IGNORE in data or data.startswith(_UTF16))
