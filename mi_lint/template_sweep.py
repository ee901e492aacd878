"""What only served a secret in templates goes with it: variables, their values, and what modules were given for them.

A parameter of Bicep goes where no other file names it, since whoever deploys the template may pass it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from mi_lint.edits import TextEdit, apply
from mi_lint.errors import SourceError
from mi_lint.settings.formats import format_for
from mi_lint.settings.items import BICEP, HCL, Body, bodies
from mi_lint.settings.members import removed, without_block
from mi_lint.stacks import Stacks
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

Edits = dict[str, list[TextEdit]]
VARIABLE = re.compile(r"(?<![\w.])var\.(\w+)")
_OTHER_TEXT = (".tf", ".tfvars", ".bicep", ".py", ".ipynb", ".md", ".rst", ".txt")
_LOCAL = re.compile(r"(?<![\w.])local\.(\w+)")
_PARAMETER = re.compile(r"(?m)^(?:@[^\n]*\n)*(?P<kind>param|var)[ \t]+(?P<name>\w+)[ \t=](?P<value>[^\n]*)(?:\n|\Z)")


def swept(workspace: Workspace, stacks: Stacks, edits: Mapping[str, list[TextEdit]]) -> Edits:
    """All edits, with those that take away what nothing needs any more."""
    found = {path: list(known) for path, known in edits.items()}
    waiting = set(found)
    for _ in range(6):
        more = [
            *(item for folder in _folders(waiting) for item in _variables(workspace, stacks, folder, found)),
            *(item for path in sorted(waiting) for item in _parameters(workspace, path, found)),
        ]
        waiting = set()
        for path, edit in more:
            if _fits(found.setdefault(path, []), edit):
                found[path].append(edit)
                waiting.add(path)
    return found


def _folders(paths: Iterable[str]) -> list[str]:
    return sorted({path.rpartition("/")[0] for path in paths if path.endswith(".tf")})


def _fits(known: list[TextEdit], edit: TextEdit) -> bool:
    """Whether an edit is new, and touches nothing that another one changes."""
    return all(not other.span.overlaps(edit.span) for other in known)


# -- variables of Terraform --------------------------------------------------------------------------------------------


def _variables(workspace: Workspace, stacks: Stacks, folder: str, edits: Edits) -> Iterator[tuple[str, TextEdit]]:
    """Edits for the variables of a folder that its files named before the edits, and do not name after them."""
    stack = stacks.of(f"{folder}/main.tf" if folder else "main.tf")
    if stack is None:
        return
    declared = {p.resource.words[1]: p for p in stack.placed if p.resource.words[:-1] == ("variable",)}
    files = {placed.file.path: placed.file for placed in stack.placed}
    before = {name for file in files.values() for name in VARIABLE.findall(file.text)}
    after = {name for file in files.values() for name in VARIABLE.findall(apply(file.text, edits.get(file.path, [])))}
    yield from _locals(files.values(), edits)
    for name in sorted((before - after) & declared.keys()):
        if passed_by_hand(workspace, folder, name):
            continue
        block = declared[name]
        yield from ((block.file.path, edit) for edit in without_block(block.file, HCL, block.resource.body))
        yield from _values(workspace, folder, name)
        yield from _arguments(workspace, folder, name)


def _locals(files: Iterable[TextFile], edits: Edits) -> Iterator[tuple[str, TextEdit]]:
    """Edits for local values that the files named before the edits, and do not name after them."""
    known = list(files)
    before = {name for file in known for name in _LOCAL.findall(file.text)}
    after = {name for file in known for name in _LOCAL.findall(apply(file.text, edits.get(file.path, [])))}
    for file in known if before - after else ():
        for body in bodies(file.text, HCL) or ():
            if body.header == ("locals",):
                for item in body.items:
                    if item.name in before - after:
                        yield from ((file.path, edit) for edit in removed(file, HCL, [item]))


def passed_by_hand(workspace: Workspace, folder: str, name: str) -> list[tuple[str, int]]:
    """Where files that are not read as templates name a variable: they may pass it, so it has to stay for now.

    Path and line; none for the variables of a folder that is only a module.
    """
    if any(True for _ in _arguments(workspace, folder, name)):
        return []
    known = {entry.path for entry in workspace.entries.get(f"TF_VAR_{name}", ())}
    return [*_named(workspace, name), *(p for p in _named(workspace, f"TF_VAR_{name}") if p[0] not in known)]


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


def _named(workspace: Workspace, name: str) -> Iterator[tuple[str, int]]:
    """Path and line of what names a variable, but for templates, code and what only tells of it."""
    word = re.compile(rb"(?<!\w)" + name.encode() + rb"(?!\w)")
    for path, data in workspace.files.items():
        match = word.search(data) if name.encode() in data and not path.endswith(_OTHER_TEXT) else None
        if match is not None and b"\0" not in data[:8192]:
            yield path, data.count(b"\n", 0, match.start()) + 1


def _text(workspace: Workspace, path: str) -> TextFile | None:
    try:
        return workspace.text(path)
    except SourceError:
        return None


# -- parameters of Bicep -----------------------------------------------------------------------------------------------


def _parameters(workspace: Workspace, path: str, edits: Edits) -> Iterator[tuple[str, TextEdit]]:
    """Edits for the parameters of a template that it named before the edits, and only declares after them."""
    if not path.endswith(".bicep"):
        return
    text = workspace.text(path).text
    after = apply(text, edits[path])
    callers = list(_callers(workspace, path))
    for match in _PARAMETER.finditer(text):
        name = match["name"]
        word = re.compile(rf"(?<!\w){name}(?!\w)")
        idle = len(word.findall(after)) == 1 and len(word.findall(text)) > 1
        whole = bodies(match["value"], BICEP) is not None
        own = match["kind"] == "var" or callers or not any(_named(workspace, name))
        if idle and whole and own:
            yield path, TextEdit(Span(match.start(), match.end()), "")
            for file, body in callers:
                item = body.value(name)
                if item is not None:
                    yield from ((file.path, edit) for edit in removed(file, BICEP, [item]))


def _callers(workspace: Workspace, path: str) -> Iterator[tuple[TextFile, Body]]:
    """The parameters that other templates give to one as a module."""
    for other in workspace.files:
        if not other.endswith(".bicep") or b"module" not in workspace.files[other]:
            continue
        file = _text(workspace, other)
        for body in (bodies(file.text, BICEP) or ()) if file is not None else ():
            module = body.parent.header if body.parent is not None and body.owner == "params" else ()
            here = posixpath.join(other.rpartition("/")[0], module[2]) if len(module) > 2 else ""
            if file is not None and module[:1] == ("module",) and posixpath.normpath(here) == path:
                yield file, body
