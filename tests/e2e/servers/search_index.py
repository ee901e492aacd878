"""Azure AI Search: documents go into an index, and come out where a field holds the word.

Protocol: https://learn.microsoft.com/rest/api/searchservice/
"""

from __future__ import annotations

import re
from typing import Any, cast

from servers.bearer import Gate
from servers.http import Answer, Request

_INDEX = re.compile(r"/indexes\('([^']+)'\)/docs/search\.(index|post\.search)$")


class SearchIndex:
    def __init__(self, gate: Gate, key: str) -> None:
        self.gate = gate
        self._key = key
        self._documents: dict[str, dict[str, dict[str, Any]]] = {}

    def answer(self, request: Request) -> Answer:
        given = request.headers.get("api-key")
        by_key = None if given is None else given == self._key
        refused = self.gate.refuse(request, "AI Search", "https://search.azure.com", by_key)
        if refused is not None:
            return refused
        match = _INDEX.search(request.path)
        if match is None:
            return Answer(404, {"error": {"code": "", "message": "No such index."}})
        documents = self._documents.setdefault(match[1], {})
        body = cast(dict[str, Any], request.json)
        if match[2] == "index":
            for document in body["value"]:
                document.pop("@search.action")
                documents[document["id"]] = document
            done = [{"key": one["id"], "status": True, "statusCode": 200} for one in body["value"]]
            return Answer(200, {"value": done})
        word = body.get("search", "*")
        found = [one for one in documents.values() if word == "*" or word in str(one)]
        return Answer(200, {"value": [{"@search.score": 1.0, **one} for one in found]})
