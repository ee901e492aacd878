"""Start a server as a process and wait until it answers."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

SECONDS = 60


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses; all are held until all are known."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


class Process:
    """A running server; what it writes goes to `log`."""

    def __init__(
        self,
        command: Sequence[str],
        ports: Sequence[int],
        log: Path,
        environment: dict[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, user=user
            )
        end = time.monotonic() + SECONDS
        for port in ports:
            while not _answers(port):
                if self._process.poll() is not None or time.monotonic() > end:
                    self.stop()
                    raise RuntimeError(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
