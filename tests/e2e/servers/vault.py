"""Key Vault: secrets only, tokens only, with the challenge that its clients wait for.

Protocol: https://learn.microsoft.com/rest/api/keyvault/
"""

from __future__ import annotations

from typing import cast

from servers.bearer import Gate
from servers.entra import HOST
from servers.http import Answer, Request

AUDIENCE = "https://vault.azure.net"


class Vault:
    """`secrets` are its contents."""

    def __init__(self, gate: Gate, secrets: dict[str, str]) -> None:
        self.gate = gate
        self.secrets = secrets

    def answer(self, request: Request) -> Answer:
        refused = self.gate.refuse(request, "Key Vault", AUDIENCE, None)
        if refused is not None:
            challenge = f'Bearer authorization="https://{HOST}/{self.gate.directory.tenant}", resource="{AUDIENCE}"'
            return Answer(401, refused.body, {"WWW-Authenticate": challenge})
        name = request.path.strip("/").split("/")[1]
        if request.method == "PUT":
            self.secrets[name] = cast(dict[str, str], request.json)["value"]
        if name not in self.secrets:
            return Answer(404, {"error": {"code": "SecretNotFound", "message": f"A secret {name} was not found."}})
        place = f"https://{request.host}/secrets/{name}/0123456789abcdef0123456789abcdef"
        return Answer(200, {"value": self.secrets[name], "id": place, "attributes": {"enabled": True}})
