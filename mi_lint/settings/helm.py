"""Templates of Helm charts, which are no YAML before they are rendered: read line by line.

What a template takes from the values of the chart moves with the values; what it takes from a secret of the chart moves
with the template of that secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mi_lint.naming import rename
from mi_lint.settings.kubernetes import Kubernetes
from mi_lint.settings.model import Edits, Resources, SettingEntry
from mi_lint.settings.passed_names import key_like
from mi_lint.settings.yaml_scalars import spell
from mi_lint.textfile import Span, TextFile

_FILE = re.compile(r"(?i)(?:.*/)?templates/(?:.*/)?[^/]+\.(?:ya?ml|tpl)")
_END = r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)"
_NAME = r"(?P<quote>[\"']?)(?P<name>[A-Za-z_][\w.-]*)(?P=quote)"
_TAKEN = (
    r"[\"']?\{\{-?(?:(?!\.Values|\{|\}|\n).)*\.Values\.(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?![\w.])"
    r"(?:(?!\.Values|\{|\}|\n).)*\}\}[\"']?"
)
_WRITTEN = r"(?:\"(?P<double>[^\"\\{}\r\n]*)\"|'(?P<single>[^'{}\r\n]*)'|(?P<bare>[^\s\"'{}#&*!|>\[][^{}#\r\n]*?))"
_VALUE = rf"(?:{_TAKEN}|{_WRITTEN})"
_ITEM = re.compile(rf"(?m)^(?P<lead>[ \t]*)- name:[ \t]*{_NAME}{_END}(?P=lead)  value:[ \t]*{_VALUE}{_END}")
_PAIR = re.compile(rf"(?m)^[ \t]+{_NAME}:[ \t]*{_VALUE}{_END}")
_REFERENCE = re.compile(
    rf"(?m)^(?P<lead>[ \t]*)- name:[ \t]*{_NAME}{_END}(?P=lead)  valueFrom:{_END}"
    rf"(?P=lead)    (?P<kind>secretKeyRef|configMapKeyRef):{_END}"
    rf"(?P<rest>(?:(?P=lead)      [ \t]*[^\r\n]+(?:\r\n|\r|\n|\Z))+)"
)
_KEY = re.compile(r"(?m)^[ \t]*key:[ \t]*[\"']?(?P<key>[\w.-]+)[\"']?[ \t]*$")
_OWNER = re.compile(r"(?m)^[ \t]*name:[ \t]*(?P<owner>[^\r\n]+?)[ \t]*$")
_KIND = re.compile(r"(?m)^kind:[ \t]*(?P<kind>Secret|ConfigMap)[ \t]*\r?$")
_METADATA = re.compile(
    r"(?m)^metadata:[ \t]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*?[ \t]+name:[ \t]*(?P<owner>[^\r\n]+?)[ \t]*\r?$"
)
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_KINDS = {"secretKeyRef": "secret", "configMapKeyRef": "config map", "Secret": "secret", "ConfigMap": "config map"}


class HelmTemplate(Kubernetes):
    """Files without actions are plain manifests."""

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path))

    def entries(self, file: TextFile) -> list[SettingEntry]:
        if "{{" not in file.text:
            return super().entries(file)
        found: dict[int, SettingEntry] = {}
        for entry in (*_references(file), *_items(file), *_pairs(file)):
            found.setdefault(entry.value_span.start, entry)
        return sorted(found.values(), key=lambda entry: entry.name_span.start)

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        if not entry.address.startswith("value/"):
            return super().passed_on(file, entry, templates, new_name, resources)
        around, dot, last = entry.value.rpartition(".")
        return f"{around}{dot}{rename(last, new_name.lower())}"

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        if "{{" not in file.text:
            return super().rename(file, entry, new_name, new_value)
        old = file.text[entry.name_span.start : entry.name_span.end]
        new = new_name if old == entry.name else key_like(old, entry.name, new_name)
        edits = [(entry.name_span, new)] if new_name != entry.name and new != old else []
        if new_value is not None and new_value != entry.value:
            edits.append(_new_value(entry, new_value))
            edits += [(span, new_value) for span in self._other_uses(file, entry)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def _other_uses(self, file: TextFile, entry: SettingEntry) -> list[Span]:
        """Where the same file asks for a value of the chart once more, as in `{{ if .Values.x }}`."""
        if not entry.address.startswith("value/"):
            return []
        own = {other.value_span for other in self.entries(file)}
        found = re.finditer(rf"\.Values\.({re.escape(entry.value)})(?![\w.])", file.text)
        return [span for match in found if (span := Span(*match.span(1))) not in own]

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        if "{{" not in file.text:
            return super().remove(file, entries)
        return tuple((span, "") for span in dict.fromkeys(entry.line_span for entry in entries))

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        if "{{" not in file.text or after is None:
            return super().add(file, after, name, value)
        old = file.text[after.name_span.start : after.name_span.end]
        new = name if old == after.name else key_like(old, after.name, name)
        lines, out = after.line_span, ""
        at = lines.start
        for span, text in ((after.name_span, new), _new_value(after, value)):
            out, at = out + file.text[at : span.start] + text, span.end
        out += file.text[at : lines.end]
        lead = "" if file.text[lines.end - 1] in "\r\n" else file.newline
        return ((Span(lines.end, lines.end), lead + out),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Only Helm could tell."""
        return "{{" in file.text or super().still_parses(file, text)


def _new_value(entry: SettingEntry, value: str) -> tuple[Span, str]:
    if entry.origin:
        return entry.value_span, value
    width = len(entry.quote)
    return Span(entry.value_span.start - width, entry.value_span.end + width), spell(value, entry.quote)


def _items(file: TextFile) -> Iterator[SettingEntry]:
    """`- name: NAME` with `value:` below."""
    return (_entry(file, match) for match in _ITEM.finditer(file.text))


def _pairs(file: TextFile) -> Iterator[SettingEntry]:
    """`NAME: value`; in a secret or config map, the key under which others may take it."""
    kind, owner = _KIND.search(file.text), _METADATA.search(file.text)
    for match in _PAIR.finditer(file.text):
        entry = _entry(file, match)
        if kind is not None and owner is not None and entry.origin:
            place = f"{_KINDS[kind['kind']]}/{_plain(owner['owner'])}/{entry.name}"
            yield replace(entry, provides=place)
        elif entry.origin or _UPPER.fullmatch(entry.name):
            yield entry


def _references(file: TextFile) -> Iterator[SettingEntry]:
    """`- name: NAME` with the key of a secret or config map below."""
    for match in _REFERENCE.finditer(file.text):
        key, owner = _KEY.search(match["rest"]), _OWNER.search(match["rest"])
        if key is None or owner is None:
            continue
        kind, at = _KINDS[match["kind"]], match.start("rest") + key.start("key")
        yield SettingEntry(
            file.path,
            match["name"],
            key["key"],
            Span(*match.span("name")),
            Span(at, at + len(key["key"])),
            Span(*match.span()),
            origin=f"the key {key['key']} of a {kind} of the chart",
            address=f"{kind}/{_plain(owner['owner'])}/{key['key']}",
        )


def _entry(file: TextFile, match: re.Match[str]) -> SettingEntry:
    name, lines = Span(*match.span("name")), Span(*match.span())
    if match["path"] is not None:
        path = match["path"]
        told = f"the value {path} of the chart"
        span = Span(*match.span("path"))
        return SettingEntry(file.path, match["name"], path, name, span, lines, origin=told, address=f"value/{path}")
    group = next(group for group in ("double", "single", "bare") if match[group] is not None)
    quote = {"double": '"', "single": "'", "bare": ""}[group]
    return SettingEntry(file.path, match["name"], match[group], name, Span(*match.span(group)), lines, quote)


def _plain(expression: str) -> str:
    """An expression for a name in one spelling."""
    return re.sub(r"\s+", " ", re.sub(r"\{\{-?\s*|\s*-?\}\}", "|", expression.strip("\"'"))).strip()
