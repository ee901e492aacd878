"""Where a setting moves in a template of infrastructure, its host gets an identity and the roles that it needs."""

from __future__ import annotations

import json

import hcl2
import pytest
import tree_sitter_bicep
from shipped import shipped_rulebook
from tree_sitter import Language, Parser

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability

CODE = """\
import os
from azure.storage.blob import BlobServiceClient

blobs = BlobServiceClient.from_connection_string(os.environ["DATA_CONNECTION_STRING"])
blobs.get_container_client("c").upload_blob("a", b"x")
"""
SYSTEM, USER = Options(), Options(identity="user", client_id_setting="AZURE_CLIENT_ID")


def migrated(path: str, text: str, options: Options = SYSTEM, code: str = CODE) -> tuple[str, list[str]]:
    """The template afterwards, and what was told; it parses, and a second run changes nothing."""
    files = {"app.py": code.encode(), path: text.encode()}
    analysis = analyse(files, shipped_rulebook(), options)
    changes = change_set(analysis, Applicability.REVIEW)
    after = {**files, **{name: change.after for name, change in changes.files.items()}}
    again = change_set(analyse(after, shipped_rulebook(), options), Applicability.REVIEW)
    assert {name: change.after for name, change in again.files.items()} == {}
    _check(path, after[path].decode())
    return after[path].decode(), [reason for finding in analysis.findings for reason in finding.reasons]


def _check(path: str, text: str) -> None:
    if path.endswith(".tf"):
        hcl2.loads(text)
    elif path.endswith(".json"):
        json.loads(text)
    else:
        tree = Parser(Language(tree_sitter_bicep.language())).parse(text.encode())
        assert not tree.root_node.has_error, text


TERRAFORM = """\
resource "azurerm_storage_account" "data" {
  name = "acmedata"
}

resource "azurerm_linux_web_app" "app" {
  name = "acme"

  site_config {}

  app_settings = {
    DATA_CONNECTION_STRING = azurerm_storage_account.data.primary_connection_string
  }
}
"""
ROLE = """
resource "azurerm_role_assignment" "app_data_storage_blob_data_contributor" {
  scope                = azurerm_storage_account.data.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_linux_web_app.app.identity[0].principal_id
}
"""


def moved(text: str) -> str:
    text = text.replace("DATA_CONNECTION_STRING", "DATA_ACCOUNT_URL")
    return text.replace(".primary_connection_string", ".primary_blob_endpoint")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_terraform(newline: str) -> None:
    after, told = migrated("infra/main.tf", TERRAFORM.replace("\n", newline))
    identity = '  identity {\n    type = "SystemAssigned"\n  }\n\n  site_config'
    assert after.replace("\r\n", "\n") == moved(TERRAFORM).replace("  site_config", identity) + ROLE
    assert after.count("\n") == after.count(newline)
    assert "azurerm_linux_web_app.app in infra/main.tf gets an identity" in told


@pytest.mark.parametrize(
    "given",
    [
        ROLE,
        ROLE.replace('role_definition_name = "Storage Blob Data Contributor"',
                     'role_definition_id   = "${local.roles}/ba92f5b4-2d11-453d-a403-e96b0029c9fe"'),
        ROLE.replace("identity[0].", "identity.0."),
    ],
)  # fmt: skip
def test_what_a_template_has_is_not_given_twice(given: str) -> None:
    start = TERRAFORM.replace("  site_config {}", '  identity { type = "SystemAssigned" }') + given
    assert migrated("main.tf", start)[0] == moved(start)


def test_a_user_assigned_identity() -> None:
    user = 'resource "azurerm_user_assigned_identity" "jobs" {\n  name = "jobs"\n}\n'
    after, told = migrated("main.tf", TERRAFORM + user, USER)
    lines = '    type         = "UserAssigned"\n    identity_ids = [azurerm_user_assigned_identity.jobs.id]\n'
    assert f"  identity {{\n{lines}  }}\n" in after
    assert "principal_id         = azurerm_user_assigned_identity.jobs.principal_id\n" in after
    alone, told = migrated("main.tf", TERRAFORM, USER)
    assert alone == moved(TERRAFORM)
    assert any("needs the user-assigned identity" in text for text in told)


@pytest.mark.parametrize(
    ("old", "new", "words", "identities"),
    [
        ("  name = \"acme\"\n", "  name     = \"acme\"\n  for_each = var.apps\n", "stands for several hosts", 1),
        ("azurerm_storage_account.data.primary_connection_string", "var.connection", "does not say on which", 1),
        ('resource "azurerm_linux_web_app" "app"', 'module "app"', "outside of a host", 0),
        ("azurerm_linux_web_app\" \"app\" {", "azurerm_linux_web_app\" \"app\" {\n  dynamic \"identity\" {\n"
         "    for_each = var.x\n    content {}\n  }", "depends on something", 0),
    ],
)  # fmt: skip
def test_what_a_template_does_not_say_is_told(old: str, new: str, words: str, identities: int) -> None:
    after, told = migrated("main.tf", TERRAFORM.replace(old, new))
    assert after.count('type = "SystemAssigned"') == identities
    assert "role_assignment" not in after
    assert any(words in text for text in told), told


BICEP = """resource sa 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'acmedata'
}

resource app 'Microsoft.Web/sites@2022-09-01' = {
  name: 'acme'
  properties: {
    httpsOnly: true
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {}
  }
}

resource settings 'Microsoft.Web/sites/config@2022-09-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    DATA_CONNECTION_STRING: 'AccountName=${sa.name};AccountKey=${sa.listKeys().keys[0].value}'
  }
}
"""


def test_bicep() -> None:
    after, told = migrated("main.bicep", BICEP)
    assert "  name: 'acme'\n  identity: {\n    type: 'SystemAssigned'\n  }\n  properties: {" in after
    assert "resource appSaStorageBlobDataContributor 'Microsoft.Authorization/roleAssignments@" in after
    assert "  scope: sa\n" in after
    assert "    principalId: app.identity.principalId\n" in after
    elsewhere = BICEP.replace("  name: 'acmedata'", "  name: 'acmedata'\n  scope: resourceGroup('other')")
    after, told = migrated("main.bicep", elsewhere)
    assert "roleAssignments" not in after
    assert any("does not say on which resource" in text for text in told)


def arm(**host: object) -> str:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    account = "resourceId('Microsoft.Storage/storageAccounts', parameters('sa'))"
    value = f"[concat('AccountName=', parameters('sa'), ';AccountKey=', listKeys({account}, '1').keys[0].value)]"
    settings = {"appSettings": [{"name": "DATA_CONNECTION_STRING", "value": value}]}
    body = {"type": "Microsoft.Web/sites", "apiVersion": "2022-09-01", "name": "[parameters('app')]", **host}
    return json.dumps({"$schema": schema, "resources": [{**body, "properties": {"siteConfig": settings}}]}, indent=2)


def test_arm() -> None:
    after, _ = migrated("azuredeploy.json", arm())
    host, role = json.loads(after)["resources"]
    assert host["identity"] == {"type": "SystemAssigned"}
    site = "resourceId('Microsoft.Web/sites', parameters('app'))"
    assert role["properties"]["principalId"] == f"[reference({site}, '2022-09-01', 'full').identity.principalId]"
    assert role["scope"] == "[format('Microsoft.Storage/storageAccounts/{0}', parameters('sa'))]"
    assert role["dependsOn"] == [f"[{site}]"]
    assert migrated("azuredeploy.json", arm(identity={"type": "SystemAssigned"}))[0].count('identity"') == 1


def test_a_variable_that_holds_the_expression() -> None:
    value = BICEP[BICEP.index("'AccountName") : BICEP.index("\n", BICEP.index("'AccountName"))]
    text = BICEP.replace(value, "connection").replace("resource app", f"var connection = {value}\n\nresource app", 1)
    after, _ = migrated("main.bicep", text)
    assert "DATA_ACCOUNT_URL: 'https://${sa.name}.blob.core.windows.net'" in after
    assert "var connection" not in after
    assert "  scope: sa\n" in after
    text = TERRAFORM.replace("CONNECTION_STRING = azurerm_storage_account.data.primary", "CONNECTION_STRING = local")
    text += "\nlocals {\n  connection_string = azurerm_storage_account.data.primary_connection_string\n  a = 1\n}\n"
    after, _ = migrated("main.tf", text.replace("local_", "local."))
    assert "DATA_ACCOUNT_URL = azurerm_storage_account.data.primary_blob_endpoint\n" in after
    assert "locals {\n  a = 1\n}\n" in after
    assert "scope                = azurerm_storage_account.data.id\n" in after


BUS = """\
resource "azurerm_servicebus_queue" "orders" {
  name         = "orders"
  namespace_id = azurerm_servicebus_namespace.acme.id
}

resource "azurerm_servicebus_queue_authorization_rule" "app" {
  name     = "app"
  queue_id = azurerm_servicebus_queue.orders.id
  send     = true
}

resource "azurerm_linux_web_app" "app" {
  identity {
    type = "SystemAssigned"
  }
  app_settings = {
    BUS_CONNECTION_STRING = azurerm_servicebus_queue_authorization_rule.app.primary_connection_string
  }
}
"""


def test_the_key_of_a_queue() -> None:
    code = CODE.replace("azure.storage.blob", "azure.servicebus").replace("BlobServiceClient", "ServiceBusClient")
    code = (
        code.replace("DATA_", "BUS_").rpartition("blobs.")[0] + 'blobs.get_queue_sender("orders").send_messages([])\n'
    )
    after, _ = migrated("main.tf", BUS, code=code)
    assert '"${azurerm_servicebus_namespace.acme.name}.servicebus.windows.net"' in after
    assert "  scope                = azurerm_servicebus_queue.orders.id\n" in after
