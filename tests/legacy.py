"""SDKs that cannot be installed beside the others: an environment of its own per group of them.

The groups are dependency groups in pyproject.toml: `legacy-*` for generations that are gone, `apart-*` for libraries of
today that pin what the others need in newer releases. Each becomes a folder under `.venv-legacy`, made once and kept as
long as the group stays as it is. A group of which a marker does not hold is not for this Python.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from mi_lint.rulebook.model import Pack

tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv-legacy"
STAMP = "mi-lint-setup.txt"


@functools.cache
def groups() -> dict[str, tuple[Requirement, ...]]:
    """The requirements of each group, exact versions all of them."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return {
        name: tuple(Requirement(text) for text in texts)
        for name, texts in listed.items()
        if name.startswith(("legacy-", "apart-"))
    }


@functools.cache
def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def is_installed(pack: Pack) -> bool:
    """Whether the environment of the tests has the generation that a pack speaks about."""
    return all(_fits(_installed(name), version) for name, version in pack.packages)


def group_of(pack: Pack) -> str:
    """The group with the generation that a pack speaks about; empty if there is none."""
    for group, requirements in groups().items():
        pins = {requirement.name: next(iter(requirement.specifier)).version for requirement in requirements}
        if all(_fits(pins.get(name, ""), version) for name, version in pack.packages):
            return group
    return ""


def _fits(version: str, specifier: str) -> bool:
    return bool(version) and SpecifierSet(specifier).contains(version, prereleases=True)


def wanted(group: str) -> list[str]:
    """What pip has to install for a group; nothing if a marker says that the group is not for this Python."""
    requirements = groups()[group]
    fits = all(item.marker is None or item.marker.evaluate() for item in requirements)
    return [str(item) for item in requirements] if fits else []


def interpreter(group: str) -> Path:
    """The Python of a group's environment, which is made if it is not there."""
    folder = FOLDER / group
    text = "\n".join([sys.version, *sorted(wanted(group))])
    stamp = hashlib.sha256(text.encode()).hexdigest()
    if not (folder / STAMP).exists() or (folder / STAMP).read_text(encoding="utf-8") != stamp:
        _make(folder, wanted(group), stamp)
    return _python(folder)


def _make(folder: Path, requirements: list[str], stamp: str) -> None:
    """Build beside the place and move it there, so that a half-made environment is never used."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix=f"{folder.name}-", ignore_cleanup_errors=True) as name:
        draft = Path(name) / "env"
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(draft)
        pip = [sys.executable, "-m", "pip", "--python", str(_python(draft)), "install", "--quiet"]
        done = subprocess.run([*pip, *requirements], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"pip could not install {', '.join(requirements)}:\n{done.stderr[-2000:]}"
        (draft / STAMP).write_text(stamp, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ask(python: Path, script: Path, question: object) -> object:
    """Run a script in a process of its own: JSON to its input, JSON from its output."""
    done = subprocess.run(
        [str(python), str(script)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
