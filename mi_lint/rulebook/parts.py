"""Read the parts of a pack that are not rules: connection, roles, formats, readers, wrappers, identities."""

from __future__ import annotations

import ast
import re

from mi_lint.entry_names import FORMS
from mi_lint.parted import SYNTAXES
from mi_lint.rulebook.model import (
    ConnectionFormat,
    Derivation,
    Grant,
    Host,
    IdentityStyle,
    Loaded,
    OptionSet,
    Reader,
    Role,
    Sender,
    SettingsClass,
    Signature,
    TemplateResource,
    Vault,
    Wrapper,
)
from mi_lint.rulebook.nodes import Fields, Value, suggest
from mi_lint.rulebook.regexes import regex_problem
from mi_lint.rulebook.signature import SignatureProblem, is_symbol, parse_signature
from mi_lint.templates import parse_template

ROLE_KINDS = ("azure-rbac", "cosmos-sql", "access-policy", "other")
_SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DERIVATION = {
    "setting": "ACCOUNT_URL",
    "templates": '["https://{AccountName}..."]',
    "unknown": "event_hub_name",
    "drops": "[password]",
    "adds": "{Authentication: ActiveDirectoryMsi}",
    "user": '{UID: "{client_id}", Authentication: ActiveDirectoryMsi}',
    "az": "az ... show",
}
_ADDED = re.compile(r"[\w .:+-]+|\{client_id\}")
_GRANT = {
    "az": "az role assignment create ...",
    "bicep": "resource ...",
    "terraform": "resource ...",
    "inside": "{terraform: ..., bicep: ..., json: ...}",
}
_LANGUAGES = ("terraform", "bicep", "json")
_TEMPLATE = {
    "gives": "[primary_connection_string]",
    "parts": "{Endpoint: ...}",
    "roles": '["Acme Data *"]',
    "of": "account_id",
    "keys_off": '{local_auth_enabled: "false"}',
}
_HOST = {
    "title": "App Service",
    "system": "az webapp identity assign ...",
    "user": "az webapp identity assign ... --identities",
    "set": "az webapp config appsettings set ... --settings",
    "delete": "az webapp config appsettings delete ... --setting-names",
    "notes": "[One sentence.]",
    "resources": "[azurerm_linux_web_app, Microsoft.Web/sites]",
    "signs": "[{file: '*.tf', has: '\"azurerm_linux_web_app\"'}]",
    "only": "user",
    "principal": "az webapp identity show ... --query principalId -o tsv",
    "check": "az webapp log tail ...",
}
_SIGN = {"file": "'*.tf'", "has": "regex"}
_RESOURCE = re.compile(r"Microsoft(\.\w+)+(/\w+)+@\d{4}-\d\d-\d\d(-preview)?")
_ROLE = {
    "name": "Name of the built-in role",
    "id": "00000000-0000-0000-0000-000000000000",
    "kind": "azure-rbac",
    "resource": "Acme",
    "methods": "[read_widget]",
    "covers": "[read]",
}
_FORMAT = {
    "keys": "[AccountName, AccountKey]",
    "secrets": "[AccountKey]",
    "emulator": '["UseDevelopmentStorage=true"]',
    "syntax": "url",
}
_READER = {
    "call": '"os.getenv(key, default=None)"',
    "item": "os.environ",
    "name": "key",
    "default": "default",
    "section": "section",
}
_SETTINGS_CLASS = {
    "base": "pydantic_settings.BaseSettings",
    "prefix": "env_prefix",
    "delimiter": "env_nested_delimiter",
    "aliases": "[alias]",
}
_LOADED = {
    "call": '"json.load(fp)"',
    "item": "package.settings",
    "from": "fp",
    "file": "settings.json",
    "form": "json",
    "attributes": "false",
    "environment": "false",
}
_VAULT = {"client": "azure.keyvault.secrets.SecretClient", "method": "get_secret", "attribute": "value"}
_SENDER = {"call": '"package.get(url, *, headers=None, **kwargs)"', "async": "false", "keeps": "false"}
_OPTIONS = {
    "words": "[storage_options]",
    "parameter": "storage_options",
    "takers": "[package.*]",
    "methods": "[to_csv]",
    "unpacked": "[package.Class]",
    "backend": "package.Class",
    "member": "OPTIONS",
    "prefix": "ACME_",
    "aliases": "{account_key: [access_key]}",
    "patterns": "{account_key: '^acme[.]account[.]key[.]'}",
    "setters": "[set]",
    "statements": "[execute]",
    "entry": "{ENGINE: [package.backend]}",
    "anywhere": "[acme_url]",
}
_WRAPPER = {"class": '"azure.core.credentials.AzureKeyCredential(key)"', "secret": "key"}
_IDENTITY = {
    "system": "DefaultAzureCredential()",
    "user": "DefaultAzureCredential(managed_identity_client_id={client_id})",
    "sync": "azure.identity",
    "aio": "azure.identity.aio",
    "provider": "get_bearer_token_provider",
    "sync_only": "[]",
    "packages": '{azure-identity: ">=1.15"}',
}


def read_signature(value: Value) -> Signature:
    try:
        return parse_signature(value.text())
    except SignatureProblem as problem:
        raise value.error(problem.what, problem.advice) from None


def read_regex(value: Value) -> str:
    problem = regex_problem(value.text())
    if problem:
        raise value.error(problem, "write a simpler regular expression")
    return value.text()


def read_symbol(value: Value) -> str:
    text = value.text()
    if not is_symbol(text):
        raise value.error(f"`{text}` is not a qualified name", "write the module as well: package.module.name")
    return text


def read_packages(value: Value | None) -> tuple[tuple[str, str], ...]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if value is None:
        return ()
    for _, version in value.entries():
        try:
            SpecifierSet(version.text())
        except InvalidSpecifier:
            raise version.error(f"`{version.text()}` is not a version specifier", 'write ">=1.0"') from None
    return value.pairs()


def read_derivation(name: str, value: Value) -> Derivation:
    if not name.isidentifier():
        raise value.error(f"`{name}` is not a Python name", "write a name such as account_url")
    if "drops" in dict(value.entries()):
        return read_trimmed(name, value)
    fields = value.fields(_DERIVATION, required=("setting", "templates"))
    for key in ("adds", "user"):
        if key in fields:
            raise fields[key].error("goes with `drops` only", "leave it out")
    setting = fields.text("setting")
    if not _SETTING.fullmatch(setting):
        raise fields["setting"].error(f"`{setting}` is not a setting suffix", f"write {name.upper()}")
    templates = fields.items("templates")
    if not templates:
        raise fields["templates"].error("the list is empty", "write at least one template")
    for template in templates:
        _check_template(template)
    return Derivation(name, fields.texts("templates"), setting, fields.text("unknown"), az=fields.text("az"))


def _check_template(template: Value) -> None:
    try:
        parse_template(template.text())
    except ValueError as problem:
        raise template.error(str(problem), "write parts as {Key}, {Key|default} or {Key:rstrip=/}") from None


def read_trimmed(name: str, value: Value) -> Derivation:
    """A derivation that takes parts away, and adds others."""
    fields = value.fields(_DERIVATION)
    for key in ("setting", "templates", "unknown"):
        if key in fields:
            raise fields[key].error("does not go with `drops`, which keep the name of the setting", "leave it out")
    if not fields.items("drops"):
        raise fields["drops"].error("the list is empty", f"write drops: {_DERIVATION['drops']}")
    for key, added in (*fields.entries("adds"), *fields.entries("user")):
        if key == "credential":
            _check_template(added)
        elif not (_ADDED.fullmatch(key) and _ADDED.fullmatch(added.text())):
            raise added.error(f"`{key}={added.text()}` would need quoting", "write letters, digits and . : + - only")
    drops = tuple(key.lower() for key in fields.texts("drops"))
    return Derivation(name, (), "", drops=drops, adds=fields.pairs("adds"), user=fields.pairs("user"))


def read_role(value: Value) -> Role:
    fields = value.fields(_ROLE, required=("name", "id"))
    kind = fields["kind"].choice(ROLE_KINDS) if "kind" in fields else ROLE_KINDS[0]
    if kind == ROLE_KINDS[0] and not _GUID.fullmatch(fields.text("id")):
        raise fields["id"].error(f"`{fields.text('id')}` is not a role id", "write the GUID of the built-in role")
    lists = fields.texts("methods"), fields.texts("covers")
    return Role(fields.text("name"), fields.text("id"), kind, fields.text("resource"), *lists)


def read_grant(kind: str, value: Value) -> Grant:
    if kind not in ROLE_KINDS:
        raise value.error(f"`{kind}` is no kind of role", suggest(kind, list(ROLE_KINDS)))
    fields = value.fields(_GRANT, required=("az", "bicep", "terraform"))
    inside = fields["inside"].fields(dict.fromkeys(_LANGUAGES, "...")) if "inside" in fields else Fields(value, {})
    texts = tuple((language, inside.text(language)) for language in _LANGUAGES if language in inside)
    return Grant(kind, fields.text("az"), fields.text("bicep"), fields.text("terraform"), texts)


def read_host(name: str, value: Value) -> Host:
    fields = value.fields(_HOST, required=("title", "system", "user"))
    texts = {key: fields.text(key) for key in ("title", "system", "user", "set", "delete", "principal", "check")}
    only = fields["only"].choice(("system", "user")) if "only" in fields else ""
    signs = [item.fields(_SIGN, required=tuple(_SIGN)) for item in fields.items("signs")]
    found = tuple((sign.text("file"), read_regex(sign["has"])) for sign in signs)
    notes, resources = fields.texts("notes"), fields.texts("resources")
    return Host(name, **texts, notes=notes, resources=resources, signs=found, only=only)


def read_template(name: str, value: Value) -> TemplateResource:
    fields = value.fields(_TEMPLATE)
    if ("gives" in fields) != ("parts" in fields):
        raise value.error("`gives` and `parts` belong together", "write both")
    return TemplateResource(
        name,
        gives=fields.texts("gives"),
        parts=fields.pairs("parts"),
        roles=fields.texts("roles"),
        of=fields.text("of"),
        keys_off=fields.pairs("keys_off"),
    )


def read_resource(value: Value | None) -> str:
    """The type and the API version of an Azure resource."""
    if value is None:
        return ""
    if not _RESOURCE.fullmatch(value.text()):
        raise value.error(f"`{value.text()}` is not a resource type", "write Microsoft.Widgets/accounts@2024-01-01")
    return value.text()


def read_format(name: str, value: Value) -> ConnectionFormat:
    fields = value.fields(_FORMAT, required=("keys", "secrets"))
    keys = fields.texts("keys")
    known = {key.lower() for key in keys}
    for secret in fields.items("secrets"):
        if secret.text().lower() not in known:
            raise secret.error(f"`{secret.text()}` is not among `keys`", suggest(secret.text(), keys))
    syntax = fields["syntax"].choice(SYNTAXES) if "syntax" in fields else SYNTAXES[0]
    return ConnectionFormat(name, keys, fields.texts("secrets"), fields.texts("emulator"), syntax)


def read_wrapper(value: Value) -> Wrapper:
    fields = value.fields(_WRAPPER, required=("class", "secret"))
    signature = read_signature(fields["class"])
    secret = fields["secret"].choice([p.name for p in signature.parameters])
    return Wrapper(signature, secret)


def read_sender(value: Value) -> Sender:
    fields = value.fields(_SENDER, required=("call",))
    signature = read_signature(fields["call"])
    if signature.parameter("headers") is None:
        raise fields["call"].error("has no parameter `headers`", f"write call: {_SENDER['call']}")
    return Sender(signature, fields.flag("async"), fields.flag("keeps"))


def read_options(name: str, value: Value) -> OptionSet:
    fields = value.fields(_OPTIONS, required=("words",))
    if not is_symbol(name):
        raise value.error(f"`{name}` is not a qualified name", "write a name such as package.options")
    needs = (("takers", "parameter"), ("methods", "parameter"), ("member", "backend"), ("prefix", "backend"))
    for key, other in (*needs, ("setters", "patterns"), ("statements", "patterns")):
        if key in fields and other not in fields:
            raise fields[key].error(f"does not go without `{other}`", f"write {other}: {_OPTIONS[other]}")
    taken = ("takers", "methods", "unpacked", "backend", "setters", "statements", "entry", "anywhere")
    if not any(key in fields for key in taken):
        raise value.error("nothing takes these options", "write `takers`, `unpacked`, `backend` or `setters`")
    for _, pattern in fields.entries("patterns"):
        problem = regex_problem(pattern.text())
        if problem:
            raise pattern.error(problem, "write a simpler regular expression")
    for item in (*fields.items("takers"), *fields.items("unpacked")):
        if not is_symbol(item.text().removesuffix(".*") + ".x"):
            raise item.error(f"`{item.text()}` is not a qualified name", "write package.function, or package.*")
    return OptionSet(
        name,
        words=fields.texts("words"),
        parameter=fields.text("parameter"),
        takers=fields.texts("takers"),
        methods=fields.texts("methods"),
        unpacked=fields.texts("unpacked"),
        backend=read_symbol(fields["backend"]) if "backend" in fields else "",
        member=fields.text("member"),
        prefix=fields.text("prefix"),
        aliases=tuple((own, others.texts()) for own, others in fields.entries("aliases")),
        patterns=fields.pairs("patterns"),
        setters=fields.texts("setters"),
        statements=fields.texts("statements"),
        entry=tuple((key, values.texts()) for key, values in fields.entries("entry")),
        anywhere=fields.texts("anywhere"),
    )


def read_reader(value: Value) -> Reader:
    fields = value.fields(_READER)
    if ("call" in fields) == ("item" in fields):
        raise value.error("a reader is either a call or an item", f"write call: {_READER['call']}, or item: os.environ")
    if "item" in fields:
        name, section = fields.text("name", "key"), read_symbol(fields["section"]) if "section" in fields else ""
        return Reader(read_symbol(fields["item"]), "item", None, name, None, section)
    signature = read_signature(fields["call"])
    names = [p.name for p in signature.parameters]
    name = fields["name"].choice(names) if "name" in fields else "key"
    if name not in names:
        raise value.error(f"the call has no parameter `{name}`", f"write name: {names[0] if names else 'key'}")
    default = fields["default"].choice(names) if "default" in fields else None
    section = fields["section"].choice(names) if "section" in fields else ""
    return Reader(signature.symbol, "call", signature, name, default, section)


def read_settings_class(value: Value) -> SettingsClass:
    fields = value.fields(_SETTINGS_CLASS, required=("base",))
    base = read_symbol(fields["base"])
    return SettingsClass(base, fields.text("prefix"), fields.text("delimiter"), fields.texts("aliases"))


def read_loaded(value: Value) -> Loaded:
    fields = value.fields(_LOADED, required=("form",))
    if ("call" in fields) == ("item" in fields):
        raise value.error("a tree comes from either a call or an item", f"write call: {_LOADED['call']}")
    wanted = "from" if "call" in fields else "file"
    if wanted not in fields:
        raise value.error(f"the key `{wanted}` is missing", f"write {wanted}: {_LOADED[wanted]}")
    signature = read_signature(fields["call"]) if "call" in fields else None
    names = [p.name for p in signature.parameters] if signature is not None else []
    return Loaded(
        signature.symbol if signature is not None else read_symbol(fields["item"]),
        fields["form"].choice(FORMS),
        signature,
        fields["from"].choice(names) if "from" in fields else "",
        fields.text("file"),
        fields.flag("attributes"),
        fields.flag("environment"),
    )


def read_vault(value: Value) -> Vault:
    fields = value.fields(_VAULT, required=("client", "method"))
    return Vault(read_symbol(fields["client"]), fields.text("method"), fields.text("attribute"))


def read_identity(name: str, value: Value) -> IdentityStyle:
    fields = value.fields(_IDENTITY, required=("system", "user", "sync", "aio"))
    for key in ("system", "user"):
        _check_expression(fields[key])
    if "{client_id}" not in fields.text("user"):
        raise fields["user"].error("the client id has no place", f"write {_IDENTITY['user']}")
    return IdentityStyle(
        name,
        fields.text("system"),
        fields.text("user"),
        fields.text("sync"),
        fields.text("aio"),
        fields.text("provider"),
        fields.texts("sync_only"),
        read_packages(fields.get("packages")),
    )


def _check_expression(value: Value) -> None:
    try:
        ast.parse(value.text().replace("{client_id}", "None").strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise value.error("not a Python expression", f"write {_IDENTITY['system']}") from None
