"""Settings in templates of infrastructure: Terraform and Bicep. Their values are literals or expressions.

An expression that gives a connection string is read as one whose parts are expressions again, so that what is derived
from a connection string can be derived from it. What attributes of which resources give is data of the packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mi_lint.settings.expressions import derived_expression, literal, spelled
from mi_lint.settings.items import BICEP, HCL, Body, Dialect, Item, bodies
from mi_lint.settings.model import Edits, Resources, SettingEntry
from mi_lint.textfile import Span, TextFile

_NAME = re.compile(r"[A-Za-z_]\w*")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Za-z0-9]+)+")
_ALIGNED = re.compile(r"(?P<quote>\"?)(?P<gap> {2,})(?==)")
_HOLDERS = frozenset(
    {"app_settings", "appsettings", "environment_variables", "secure_environment_variables", "environment", "env"}
)
_SECRET_BLOCKS = frozenset({"secret", "secrets"})


class Template:
    """Only entries that have their lines to themselves."""

    in_sections = False
    whole = False

    def __init__(self, ending: str, dialect: Dialect) -> None:
        self._ending = ending
        self._dialect = dialect

    def literal(self, raw: str) -> str | None:
        """The text of a plain string; None for every other expression."""
        return literal(raw, self._dialect)

    def spelled(self, text: str) -> str:
        """A text between the quotes of a string."""
        return spelled(text, self._dialect)

    def derived(self, file: TextFile, raw: str, templates: tuple[str, ...], resources: Resources) -> str | None:
        """The expression of what is derived from an expression; None where that is not understood."""
        return derived_expression(file.text, raw, templates, resources, self._dialect)

    def matches(self, path: str) -> bool:
        return path.lower().endswith(self._ending)

    def entries(self, file: TextFile) -> list[SettingEntry]:
        found: dict[int, SettingEntry] = {}
        for body in (bodies(file.text, self._dialect) or ()) if self.may_hold(file.text) else ():
            for entry in self._in_body(file, body):
                found.setdefault(entry.name_span.start, entry)
        return [found[start] for start in sorted(found)]

    def may_hold(self, text: str) -> bool:
        """Whether a file with this ending is a template that people edit."""
        return True

    def _in_body(self, file: TextFile, body: Body) -> Iterator[SettingEntry]:
        named = self._named(file, body)
        if named is not None:
            yield named
            return
        if body.header:
            return
        known = any(around.owner.lower() in _HOLDERS for around in body.around()) or any(
            item.name.lower() == "name" and "appsettings" in file.text[item.value.start : item.value.end].lower()
            for around in body.around()
            for item in around.items
        )
        for item in body.items:
            lines = own_lines(file, item.span)
            if lines is not None and (_NAME if known else _UPPER).fullmatch(item.name):
                yield self._entry(file, item.name, item.name_span, item, lines)

    def _named(self, file: TextFile, body: Body) -> SettingEntry | None:
        """`{ name: 'X', value: ... }`, and `env { name = "X" ... }`."""
        name = body.value("name")
        item = body.value("value") or body.value("secret_name") or body.value("secretRef")
        if name is None or item is None:
            return None
        told = self.literal(file.text[name.value.start : name.value.end])
        if told is None or not told:
            return None
        span = Span(body.start - sum(len(word) + 1 for word in body.header), body.end)
        lines = own_lines(file, Span(_line_start(file, span.start), span.end))
        if lines is None or (not body.header and file.text[lines.start : body.start].strip()):
            return None
        holder = (*body.header, body.owner)[0].lower()
        entry = self._entry(file, told, Span(name.value.start + 1, name.value.end - 1), item, lines)
        if item.name in ("secret_name", "secretRef"):
            key = self.literal(file.text[item.value.start : item.value.end])
            if not key:
                return None
            return replace(entry, origin=f"the secret {key} of the app", address=f"app/{key}")
        return replace(entry, address=f"app/{told}") if holder in _SECRET_BLOCKS else entry

    def _entry(self, file: TextFile, name: str, name_span: Span, item: Item, lines: Span) -> SettingEntry:
        raw = file.text[item.value.start : item.value.end]
        plain = self.literal(raw)
        if plain is None:
            return SettingEntry(file.path, name, raw, name_span, item.value, lines, computed=True)
        inner = Span(item.value.start + 1, item.value.end - 1)
        return SettingEntry(file.path, name, plain, name_span, inner, lines, self._dialect.quote)

    def references(self, file: TextFile, name: str) -> list[Span]:
        return []

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        if entry.origin:
            return new_name.lower().replace("_", "-")
        return self.derived(file, entry.value, templates, resources)

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        edits = []
        current = file.text[entry.name_span.start : entry.name_span.end]
        name = new_name
        if entry.address and not entry.origin:  # the secret of an app, which has a name of its own kind
            name = new_name.lower().replace("_", "-")
        if new_name != entry.name and current != name:
            edits.append(self._new_name(file, entry.name_span, name))
        if new_value is not None and new_value != entry.value:
            edits.append((entry.value_span, self._spelled(entry, new_value)))
        return tuple(edits)

    def _new_name(self, file: TextFile, span: Span, name: str) -> tuple[Span, str]:
        """With it the space before the sign that assigns, which lines up with that of the neighbours."""
        after = _ALIGNED.match(file.text, span.end)
        if after is None:
            return span, name
        width = max(1, len(after["gap"]) + span.end - span.start - len(name))
        return Span(span.start, after.end("gap")), f"{name}{after['quote']}{' ' * width}"

    def _spelled(self, entry: SettingEntry, value: str) -> str:
        return value if entry.computed else self.spelled(value)

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        return tuple((span, "") for span in dict.fromkeys(entry.line_span for entry in entries))

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        if after is None:
            return ()
        lines = after.line_span
        parts = [(after.name_span, name), (after.value_span, self._spelled(after, value))]
        out, at = "", lines.start
        for span, new in sorted(parts, key=lambda part: part[0].start):
            out, at = out + file.text[at : span.start] + new, span.end
        out += file.text[at : lines.end]
        lead = "" if file.text[lines.end - 1 : lines.end] in ("\n", "\r") else file.newline
        return ((Span(lines.end, lines.end), lead + (out.rstrip("\r\n") if lead else out)),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        return bodies(text, self._dialect) is not None or bodies(file.text, self._dialect) is None


def _line_start(file: TextFile, offset: int) -> int:
    return file.line_starts[file.line_column(offset)[0] - 1]


def own_lines(file: TextFile, span: Span) -> Span | None:
    """The lines of an item that has them to itself, but for a comma and a comment."""
    first = _line_start(file, span.start)
    line, _ = file.line_column(span.end)
    end = file.line_starts[line] if line < len(file.line_starts) else len(file.text)
    rest = file.text[span.end : end].strip().removeprefix(",").strip()
    before = file.text[first : span.start].strip().strip("\"'")
    return Span(first, end) if not before and (not rest or rest.startswith(("#", "//"))) else None


class Terraform(Template):
    """`.tf`: maps of settings, and the `env` and `secret` blocks of container apps."""

    def __init__(self) -> None:
        super().__init__(".tf", HCL)


class Bicep(Template):
    """`.bicep`: lists of names and values, and objects of settings."""

    def __init__(self) -> None:
        super().__init__(".bicep", BICEP)
