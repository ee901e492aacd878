"""All of the small Azure together: servers, keys, identities, and the environment in which a program meets them."""

from __future__ import annotations

import base64
import os
import random
import secrets
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from shipped import shipped_rulebook

from mi_lint.secrets.minting import mint
from servers import entra
from servers.bearer import Gate
from servers.cache import Cache
from servers.certificates import make_certificates
from servers.configuration import Configuration
from servers.cosmos import Cosmos
from servers.database import DATABASE, Database
from servers.http import Answer, HttpServer, Request
from servers.identities import Directory, Identity
from servers.identity_endpoint import IdentityEndpoint
from servers.messaging import BUS, HUBS, Messaging, connection_string
from servers.models import Models
from servers.proxy import Proxy
from servers.search_index import SearchIndex
from servers.storage import Storage
from servers.vault import Vault

NAMES = Path(__file__).resolve().parent.parent / "names"
HOSTS = [
    entra.HOST,
    "*.blob.core.windows.net",
    "*.queue.core.windows.net",
    "*.table.core.windows.net",
    "*.vault.azure.net",
    "*.openai.azure.com",
    "*.search.windows.net",
    "*.documents.azure.com",
    "*.azconfig.io",
    "*.servicebus.windows.net",
    "*.redis.cache.windows.net",
    "*.postgres.database.azure.com",
]


class Azure:
    """Servers start when they are first needed, and stop together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = Directory()
        self.endpoint = IdentityEndpoint(self.directory)
        self.gate = Gate(self.directory)
        self.certificates = make_certificates(folder, HOSTS)
        self.keys = _keys()
        self.account = "acmedata"
        self.database_password = secrets.token_urlsafe(18)
        self.entra = entra.Entra(self.directory, self.keys["client-secret"], folder)
        self._services = self._handlers()
        self._https = HttpServer(self._answer, self.certificates.server_context())
        self.proxy = Proxy([(pattern, self._https.port) for pattern, _ in self._services])

    # -- servers ---------------------------------------------------------------------------------------------------

    @cached_property
    def storage(self) -> Storage:
        started = Storage(self.folder, self.certificates, self.account, self.keys["storage-key"])
        self.proxy.routes.extend(started.routes)
        return started

    @cached_property
    def database(self) -> Database:
        started = Database(self.folder, self.certificates)
        started.login("orders", self.database_password)
        for identity in (self.directory.system, self.directory.user, self.directory.other):
            started.login(identity.name, self.directory.token(identity, "https://ossrdbms-aad.database.windows.net"))
        return started

    @cached_property
    def cache(self) -> Cache:
        return Cache(self.folder, self.certificates, self.directory, self.keys["redis-key"])

    @cached_property
    def messaging(self) -> Messaging:
        keys = self.keys
        return Messaging(self.gate, keys["servicebus-key"], keys["eventhub-key"], self.certificates.server_context())

    def stop(self) -> None:
        for name in ("storage", "database", "cache", "messaging"):
            if name in self.__dict__:
                self.__dict__[name].stop()
        self.proxy.stop()
        self._https.stop()
        self.endpoint.stop()

    def _handlers(self) -> list[tuple[str, Callable[[Request], Answer]]]:
        keys, gate = self.keys, self.gate
        return [
            (entra.HOST, self.entra.answer),
            ("*.vault.azure.net", Vault(gate, {"storage-connection-string": self.connection_string}).answer),
            ("*.openai.azure.com", Models(gate, keys["openai-key"]).answer),
            ("*.search.windows.net", SearchIndex(gate, keys["search-admin-key"]).answer),
            ("*.documents.azure.com", Cosmos(gate, keys["cosmos-key"]).answer),
            ("*.azconfig.io", Configuration(gate, keys["configuration-id"], keys["configuration-key"]).answer),
        ]

    def _answer(self, request: Request) -> Answer:
        for pattern, handler in self._services:
            if request.host == pattern or (pattern.startswith("*") and request.host.endswith(pattern[1:])):
                return handler(request)
        return Answer(404)

    # -- what programs are given -------------------------------------------------------------------------------------

    @property
    def connection_string(self) -> str:
        return (
            f"DefaultEndpointsProtocol=https;AccountName={self.account};"
            f"AccountKey={self.keys['storage-key']};EndpointSuffix=core.windows.net"
        )

    @cached_property
    def values(self) -> dict[str, str]:
        """What stands for `@name@` in the files of a program."""
        return {
            "tenant": self.directory.tenant,
            "application": self.directory.application.client_id,
            "account": self.account,
            "storage-connection-string": self.connection_string,
            "configuration-connection-string": "Endpoint=https://acmeconfig.azconfig.io;"
            f"Id={self.keys['configuration-id']};Secret={self.keys['configuration-key']}",
            "bus-connection-string": connection_string(BUS, self.keys["servicebus-key"]),
            "hubs-connection-string": connection_string(HUBS, self.keys["eventhub-key"]),
            "database": DATABASE,
            "database-password": self.database_password,
            **self.keys,
        }

    @property
    def secrets(self) -> list[str]:
        """Everything that may be in no file and no output after a migration."""
        return [*(key for name, key in self.keys.items() if name != "configuration-id"), self.database_password]

    def network(self) -> dict[str, str]:
        """The environment that leads production names to this machine; it says nothing of any identity."""
        names = []
        if "cache" in self.__dict__:
            names.append(f"*.redis.cache.windows.net:6380={self.cache.port}")
        if "messaging" in self.__dict__:
            names.append(f"*.servicebus.windows.net:5671={self.messaging.port}")
        found = {
            "HTTPS_PROXY": self.proxy.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(self.certificates.authority),
            "SSL_CERT_FILE": str(self.certificates.authority),
            "LOOPBACK_NAMES": " ".join(names),
            "PYTHONPATH": str(NAMES),
        }
        if "database" in self.__dict__:
            # libpq resolves names itself; these give the address and leave the name to the check of the certificate
            found |= {"PGHOSTADDR": "127.0.0.1", "PGPORT": str(self.database.port)}
            found["PGSSLROOTCERT"] = str(self.certificates.authority)
        return found

    def host(self, kind: str, identity: Identity | None) -> dict[str, str]:
        """What a host of that kind gives to a program: nothing but the way to its identity."""
        if kind == "kubernetes" and identity is not None:
            return self.entra.workload(identity)
        if identity is None:
            return self.endpoint.without_identity()
        return self.endpoint.app_service() if kind == "app service" else self.endpoint.virtual_machine()


def _keys() -> dict[str, str]:
    """Synthetic keys in the shapes of real ones, new in every session."""
    kinds = {kind.name: kind for kind in shipped_rulebook().kinds}
    source = random.Random(secrets.randbits(64))
    made = {
        name: mint(kinds[kind], source, kinds)
        for name, kind in {
            "storage-key": "storage-key",
            "cosmos-key": "cosmos-key",
            "openai-key": "openai-key",
            "search-admin-key": "search-admin-key",
            "redis-key": "redis-key",
            "servicebus-key": "servicebus-key",
            "eventhub-key": "eventhub-key",
            "client-secret": "entra-client-secret",
        }.items()
    }
    made["configuration-id"] = secrets.token_urlsafe(6)
    made["configuration-key"] = base64.b64encode(os.urandom(64)).decode()
    return made
