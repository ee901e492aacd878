"""Every error that mi-lint shows to a person: one line, with the place and what to do.

Each class carries the exit code that the command line returns for it.
"""

from __future__ import annotations


class MiLintError(Exception):
    """Base of all expected errors; `str()` is the one line that a user reads."""

    exit_code = 2


class UsageError(MiLintError):
    """A wrong flag, path or rule name on the command line."""


class ConfigError(MiLintError):
    """A wrong key or value in `[tool.mi-lint]` or `mi-lint.toml`."""


class RulePackError(MiLintError):
    """A rule pack that does not follow the schema; the message names file, line and what to write instead."""


class SourceError(MiLintError):
    """A file that could not be read or analysed. Collected per file; never ends a run."""

    exit_code = 3

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: {reason}")


class WriteError(MiLintError):
    """Files could not be written; everything is as it was before."""

    exit_code = 3
