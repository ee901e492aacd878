"""Variables of pipelines: workflows of GitHub, Azure Pipelines, GitLab CI.

Most take their values from the service that runs them: what was a secret there becomes a variable under a new name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mi_lint.settings.model import Resources, SettingEntry
from mi_lint.settings.passed_names import key_like
from mi_lint.settings.yaml_scalars import pairs
from mi_lint.settings.yaml_slots import Slot, YamlSettings, members
from mi_lint.textfile import TextFile

_GITHUB = re.compile(
    r"(?i)(?:.*/)?\.github/(?:workflows/[^/]+|actions/(?:.+/)?action)\.ya?ml|(?:.*/)?\.forgejo/workflows/[^/]+\.ya?ml"
)
_AZURE = re.compile(
    r"(?i)(?:.*/)?(?:[^/]*azure-?pipelines?[^/]*|\.(?:azure-?pipelines|azuredevops|ado|vsts)(?:/.+)?/[^/]+|\.?pipelines/(?:.+/)?[^/]+)\.ya?ml"
)
_GITLAB = re.compile(r"(?i)(?:.*/)?(?:[^/]*\.gitlab-ci[^/]*|\.gitlab/(?:.+/)?[^/]+)\.ya?ml")
_EXPRESSION = re.compile(r"(?P<before>\$\{\{\s*)(?P<from>secrets|vars)\.(?P<name>[A-Za-z_]\w*)(?P<after>\s*\}\})")
_MACRO = re.compile(r"(?P<before>\$\()(?P<name>[A-Za-z_][\w.-]*)(?P<after>\))")
_DEEPEST = 40


class _Pipeline(YamlSettings):
    """`keys` are those under which variables stand, at any depth."""

    keys: frozenset[str] = frozenset()

    def may_hold(self, file: TextFile) -> bool:
        return any(f"{key}:" in file.text for key in self.keys)

    def slots_in(self, file: TextFile, document: Any) -> Iterator[Slot]:
        for slot in self._inside(file, document, 0):
            origin = self.origin(slot.entry.value)
            yield replace(slot, entry=replace(slot.entry, origin=origin)) if origin else slot

    def _inside(self, file: TextFile, node: Any, depth: int) -> Iterator[Slot]:
        import yaml

        if depth > _DEEPEST:
            return
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from self._inside(file, item, depth + 1)
        for key, value in pairs(node):
            if key.value in self.keys:
                yield from (slot for slot in members(file, key, value) if slot.whole is None)
            else:
                yield from self._inside(file, value, depth + 1)

    def origin(self, value: str) -> str:
        """Where a value comes from, in words; empty where it is written here."""
        return ""


class GitHubWorkflow(_Pipeline):
    """`env:` of workflows, jobs, steps and actions."""

    keys = frozenset({"env"})

    def matches(self, path: str) -> bool:
        return bool(_GITHUB.fullmatch(path))

    def origin(self, value: str) -> str:
        match = _EXPRESSION.fullmatch(value)
        if match is None:
            return ""
        what = "secret" if match["from"] == "secrets" else "variable"
        return f"the {what} {match['name']} of the repository on GitHub"

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        """A variable: what it holds is no secret."""
        match = _EXPRESSION.fullmatch(entry.value)
        if match is None:
            return None
        return f"{match['before']}vars.{key_like(match['name'], entry.name, new_name)}{match['after']}"


class AzurePipeline(_Pipeline):
    """`variables:` of pipelines, stages and jobs, `env:` of steps."""

    keys = frozenset({"env", "variables"})

    def matches(self, path: str) -> bool:
        return bool(_AZURE.fullmatch(path))

    def origin(self, value: str) -> str:
        match = _MACRO.fullmatch(value)
        return f"the variable {match['name']} of the pipeline" if match else ""

    def passed_on(
        self, file: TextFile, entry: SettingEntry, templates: tuple[str, ...], new_name: str, resources: Resources
    ) -> str | None:
        match = _MACRO.fullmatch(entry.value)
        return f"$({key_like(match['name'], entry.name, new_name)})" if match else None


class GitLabPipeline(_Pipeline):
    """`variables:` of pipelines and jobs; their values refer to others as a shell does."""

    keys = frozenset({"variables"})

    def matches(self, path: str) -> bool:
        return bool(_GITLAB.fullmatch(path))
