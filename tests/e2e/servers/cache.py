"""Redis with TLS, with the access key of Azure Cache for Redis, and users whose password is their token."""

from __future__ import annotations

from pathlib import Path

from servers import installed
from servers.certificates import Certificates
from servers.identities import Directory
from servers.processes import Process, free_ports


class Cache:
    def __init__(self, folder: Path, certificates: Certificates, directory: Directory, key: str) -> None:
        self.port = free_ports(1)[0]
        users = folder / "redis.acl"
        rights = "~* &* +@all"
        lines = [f"user default on >{key} {rights}"]
        for identity in (directory.system, directory.user, directory.other):
            token = directory.token(identity, "https://redis.azure.com")
            lines.append(f"user {identity.object_id} on >{token} {rights}")
        users.write_text("\n".join(lines) + "\n")
        pem = ["--tls-cert-file", str(certificates.chain), "--tls-key-file", str(certificates.key)]
        pem += ["--tls-ca-cert-file", str(certificates.authority), "--tls-auth-clients", "no"]
        self._process = Process(
            [
                *(installed.redis(), "--port", "0", "--tls-port", str(self.port), "--bind", "127.0.0.1"),
                *pem,
                *("--aclfile", str(users), "--save", "", "--dir", str(folder)),
            ],
            [self.port],
            folder / "redis.log",
        )

    def stop(self) -> None:
        self._process.stop()
