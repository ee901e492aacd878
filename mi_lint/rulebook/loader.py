"""Load packs: YAML in, checked and typed rulebook out. What is wrong is said with file, line, key and advice.

A pack is read part by part; what one pack says about another (formats, wrapper classes, unique ids) is checked when
all are there. Nothing from a pack is ever executed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mi_lint.rulebook.calls import Known
from mi_lint.rulebook.config_changes import read_sign_in
from mi_lint.rulebook.index import build_rulebook
from mi_lint.rulebook.model import Pack, Rulebook
from mi_lint.rulebook.nodes import Fields, Value, compose, suggest
from mi_lint.rulebook.parts import (
    read_derivation,
    read_format,
    read_grant,
    read_host,
    read_identity,
    read_loaded,
    read_options,
    read_packages,
    read_reader,
    read_resource,
    read_role,
    read_sender,
    read_settings_class,
    read_template,
    read_vault,
    read_wrapper,
)
from mi_lint.rulebook.rules import SHAPES, read_link, read_rule
from mi_lint.rulebook.secrets import read_kind
from mi_lint.templates import Field, parse_template

_PACK = {
    "service": "acme-widgets",
    "title": "Acme Widgets",
    "docs": "https://learn.microsoft.com/...",
    "packages": '{acme-widgets: ">=1.0"}',
    "connection": "{format: azure-storage, derive: {...}}",
    "roles": "{write: {name: ..., id: ...}}",
    "keys_off": "{arm: ..., az: ..., breaks: ...}",
    "notes": "[One sentence.]",
    "resource": "Microsoft.Widgets/accounts@2024-01-01",
    "grants": "{azure-rbac: {az: ..., bicep: ..., terraform: ...}}",
    "hosts": "{vm: {title: ..., system: az ..., user: az ...}}",
    "templates": "{azurerm_widget: {gives: [...], parts: {...}}}",
    "sign_in": "{github: {action: acme/login, ...}}",
    "options": "{package.options: {words: [...], parameter: storage_options, takers: [package.*]}}",
    "rules": "[{id: MI201, ...}]",
    "wrappers": "[{class: package.Class(key), secret: key}]",
    "senders": "[{call: package.get(url, *, headers=None), async: false, keeps: false}]",
    "formats": "{name: {keys: [...], secrets: [...]}}",
    "readers": "[{item: os.environ, name: key}]",
    "settings_classes": "[{base: package.Class}]",
    "loaded": '[{call: "json.load(fp)", from: fp, form: json}]',
    "vaults": "[{client: package.Class, method: name}]",
    "tokens": '["azure.identity.*"]',
    "secrets": "[{id: MI101, ...}]",
    "references": '["keyvaultref:"]',
    "emulator_keys": '[{starts: "Eby8...", ends: "..."}]',
    "identities": "{default: {system: ..., user: ..., sync: ..., aio: ...}}",
}
_CONNECTION = {"format": "azure-storage", "derive": "{account_url: {setting: ACCOUNT_URL, templates: [...]}}"}
_KEYS_OFF = {"arm": "properties.name=value", "az": "az ...", "breaks": "What stops working."}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A pack, with the places that checks across packs need."""

    pack: Pack
    root: Value
    fields: Fields
    known: Known


def load_pack(path: Path) -> Pack:
    """Read one pack by itself; references to other packs are left unchecked."""
    return _draft(path).pack


def load_packs(paths: Iterable[Path]) -> tuple[Pack, ...]:
    """Read packs and check them against each other."""
    drafts = [_draft(path) for path in paths]
    _check_unique(drafts)
    _check_references(drafts)
    return tuple(draft.pack for draft in drafts)


def load_rulebook(paths: Iterable[Path] | None = None) -> Rulebook:
    """All packs in the given files and folders; None means the packs that come with mi-lint. Uses the cache."""
    from mi_lint.rulebook.compiled import read_or_build
    from mi_lint.rulebook.location import pack_files

    return read_or_build(pack_files(paths), build)


def build(files: Sequence[Path]) -> Rulebook:
    """The rulebook straight from YAML, without cache."""
    return build_rulebook(load_packs(files))


def _draft(path: Path) -> _Draft:
    root = compose(path)
    fields = root.fields(_PACK, required=("service", "title"))
    service = fields.text("service")
    if service != path.stem:
        raise fields["service"].error(f"`{service}` differs from the file name", f"write service: {path.stem}")
    if "rules" in fields and "docs" not in fields:
        raise root.error("the key `docs` is missing", f"write docs: {_PACK['docs']}")
    connection = fields["connection"].fields(_CONNECTION) if "connection" in fields else Fields(root, {})
    derive = tuple(read_derivation(name, value) for name, value in connection.entries("derive"))
    roles = tuple((name, read_role(value)) for name, value in fields.entries("roles"))
    known = Known(service, frozenset(name for name, _ in roles), frozenset(d.name for d in derive))
    pack = Pack(
        service=service,
        title=fields.text("title"),
        docs=read_link(fields.get("docs")),
        path=path.as_posix(),
        packages=read_packages(fields.get("packages")),
        connection=connection.text("format"),
        derive=derive,
        roles=roles,
        keys_off=tuple((k, v.text()) for k, v in _keys_off(fields)),
        rules=tuple(read_rule(item, known) for item in fields.items("rules")),
        wrappers=tuple(read_wrapper(item) for item in fields.items("wrappers")),
        senders=tuple(read_sender(item) for item in fields.items("senders")),
        readers=tuple(read_reader(item) for item in fields.items("readers")),
        settings_classes=tuple(read_settings_class(item) for item in fields.items("settings_classes")),
        loaded=tuple(read_loaded(item) for item in fields.items("loaded")),
        vaults=tuple(read_vault(item) for item in fields.items("vaults")),
        formats=tuple(read_format(name, value) for name, value in fields.entries("formats")),
        tokens=fields.texts("tokens"),
        identities=tuple(read_identity(name, value) for name, value in fields.entries("identities")),
        secrets=tuple(read_kind(item, service) for item in fields.items("secrets")),
        references=fields.texts("references"),
        emulator_keys=tuple(_emulator_key(item) for item in fields.items("emulator_keys")),
        notes=fields.texts("notes"),
        resource=read_resource(fields.get("resource")),
        grants=tuple(read_grant(name, value) for name, value in fields.entries("grants")),
        templates=tuple(read_template(name, value) for name, value in fields.entries("templates")),
        sign_ins=tuple(read_sign_in(name, value) for name, value in fields.entries("sign_in")),
        hosts=tuple(read_host(name, value) for name, value in fields.entries("hosts")),
        options=tuple(read_options(name, value) for name, value in fields.entries("options")),
    )
    return _Draft(pack, root, fields, known)


def _emulator_key(value: Value) -> tuple[str, str]:
    """The first and the last characters of a fixed, published key; the whole would look like a leak."""
    sample = {"starts": '"Eby8vdM02xNO"', "ends": '"GMGw=="'}
    fields = value.fields(sample, required=sample)
    for key in sample:
        if len(fields.text(key)) < 6:
            raise fields[key].error("fewer than 6 characters could be in any key", f"write {key}: {sample[key]}")
    return fields.text("starts"), fields.text("ends")


def _keys_off(fields: Fields) -> list[tuple[str, Value]]:
    return list(fields["keys_off"].fields(_KEYS_OFF).values.items()) if "keys_off" in fields else []


def _check_unique(drafts: Sequence[_Draft]) -> None:
    """Rule ids, rule names and services occur once over all packs."""
    seen: dict[str, str] = {}
    for draft in drafts:
        _claim(seen, draft.fields["service"], f"service {draft.pack.service}")
        for item in (*draft.fields.items("rules"), *draft.fields.items("secrets")):
            rule = dict(item.entries())
            for key in ("id", "name"):
                _claim(seen, rule[key], f"rule {key} {rule[key].text()}")
        for name, value in draft.fields.entries("formats"):
            _claim(seen, value, f"format {name}")


def _claim(seen: dict[str, str], value: Value, label: str) -> None:
    place = f"{value.path}:{value.line}"
    if label in seen:
        raise value.error(f"the {label} is taken ({seen[label]})", "write another one")
    seen[label] = place


def _check_references(drafts: Sequence[_Draft]) -> None:
    formats = {form.name: form for draft in drafts for form in draft.pack.formats}
    wrappers = {wrapper.name for draft in drafts for wrapper in draft.pack.wrappers}
    kinds = {kind.name for draft in drafts for kind in draft.pack.secrets}
    for draft in drafts:
        for rule in draft.fields.items("rules"):
            entries = dict(rule.entries())
            for kind in entries["kinds"].items() if "kinds" in entries else ():
                kind.choice(kinds)
        for shape in draft.known.shapes:
            if shape.text() not in wrappers:
                raise shape.error(f"`{shape.text()}` is no known shape", suggest(shape.text(), [*SHAPES, *wrappers]))
        connection = dict(draft.fields.entries("connection"))
        if "format" not in connection:
            continue
        name = connection["format"].choice(formats)
        _check_parts(connection, formats[name].keys)


def _check_parts(connection: dict[str, Value], keys: tuple[str, ...]) -> None:
    known = {key.lower() for key in keys}
    for _, derivation in connection["derive"].entries() if "derive" in connection else ():
        parts = dict(derivation.entries())
        for part in parts["drops"].items() if "drops" in parts else ():
            if part.text().lower() not in known:
                raise part.error(f"the format has no part `{part.text()}`", suggest(part.text(), keys))
        for template in parts["templates"].items() if "templates" in parts else ():
            for piece in parse_template(template.text()).pieces:
                if isinstance(piece, Field) and piece.key not in known:
                    raise template.error(f"the format has no part `{piece.key}`", suggest(piece.key, keys))
