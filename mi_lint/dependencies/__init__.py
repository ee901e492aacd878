"""Adds the packages that a fix needs to the files in which a project declares its dependencies."""

from __future__ import annotations

from mi_lint.dependencies.addition import Addition
from mi_lint.dependencies.choice import DependencyEdits, add_requirement, declares_dependencies, dependency_edits

__all__ = ["Addition", "DependencyEdits", "add_requirement", "declares_dependencies", "dependency_edits"]
