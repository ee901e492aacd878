"""Which reader understands a file: its named values, by what its name says about its format."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

from mi_lint.documents.decode import json_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View
from mi_lint.lexical import pieces

_READERS = (
    (re.compile(r"(?i)\.(?:py|pyi|pyw)$"), "python_"),
    (
        re.compile(
            r"(?i)\.(?:json|jsonc|json5|jsonl|ndjson|webmanifest|har|code-workspace)$|(?:^|/)\.dockerconfigjson$"
        ),
        "json_",
    ),
    (re.compile(r"(?i)\.(?:ya?ml)$"), "yaml_"),
    (
        re.compile(
            r"(?i)\.(?:xml|config|publishsettings|pubxml|csproj|props|targets|xaml|resx|settings|plist|svg|html?)$"
        ),
        "xml_",
    ),
)
_SHORTEST = 8  # characters of a comment or string that may hold a name and a value
_NOTEBOOK = re.compile(r"(?i)\.ipynb$")
_PYTHON = _READERS[0][0]


def named_values(path: str, text: str) -> list[NamedValue]:
    """The named values of a file by its own format; empty where no special reader fits."""
    if _NOTEBOOK.search(path):
        return _notebook(text)
    for pattern, module in _READERS:
        if pattern.search(path):
            return _reader(module)(text)
    return []


def loose_values(view: View) -> list[NamedValue]:
    """Values with names in any text, read line by line."""
    found = _reader("assignments")(view.text)
    if view.plain and view.text and view.starts[0] == 0:
        return found
    return [NamedValue(nv.name, nv.value.through(view), nv.path, -nv.group - 1) for nv in found if nv.value.text]


def loose_in_python(view: View) -> list[NamedValue]:
    """Values with names inside of the comments and strings of Python: code itself has a reader of its own."""
    found: list[NamedValue] = []
    for piece in pieces(view.text):
        if piece.end - piece.start >= _SHORTEST:
            part = view[piece.start : piece.end]
            found += loose_values(part if piece.comment else json_text(part))
    return found


def is_python(path: str) -> bool:
    return bool(_PYTHON.search(path) or _NOTEBOOK.search(path))


def _reader(module: str) -> Callable[[str], list[NamedValue]]:
    values: Callable[[str], list[NamedValue]] = import_module(f"mi_lint.documents.{module}").values
    return values


def _notebook(text: str) -> list[NamedValue]:
    """The cells of a notebook: code as Python, everything else as text without names."""
    cells = import_module("mi_lint.documents.notebook").cells(text)
    found: list[NamedValue] = []
    for number, cell in enumerate(cells):
        found.append(NamedValue("", cell.view, (cell.kind,), -number))
        if cell.kind == "code":
            for nv in _reader("python_")(cell.view.text):
                if nv.value.text:
                    found.append(NamedValue(nv.name, nv.value.through(cell.view), nv.path, nv.group + 100_000 * number))
        found += loose_values(cell.view)
    return found
