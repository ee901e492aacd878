"""The formats in which settings are defined; a new one is added here and nowhere else."""

from __future__ import annotations

from mi_lint.settings.arm import ArmTemplate
from mi_lint.settings.compose_file import ComposeFile
from mi_lint.settings.dockerfile import Dockerfile
from mi_lint.settings.dotenv import Dotenv
from mi_lint.settings.ini import Ini
from mi_lint.settings.kubernetes import Kubernetes
from mi_lint.settings.local_settings import LocalSettings
from mi_lint.settings.model import SettingsFormat
from mi_lint.settings.pipelines import AzurePipeline, GitHubWorkflow, GitLabPipeline
from mi_lint.settings.templates import Bicep, Terraform

# The first one that matches a path counts; any other YAML may be a manifest.
FORMATS: tuple[SettingsFormat, ...] = (
    *(Dotenv(), LocalSettings(), Ini(), ComposeFile(), Dockerfile()),
    *(GitHubWorkflow(), AzurePipeline(), GitLabPipeline(), Kubernetes()),
    *(Terraform(), Bicep(), ArmTemplate()),
)


def format_of(path: str) -> SettingsFormat | None:
    """The format of a file by its name; None where it defines no settings that we know."""
    return next((known for known in FORMATS if known.matches(path)), None)
