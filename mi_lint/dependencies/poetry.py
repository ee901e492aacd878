"""How Poetry writes versions: carets, tildes and tables in place of PEP 440 and PEP 508."""

from __future__ import annotations

import json
import re
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from mi_lint.dependencies.addition import specifiers

_RELATIVE = re.compile(r"([\^~])\s*(\d+(?:\.\d+)*)\S*")


def allowed(constraint: Any) -> SpecifierSet | None:
    """The versions that a dependency of Poetry allows; None where that can't be said as one range."""
    if isinstance(constraint, dict):
        constraint = constraint.get("version")
    if not isinstance(constraint, str) or "|" in constraint:
        return None
    return specifiers(",".join(_range(part.strip()) for part in constraint.split(",")))


def spell(needed: Requirement) -> str:
    """The right side of a line in a table of Poetry."""
    version = json.dumps(str(needed.specifier) or "*")
    if not needed.extras and not needed.marker:
        return version
    fields = [f"version = {version}"]
    if needed.extras:
        fields.append(f"extras = {json.dumps(sorted(needed.extras))}")
    if needed.marker:
        fields.append(f"markers = {json.dumps(str(needed.marker))}")
    return "{" + ", ".join(fields) + "}"


def _range(part: str) -> str:
    if part in ("", "*"):
        return ""
    match = _RELATIVE.fullmatch(part)
    if match is None:
        return f"=={part}" if part[0].isdigit() else part
    numbers = [int(number) for number in match[2].split(".")]
    if match[1] == "^":
        kept = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        kept = min(1, len(numbers) - 1)
    upper = [*numbers[:kept], numbers[kept] + 1]
    return f">={match[2]},<{'.'.join(map(str, upper))}"
