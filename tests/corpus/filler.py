# ruff: noqa: E501
"""Ordinary code and text around the interesting lines, so that files are as long as real ones."""

from __future__ import annotations

from random import Random

_NOUNS = ("order", "invoice", "customer", "shipment", "report", "session", "product", "ticket", "device", "payment")
_VERBS = ("load", "store", "update", "archive", "validate", "publish", "enrich", "merge", "export", "refresh")

_BLOCKS: dict[str, tuple[str, ...]] = {
    "python": (
        'def VERB_NOUN(items: list[dict[str, str]], limit: int = 50) -> list[str]:\n    """Names of the first items."""\n    names = []\n    for item in items[:limit]:\n        key = item.get("key", "")\n        if not key:\n            continue\n        names.append(key.lower())\n    return names\n\n\n',
        'class NOUNRepository:\n    def __init__(self, session, table="NOUN"):\n        self._session = session\n        self._table = table\n\n    def VERB(self, key: str) -> dict | None:\n        row = self._session.get(self._table, key)\n        return dict(row) if row else None\n\n\n',
        'def VERB_NOUN_token(request) -> str:\n    token = request.headers.get("Authorization", "")\n    if not token.startswith("Bearer "):\n        raise PermissionError("no token")\n    return token.removeprefix("Bearer ")\n\n\n',
        'def NOUN_digest(path: str) -> str:\n    digest = hashlib.sha256()\n    with open(path, "rb") as stream:\n        for chunk in iter(lambda: stream.read(65536), b""):\n            digest.update(chunk)\n    return digest.hexdigest()\n\n\n',
    ),
    "c-like": (
        "// VERB the NOUN when the queue has been drained\nfunction VERBNOUN(items) {\n  const result = items.filter(i => i.key !== null);\n  result.sort((a, b) => a.key.localeCompare(b.key));\n  return result;\n}\n\n",
        "/* The NOUN key is the partition key and never changes. */\nfunction NOUNKey(NOUN) {\n  if (!NOUN) {\n    return null;\n  }\n  return NOUN.tenantId + ':' + NOUN.id;\n}\n\n",
    ),
    "yaml": (
        "# VERB of the NOUN service\nNOUN-VERB-DRAW:\n  image: registry.example.org/shop/NOUN:1.4.2\n  replicas: 2\n  resources:\n    limits:\n      cpu: 500m\n      memory: 256Mi\n  probes:\n    path: /healthz\n    port: 8080\n",
    ),
    "hash": (
        "# VERB the NOUN once a day; see the runbook of the team\n# and rotate the key as written there\n\n",
        "# NOUN settings, in the order in which the service reads them\n\n",
    ),
    "semicolon": ("; VERB the NOUN once a day\n; and rotate the key as the runbook says\n\n",),
    "shell": (
        'VERB_NOUN() {\n  local key="$1"\n  if [ -z "$key" ]; then\n    echo "no key" >&2\n    return 1\n  fi\n  echo "VERB NOUN $key"\n}\n\n',
        '# the NOUN image is built first\nfor name in api worker web; do\n  docker build -t "shop/$name:latest" "services/$name"\ndone\n\n',
    ),
    "markdown": (
        "## VERB the NOUN\n\nThe NOUN service reads its key from the environment. Ask the platform team for access,\nthen run `make VERB`. Keys are rotated every 90 days; secrets live in the vault.\n\n- install Python 3.12\n- install the Azure CLI\n- sign in with `az login`\n\n",
    ),
    "terraform": (
        'resource "azurerm_resource_group" "NOUN_DRAW" {\n  name     = "rg-NOUN-prod"\n  location = "westeurope"\n\n  tags = {\n    owner = "platform"\n    stage = "prod"\n  }\n}\n\n',
    ),
    "bicep": (
        "resource NOUNDRAW 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: 'stNOUN'\n  location: resourceGroup().location\n  sku: {\n    name: 'Standard_LRS'\n  }\n  kind: 'StorageV2'\n}\n\n",
    ),
    "log": (
        "2024-05-01 12:00:01,120 INFO  NOUN VERB started request=4f1c\n2024-05-01 12:00:01,422 DEBUG NOUN cache key orders:v2:list hit\n2024-05-01 12:00:02,007 WARN  NOUN VERB took 585 ms\n",
    ),
    "none": ("",),
}


def filler(language: str, r: Random, lines: int) -> str:
    """About `lines` lines of the language; nothing where the language has no free-standing text."""
    blocks = _BLOCKS[language]
    made: list[str] = []
    count = 0
    while count < lines and any(blocks):
        block = r.choice(blocks).replace("NOUN", r.choice(_NOUNS)).replace("VERB", r.choice(_VERBS))
        block = block.replace("DRAW", str(r.randrange(10, 99)))
        made.append(block)
        count += block.count("\n")
    return "".join(made)
