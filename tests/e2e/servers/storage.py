"""Azurite, Microsoft's own storage server for tests, with OAuth on and an account of our own."""

from __future__ import annotations

import os
from pathlib import Path

from servers import installed
from servers.certificates import Certificates
from servers.processes import Process, free_ports


class Storage:
    """Blob, queue and table service over HTTPS. `routes` lead production host names to it."""

    def __init__(self, folder: Path, certificates: Certificates, account: str, key: str) -> None:
        blob, queue, table = free_ports(3)
        names = ("blob", "queue", "table")
        self.routes = [
            (f"{account}.{name}.core.windows.net", port) for name, port in zip(names, (blob, queue, table), strict=True)
        ]
        data = folder / "azurite"
        data.mkdir()
        ports = ["--blobPort", str(blob), "--queuePort", str(queue), "--tablePort", str(table)]
        pem = ["--cert", str(certificates.chain), "--key", str(certificates.key)]
        quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", str(data)]
        self._process = Process(
            [*installed.azurite(), "--oauth", "basic", *pem, *quiet, *ports],
            (blob, queue, table),
            folder / "azurite.log",
            {**os.environ, "AZURITE_ACCOUNTS": f"{account}:{key}"},
        )

    def stop(self) -> None:
        self._process.stop()
