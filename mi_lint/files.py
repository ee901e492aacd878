"""Discovery: which files belong to the project, and which of them the user asked about.

Analysis looks at the whole project, since a value may come from anywhere in it; findings are reported for the
requested files. Nothing outside of the project root is read, and no link is followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mi_lint import git
from mi_lint.errors import SourceError, UsageError
from mi_lint.globs import matches_any
from mi_lint.progress import tracked
from mi_lint.textfile import looks_like_utf16

MAX_FILE_SIZE = 5_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Project:
    """The files of a project by their path relative to `root`, and the part of them that was asked for.

    `notes` say what was left out and why; `excluded` tells that the configuration took out a named file. Where only a
    change is asked about, `around` are all files in which it may cause findings. `status` is what the file system said
    of files before they were read.
    """

    root: Path
    files: dict[str, bytes] = field(default_factory=dict)
    requested: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    excluded: bool = False
    around: frozenset[str] = frozenset()
    status: dict[str, os.stat_result] = field(default_factory=dict)

    @property
    def bytes_read(self) -> int:
        return sum(len(self.files[path]) for path in self.requested)


def discover(
    paths: Sequence[Path],
    exclude: Iterable[str] = (),
    max_file_size: int = MAX_FILE_SIZE,
    only: frozenset[str] | None = None,
) -> Project:
    """Find and read the project around `paths`. `only` narrows the requested files further.

    Raises:
        UsageError: a path does not exist.
    """
    given = [_existing(path) for path in paths]
    notes: list[str] = []
    root, in_git = _root(given, notes)
    project = Project(root, notes=notes)
    explicit = {_relative(path, root) for path in given if path.is_file()}
    folders = [_relative(path, root) for path in given if path.is_dir()]
    listed = _list(root, in_git, folders, given, project)
    excluded = tuple(exclude)
    requested = set()
    found = sorted({*listed, *explicit})
    for path in tracked(found, "Reading files", len(found)):
        asked = path in explicit or any(_below(path, folder) for folder in folders)
        if matches_any(path, excluded):
            project.excluded = project.excluded or path in explicit
            continue
        data = _read(project, path, max_file_size, asked)
        if data is not None:
            project.files[path] = data
            if asked and (only is None or path in only):
                requested.add(path)
    project.requested = frozenset(requested)
    return project


def _existing(path: Path) -> Path:
    if not os.path.lexists(path):
        raise UsageError(f"no such file or folder: {path}")
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def _root(paths: Sequence[Path], notes: list[str]) -> tuple[Path, bool]:
    """The git work tree that holds all paths, else their common folder; and whether it is a work tree."""
    folders = [path if path.is_dir() else path.parent for path in paths]
    try:
        top = git.work_tree(folders[0])
    except git.GitFailed as error:
        top = None
        notes.append(f"git did not say where the project is ({error}); ignored files are looked at too")
    if top and all(folder == top or top in folder.parents for folder in folders):
        return top, True
    here = Path.cwd().resolve()
    if all(folder == here or here in folder.parents for folder in folders):
        return here, False
    return Path(os.path.commonpath(folders)), False


def _relative(path: Path, root: Path) -> str:
    return "" if path == root else path.relative_to(root).as_posix()


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _list(root: Path, in_git: bool, folders: list[str], given: Sequence[Path], project: Project) -> Iterable[str]:
    """All candidate files below the root."""
    if in_git:
        try:
            tracked = git.project_files(root)
        except git.GitFailed as error:
            project.notes.append(f"git did not list the files ({error}); looking at the folders instead")
        else:
            # A folder that git ignores was still asked for by name.
            hidden = [f for f in folders if f and not any(_below(path, f) for path in tracked)]
            return [*tracked, *(path for folder in hidden for path in _walk(root, root / folder))]
    if not folders and Path.cwd().resolve() != root:
        return [_relative(e, root) for path in given for e in sorted(path.parent.iterdir()) if e.is_file()]
    return _walk(root, root)


def _walk(root: Path, top: Path) -> Iterator[str]:
    """Files below `top`, without the folders of tools; links to folders are not entered."""
    for folder, names, files in os.walk(top, followlinks=False):
        names[:] = sorted(name for name in names if name not in git.PRUNED and not _is_environment(folder, name))
        here = Path(folder)
        for name in sorted(files):
            yield _relative(here / name, root)


def _is_environment(folder: str, name: str) -> bool:
    return os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))


def _read(project: Project, path: str, limit: int, asked: bool) -> bytes | None:
    """The bytes of a text file; None, with a note where that matters, for what is left out."""
    target = project.root / path
    try:
        if _links(project.root, path):
            if asked and project.root not in target.resolve().parents:
                project.notes.append(f"{path}: is a link out of the project; skipped")
            return None
        if not target.is_file():
            return None
        status = target.stat()
        if status.st_size > limit:
            if asked:
                project.notes.append(
                    f"{path}: has {status.st_size:,} bytes, more than max-file-size ({limit:,}); skipped"
                )
            return None
        data = target.read_bytes()
    except (OSError, RuntimeError) as error:
        if asked:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "a loop of links"
            project.errors.append(SourceError(path, f"can't be read: {reason}"))
        return None
    project.status[path] = status
    return None if is_binary(data) else data


def _links(root: Path, path: str) -> bool:
    """Whether a file is a link, or is reached through one."""
    at = root
    for part in path.split("/"):
        at = at / part
        if at.is_symlink():
            return True
    return False


def is_binary(data: bytes) -> bool:
    """Whether a file is no text: a zero byte early on, and no UTF-16."""
    return b"\0" in data[:8192] and not data.startswith(_UTF16) and not looks_like_utf16(data)
