"""What else may see an option of a section, or a leaf of a tree: interpolation, loops over a section, plain strings.

An option is renamed only where none of these can be touched by it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mi_lint.entry_names import file_of, option, place_in
from mi_lint.python.values import Setting
from mi_lint.settings.formats import FORMATS
from mi_lint.settings.model import SettingEntry
from mi_lint.templates import parse_connection_string
from mi_lint.workspace import Workspace

_DEFAULT = "DEFAULT"
_INTERPOLATION = re.compile(r"%\(\w|\$\{")


def obstacles(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Why an option cannot get another name, as sentence parts."""
    assert setting.section is not None
    spelled = setting.spelled
    for entry in workspace.entries.get(setting.name, ()):
        if _INTERPOLATION.search(entry.value) and not parse_connection_string(entry.value):
            yield f"the value of {spelled} at {_place(workspace, entry)} is put together from other values"
    if file_of(setting.section):
        yield from _tree_references(workspace, setting)
    else:
        yield from _namesakes(workspace, setting)
        yield from _references(workspace, setting)
    for place in other_strings(workspace, setting):
        yield f"{spelled} is also named at {place}, outside a plain read of the option"
    for place in whole_uses(workspace, setting):
        yield f"the section {place_in(setting.section) or file_of(setting.section)} is used as a whole at {place}"


def whole_uses(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Places that hand on the section of an option."""
    sections, trees = workspace.flow.sections, workspace.flow.trees
    if setting.section is not None and file_of(setting.section):
        yield from (f"{module.path}:{node.lineno}" for module, node in trees.whole_uses(setting.section))
        return
    for module in workspace.project.modules.values():
        if sections.any() and setting.section is not None:
            for node in sections.whole_uses(module, setting.section):
                yield f"{module.path}:{node.lineno}"


def other_strings(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Places of strings that spell an option, in any case, without being a read: where a parser is in reach."""
    known = {read.name_node for reads in workspace.reads.values() for read in reads}
    sections = workspace.flow.sections
    if setting.section is not None and file_of(setting.section):
        near = set(workspace.flow.trees.near)
    else:
        parsing = [path for path, module in workspace.project.modules.items() if sections.parses(module)]
        near = {other for path in parsing for other in workspace.project.importers(path)}
    read = workspace.flow.trees.read(setting.module, setting.node) if isinstance(setting.node, ast.expr) else None
    by_attribute = read is not None and read.part.loaded.attributes
    wanted = setting.spelled.lower()
    for path in sorted(near):
        module = workspace.project.modules[path]
        for node in module.names.scope_of:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in known:
                spells = node.value.lower() == wanted
            else:
                spells = by_attribute and isinstance(node, ast.Attribute) and node.attr.lower() == wanted
                spells = spells and node not in known
            if spells:
                yield f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def _tree_references(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Other values of the tree that an interpolation puts a leaf into."""
    pattern = re.compile(rf"\$\{{[^{{}}]*(?<![\w.]){re.escape(place_in(setting.name).lstrip('.'))}(?![\w.])")
    for entries in workspace.entries.values():
        for entry in entries:
            if entry.form and file_of(entry.name) == file_of(setting.name) and pattern.search(entry.value):
                yield f"the value at {_place(workspace, entry)} refers to {setting.spelled}"


def other_value_uses(workspace: Workspace, entry: SettingEntry) -> Iterator[str]:
    """Places of a chart that take the same value in a way that does not move with the setting."""
    if not entry.address.startswith("value/"):
        return
    pattern = re.compile(rf"\.Values\.({re.escape(entry.address.removeprefix('value/'))})(?![\w.])")
    known = {e.path for found in workspace.entries.values() for e in found if e.address == entry.address}
    for path, data in workspace.files.items():
        if path not in known and b".Values." in data and "/templates/" in f"/{path}":
            file = workspace.text(path)
            for match in pattern.finditer(file.text):
                yield f"{path}:{file.line_column(match.start(1))[0]}"


def _namesakes(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Entries and reads of the same option that may be the same setting under another name."""
    wanted = setting.spelled.lower()
    entries = [entry for found in workspace.entries.values() for entry in found if _last(entry.name) == wanted]
    for entry in entries:
        section, _, spelled = entry.name.rpartition(".")
        if section == setting.section and spelled != setting.spelled:
            yield f"it is spelled {spelled} at {_place(workspace, entry)}"
        elif section != setting.section and _DEFAULT in (section, setting.section):
            yield f"{_place(workspace, entry)} sets {spelled} in another section, and [{_DEFAULT}] is seen from all"
    for reads in workspace.reads.values():
        for read in reads:
            if read.section is None or read.name == setting.name or read.spelled.lower() != wanted:
                continue
            if read.section == setting.section or _DEFAULT in (read.section, setting.section):
                line = getattr(read.node, "lineno", 1)
                yield f"{read.module.path}:{line} may read the same option under another name"


def _references(workspace: Workspace, setting: Setting) -> Iterator[str]:
    """Other values that an interpolation puts the option into."""
    paths = {entry.path for found in workspace.entries.values() for entry in found}
    for path in sorted(paths):
        for format_ in FORMATS:
            if format_.in_sections and format_.matches(path):
                for span in format_.references(workspace.text(path), setting.name):
                    line, _ = workspace.text(path).line_column(span.start)
                    yield f"the value at {path}:{line} refers to {setting.spelled}"


def _last(name: str) -> str:
    return option(name).lower()


def _place(workspace: Workspace, entry: SettingEntry) -> str:
    return f"{entry.path}:{workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
