"""Configuration in YAML: the scalars of its mappings that have lines of their own, however deep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mi_lint.entry_names import option
from mi_lint.settings.model import SettingEntry
from mi_lint.settings.trees import settled
from mi_lint.settings.yaml_scalars import documents
from mi_lint.settings.yaml_slots import Slot, YamlSettings, scalars
from mi_lint.textfile import TextFile

_TEXT, _NULL, _MERGE = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "merge"))
_DEEPEST = 40


class YamlTree(YamlSettings):
    """One document. What an alias or a merge brings along cannot be edited where it is read."""

    in_sections = True

    def matches(self, path: str) -> bool:
        return path.lower().endswith((".yaml", ".yml"))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        read = documents(file.text)
        tree = _tree(read[0]) if len(read) == 1 else None
        found = [(path, slot.entry) for path, slot in scalars(file, read[0], ())] if read else []
        return settled(file, "yaml", found, tree)

    def slots_in(self, file: TextFile, document: Any) -> Iterator[Slot]:
        names = {entry.name_span: entry for entry in self.entries(file) if not entry.fixed}
        for _, slot in scalars(file, document, ()):
            if slot.entry.name_span in names:
                yield replace(slot, entry=names[slot.entry.name_span])

    def spelled(self, entry: SettingEntry) -> str:
        return option(entry.name)

    def key_of(self, entry: SettingEntry, old: str, new_name: str) -> str:
        return option(new_name)


def _tree(node: Any, around: tuple[int, ...] = ()) -> Any:
    """What a reader gets: texts, nulls and mappings; anything else is some other object."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else None if node.tag == _NULL else 0
    if not isinstance(node, yaml.MappingNode):
        return []
    if id(node) in around or len(around) >= _DEEPEST:
        return {}
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.tag == _MERGE:
            for inner in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                merged = {**(_tree(inner, (*around, id(node))) or {}), **merged}
        else:
            own[key.value] = _tree(value, (*around, id(node)))
    return {**merged, **own}
