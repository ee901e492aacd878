"""The first version of a new pack: complete, valid, and to be edited."""

from __future__ import annotations

import re

from mi_lint.errors import UsageError
from mi_lint.rulebook.model import Rulebook
from mi_lint.rulebook.signature import is_symbol

_SERVICE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEMPLATE = """\
service: SERVICE
title: TITLE
docs: https://learn.microsoft.com/azure/
packages: {SERVICE: ">=1.0"}
roles:
  write: {name: Name of the built-in role, id: 00000000-0000-0000-0000-000000000000}
rules:
  - id: ID
    name: SERVICE-key
    summary: A key of TITLE is used. The client takes an identity instead.
    secret: credential
    accepts: [str]
    calls:
      - old: MODULE.Client(endpoint, credential, **kwargs)
        new: MODULE.Client(endpoint, credential=IDENTITY, **kwargs)
    role: write
    examples:
      - title: environment variable
        before: |
          import os

          from MODULE import Client

          client = Client(os.environ["PREFIX_ENDPOINT"], credential=os.environ["PREFIX_KEY"])
        after: |
          import os

          IMPORTS

          client = Client(os.environ["PREFIX_ENDPOINT"], credential=DefaultAzureCredential())
      - title: already an identity
        before: |
          import os

          IMPORTS

          client = Client(os.environ["PREFIX_ENDPOINT"], credential=DefaultAzureCredential())
        silent: true
"""


def scaffold(service: str, rulebook: Rulebook) -> str:
    """A pack for a service, with the first id from MI900 on that is free."""
    module = service.replace("-", ".")
    if not _SERVICE.fullmatch(service) or not is_symbol(f"{module}.Client"):
        raise UsageError(f"`{service}` cannot name a service; write lower-case words joined by hyphens: acme-widgets")
    if rulebook.pack(service) is not None or rulebook.rule(f"{service}-key") is not None:
        raise UsageError(f"there is a pack for `{service}` already; `mi-lint explain {service}` shows it")
    free = next((f"MI{n}" for n in range(900, 1000) if rulebook.rule(f"MI{n}") is None), None)
    if free is None:
        raise UsageError("the ids MI900 to MI999 are all taken; remove a rule first")
    imports = sorted(["from azure.identity import DefaultAzureCredential", f"from {module} import Client"])
    words = {
        "SERVICE": service,
        "TITLE": service.replace("-", " ").title(),
        "MODULE": module,
        "PREFIX": service.replace("-", "_").upper(),
        "IMPORTS": "\n          ".join(imports),
        "ID": free,
    }
    return re.sub(r"\b(SERVICE|TITLE|MODULE|IMPORTS|ID)\b|PREFIX", lambda match: words[match[0]], _TEMPLATE)
