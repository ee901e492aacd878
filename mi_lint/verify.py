"""Prove a change before anyone sees it: it parses, its names resolve, and a second run has nothing left to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mi_lint.errors import SourceError
from mi_lint.notebook import NotebookFile
from mi_lint.python.project import Module, parse_module
from mi_lint.textfile import TextFile
from mi_lint.workspace import Workspace

_WORD = re.compile(r"\w+")


def check_module(before: Module, text: str) -> Module | str:
    """Parse the new text of a module; a string says what is wrong with it."""
    file = before.file
    try:
        after = parse_module(TextFile(file.path, file.encode(text), text, file.encoding, file.bom))
    except (SourceError, UnicodeEncodeError):
        return f"the rewritten {before.path} would not parse"
    missing = after.names.unresolved() - before.names.unresolved()
    if missing:
        return f"the rewritten {before.path} would use names that are not defined: {', '.join(sorted(missing))}"
    if isinstance(file, NotebookFile):
        lost = before.names.module.bindings.keys() - after.names.module.bindings.keys()
        used = set(_WORD.findall("\n".join(aside.text for aside in file.asides if aside.is_code)))
        if lost & used:
            return f"a command in {before.path} may use {', '.join(sorted(lost & used))}"
    return after


def check_python(workspace: Workspace, texts: Mapping[str, str]) -> list[Module] | str:
    """Check all changed modules."""
    modules: list[Module] = []
    for path, text in texts.items():
        checked = check_module(workspace.project.modules[path], text)
        if isinstance(checked, str):
            return checked
        modules.append(checked)
    return modules
