"""Everything that one analysis knows about a repository: modules, flow, references, setting definitions, other text.

Built once per state of the files; the stages after it only read it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from mi_lint.definitions import Definitions
from mi_lint.entry_names import family, file_of, option, place_in
from mi_lint.errors import SourceError
from mi_lint.notebook import NotebookFile, read_notebook
from mi_lint.python import classes
from mi_lint.python.flow import Flow
from mi_lint.python.knowledge import Knowledge
from mi_lint.python.project import Module, Project, parse_module
from mi_lint.python.references import References
from mi_lint.python.values import Carried, Setting, walk
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import SettingEntry
from mi_lint.textfile import TextFile, decode_text

_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True, eq=False)
class Workspace:
    """One state of a repository."""

    files: Mapping[str, bytes]
    project: Project
    known: Knowledge
    references: References
    flow: Flow
    errors: list[SourceError] = field(default_factory=list)
    _reads: dict[str, list[Setting]] | None = None
    _entries: dict[str, list[SettingEntry]] | None = None
    _texts: dict[str, TextFile] = field(default_factory=dict)
    _held: frozenset[str] = frozenset()  # addresses of values that are written in the repository

    @property
    def reads(self) -> dict[str, list[Setting]]:
        """Every read of a named setting in Python, by name."""
        if self._reads is None:
            self._reads = {}
            for setting in self._find_reads():
                self._reads.setdefault(setting.name, []).append(setting)
        return self._reads

    def section_of(self, name: str) -> str | None:
        """The section of a setting that the code reads from one; None for any other."""
        return next((read.section for read in self.reads.get(name, ())), None)

    def _find_reads(self) -> Iterator[Setting]:
        sections = self.flow.sections
        in_sections = sections.any()
        for module in self.project.modules.values():
            for node in list(module.names.scope_of):
                if isinstance(node, ast.Subscript | ast.Call):
                    target = node.value if isinstance(node, ast.Subscript) else node.func
                    symbol = self.project.qualified(module, target)
                    known = symbol is not None and symbol.name in self.known.readers
                    known = known or (in_sections and sections.read(module, node) is not None)
                    known = known or self.flow.trees.read(module, node) is not None
                    if known or self.flow.reader_of(module, node) is not None:
                        value = self.flow.trace(module, node)
                        if isinstance(value, Setting):
                            yield value
                elif isinstance(node, ast.Attribute) and self.flow.trees.read(module, node) is not None:
                    value = self.flow.trace(module, node)
                    if isinstance(value, Setting):
                        yield value
                elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    yield from self._field(module, node.target)

    def _field(self, module: Module, target: ast.Name) -> Iterator[Setting]:
        scope = module.names.scope_of[target]
        owner = classes.enclosing_class(module, scope) if scope.kind == "class" else None
        if owner is not None:
            value = self.flow.attribute(module, target, owner, target.id)
            if isinstance(value, Carried):
                own = module.names.statement(target)
                yield from (
                    item
                    for item in walk(value)
                    if isinstance(item, Setting)
                    and isinstance(item.node, ast.AnnAssign | ast.Constant)
                    and item.module.names.statement(item.node) is own
                )

    @property
    def entries(self) -> dict[str, list[SettingEntry]]:
        """Every definition of a setting in the settings files, by name."""
        if self._entries is None:
            found = Definitions(self.files, self.text, self.flow.trees, self.reads, self.errors)
            self._entries, self._held = found.by_name, found.held
        return self._entries

    def is_outside(self, entry: SettingEntry) -> bool:
        """Whether the value of an entry comes from a place that no file of the repository shows."""
        return bool(entry.origin) and not (self.entries and entry.address in self._held)

    def text(self, path: str) -> TextFile:
        """A file of the repository as text.

        Raises:
            SourceError: it is not text.
        """
        if path in self.project.modules:
            return self.project.modules[path].file
        if path not in self._texts:
            self._texts[path] = decode_text(path, self.files[path])
        return self._texts[path]

    def mentions(self, name: str) -> list[tuple[str, int]]:
        """Path and line of every file that names a setting but is neither Python nor a settings file we edit.

        An option of a section is named by files that have such a section too, or say `section.option`.
        """
        section = self.section_of(name)
        word = name if section is None else option(name)
        pattern = re.compile(rb"(?i)" * (section is not None) + _whole_word(word))
        plain = word.encode()
        found: list[tuple[str, int]] = []
        for path, data in self.files.items():
            module = self.project.modules.get(path)
            if module is not None and isinstance(module.file, NotebookFile):
                asides = ((aside, pattern.search(aside.text.encode())) for aside in module.file.asides)
                lines = (a.line + a.text.encode().count(b"\n", 0, m.start()) for a, m in asides if m is not None)
                found.extend((path, line) for line in islice(lines, 1))
            if module is not None or b"\0" in data[:8192]:
                continue
            if section is None and plain not in data:  # a search for the pattern takes a hundred times longer
                continue
            format_ = format_of(path)
            if section is None and format_ is not None and format_.whole:
                continue
            if section is not None and not _may_name(path, data, name, section):
                continue
            covered = self._covered(path, name)
            match = next((m for m in pattern.finditer(data) if m.start() not in covered), None)
            if match is not None:
                found.append((path, data.count(b"\n", 0, match.start()) + 1))
        return found

    def _covered(self, path: str, name: str) -> set[int]:
        """Where a file names a setting that it defines, in what changes with the definition: offsets in bytes."""
        format_ = format_of(path)
        found = set()
        for entry in self.entries.get(name, ()):
            if entry.path == path and format_ is not None:
                file = self.text(path)
                old = option(entry.name) if format_.in_sections else entry.name
                new = f"{entry.name}_"
                inside = [entry.name_span, *(span for span, _ in format_.rename(file, entry, new, None))]
                inside.append(entry.value_span)
                for span in inside:
                    for match in re.finditer(re.escape(old), file.text[span.start : span.end]):
                        found.add(file.byte_offset(span.start + match.start()))
        return found


def _may_name(path: str, data: bytes, name: str, section: str) -> bool:
    """Whether a file may name an option: because it has such a section, or speaks of the file with the tree."""
    file = file_of(name)
    if not file:
        return any(text.encode() in data for text in (f"[{section}]", name))
    place = place_in(name)
    spoken = file.encode() in data or ("." in place and place.encode() in data) or file in path.rpartition("/")[2]
    return spoken and family(path) != file


def _whole_word(text: str) -> bytes:
    return rb"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))" + re.escape(text.encode()) + rb"(?![A-Za-z0-9_])"


def build_workspace(files: Mapping[str, bytes], known: Knowledge) -> Workspace:
    """Parse and index a repository."""
    python = {path: data for path, data in files.items() if path.endswith(".py")}
    project, errors = Project.read(python)
    notebooks = [read_notebook(path, data) for path, data in files.items() if path.endswith(".ipynb")]
    project = project.replaced(parse_module(notebook) for notebook in notebooks if notebook is not None)
    return _workspace(files, project, known, errors)


def updated_workspace(workspace: Workspace, files: Mapping[str, bytes], modules: list[Module]) -> Workspace:
    """The workspace after some files changed; unchanged modules are not parsed again."""
    return _workspace(files, workspace.project.replaced(modules), workspace.known, list(workspace.errors))


def _workspace(files: Mapping[str, bytes], project: Project, known: Knowledge, errors: list[SourceError]) -> Workspace:
    references = References(project)
    flow = Flow(project, known, references)
    workspace = Workspace(files, project, known, references, flow, errors)
    flow.setting_values = lambda name: [
        entry.value for entry in workspace.entries.get(name, []) if not entry.origin and not entry.computed
    ]
    return workspace
