"""Environment of containers in manifests of Kubernetes and of Azure's container services, and what it is taken from.

Secrets, config maps, the environment of containers, generators of kustomize, and the values of Helm charts. Templates
of Helm are no YAML before they are rendered: they are passed over.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mi_lint.entry_names import file_of, joined, option, section_in
from mi_lint.naming import rename
from mi_lint.settings.model import Edits, Resources, SettingEntry
from mi_lint.settings.passed_names import key_like
from mi_lint.settings.yaml_scalars import child, items, pairs, word
from mi_lint.settings.yaml_slots import Slot, YamlSettings, members, named_slot, scalars
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(r"(?i).*\.ya?ml")
_VALUES = re.compile(r"(?i)(?:.*[._-])?values(?:[._-][\w.-]+)?\.ya?ml")
_KIND = re.compile(
    r"(?m)^\s*kind:\s*[\"']?(?:ConfigMap|Secret|Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Job|CronJob|List"
    r"|Service|Rollout|Kustomization|SecretProviderClass)\b|^\s*-?\s*(?:containers|environmentVariables|secretGenerator|configMapGenerator):"
)
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_ENVIRONMENT = frozenset({"env", "environmentVariables"})
_GENERATORS = {"secretGenerator": "secret", "configMapGenerator": "config map"}
_DEEPEST = 40


class Kubernetes(YamlSettings):
    """Manifests by what they say, values of charts by their name."""

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path))

    def may_hold(self, file: TextFile) -> bool:
        return "env" in file.text or bool(_KIND.search(file.text)) or _holds_values(file)

    def spelled(self, entry: SettingEntry) -> str:
        return option(entry.name) if file_of(entry.name) else entry.name

    def key_of(self, entry: SettingEntry, old: str, new_name: str) -> str:
        if entry.address.startswith("value/"):
            return rename(old, new_name.lower())
        if entry.prefix:
            return new_name.removeprefix(entry.prefix)
        return new_name if old == entry.name else key_like(old, entry.name, new_name)

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """With the name of a vault's object that name changes too where a provider lists its objects."""
        edits = super().rename(file, entry, new_name, new_value)
        if not entry.provides or new_value is None:
            return edits
        pattern = re.compile(rf"(?m)^[ \t|>-]*objectName:[ \t]*[\"']?({re.escape(entry.value)})[\"']?[ \t]*(?:#.*)?$")
        listed = [Span(*match.span(1)) for match in pattern.finditer(file.text)]
        more = [(span, new_value) for span in listed if not any(span.overlaps(known) for known, _ in edits)]
        return tuple(sorted((*edits, *more), key=lambda edit: edit[0].start))

    def encode(self, value: str) -> str:
        return base64.b64encode(value.encode()).decode()

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        """The key of the same secret or config map, or the object of a vault, that has the derived value."""
        if entry.provides:
            return rename(entry.value, new_name.lower())
        return key_like(entry.value, entry.name, new_name)

    def slots_in(self, file: TextFile, document: Any) -> Iterator[Slot]:
        if _KIND.search(file.text):
            yield from _manifest(file, document)
        elif _holds_values(file):
            yield from (slot for slot in _environment(file, document) if _UPPER.fullmatch(slot.entry.name))
            yield from _values(file, document)


def _holds_values(file: TextFile) -> bool:
    return bool(_VALUES.fullmatch(file.path.rpartition("/")[2]))


def _values(file: TextFile, document: Any) -> Iterator[Slot]:
    """The values of a chart, for its templates to take."""
    for path, slot in scalars(file, document, ()):
        name = joined(section_in("values.yaml", path[:-1]), path[-1])
        yield replace(slot, entry=replace(slot.entry, name=name, address=f"value/{'.'.join(path)}"))


def _manifest(file: TextFile, document: Any) -> Iterator[Slot]:
    for item in items(child(document, "items")):
        yield from _manifest(file, item)
    kind, name = word(child(document, "kind")), word(child(child(document, "metadata"), "name"))
    for key, value in pairs(document):
        if kind in ("Secret", "ConfigMap") and key.value in ("data", "stringData"):
            encoded = kind == "Secret" and key.value == "data"
            place = f"{'secret' if kind == 'Secret' else 'config map'}/{name}"
            yield from _held(members(file, key, value), place, encoded)
        elif key.value in _GENERATORS:
            for generator in items(value):
                where = word(child(generator, "name"))
                for inner, literals in pairs(generator):
                    if inner.value == "literals":
                        yield from _held(members(file, inner, literals), f"{_GENERATORS[key.value]}/{where}", False)
    if kind == "SecretProviderClass":
        for synced in items(child(child(document, "spec"), "secretObjects")):
            for item in items(child(synced, "data")):
                yield from _synced(file, item, word(child(synced, "secretName")), name)
    yield from _environment(file, document)


def _synced(file: TextFile, item: Any, secret: str, provider: str) -> Iterator[Slot]:
    """A key of a secret that is filled from a vault."""
    slot = named_slot(file, item, child(item, "key"), child(item, "objectName"), id(item))
    if slot is not None:
        told = f"the object {slot.entry.value} of the vault"
        provides = f"secret/{secret}/{slot.entry.name}"
        address = f"vault/{provider}/{slot.entry.value}"
        yield replace(slot, entry=replace(slot.entry, origin=told, address=address, provides=provides))


def _held(slots: list[Slot], place: str, encoded: bool) -> Iterator[Slot]:
    """The entries of a secret or config map, with their address."""
    for slot in slots:
        if slot.named:
            continue
        entry = replace(slot.entry, address=f"{place}/{slot.entry.name}")
        if encoded:
            try:
                entry = replace(entry, value=base64.b64decode(entry.value, validate=True).decode())
            except (binascii.Error, ValueError):
                continue
        yield replace(slot, entry=entry, encoded=encoded)


def _prefixed(file: TextFile, item: Any) -> Slot | None:
    """All keys of a secret or config map, with a prefix before each; without one they have their own names already."""
    prefix = word(child(item, "prefix"))
    for kind, place in (("secretRef", "secret"), ("configMapRef", "config map")):
        name = word(child(child(item, kind), "name"))
        if name and prefix:
            at = Span(item.start_mark.index, item.start_mark.index)
            told = f"the keys of the {place} {name}"
            entry = SettingEntry(file.path, prefix, "", at, at, at, origin=told, address=f"{place}/{name}/")
            return Slot(entry, None, id(item))
    return None


def _environment(file: TextFile, node: Any, depth: int = 0) -> Iterator[Slot]:
    """The environment of containers, however deep; and the secrets of a container app beside it."""
    import yaml

    if depth > _DEEPEST:
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _environment(file, item, depth + 1)
    for key, value in pairs(node):
        if key.value in _ENVIRONMENT:
            yield from members(file, key, value)
        elif key.value == "envFrom":
            yield from (slot for item in items(value) if (slot := _prefixed(file, item)) is not None)
        elif key.value == "secrets" and isinstance(value, yaml.SequenceNode):
            for slot in members(file, key, value):
                if slot.named and not slot.entry.origin:
                    yield replace(slot, entry=replace(slot.entry, address=f"app/{slot.entry.name}"))
        else:
            yield from _environment(file, value, depth + 1)
