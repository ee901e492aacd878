"""Files of configuration that a program loads as a tree: what each leaf of it is called, and which can be edited.

A leaf at `storage`, `conn` of `config.yaml` is the setting `config.yaml::storage.conn`. A parser has the last word: a
leaf that it reads, and that was not found in its place with the same value, is an entry that cannot be edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mi_lint.entry_names import family, is_key, joined, section_in
from mi_lint.settings.model import SettingEntry
from mi_lint.textfile import Span, TextFile

Path = tuple[str, ...]
_DEEPEST = 40


def name_at(file: TextFile, path: Path) -> str:
    """The name of a leaf; empty where one of its keys cannot be a part of it."""
    return joined(section_in(family(file.path), path[:-1]), path[-1]) if all(is_key(key) for key in path) else ""


def leaves(tree: Any, path: Path = ()) -> Iterable[tuple[Path, Any]]:
    """What a tree of mappings holds that is no mapping. A list is one leaf."""
    if isinstance(tree, Mapping) and len(path) < _DEEPEST:
        for key, value in tree.items():
            yield from leaves(value, (*path, str(key)))
    elif path:
        yield path, tree


def settled(file: TextFile, form: str, found: Sequence[tuple[Path, SettingEntry]], tree: Any) -> list[SettingEntry]:
    """The entries of a file of which `tree` is what a parser reads; None where it reads nothing."""
    if tree is None:
        return [unread(file.path, form)] if file.text.strip() else []
    places: dict[Path, list[SettingEntry]] = {}
    for path, entry in found:
        places.setdefault(path, []).append(entry)
    out = []
    for path, value in leaves(tree):
        name, known = name_at(file, path), places.get(path, [])
        if not name or isinstance(value, list):
            continue
        text = value if isinstance(value, str) else ""
        plain = len(known) == 1 and (value is None or (isinstance(value, str) and known[0].value == value))
        if plain:
            out.append(replace(known[0], name=name, value=text, form=form))
        else:
            at = known[0].line_span.start if known else 0
            out.append(_fixed(file.path, form, name, text, at))
    return sorted(out, key=lambda entry: entry.name_span.start)


def unread(path: str, form: str) -> SettingEntry:
    """What stands for all leaves of a file that is not read."""
    return _fixed(path, form, section_in(family(path), ()))


def _fixed(path: str, form: str, name: str, value: str = "", at: int = 0) -> SettingEntry:
    nowhere = Span(at, at)
    return SettingEntry(path, name, value, nowhere, nowhere, nowhere, form=form, fixed=True)
