# ruff: noqa: E501
"""Kinds of files that hold settings, one after another: how a setting is written and what stands around them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape as html_escape


@dataclass(frozen=True)
class Layout:
    """`line` holds NAME and VALUE; `language` is that of the filler, which stands before `head` or behind `tail`."""

    name: str
    path: str
    line: str
    head: str = ""
    tail: str = ""
    language: str = "none"
    before: bool = False
    escape: Callable[[str], str] = str
    forbidden: str = "\n"
    identifiers: bool = False
    plain: bool = True

    def holds(self, name: str, text: str) -> bool:
        """Whether a setting can be written here as it is."""
        return not set(self.forbidden) & set(text) and (name.isidentifier() or not self.identifiers)


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_slashes(text: str) -> str:
    return _json(text).replace("/", "\\/").replace("+", "\\u002B")


_PY = "import hashlib\nimport os\n\nfrom app.core import register\n\n"
_STRING = '"\\\n'

LAYOUTS: tuple[Layout, ...] = (
    Layout("project-env", "service/.env", "NAME=VALUE\n", "# shop\n", language="hash"),
    Layout("project-ini", "etc/worker.ini", "NAME = VALUE\n", "[worker]\n", language="semicolon"),
    Layout(
        "project-properties", "src/main/resources/app.properties", "NAME=VALUE\n", language="hash", forbidden="\n\\"
    ),
    Layout("project-toml", "settings/prod.toml", 'NAME = "VALUE"\n', "[azure]\n", language="hash", forbidden=_STRING),
    Layout("tfvars", "infra/prod.tfvars", 'NAME = "VALUE"\n', language="hash", forbidden=_STRING),
    Layout(
        "terraform-local",
        "infra/app.tf",
        '    NAME = "VALUE"\n',
        "locals {\n  settings = {\n",
        "  }\n}\n\n",
        "terraform",
        forbidden=_STRING,
    ),
    Layout(
        "bicep-object",
        "infra/app.bicep",
        "  NAME: 'VALUE'\n",
        "var settings = {\n",
        "}\n\n",
        "bicep",
        forbidden="'\\\n",
        identifiers=True,
    ),
    Layout(
        "python-module",
        "shop/config.py",
        'NAME = "VALUE"\n',
        _PY,
        "\n\n",
        "python",
        forbidden=_STRING,
        identifiers=True,
    ),
    Layout(
        "python-settings-class",
        "shop/settings.py",
        '    NAME: str = "VALUE"\n',
        _PY + "\nclass Settings:\n",
        "\n\n",
        "python",
        forbidden=_STRING,
        identifiers=True,
    ),
    Layout(
        "python-nested-dict",
        "shop/defaults.py",
        '        "NAME": "VALUE",\n',
        _PY + 'DEFAULTS = {\n    "azure": {\n',
        "    },\n}\n\n\n",
        "python",
        forbidden=_STRING,
    ),
    Layout(
        "python-setdefault",
        "tests/conftest.py",
        'os.environ.setdefault("NAME", "VALUE")\n',
        _PY,
        "\n\n",
        "python",
        forbidden=_STRING,
    ),
    Layout(
        "python-monkeypatch",
        "tests/test_upload.py",
        '    monkeypatch.setenv("NAME", "VALUE")\n',
        _PY + "\ndef test_upload(monkeypatch):\n",
        "    assert register()\n\n\n",
        "python",
        forbidden=_STRING,
    ),
    Layout(
        "python-getenv-or",
        "shop/env.py",
        'NAME = os.getenv("NAME") or "VALUE"\n',
        _PY,
        "\n\n",
        "python",
        forbidden=_STRING,
        identifiers=True,
    ),
    Layout(
        "json-comments",
        "api/appsettings.Production.json",
        '    "NAME": "VALUE",\n',
        '{\n  // production; deployed by the pipeline\n  "Azure": {\n',
        '    /* end */ "Last": true\n  }\n}\n',
        escape=_json,
    ),
    Layout(
        "json-slashes",
        "api/local.settings.json",
        '    "NAME": "VALUE",\n',
        '{\n  "IsEncrypted": false,\n  "Values": {\n',
        '    "FUNCTIONS_WORKER_RUNTIME": "python"\n  }\n}\n',
        escape=_json_slashes,
        plain=False,
    ),
    Layout(
        "arm-parameters",
        "infra/azuredeploy.parameters.json",
        '    "NAME": {\n      "value": "VALUE"\n    },\n',
        '{\n  "contentVersion": "1.0.0.0",\n  "parameters": {\n',
        '    "sku": {\n      "value": "S1"\n    }\n  }\n}\n',
        escape=_json,
    ),
    Layout(
        "app-service-settings",
        "infra/appsettings.json",
        '  {\n    "name": "NAME",\n    "value": "VALUE",\n    "slotSetting": false\n  },\n',
        "[\n",
        '  {\n    "name": "END",\n    "value": "1",\n    "slotSetting": false\n  }\n]\n',
        escape=_json,
    ),
    Layout("helm-values", "chart/values.yaml", '  NAME: "VALUE"\n', "env:\n", "\n", "yaml", forbidden=_STRING),
    Layout(
        "string-data",
        "k8s/secret.yaml",
        '  NAME: "VALUE"\n',
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ntype: Opaque\nstringData:\n",
        forbidden=_STRING,
    ),
    Layout(
        "k8s-env-list",
        "k8s/deploy.yaml",
        '            - name: NAME\n              value: "VALUE"\n',
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: shop/api\n          env:\n",
        forbidden=_STRING,
    ),
    Layout(
        "yaml-anchor",
        "config/application.yml",
        "  NAME: &NAME_ref 'VALUE'\n",
        "azure:\n",
        "\n",
        "yaml",
        forbidden="'\n",
        identifiers=True,
        plain=False,
    ),
    Layout(
        "compose-map",
        "docker-compose.override.yml",
        '      NAME: "VALUE"\n',
        "services:\n  api:\n    build: .\n    environment:\n",
        "    ports:\n      - 8080:8080\n",
        forbidden=_STRING,
    ),
    Layout(
        "azure-pipelines",
        "azure-pipelines.yml",
        "  - name: NAME\n    value: 'VALUE'\n",
        "trigger:\n  - main\nvariables:\n",
        "steps:\n  - script: make test\n  - task: AzureCLI@2\n",
        forbidden="'\n",
    ),
    Layout(
        "workflow-env",
        ".github/workflows/deploy.yml",
        '          NAME: "VALUE"\n',
        "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: make deploy\n        env:\n",
        forbidden=_STRING,
    ),
    Layout(
        "docker-arg",
        "docker/Dockerfile",
        'ARG NAME="VALUE"\n',
        "FROM python:3.12-slim\nWORKDIR /app\n",
        "RUN pip install -r requirements.txt\nCOPY . .\n",
        forbidden=_STRING,
    ),
    Layout(
        "shell-export",
        "scripts/run.sh",
        "export NAME='VALUE'\n",
        "#!/usr/bin/env bash\nset -euo pipefail\n\n",
        "\n",
        "shell",
        forbidden="'\n",
    ),
    Layout(
        "az-appsettings",
        "scripts/configure.sh",
        "az webapp config appsettings set -g rg-shop -n shop-api --settings NAME='VALUE' -o none\n",
        "#!/bin/sh\nset -e\n\n",
        "\n",
        "shell",
        forbidden="'\n",
    ),
    Layout(
        "powershell-vars",
        "scripts/Deploy.ps1",
        "$NAME = 'VALUE'\n",
        "param([string]$Stage)\n$ErrorActionPreference = 'Stop'\n",
        "Connect-AzAccount -Identity\n",
        "hash",
        forbidden="'\n",
        identifiers=True,
    ),
    Layout(
        "makefile",
        "Makefile",
        "export NAME := VALUE\n",
        ".PHONY: run\n",
        "\nrun:\n\tpython -m shop\n",
        forbidden="\n$#",
        identifiers=True,
    ),
    Layout(
        "java-constants",
        "src/main/java/shop/Config.java",
        '    public static final String NAME = "VALUE";\n',
        "package shop;\n\npublic final class Config {\n",
        "}\n",
        "c-like",
        forbidden=_STRING,
        identifiers=True,
    ),
    Layout(
        "csharp-dictionary",
        "src/Shop/Defaults.cs",
        '            ["NAME"] = "VALUE",\n',
        "namespace Shop\n{\n    static class Defaults\n    {\n        public static readonly Dictionary<string, string> All = new()\n        {\n",
        "        };\n    }\n}\n",
        "c-like",
        forbidden=_STRING,
    ),
    Layout(
        "typescript",
        "web/src/environment.ts",
        "  NAME: 'VALUE',\n",
        "export const environment = {\n  production: true,\n",
        "};\n\n",
        "c-like",
        forbidden="'\\\n",
        identifiers=True,
    ),
    Layout(
        "connection-strings",
        "src/Shop/Web.config",
        '    <add name="NAME" connectionString="VALUE" />\n',
        '<?xml version="1.0" encoding="utf-8"?>\n<configuration>\n  <connectionStrings>\n',
        "  </connectionStrings>\n</configuration>\n",
        escape=html_escape,
        plain=False,
    ),
    Layout(
        "readme-fence",
        "README.md",
        "NAME=VALUE\n",
        "# Shop\n\nA shop on Azure.\n\n```dotenv\n",
        "```\n\n",
        "markdown",
    ),
    Layout(
        "readme-table",
        "docs/settings.md",
        "| `NAME` | `VALUE` | set by the platform team |\n",
        "# Settings\n\n| name | value | note |\n| --- | --- | --- |\n",
        "\n",
        "markdown",
        forbidden="|\n",
        plain=False,
    ),
    Layout("log-dump", "logs/worker.log", "2024-05-01 12:00:00,001 DEBUG setting NAME=VALUE\n", language="log"),
)
