"""What only served a secret in templates goes with it: variables, their values, and what modules were given for them.

A parameter of Bicep goes where no other file names it, since whoever deploys the template may pass it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from mi_lint.edits import TextEdit, apply, ordered
from mi_lint.errors import SourceError
from mi_lint.settings.formats import format_for
from mi_lint.settings.items import HCL, bodies
from mi_lint.settings.members import removed, without_block
from mi_lint.stacks import Stack, Stacks
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

Edits = dict[str, list[TextEdit]]
_VARIABLE = re.compile(r"(?<![\w.])var\.(\w+)")
_PARAMETER = re.compile(r"(?m)^(?:@[^\n]*\n)*param[ \t]+(?P<name>\w+)[ \t]+[^\n]*(?:\n|\Z)")


def swept(workspace: Workspace, stacks: Stacks, edits: Mapping[str, list[TextEdit]]) -> Edits:
    """All edits, with those that take away what nothing needs any more."""
    found = {path: list(known) for path, known in edits.items()}
    waiting = sorted(path for path in found if path.endswith(".tf"))
    for _ in range(6):
        folders = {path.rpartition("/")[0] for path in waiting}
        waiting = []
        for folder in sorted(folders):
            stack = stacks.of(f"{folder}/main.tf" if folder else "main.tf")
            for path, edit in _variables(workspace, stack, folder, found) if stack is not None else ():
                if _fits(found.setdefault(path, []), edit):
                    found[path].append(edit)
                    waiting.append(path)
        if not waiting:
            break
    for path in [path for path in found if path.endswith(".bicep")]:
        found[path] += _parameters(workspace, path, found[path])
    return found


def _fits(known: list[TextEdit], edit: TextEdit) -> bool:
    """Whether an edit is new, and touches nothing that another one changes."""
    return all(not other.span.overlaps(edit.span) for other in known)


# -- variables of Terraform --------------------------------------------------------------------------------------------


def _variables(workspace: Workspace, stack: Stack, folder: str, edits: Edits) -> Iterator[tuple[str, TextEdit]]:
    """Edits for the variables of a folder that its files named before the edits, and do not name after them."""
    declared = {p.resource.words[1]: p for p in stack.placed if p.resource.words[:-1] == ("variable",)}
    files = {placed.file.path: placed.file for placed in stack.placed}
    before = {name for file in files.values() for name in _VARIABLE.findall(file.text)}
    after = {name for file in files.values() for name in _VARIABLE.findall(apply(file.text, edits.get(file.path, [])))}
    for name in sorted((before - after) & declared.keys()):
        block = declared[name]
        yield from ((block.file.path, edit) for edit in without_block(block.file, HCL, block.resource.body))
        yield from _values(workspace, folder, name)
        yield from _arguments(workspace, folder, name)


def _values(workspace: Workspace, folder: str, name: str) -> Iterator[tuple[str, TextEdit]]:
    """Where a variable gets its value: files of values below the folder, and the environment of who runs Terraform."""
    for path in workspace.files:
        if path.endswith(".tfvars") and (not folder or path.startswith(f"{folder}/")):
            file = _text(workspace, path)
            read = bodies(file.text, HCL) if file is not None else None
            item = read[0].value(name) if read else None
            if file is not None and item is not None:
                yield from ((path, edit) for edit in removed(file, HCL, [item]))
    for entry in workspace.entries.get(f"TF_VAR_{name}", ()):
        found = format_for(entry).remove(workspace.text(entry.path), [entry])
        yield from ((entry.path, TextEdit(span, text)) for span, text in found)


def _arguments(workspace: Workspace, folder: str, name: str) -> Iterator[tuple[str, TextEdit]]:
    """What callers of a folder as a module give for a variable."""
    for path in workspace.files:
        if not path.endswith(".tf") or b"module" not in workspace.files[path]:
            continue
        file = _text(workspace, path)
        for body in (bodies(file.text, HCL) or ()) if file is not None else ():
            source, item = body.value("source"), body.value(name)
            if file is None or body.header[:1] != ("module",) or source is None or item is None:
                continue
            told = file.text[source.value.start + 1 : source.value.end - 1]
            here = path.rpartition("/")[0]
            if told.startswith(".") and posixpath.normpath(posixpath.join(here, told)) == (folder or "."):
                yield from ((path, edit) for edit in removed(file, HCL, [item]))


def _text(workspace: Workspace, path: str) -> TextFile | None:
    try:
        return workspace.text(path)
    except SourceError:
        return None


# -- parameters of Bicep -----------------------------------------------------------------------------------------------


def _parameters(workspace: Workspace, path: str, edits: list[TextEdit]) -> Iterator[TextEdit]:
    text = workspace.text(path).text
    after = apply(text, ordered(edits))
    for match in _PARAMETER.finditer(text):
        word = re.compile(rf"(?<!\w){match['name']}(?!\w)")
        if len(word.findall(after)) == 1 and len(word.findall(text)) > 1 and not _named(workspace, path, match["name"]):
            edit = TextEdit(Span(match.start(), match.end()), "")
            if _fits(edits, edit):
                yield edit


def _named(workspace: Workspace, path: str, name: str) -> bool:
    word = re.compile(rb"(?<!\w)" + name.encode() + rb"(?!\w)")
    return any(word.search(data) for other, data in workspace.files.items() if other != path)
