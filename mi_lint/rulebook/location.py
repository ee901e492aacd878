"""Find the packs: inside an installed wheel, or beside the package in a checkout, plus the user's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mi_lint.errors import RulePackError

_SUFFIXES = (".yaml", ".yml")


def rules_folder() -> Path:
    """The folder of the packs that come with mi-lint."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise RulePackError(f"{package / '_rules'}: no rule packs; reinstall mi-lint")


def pack_files(paths: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """The pack files in the given files and folders, sorted within each; None means those of mi-lint itself."""
    found: list[Path] = []
    for path in [rules_folder()] if paths is None else paths:
        found.extend(_files_at(path))
    unique: dict[Path, Path] = {}
    for path in found:
        unique.setdefault(path.resolve(), path)
    return tuple(unique.values())


def with_extra(extra: Iterable[Path]) -> tuple[Path, ...]:
    """mi-lint's own packs and the user's `rule-paths`."""
    return pack_files([rules_folder(), *extra])


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.iterdir() if p.suffix in _SUFFIXES and p.is_file())
    if path.is_file():
        return [path]
    raise RulePackError(f"{path.as_posix()}: no such file or folder; correct the path of the rule pack")
