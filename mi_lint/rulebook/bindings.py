"""Read what a rule says about declarations that name a setting."""

from __future__ import annotations

import re
from collections.abc import Collection

from mi_lint.rulebook.model import Binding, DeclaredAt, Derivation
from mi_lint.rulebook.nodes import Fields, Value, suggest
from mi_lint.rulebook.parts import read_regex, read_trimmed
from mi_lint.templates import parse_template

_BINDING = {
    "module": "acme.functions",
    "methods": "{widget_trigger: connection}",
    "types": "{widgetTrigger: connection}",
    "declared": "[{file: host.json, key: extensions.widgets.connectionName}]",
    "default": "AcmeStorage",
    "prefix": "Acme",
    "suffix": "__key",
    "hosts": "[AcmeStorage]",
    "holds": '"[?&]sig="',
    "format": "azure-storage",
    "becomes": '{widgetUri: ["{Endpoint}"]}',
    "az": "{widgetUri: az ... show}",
    "aliases": "[serviceUri]",
    "entity": "widget_name",
    "turned_off": "[create_if_not_exists]",
    "renames": "{widget_trigger_v3: widget_trigger}",
    "roles": "{widget_trigger: [read, write], widget.out: [write]}",
    "version": "4",
}
_DECLARED = {
    "file": "host.json",
    "key": "extensions.widgets.connectionName",
    "unless": "type",
    "values": "[acme]",
}


def read_binding(value: Value, roles: Collection[str]) -> Binding:
    """`roles` are those of the pack."""
    inner = value.fields(_BINDING, required=("module",))
    return Binding(
        module=inner.text("module"),
        methods=_named(inner, "methods"),
        types=_named(inner, "types"),
        declared=tuple(_declared(item) for item in inner.items("declared")),
        default=inner.text("default"),
        prefix=inner.text("prefix"),
        suffix=inner.text("suffix"),
        hosts=inner.texts("hosts"),
        holds=read_regex(inner["holds"]) if "holds" in inner else "",
        format=inner.text("format"),
        becomes=_all_becomes(inner),
        aliases=inner.texts("aliases"),
        entity=inner.text("entity"),
        turned_off=inner.texts("turned_off"),
        renames=tuple((name, "" if item.kind == "nothing" else item.text()) for name, item in inner.entries("renames")),
        roles=_roles(inner, roles),
        version=int(inner["version"].number()) if "version" in inner else 0,
    )


def _named(fields: Fields, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Methods or types, each with one name or a list of names."""
    return tuple(
        (name, item.texts() if item.kind == "a list" else (item.text(),)) for name, item in fields.entries(key)
    )


def _roles(fields: Fields, roles: Collection[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    known = {name for key in ("methods", "types") for name, _ in fields.entries(key)}
    known |= {*fields.texts("hosts"), *(item.keys[-1] for item in map(_declared, fields.items("declared")))}
    known |= {f"{name}.{direction}" for name, _ in fields.entries("types") for direction in ("in", "out")}
    found = []
    for name, value in fields.entries("roles"):
        if name not in known:
            raise value.error(f"`{name}` is nothing that the binding names", f"write one of {', '.join(sorted(known))}")
        found.append((name, tuple(item.choice(roles) for item in value.items())))
    return tuple(found)


def _declared(value: Value) -> DeclaredAt:
    fields = value.fields(_DECLARED, required=("file", "key"))
    if ("unless" in fields) != ("values" in fields):
        raise value.error("`unless` and `values` belong together", "write both")
    keys = tuple(fields.text("key").split("."))
    return DeclaredAt(fields.text("file"), keys, fields.text("unless"), fields.texts("values"))


def _all_becomes(fields: Fields) -> tuple[Derivation, ...]:
    found = [name for name, _ in fields.entries("becomes")]
    az = dict(fields.pairs("az"))
    for name, value in fields.entries("az"):
        if name not in found:
            raise value.error(f"`{name}` is not in `becomes`", suggest(name, found))
    return tuple(_becomes(name, value, az.get(name, "")) for name, value in fields.entries("becomes"))


def _becomes(name: str, value: Value, az: str) -> Derivation:
    if value.kind == "a mapping":
        return read_trimmed(name, value)
    for item in value.items():
        try:
            parse_template(item.text())
        except ValueError as error:
            raise item.error(str(error), f"write becomes: {_BINDING['becomes']}") from None
    words = re.sub("([A-Z])", r" \1", name).lower()
    return Derivation(words, value.texts(), name, az=az)
