"""A legacy program of `programs/`: filled with keys, put into a repository, run, and migrated as a user would."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from dotenv import dotenv_values, set_key

HERE = Path(__file__).resolve().parent
FOLDERS = (HERE / "programs", HERE.parents[1] / "examples")


@dataclass(frozen=True)
class Program:
    """What `program.yaml` says.

    `run` are the arguments for Python; `settings` is the file whose settings the host puts into the environment.
    `switch` are settings that the plan tells a person to change or to add, `@identity@` is the name of the identity;
    With `identity_before` it signs in to one service with the identity of its host already. `manual` is for programs
    that nobody can move but a person: rules that find something, with words of the advice that they give.
    """

    folder: Path
    title: str
    service: str
    run: list[str]
    host: str
    prints: str
    settings: str = ""
    needs: list[str] = field(default_factory=lambda: ["storage"])
    switch: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    identity_before: bool = False
    manual: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.folder.name


def programs() -> list[Program]:
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*/program.yaml"))]
    return [Program(path.parent, **yaml.safe_load(path.read_text())) for path in paths]


def fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


class Repository:
    """A copy of a program with its keys in it, under git."""

    def __init__(self, program: Program, folder: Path, values: Mapping[str, str]) -> None:
        self.program = program
        self.folder = folder
        shutil.copytree(program.folder, folder, ignore=shutil.ignore_patterns("program.yaml", "__pycache__"))
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            path.write_text(fill(path.read_text(), values))
            if path.name == "dot.env":
                path.rename(path.with_name(".env"))
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("-c", "user.name=shop", "-c", "user.email=shop@localhost", "commit", "-qm", "As it was")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout

    def mi_lint(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mi_lint", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def run(self, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the program with this environment and nothing else."""
        basic = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, *self.program.run],
            cwd=self.folder,
            env={**basic, **self._host_settings(), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def set(self, changes: Mapping[str, str]) -> None:
        """Change or add settings, as a person does whom the plan asks to."""
        path = self.folder / (self.program.settings or ".env")
        for name, value in changes.items():
            set_key(path, name, value, quote_mode="never")

    def texts(self) -> dict[str, str]:
        paths = [path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts]
        return {str(path.relative_to(self.folder)): path.read_text() for path in paths}

    def _host_settings(self) -> dict[str, str]:
        name = self.program.settings
        if not name:
            return {}
        if name.endswith(".json"):
            found: dict[str, str] = json.loads((self.folder / name).read_text())["Values"]
            return found
        return {key: value or "" for key, value in dotenv_values(self.folder / name).items()}
