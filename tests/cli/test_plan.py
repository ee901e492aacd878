"""`mi-lint plan`: every format says the same, each valid for its own tool, and none holds a secret."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import hcl2
import pytest
import tree_sitter_bicep
from click.testing import CliRunner, Result
from shipped import shipped_rulebook
from tree_sitter import Language, Parser

from mi_lint.cli.main import cli
from mi_lint.secrets.minting import mint

KINDS = {kind.name: kind for kind in shipped_rulebook().kinds}
STORAGE_ROLE = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
COSMOS_ROLE = "00000000-0000-0000-0000-000000000002"
FORMATS = ("markdown", "json", "az", "bicep", "terraform")
CODE = """\
import os

import redis
from azure.cosmos import CosmosClient
from azure.storage.blob import BlobServiceClient, generate_account_sas

blobs = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
items = CosmosClient(os.environ["COSMOS_URL"], os.environ["COSMOS_KEY"])
cache = redis.Redis("acme.redis.cache.windows.net", 6380, password=os.environ["REDIS_KEY"], ssl=True)
sas = generate_account_sas("acme", os.environ["OTHER_KEY"], "sco", "rl", "2030-01-01")
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A program with three connections that move and one that does not; its secrets by setting."""
    source = random.Random(7)
    keys = {name: mint(KINDS[name], source, KINDS) for name in ("storage-key", "cosmos-key", "redis-key")}
    text = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={keys['storage-key']}"
    lines = [f"STORAGE_CONNECTION_STRING={text};EndpointSuffix=core.windows.net"]
    lines += ["COSMOS_URL=https://acme.documents.azure.com", f"COSMOS_KEY={keys['cosmos-key']}"]
    (tmp_path / ".env").write_text("\n".join([*lines, f"REDIS_KEY={keys['redis-key']}"]) + "\n")
    (tmp_path / "app.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return keys


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["plan", *arguments])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_roles_and_no_secret(form: str, repository: dict[str, str]) -> None:
    done = run("--format", form, "--host", "functions")
    assert done.exit_code == 0, done.output
    assert STORAGE_ROLE in done.output
    assert COSMOS_ROLE in done.output
    assert not [key for key in repository.values() if key in done.output]


def test_json_has_all_steps(repository: dict[str, str]) -> None:
    plan = json.loads(run("--format", "json", "--host", "vm", "--host", "aks").output)["plan"]
    assert [host["name"] for host in plan["hosts"]] == ["vm", "aks"]
    assert [(s["name"], s["replaces"]) for s in plan["settings"]] == [
        ("STORAGE_ACCOUNT_URL", "STORAGE_CONNECTION_STRING")
    ]
    assert plan["deleted"] == ["STORAGE_CONNECTION_STRING", "COSMOS_KEY", "REDIS_KEY"]
    assert {role["kind"] for role in plan["roles"]} == {"azure-rbac", "cosmos-sql", "access-policy"}
    assert {tuple(c["files"]) for c in plan["connections"]} == {("app.py", ".env")}
    assert [step["place"] for step in plan["manual"]] == ["app.py:10"]
    assert len(plan["keys_off"]) == 3
    assert {place for leak in plan["leaks"] for place in leak["places"]} == {".env:1", ".env:3", ".env:4"}
    assert "azure-identity>=1.15.0" in plan["packages"]


def test_markdown_turns_keys_off_after_everything_else(repository: dict[str, str]) -> None:
    text = run("--host", "functions").output
    order = ["What changes", "identity assign", STORAGE_ROLE, "Add settings", "migrate --write", "Delete settings"]
    places = [text.index(words) for words in [*order, "Turn keys off", "Rotate"]]
    assert places == sorted(places)


def test_az_script_runs(repository: dict[str, str], tmp_path: Path) -> None:
    """With an `az` that only says what it was asked: what is missing stops it, and keys go off only when told to."""
    script = run("--format", "az", "--host", "functions", "--identity", "system").output
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "az").write_text('#!/bin/sh\necho "az $*"\n')
    (tools / "az").chmod(0o755)

    def bash(step: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = {"PATH": f"{tools}:/usr/bin:/bin"}
        command = ["bash", "-s", step]
        return subprocess.run(
            command, input=script, env={**path, **environment}, capture_output=True, text=True, check=False
        )

    assert "PRINCIPAL_ID: the object id of the identity" in bash("prepare").stderr
    values = {
        "PRINCIPAL_ID": "1",
        "GROUP": "g",
        "HOST": "h",
        "STORAGE_BLOB_ID": "/blob",
        "COSMOS_GROUP": "g",
        "COSMOS_NAME": "c",
        "REDIS_GROUP": "g",
        "REDIS_NAME": "r",
        "VALUE_STORAGE_ACCOUNT_URL": "https://acme.blob.core.windows.net",
    }
    done = bash("prepare", **values)
    assert done.returncode == 0, done.stderr
    assert "az functionapp identity assign -g g -n h\n" in done.stdout
    assert f"--role {STORAGE_ROLE} --scope /blob\n" in done.stdout
    assert "--settings STORAGE_ACCOUNT_URL=https://acme.blob.core.windows.net\n" in done.stdout
    assert "shared-key-access" not in done.stdout
    assert "az redis access-policy-assignment create -g g -n r --policy-assignment-name " in done.stdout
    assert bash("clean-up", **values).stdout.endswith(
        "--setting-names STORAGE_CONNECTION_STRING COSMOS_KEY REDIS_KEY\n"
    )
    values |= {"STORAGE_BLOB_GROUP": "g", "STORAGE_BLOB_NAME": "acme"}
    assert (
        "az storage account update -g g -n acme --allow-shared-key-access false\n" in bash("keys-off", **values).stdout
    )


def test_terraform_is_valid(repository: dict[str, str]) -> None:
    parsed = hcl2.loads(run("--format", "terraform").output)
    kinds = {key.strip('"') for resource in parsed["resource"] for key in resource}
    text = run("--format", "terraform").output
    assert "#   shared_access_key_enabled = false" in text.splitlines()
    assert "#   local_authentication_disabled = true" in text.splitlines()
    policy = "azurerm_redis_cache_access_policy_assignment"
    assert kinds == {"azurerm_role_assignment", "azurerm_cosmosdb_sql_role_assignment", policy}


def test_bicep_is_valid(repository: dict[str, str]) -> None:
    text = run("--format", "bicep").output
    tree = Parser(Language(tree_sitter_bicep.language())).parse(text.encode())
    assert not tree.root_node.has_error
    assert text.count("' existing = {") == 3
    later = "// resource ... 'Microsoft.Storage/storageAccounts@...' = { properties: { allowSharedKeyAccess: false } }"
    assert text.splitlines()[text.splitlines().index(later) - 1].startswith("// Azure Blob Storage. It stops ")
    assert text.count("Microsoft.Authorization/roleAssignments@") == 1


@pytest.mark.parametrize("form", ["az", "bicep", "terraform"])
def test_what_a_template_assigns_is_not_assigned_again(form: str, repository: dict[str, str]) -> None:
    setting = "STORAGE_CONNECTION_STRING = azurerm_storage_account.a.primary_connection_string"
    Path("main.tf").write_text(
        f'resource "azurerm_linux_web_app" "w" {{\n  app_settings = {{\n    {setting}\n  }}\n}}\n'
    )
    text = run("--format", form, "--host", "functions").output
    assert STORAGE_ROLE not in text
    assert "main.tf assigns" in text
    assert COSMOS_ROLE in text


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_to_do(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("print('hello')\n")
    done = run("--format", form)
    assert done.exit_code == 0
    if form == "az":
        assert subprocess.run(["bash", "-n"], input=done.output, text=True, check=False).returncode == 0
    elif form == "terraform":
        hcl2.loads(done.output)


def test_user_assigned_identity(repository: dict[str, str]) -> None:
    done = run("--identity", "user", "--client-id-setting", "AZURE_CLIENT_ID", "--host", "container-apps")
    assert '--user-assigned "$IDENTITY_ID"' in done.output
    assert "az identity create" in done.output
    assert "`AZURE_CLIENT_ID`" in done.output


def test_unknown_host(repository: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mi_lint", "plan", "--host", "mainframe"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: host 'mainframe' is unknown; use one of aks, ")


def test_what_the_plan_knows_of_a_connection(repository: dict[str, str], tmp_path: Path) -> None:
    """Where the code runs, what changes where, the value of a setting, and roles on the resource by what is called."""
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/app.yaml").write_text("apiVersion: apps/v1\nkind: Deployment\n")
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "show.py").write_text(
        "from app import blobs\n\nprint(blobs.get_blob_client('a', 'b').download_blob())\n"
    )
    plan = json.loads(run("--format", "json").output)["plan"]
    assert [(host["name"], host["evidence"], host["only"]) for host in plan["hosts"]] == [
        ("aks", "k8s/app.yaml:2", "user")
    ]
    roles = {role["name"]: role["on"] for role in plan["roles"]}
    assert roles["Storage Blob Data Reader"] == "acme"
    assert "Storage Blob Data Contributor" not in roles
    assert plan["settings"][0]["value"] == "https://acme.blob.core.windows.net"
    assert "az storage account show" in plan["settings"][0]["command"]
    assert plan["locks"] == ["uv.lock"]
    uses = [place for step in plan["connections"] for place, text in step["uses"] if "Blob" in text]
    assert uses == ["app.py:7"]

    (tmp_path / "save.py").write_text("from app import blobs\n\nblobs.get_blob_client('a', 'b').upload_blob(b'')\n")
    text = run().output
    assert "Storage Blob Data Reader" not in text
    for told in ("Storage Blob Data Contributor", "Create a user-assigned identity", "azure.workload.identity/use"):
        assert told in text


def test_what_is_left_to_delete_outside_the_files(repository: dict[str, str], tmp_path: Path) -> None:
    """Settings that nothing reads any more, what a pipeline took them from, and secrets of a vault."""
    code = """\
import os

from azure.core.credentials import AzureKeyCredential
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.search.documents import SearchClient

vault = SecretClient("https://acme.vault.azure.net", DefaultAzureCredential())
first = SearchClient("https://acme.search.windows.net", "a", AzureKeyCredential(os.environ["SEARCH_KEY"]))
other = SearchClient("https://other.search.windows.net", "b", AzureKeyCredential(vault.get_secret("search-key").value))
"""
    workflow = """\
on: push
jobs:
  run:
    runs-on: ubuntu-latest
    env:
      SEARCH_KEY: ${{ secrets.ACME_SEARCH_KEY }}
      KEPT: ${{ secrets.KEPT }}
    steps:
      - run: python app.py
"""
    (tmp_path / "app.py").write_text(code)
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "run.yml").write_text(workflow)
    text = run("--host", "functions").output
    assert "- [ ] `SEARCH_KEY`\n" in text.partition("Delete settings")[2]
    assert "the secret ACME_SEARCH_KEY of the repository on GitHub: delete it once nothing takes it any more" in text
    assert "the vault's secret 'search-key': delete it once nothing reads it any more" in text
    assert "the secret KEPT" not in text
    clean_up = run("--format", "az", "--host", "functions").output.partition("clean-up ]")[2]
    assert 'az functionapp config appsettings delete -g "$GROUP" -n "$HOST" --setting-names SEARCH_KEY\n' in clean_up


def test_an_unknown_host_is_an_error_before_anything_is_written(repository: dict[str, str]) -> None:
    done = CliRunner().invoke(cli, ["migrate", "--host", "moon", "--write", "--allow-dirty"])
    assert done.exit_code == 2
    assert "host 'moon' is unknown; use one of aks, api-management" in done.output
    assert "from_connection_string" in Path("app.py").read_text()


def test_a_report_in_json_has_the_plan_and_what_is_left(repository: dict[str, str], tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["migrate", "--write", "--allow-dirty", "--host", "vm", "--report", "r.json"])
    assert done.exit_code == 1, done.output
    told = json.loads((tmp_path / "r.json").read_text())
    assert [host["name"] for host in told["plan"]["hosts"]] == ["vm"]
    assert told["plan"]["settings"][0]["name"] == "STORAGE_ACCOUNT_URL"
    assert told["findings"]
    assert "az vm identity assign" in done.output
    assert not [key for key in repository.values() if key in (tmp_path / "r.json").read_text()]


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_a_value_that_still_holds_a_secret_is_not_shown(form: str, repository: dict[str, str], tmp_path: Path) -> None:
    signature = quote(repository["storage-key"], safe="")
    token = f"sv=2022-11-02&ss=b&srt=sco&sp=rl&sig={signature}"
    text = f"BlobEndpoint=https://acme.blob.core.windows.net/?{token};SharedAccessSignature={token}"
    (tmp_path / ".env").write_text(f"STORAGE_CONNECTION_STRING={text}\n")
    done = run("--format", form)
    assert "STORAGE_ACCOUNT_URL" in done.output
    assert signature not in done.output
