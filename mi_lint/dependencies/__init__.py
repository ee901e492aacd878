"""Adds the packages that a fix needs to the files in which a project declares its dependencies."""

from __future__ import annotations

from mi_lint.dependencies.addition import Addition
from mi_lint.dependencies.choice import (
    DependencyEdits,
    add_requirement,
    concerns_dependencies,
    declares_dependencies,
    dependency_edits,
)
from mi_lint.dependencies.requirements import is_generated

__all__ = [
    "Addition",
    "DependencyEdits",
    "add_requirement",
    "concerns_dependencies",
    "declares_dependencies",
    "dependency_edits",
    "is_generated",
]
