"""Azure App Configuration: settings by key; requests signed with an access key are checked as the service does.

Protocol: https://learn.microsoft.com/azure/azure-app-configuration/rest-api-authentication-hmac
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import cast
from urllib.parse import unquote

from servers.bearer import Gate
from servers.http import Answer, Request

_SIGNED = re.compile(r"HMAC-SHA256 Credential=([^&]+)&SignedHeaders=([^&]+)&Signature=(.+)")


class Configuration:
    def __init__(self, gate: Gate, key_id: str, key: str) -> None:
        self.gate = gate
        self._key_id = key_id
        self._key = base64.b64decode(key)
        self._values: dict[str, str] = {}

    def answer(self, request: Request) -> Answer:
        signed = _SIGNED.fullmatch(request.headers.get("authorization", ""))
        refused = self.gate.refuse(
            request,
            "App Configuration",
            "https://azconfig.io",
            None if signed is None else self._right(signed, request),
        )
        if refused is not None:
            return refused
        key = unquote(request.path.rpartition("/")[2])
        if request.method == "PUT":
            self._values[key] = cast(dict[str, str], request.json)["value"]
        if key not in self._values:
            return Answer(404, {"title": "Not found", "status": 404})
        return Answer(
            200, {"key": key, "label": None, "value": self._values[key], "etag": "1", "locked": False, "tags": {}}
        )

    def _right(self, signed: re.Match[str], request: Request) -> bool:
        headers = ";".join(request.headers.get(name.lower(), "") for name in signed[2].split(";"))
        text = f"{request.method}\n{request.target}\n{headers}"
        signature = base64.b64encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()
        return signed[1] == self._key_id and hmac.compare_digest(signature, signed[3])
