"""What every format reader yields: a value with its name and its surroundings."""

from __future__ import annotations

from dataclasses import dataclass

from mi_lint.documents.view import View


@dataclass(frozen=True, slots=True)
class NamedValue:
    """One text value of a file, decoded.

    `name` is the nearest name (key, variable, attribute, parameter), empty if there is none; `path` has the names of
    what encloses it, outermost first. Values with the same `group` are siblings: one mapping, one element, one call.
    """

    name: str
    value: View
    path: tuple[str, ...] = ()
    group: int = 0
