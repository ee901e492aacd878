"""Which files of a project get a new requirement: those nearest to the code that already list its companions."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.requirements import Requirement

from mi_lint.dependencies import embedded, pyproject, requirements
from mi_lint.dependencies.addition import Addition, names_any
from mi_lint.textfile import Span, TextFile


@dataclass(frozen=True, slots=True)
class DependencyEdits:
    """Edits by path, and what a person must do where there are none. No edit and no reason: all is there already."""

    edits: Mapping[str, tuple[tuple[Span, str], ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


def concerns_dependencies(path: str) -> bool:
    """Whether a file of that name lists packages, or limits their versions."""
    return declares_dependencies(path) or requirements.is_constraints(path)


def declares_dependencies(path: str) -> bool:
    """Whether a file of that name may list the packages that a project needs."""
    return pyproject.is_pyproject(path) or requirements.is_requirements(path) or embedded.is_embedded(path)


def add_requirement(file: TextFile, requirement: str, companions: Collection[str] = ()) -> Addition:
    """Add a PEP 508 requirement to one file, in the list that names a companion where a file has several."""
    needed = Requirement(requirement)
    if pyproject.is_pyproject(file.path):
        return pyproject.add(file, needed, companions)
    return embedded.add(file, needed) if embedded.is_embedded(file.path) else requirements.add(file, needed)


def dependency_edits(
    files: Mapping[str, TextFile], wanted: Sequence[str], near: str, companions: Collection[str]
) -> DependencyEdits:
    """Add requirements for the code at `near` to the files of the nearest folder that list one of the companions."""
    chosen = _nearest(files, near, companions)
    if not chosen:
        shown = ", ".join(f"`{requirement}`" for requirement in wanted)
        return DependencyEdits(reasons=(f"no file near {near} lists its packages: install {shown} with it",))
    edits: dict[str, tuple[tuple[Span, str], ...]] = {}
    reasons: list[str] = []
    for file in chosen:
        found: list[tuple[Span, str]] = []
        for requirement in sorted(set(wanted), key=str.lower):
            addition = add_requirement(file, requirement, companions)
            found.extend(addition.edits)
            reasons += [addition.reason] if addition.reason else []
        if found:
            edits[file.path] = tuple(sorted(found, key=lambda edit: edit[0].start))
    if edits:  # what is generated is made from the files with the edits
        generated = {f.path for f in chosen if f.path not in edits and requirements.is_generated(f.text)}
        reasons = [reason for reason in reasons if reason.partition(" ")[0] not in generated]
    for path, file in sorted(files.items()):
        if requirements.is_constraints(path) and near.startswith(posixpath.join(posixpath.dirname(path), "")):
            found_reasons = (requirements.hindrance(file, Requirement(requirement)) for requirement in wanted)
            reasons += [reason for reason in found_reasons if reason]
    return DependencyEdits(edits, tuple(reasons))


def _nearest(files: Mapping[str, TextFile], near: str, companions: Collection[str]) -> list[TextFile]:
    """The qualifying files of the first folder on the way up from `near` that has any."""
    folders: dict[str, list[TextFile]] = {}
    for path, file in sorted(files.items()):
        if declares_dependencies(path) and names_any(_listed(file), companions):
            folder, name = posixpath.split(path)
            if posixpath.basename(folder) == "requirements" and name != "pyproject.toml":
                folder = posixpath.dirname(folder)
            folders.setdefault(folder, []).append(file)
    folder = near
    while folder:
        folder = posixpath.dirname(folder)
        if folder in folders:
            return folders[folder]
    return []


def _listed(file: TextFile) -> list[str]:
    if pyproject.is_pyproject(file.path):
        return pyproject.listed(file)
    return embedded.listed(file) if embedded.is_embedded(file.path) else requirements.listed(file)
