"""The questions that every run asks git: where the project is, and which files it has.

Hooks and programs that a repository's configuration names are switched off: looking at a repository must not run it.
"""

from __future__ import annotations

import os
import subprocess

TYPE_CHECKING = False  # `typing` itself takes longer to import than git to answer
if TYPE_CHECKING:
    from pathlib import Path

PRUNED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", ".env.d", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache"}
    | {".ruff_cache", ".tox", ".nox", ".hypothesis", ".eggs", "site-packages", ".terraform", ".idea", "build", "dist"}
)  # folders of tools, which hold no files of a project
_LOCAL_SETTINGS = (".env", ".env.*", "*.env", ".flaskenv", ".envrc", "*.ini", "local.settings.json")
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "-c", "core.hooksPath=/dev/null")


class GitFailed(Exception):
    """Git is absent or refused; the text is its own first line."""


def ask(folder: Path | str, *arguments: str) -> bytes:
    """What git prints.

    Raises:
        GitFailed: it could not be started, or ends with an error.
    """
    return _end(_start(folder, *arguments))


def _start(folder: Path | str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", *_SAFE, "-C", str(folder), *arguments]
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    except FileNotFoundError:
        raise GitFailed("git is not installed, or not on the PATH") from None
    except OSError as error:
        raise GitFailed(error.strerror or "git could not be started") from None


def _end(process: subprocess.Popen[bytes]) -> bytes:
    output, errors = process.communicate()
    if process.returncode:
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        first = lines[0].removeprefix("fatal: ") if lines else f"git exited with {process.returncode}"
        advice = next((line.strip() for line in lines if "safe.directory" in line), "")
        raise GitFailed(f"{first}; if you trust it: {advice}" if advice else first)
    return output


def names(output: bytes) -> list[str]:
    """Names that git ends with zero bytes."""
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def top_level(folder: Path) -> Path | None:
    """The root of the work tree that holds `folder`; None outside of one, or without a usable git."""
    try:
        return work_tree(folder)
    except GitFailed:
        return None


def work_tree(folder: Path) -> Path | None:
    """The root of the work tree that holds `folder`; None outside of one.

    Raises:
        GitFailed: there is one, but git is missing or refuses to look at it.
    """
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return None
    line = ask(folder, "rev-parse", "--show-toplevel")
    from pathlib import Path

    return Path(os.fsdecode(line.rstrip(b"\r\n"))).resolve()


def project_files(top: Path | str) -> list[str]:
    """Tracked files and new files that are not ignored, relative to `top`.

    Local settings belong to them although git ignores them: they change with the code.
    """
    patterns = [f":(glob)**/{name}" for name in _LOCAL_SETTINGS]
    ignored = _start(top, "ls-files", "-z", "-o", "-i", "--exclude-standard", "--", *patterns)
    listed = names(ask(top, "ls-files", "-z", "-co", "--exclude-standard"))
    local = names(_end(ignored))
    return sorted({*listed, *(path for path in local if not PRUNED & set(path.split("/")))})
