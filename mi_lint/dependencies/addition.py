"""What adding one requirement to one file comes to, and the comparisons that every format shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from mi_lint.textfile import Span

_LATEST = Version("99999")


@dataclass(frozen=True, slots=True)
class Addition:
    """Edits that add a requirement, or none: because it is there already, or for a `reason` that a person must know."""

    edits: tuple[tuple[Span, str], ...] = ()
    reason: str = ""


def parse(text: str) -> Requirement | None:
    """A requirement as of PEP 508; None for paths, bare URLs and what else is no such requirement."""
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def same(name: str, other: str) -> bool:
    return canonicalize_name(name) == canonicalize_name(other)


def names_any(names: Iterable[str], wanted: Iterable[str]) -> bool:
    return not {canonicalize_name(name) for name in names}.isdisjoint(canonicalize_name(name) for name in wanted)


def excludes(present: SpecifierSet, needed: SpecifierSet) -> bool:
    """Whether no version that is likely to exist satisfies both, as far as the versions named in them tell."""
    named = [Version(spec.version.removesuffix(".*")) for spec in (*present, *needed) if spec.operator != "==="]
    near = [Version(f"{version.base_version}.1") for version in named]
    both = present & needed
    return not any(both.contains(version, prereleases=True) for version in (_LATEST, *named, *near))


def conflict(where: str, present: str, needed: Requirement) -> str:
    return f"{where} has `{present}`, but `{needed}` is needed: change that line"


def specifiers(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def predecessor(names: Sequence[str], new: str) -> int | None:
    """Index of the name after which a new one goes: the last where they are in no order; None for the first place."""
    keys: tuple[Callable[[str], str], ...] = (str.lower, canonicalize_name, lambda name: name)
    for key in keys:
        known = [key(name) for name in names]
        if known == sorted(known):
            smaller = [index for index, name in enumerate(known) if name < key(new)]
            return smaller[-1] if smaller else None
    return len(names) - 1
