"""Templates of infrastructure: settings and the expressions that give their values, each checked with a real parser."""

from __future__ import annotations

import json
from typing import Any

import hcl2
import pytest
import tree_sitter_bicep
from hypothesis import given
from hypothesis import strategies as st
from shipped import shipped_rulebook
from tree_sitter import Language, Parser

from mi_lint.edits import TextEdit, apply
from mi_lint.python.knowledge import compile_knowledge
from mi_lint.settings.alignment import aligned
from mi_lint.settings.formats import format_of
from mi_lint.settings.items import HCL, bodies
from mi_lint.settings.model import Edits, PassesOn, SettingEntry
from mi_lint.textfile import Span, TextFile, decode_text

RESOURCES = compile_knowledge(shipped_rulebook()).resources
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{0,3}(_[A-Z0-9]{1,3}){1,2}", fullmatch=True)
_BUS, _DB = "Microsoft.ServiceBus/namespaces", "Microsoft.DocumentDB/databaseAccounts"
VALUES = st.text("ab1 '\"\\{}[]$%#,=:é", max_size=8)


def file_of(path: str, text: str) -> TextFile:
    return decode_text(path, text.encode())


def entries(file: TextFile) -> dict[str, SettingEntry]:
    format_ = format_of(file.path)
    assert format_ is not None
    return {entry.name: entry for entry in format_.entries(file)}


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


def moved(file: TextFile, name: str, *templates: str) -> str | None:
    format_ = format_of(file.path)
    assert isinstance(format_, PassesOn)
    return format_.passed_on(file, entries(file)[name], templates, "NEW", RESOURCES)


ENDPOINTS = {
    "blob": ("{BlobEndpoint:rstrip=/}", "{DefaultEndpointsProtocol|https}://{AccountName}.blob.{EndpointSuffix|core.windows.net}"),
    "host": ("{Endpoint:host}",),
    "account": ("{AccountEndpoint}",),
    "endpoint": ("{Endpoint:rstrip=/}",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expression", "derived"),
    [
        ("blob", "azurerm_storage_account.a.primary_connection_string",
         "azurerm_storage_account.a.primary_blob_endpoint"),
        ("blob", "data.azurerm_storage_account.a[0].primary_blob_connection_string",
         "data.azurerm_storage_account.a[0].primary_blob_endpoint"),
        ("host", "azurerm_servicebus_namespace.n.default_primary_connection_string",
         '"${azurerm_servicebus_namespace.n.name}.servicebus.windows.net"'),
        ("account", '"AccountEndpoint=${azurerm_cosmosdb_account.c.endpoint};AccountKey=${var.k};"',
         "azurerm_cosmosdb_account.c.endpoint"),
        ("blob", '"AccountName=${var.n};AccountKey=${var.k};EndpointSuffix=core.windows.net"',
         '"https://${var.n}.blob.core.windows.net"'),
        ("endpoint", "azurerm_app_configuration.a.primary_read_key[0].connection_string",
         "azurerm_app_configuration.a.endpoint"),
        ("blob", "var.connection", None),
        ("blob", "module.storage.primary_connection_string", None),
        ("blob", 'azurerm_storage_account.a.primary_connection_string == "" ? "" : "x"', None),
        ("blob", '"${var.connection}"', None),
        ("host", "azurerm_storage_account.a.primary_connection_string", None),
    ],
)  # fmt: skip
def test_terraform_expressions(kind: str, expression: str, derived: str | None) -> None:
    file = file_of("main.tf", f"app_settings = {{\n  CONN_A = {expression}\n}}\n")
    assert entries(file)["CONN_A"].computed
    assert moved(file, "CONN_A", *ENDPOINTS[kind]) == derived


BICEP = """\
resource sb 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' existing = {
  name: 'bus'
}
resource rule 'Microsoft.ServiceBus/namespaces/AuthorizationRules@2022-10-01-preview' existing = {
  parent: sb
  name: 'Root'
}
resource c 'Microsoft.DocumentDB/databaseAccounts@2023-11-15' existing = {
  name: 'c'
}
"""


@pytest.mark.parametrize(
    ("kind", "expression", "derived"),
    [
        ("blob", "'AccountName=${sa.name};AccountKey=${key};EndpointSuffix=${environment().suffixes.storage}'",
         "'https://${sa.name}.blob.${environment().suffixes.storage}'"),
        ("host", "rule.listKeys().primaryConnectionString", "'${sb.name}.servicebus.windows.net'"),
        ("host", "listKeys('${sb.id}/AuthorizationRules/Root', sb.apiVersion).primaryConnectionString",
         "'${sb.name}.servicebus.windows.net'"),
        ("account", "c.listConnectionStrings().connectionStrings[0].connectionString", "c.properties.documentEndpoint"),
        ("host", "other.listKeys().primaryConnectionString", None),
        ("host", "rule.listKeys().primaryKey", None),
        ("host", "conn", None),
    ],
)  # fmt: skip
def test_bicep_expressions(kind: str, expression: str, derived: str | None) -> None:
    file = file_of("main.bicep", f"{BICEP}var appSettings = [\n  {{ name: 'CONN', value: {expression} }}\n]\n")
    assert moved(file, "CONN", *ENDPOINTS[kind]) == derived


@pytest.mark.parametrize(
    ("kind", "expression", "derived"),
    [
        ("blob", "concat('AccountName=', parameters('s'), ';AccountKey=', listKeys('x', '1').keys[0].value)",
         "[concat('https://', parameters('s'), '.blob.core.windows.net')]"),
        ("blob", "format('AccountName={0};AccountKey={1}', variables('s'), parameters('k'))",
         "[concat('https://', variables('s'), '.blob.core.windows.net')]"),
        ("host", f"listKeys(resourceId('{_BUS}/AuthorizationRules', 'ns', 'r'), '1').primaryConnectionString",
         "[concat('ns', '.servicebus.windows.net')]"),
        ("account", f"listConnectionStrings(resourceId('{_DB}', 'c'), '1').connectionStrings[0].connectionString",
         "[reference(resourceId('Microsoft.DocumentDB/databaseAccounts', 'c')).documentEndpoint]"),
        ("blob", "parameters('connection')", None),
        ("blob", "concat('AccountName=', 'a)", None),
    ],
)  # fmt: skip
def test_arm_expressions(kind: str, expression: str, derived: str | None) -> None:
    file = file_of("azuredeploy.json", arm([{"name": "CONN", "value": f"[{expression}]"}]))
    found = moved(file, "CONN", *ENDPOINTS[kind])
    assert (json.loads(found) if found else None) == derived


def arm(settings: list[dict[str, str]], **more: Any) -> str:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return json.dumps({"$schema": schema, **more, "resources": [{"properties": {"appSettings": settings}}]}, indent=2)


def test_templates_that_bicep_compiled_are_left_to_it() -> None:
    text = arm([{"name": "A_B", "value": "x"}], metadata={"_generator": {"name": "bicep"}})
    assert entries(file_of("main.json", text)) == {}
    assert entries(file_of("package.json", '{"appSettings": [{"name": "A_B", "value": "x"}]}')) == {}


TERRAFORM = """\
resource "azurerm_linux_web_app" "a" {
  app_settings = merge(local.base, {
    # CONN
    "CONN"      = azurerm_x.y.z # stays
    OTHER_LONG  = <<-EOT
      CONN = no
    EOT
    lower       = "x ${foo("}")} y", NEXT_ONE = 1
  })
  lifecycle { ignore_changes = [app_settings["CONN"]] }
}
"""


def test_terraform_entries() -> None:
    file = file_of("a.tf", TERRAFORM)
    found = entries(file)
    assert {name: (entry.value, entry.computed) for name, entry in found.items()} == {
        "CONN": ("azurerm_x.y.z", True),
        "OTHER_LONG": ("<<-EOT\n      CONN = no\n    EOT", True),
    }
    format_ = format_of("a.tf")
    assert format_ is not None
    assert after(file, format_.rename(file, found["CONN"], "URL", "a.b")) == TERRAFORM.replace(
        '"CONN"      = azurerm_x.y.z', '"URL"       = a.b'
    )
    assert after(file, format_.remove(file, [found["CONN"]])) == TERRAFORM.replace(
        '    "CONN"      = azurerm_x.y.z # stays\n', ""
    )
    assert not format_.still_parses(file, TERRAFORM.replace("})", ")"))


def test_blocks_of_container_apps() -> None:
    text = 'env {\n  name = "A_B"\n  secret_name = "k"\n}\nsecret {\n  name = "k"\n  value = var.x\n}\n'
    file = file_of("a.tf", text)
    found = entries(file)
    assert (found["A_B"].address, found["A_B"].origin) == ("app/k", "the secret k of the app")
    assert (found["k"].address, found["k"].value) == ("app/k", "var.x")


@given(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
    NAMES,
    VALUES,
    st.sampled_from(["tf", "bicep", "json"]),
    st.data(),
)
def test_any_literal_can_change(
    settings: dict[str, str], new: str, value: str, kind: str, data: st.DataObject
) -> None:  # fmt: skip
    make = {"tf": _terraform, "bicep": _bicep, "json": _arm}[kind]
    file = file_of(f"main.{kind}", make(settings))
    format_ = format_of(file.path)
    assert format_ is not None
    assert {name: entry.value for name, entry in entries(file).items()} == settings
    old = data.draw(st.sampled_from(sorted(settings)))
    entry = entries(file)[old]
    removed = file_of(file.path, after(file, format_.remove(file, [entry])))
    assert list(entries(removed)) == [name for name in settings if name != old]
    _check(removed)
    if new not in settings:
        renamed = file_of(file.path, after(file, format_.rename(file, entry, new, value)))
        expected = {new if k == old else k: value if k == old else v for k, v in settings.items()}
        assert {name: e.value for name, e in entries(renamed).items()} == expected
        added = file_of(file.path, after(file, format_.add(file, entry, new, value)))
        assert {name: e.value for name, e in entries(added).items()} == {**settings, new: value}
        for changed in (renamed, added):
            _check(changed)
            assert format_.still_parses(file, changed.text)


def _terraform(settings: dict[str, str]) -> str:
    def spelled(text: str) -> str:
        return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")

    lines = "".join(f"    {name} = {spelled(value)}\n" for name, value in settings.items())
    return f'resource "x" "y" {{\n  app_settings = {{\n{lines}  }}\n}}\n'


def _bicep(settings: dict[str, str]) -> str:
    def spelled(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${") + "'"

    lines = "".join(
        f"  {{\n    name: '{name}'\n    value: {spelled(value)}\n  }}\n" for name, value in settings.items()
    )
    return f"var appSettings = [\n{lines}]\n"


def _arm(settings: dict[str, str]) -> str:
    def spelled(text: str) -> str:
        return f"[{text}" if text.startswith("[") else text

    return arm([{"name": name, "value": spelled(value)} for name, value in settings.items()])


def _check(file: TextFile) -> None:
    if file.path.endswith(".json"):
        json.loads(file.text)
    elif file.path.endswith(".bicep"):
        tree = Parser(Language(tree_sitter_bicep.language())).parse(file.text.encode())
        assert not tree.root_node.has_error
    elif "\\" not in file.text and "$" not in file.text and "%" not in file.text:  # hcl2 has its own ideas of these
        hcl2.loads(file.text)


@given(st.text('ab{}[]()"#/*=:,\n${<E', max_size=60))
def test_no_text_breaks_the_scanner(text: str) -> None:
    for body in bodies(text, HCL) or ():
        for item in body.items:
            assert text[item.name_span.start : item.name_span.end] == item.name
            assert 0 <= item.value.start <= item.value.end <= len(text)


@pytest.mark.parametrize(("column", "left"), [(16, 16), (10, 6)])
def test_a_column_that_names_ask_for_follows_them_and_a_chosen_one_stays(column: int, left: int) -> None:
    lines = [f"  {name:<{column}}= 1\n" for name in ("kind", "long_name", "other")]
    text = f'module "x" {{\n{"".join(lines)}}}\n'
    at = text.index(lines[1])
    edits = aligned(text, [TextEdit(Span(at, at + len(lines[1])), "")])
    assert apply(text, edits) == f'module "x" {{\n  {"kind":<{left}}= 1\n  {"other":<{left}}= 1\n}}\n'
