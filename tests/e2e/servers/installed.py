"""Find the real servers and readers of reports, or install them, from npm and from the packages of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

AZURITE = "3.37.0"
AXE = "4.14.1"
SARIF = "5.7.0"
FOLDER = Path(__file__).resolve().parents[3] / ".servers"


class Missing(Exception):
    """A server is neither here nor can it be installed; the message says what a person can do."""


def azurite() -> list[str]:
    """The command that starts Azurite."""
    node = _program("node", "install Node.js")
    return [node, str(_module("azurite", AZURITE) / "dist" / "src" / "azurite.js")]


def chromium() -> str:
    """The browser; its sandbox needs a user of its own, so tests run it without."""
    with _lock():
        if not shutil.which("chromium"):
            _apt("chromium")
    return _program("chromium", "install Chromium")


def axe() -> Path:
    """The script that looks for what keeps people out of a page."""
    return _module("axe-core", AXE) / "axe.min.js"


def postgresql() -> Path:
    """The folder with `initdb` and `postgres`."""
    with _lock():
        if not (found := _postgresql()):
            _apt("postgresql")
            found = _postgresql()
    if found is None:
        raise Missing("PostgreSQL is missing; install its server")
    return found


def redis() -> str:
    """The command `redis-server`."""
    with _lock():
        if not shutil.which("redis-server"):
            _apt("redis-server")
    return _program("redis-server", "install Redis")


def _module(name: str, version: str) -> Path:
    """The folder of a package of npm."""
    folder = FOLDER / "node_modules" / name
    with _lock():
        if not folder.exists():
            npm = _program("npm", "install npm")
            command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
            _run([*command, "--prefix", str(FOLDER), f"{name}@{version}"])
    return folder


def sarif_multitool() -> Path:
    """The validator of SARIF by those who wrote the format: its schema, its rules, and those of code scanning."""
    program = _module("@microsoft/sarif-multitool-linux", SARIF) / "Sarif.Multitool"
    program.chmod(0o755)
    return program


def _postgresql() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


def _apt(package: str) -> None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Missing(f"{package} is missing; install it with the package manager of your system")
    # Services are not to start: the tests start their own, in their own folders.
    policy = Path("/usr/sbin/policy-rc.d")
    made = not policy.exists()
    if made:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    try:
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
            _run(["apt-get", "update", "-qq"])
            _run(command, environment)
    finally:
        if made:
            policy.unlink()


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"`{' '.join(command)}` failed: {done.stderr.strip()[-500:]}")


def _program(name: str, advice: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is missing; {advice}")
    return found


def _lock() -> FileLock:
    """Test processes run side by side; one installs, the others wait."""
    FOLDER.mkdir(exist_ok=True)
    return FileLock(FOLDER / "lock")


if __name__ == "__main__":
    try:
        azurite(), postgresql(), redis(), chromium(), axe(), sarif_multitool()
    except Missing as problem:
        sys.exit(str(problem))
