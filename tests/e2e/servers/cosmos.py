"""Azure Cosmos DB for NoSQL: one database, items by id, and reading all of a container.

Protocol: https://learn.microsoft.com/rest/api/cosmos-db/ ; the signature of the key is checked as the service does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, cast
from urllib.parse import parse_qs, unquote

from servers.bearer import Gate
from servers.http import Answer, Request

DATABASE, CONTAINER = "shop", "orders"


class Cosmos:
    def __init__(self, gate: Gate, key: str) -> None:
        self.gate = gate
        self._key = base64.b64decode(key)
        self._items: dict[str, dict[str, Any]] = {}

    def answer(self, request: Request) -> Answer:
        refused = self._refuse(request)
        if refused is not None:
            return refused
        parts = [unquote(part) for part in request.path.strip("/").split("/") if part]
        kinds = parts[0::2]
        if not parts:
            return self._account(request.host)
        if kinds == ["dbs"]:
            return Answer(200, {"id": DATABASE, "_rid": "AAA=", "_self": "dbs/AAA=/"})
        if kinds == ["dbs", "colls"]:
            key = {"paths": ["/customer"], "kind": "Hash", "version": 2}
            return Answer(
                200, {"id": CONTAINER, "_rid": "AAAAAA==", "_self": "dbs/AAA=/colls/AAAAAA==/", "partitionKey": key}
            )
        if kinds == ["dbs", "colls", "pkranges"]:
            whole = {"id": "0", "_rid": "AAAAAAA=", "minInclusive": "", "maxExclusive": "FF", "parents": []}
            if request.headers.get("if-none-match"):
                return Answer(304, headers={"etag": '"1"'})
            return Answer(200, {"PartitionKeyRanges": [whole], "_count": 1, "_rid": "AAAAAA=="}, {"etag": '"1"'})
        return self._documents(request, parts)

    def _documents(self, request: Request, parts: list[str]) -> Answer:
        if request.headers.get("x-ms-documentdb-isquery", "").lower() == "true" or (
            request.method == "GET" and len(parts) == 5
        ):
            items = sorted(self._items.values(), key=lambda item: str(item["id"]))
            return Answer(200, {"Documents": items, "_count": len(items), "_rid": "AAAAAA=="})
        if request.method == "POST":
            item = cast(dict[str, Any], request.json)
            self._items[item["id"]] = {**item, "_rid": "AAAAAAB=", "_etag": '"1"'}
            return Answer(201, self._items[item["id"]])
        item_id = parts[5]
        if item_id not in self._items:
            return Answer(404, {"code": "NotFound", "message": "Entity with the specified id does not exist."})
        return (
            Answer(204, None)
            if request.method == "DELETE" and self._items.pop(item_id)
            else Answer(200, self._items[item_id])
        )

    def _refuse(self, request: Request) -> Answer | None:
        fields = parse_qs(unquote(request.headers.get("authorization", "")).replace("+", "%2B"))
        kind, signature = fields.get("type", [""])[0], fields.get("sig", [""])[0]
        if kind == "aad":
            return self.gate.refuse_token(f"Bearer {signature}", "Cosmos DB", f"https://{request.host}")
        right = kind == "master" and hmac.compare_digest(signature, self._signature(request))
        return self.gate.refuse(request, "Cosmos DB", "", right)

    def _signature(self, request: Request) -> str:
        parts = [unquote(part) for part in request.path.strip("/").split("/") if part]
        kind = parts[-1] if len(parts) % 2 else (parts[-2] if parts else "")
        link = "/".join(parts[:-1] if len(parts) % 2 else parts)
        text = f"{request.method.lower()}\n{kind}\n{link}\n{request.headers.get('x-ms-date', '').lower()}\n\n"
        return base64.b64encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()

    def _account(self, host: str) -> Answer:
        place = {"name": "East US", "databaseAccountEndpoint": f"https://{host}:443/"}
        return Answer(
            200,
            {
                "_self": "",
                "id": host.partition(".")[0],
                "_rid": host,
                "media": "//media/",
                "addresses": "//addresses/",
                "_dbs": "//dbs/",
                "writableLocations": [place],
                "readableLocations": [place],
                "enableMultipleWriteLocations": False,
                "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"},
            },
        )
