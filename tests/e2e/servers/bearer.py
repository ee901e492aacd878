"""How the services judge a bearer token; the kind of sign-in is written down, so that tests can ask for it."""

from __future__ import annotations

from collections import Counter

from servers.http import Answer, Request
from servers.identities import Directory


class Gate:
    """Lets requests in with the key of a service or with a token for it. `used` counts pairs of service and way."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.used: Counter[tuple[str, str]] = Counter()

    def refuse(self, request: Request, service: str, audience: str, by_key: bool | None) -> Answer | None:
        """None if the request may pass. `by_key`: whether its key is right, None where it has no key."""
        if by_key is not None:
            if not by_key:
                return _unauthorized("the key or the signature is wrong")
            self.used[service, "key"] += 1
            return None
        return self.refuse_token(request.headers.get("authorization", ""), service, audience)

    def refuse_token(self, authorization: str, service: str, audience: str) -> Answer | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return _unauthorized("neither a key nor a token")
        reason = self.directory.refusal(token, audience)
        if reason:
            return _unauthorized(reason)
        self.used[service, "token"] += 1
        return None


def _unauthorized(reason: str) -> Answer:
    return Answer(401, {"error": {"code": "Unauthorized", "message": f"Access denied: {reason}."}})
