"""The formats in which settings are defined; a new one is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mi_lint.settings.arm import ArmTemplate
from mi_lint.settings.compose_file import ComposeFile
from mi_lint.settings.dockerfile import Dockerfile
from mi_lint.settings.dotenv import Dotenv
from mi_lint.settings.helm import HelmTemplate
from mi_lint.settings.ini import Ini
from mi_lint.settings.json_tree import JsonTree
from mi_lint.settings.kubernetes import Kubernetes
from mi_lint.settings.local_settings import LocalSettings
from mi_lint.settings.model import SettingEntry, SettingsFormat
from mi_lint.settings.pipelines import AzurePipeline, GitHubWorkflow, GitLabPipeline
from mi_lint.settings.scripts import BATCH, POWERSHELL, SHELL, Script
from mi_lint.settings.templates import Bicep, Terraform
from mi_lint.settings.toml_tree import StreamlitSecrets, TomlTree
from mi_lint.settings.yaml_tree import YamlTree

# The first one that matches a path counts; any other YAML may be a manifest.
FORMATS: tuple[SettingsFormat, ...] = (
    *(Dotenv(), LocalSettings(), Ini(), ComposeFile(), Dockerfile()),
    *(GitHubWorkflow(), AzurePipeline(), GitLabPipeline(), HelmTemplate(), Kubernetes()),
    *(Terraform(), Bicep(), ArmTemplate(), StreamlitSecrets()),
    *(Script(SHELL), Script(POWERSHELL), Script(BATCH)),
)
# By form; a file is read so only where the code loads it.
TREES: Mapping[str, SettingsFormat] = {"json": JsonTree(), "yaml": YamlTree(), "toml": TomlTree()}


def format_of(path: str) -> SettingsFormat | None:
    """The format of a file by its name; None where it defines no settings that we know."""
    return next((known for known in FORMATS if known.matches(path)), None)


def format_for(entry: SettingEntry) -> SettingsFormat:
    """The format that an entry was read in."""
    found = TREES[entry.form] if entry.form else format_of(entry.path)
    assert found is not None
    return found


def formats_of(path: str) -> Iterator[SettingsFormat]:
    """Every format that entries of a file may have been read in."""
    own = format_of(path)
    if own is not None:
        yield own
    yield from (tree for tree in TREES.values() if tree.matches(path))
