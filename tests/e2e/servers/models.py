"""Azure OpenAI: a chat model that says back what it was asked.

Protocol: https://learn.microsoft.com/azure/ai-foundry/openai/reference
"""

from __future__ import annotations

import time
from typing import Any, cast

from servers.bearer import Gate
from servers.http import Answer, Request


class Models:
    def __init__(self, gate: Gate, key: str) -> None:
        self.gate = gate
        self._key = key

    def answer(self, request: Request) -> Answer:
        given = request.headers.get("api-key")
        by_key = None if given is None else given == self._key
        refused = self.gate.refuse(request, "Azure OpenAI", "https://cognitiveservices.azure.com", by_key)
        if refused is not None:
            return refused
        if not request.path.endswith("/chat/completions"):
            return Answer(404, {"error": {"code": "404", "message": "Resource not found"}})
        asked = cast(dict[str, Any], request.json)["messages"][-1]["content"]
        message = {"role": "assistant", "content": f"You said: {asked}"}
        return Answer(
            200,
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": int(time.time()),
                "model": "gpt",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            },
        )
