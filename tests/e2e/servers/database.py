"""PostgreSQL with TLS, where an identity's password is its token, as it is in Azure Database for PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from servers import installed
from servers.certificates import Certificates
from servers.processes import Process, free_ports

DATABASE = "orders"


class Database:
    """`admin` runs SQL as the superuser. Root may not run PostgreSQL, so the server then runs as `nobody`."""

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        self._programs = installed.postgresql()
        self.port = free_ports(1)[0]
        self._folder = folder / "postgresql"
        self._folder.mkdir(mode=0o700)
        self._user = "nobody" if os.geteuid() == 0 else None
        for source, name in ((certificates.chain, "server.pem"), (certificates.key, "server-key.pem")):
            shutil.copy(source, self._folder / name)
            (self._folder / name).chmod(0o600)
        if self._user:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, self._user)
            for path in self._folder.parents:  # the server has to reach its own folder
                if path.stat().st_uid == 0 and path != Path("/"):
                    path.chmod(path.stat().st_mode | 0o011)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-A", "scram-sha-256", "-U", "admin", "--pwfile", str(self._secret()))
        tls = ["-c", "ssl=on", "-c", f"ssl_cert_file={self._folder}/server.pem"]
        tls += ["-c", f"ssl_key_file={self._folder}/server-key.pem", "-c", "fsync=off"]
        address = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}", "-k", str(self._folder)]
        self._process = Process(
            [str(self._programs / "postgres"), "-D", str(data), *tls, *address],
            [self.port],
            folder / "postgresql.log",
            user=self._user,
        )
        self.admin(f"CREATE DATABASE {DATABASE}")

    def login(self, name: str, password: str) -> None:
        """Let a role in with this password, and with no other."""
        self.admin(
            f'DO $$ BEGIN CREATE ROLE "{name}" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; '
            f'ALTER ROLE "{name}" PASSWORD \'{password}\'; GRANT ALL ON DATABASE {DATABASE} TO "{name}"'
        )

    def admin(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="admin",
            password=self._password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def stop(self) -> None:
        self._process.stop()

    def _secret(self) -> Path:
        import secrets

        self._password = secrets.token_urlsafe(24)
        path = self._folder / "password"
        path.write_text(self._password)
        if self._user:
            shutil.chown(path, self._user)
        return path

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments], user=self._user, check=True, capture_output=True, cwd="/"
        )
