"""Identities of the small Azure, and the tokens that Microsoft Entra ID would issue for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from uuid import uuid4

AUDIENCES = (
    "https://storage.azure.com",
    "https://vault.azure.net",
    "https://cognitiveservices.azure.com",
    "https://search.azure.com",
    "https://azconfig.io",
    "https://eventgrid.azure.net",
    "https://servicebus.azure.net",
    "https://eventhubs.azure.net",
    "https://redis.azure.com",
    "https://ossrdbms-aad.database.windows.net",
)


_ACCOUNT = re.compile(r"https://[a-z0-9-]+\.documents\.azure\.com")  # an account of Cosmos DB is its own audience


@dataclass(frozen=True)
class Identity:
    """A service principal of the tenant. `name` is also its login name at databases."""

    name: str
    client_id: str = field(default_factory=lambda: str(uuid4()))
    object_id: str = field(default_factory=lambda: str(uuid4()))


class Directory:
    """One tenant: a host with a system-assigned and two user-assigned identities, and a registered application."""

    def __init__(self) -> None:
        self.tenant = str(uuid4())
        self.system = Identity("orders-app")
        self.user = Identity("orders-identity")
        self.other = Identity("reports-identity")
        self.application = Identity("orders-principal")
        self.issued: list[tuple[str, str]] = []  # all tokens that were handed out: name of the identity, audience
        self._key = secrets.token_bytes(32)
        self._born = int(time.time()) - 60

    @property
    def expires_on(self) -> int:
        """Seconds since the epoch."""
        return self._born + 86_400

    def user_assigned(self, client_id: str) -> Identity | None:
        return next((one for one in (self.user, self.other) if one.client_id == client_id), None)

    def issue(self, identity: Identity, resource: str) -> str:
        """Hand out a token, and write it down.

        Raises:
            LookupError: no service has that audience.
        """
        token = self.token(identity, resource)
        self.issued.append((identity.name, resource.removesuffix("/.default").rstrip("/")))
        return token

    def token(self, identity: Identity, resource: str) -> str:
        """An access token, the same one each time, so that it can be the password of a database role.

        Raises:
            LookupError: no service has that audience.
        """
        audience = resource.removesuffix("/.default").rstrip("/")
        if audience not in AUDIENCES and not _ACCOUNT.fullmatch(audience):
            raise LookupError(f"AADSTS500011: The resource principal named {resource} was not found in the tenant.")
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "iat": self._born,
            "nbf": self._born,
            "exp": self.expires_on,
            "appid": identity.client_id,
            "oid": identity.object_id,
            "tid": self.tenant,
            "ver": "1.0",
        }
        signed = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
        return f"{signed}.{self._signature(signed)}"

    def refusal(self, token: str, audience: str) -> str:
        """Why a service with that audience refuses a token; empty if it takes it."""
        signed, _, signature = token.rpartition(".")
        if not signed or not hmac.compare_digest(signature, self._signature(signed)):
            return "the signature of the token is invalid"
        payload = signed.partition(".")[2]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if claims["aud"] != audience:
            return f"the audience of the token is {claims['aud']}, not {audience}"
        return ""

    def _signature(self, text: str) -> str:
        return _text(hmac.new(self._key, text.encode(), hashlib.sha256).digest())


def _encode(value: dict[str, object]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
