"""The pages of the reference, from the code: every command with its options, every key of the configuration."""

from __future__ import annotations

import dataclasses
import json

import click

from mi_lint.cli.main import cli
from mi_lint.config import MEANING, Config

_NOTICE = "<!-- Written by scripts/docs.py from the code; run the script to renew it. -->\n\n"
_WIDTH = 100


def reference_pages() -> dict[str, str]:
    """The pages by their path under docs/."""
    return {"commands.md": _NOTICE + _commands(), "configuration.md": _NOTICE + _configuration()}


def _commands() -> str:
    parts = ["# Commands\n", _help(cli, "mi-lint", None)]
    for name, command in _below(cli, None):
        parts += [f"## {name}\n", _help(command, f"mi-lint {name}", None)]
    return "\n".join(parts)


def _below(group: click.Group, parent: click.Context | None, prefix: str = "") -> list[tuple[str, click.Command]]:
    """All commands of a group by the words that call them, those of groups in it behind them."""
    context = click.Context(group, info_name="mi-lint", parent=parent)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            found.append((prefix + name, command))
            if isinstance(command, click.Group):
                found += _below(command, context, f"{prefix}{name} ")
    return found


def _help(command: click.Command, name: str, parent: click.Context | None) -> str:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH)
    return f"```text\n{command.get_help(context)}\n```\n"


def _configuration() -> str:
    config = Config()
    rows = []
    for key, (kind, meaning) in MEANING.items():
        default = getattr(config, key.replace("-", "_"))
        shown = {} if kind == "table" else list(default) if isinstance(default, tuple) else default
        rows.append(f"| `{key}` | {kind} | `{json.dumps(shown)}` | {meaning} |")
    asides = {"path", "setting_names", "given"}  # which no file sets
    names = {field.name.replace("_", "-") for field in dataclasses.fields(Config) if field.name not in asides}
    assert names == MEANING.keys(), "a key without a meaning"
    return _CONFIGURATION.replace("@ROWS@", "\n".join(rows))


_CONFIGURATION = """\
# Configuration

`[tool.mi-lint]` in `pyproject.toml`, or `mi-lint.toml` without that heading. The nearest file counts, from what is
checked upwards. Unknown keys and wrong values are errors. The command line wins over the file.

| key | takes | default | meaning |
| --- | --- | --- | --- |
@ROWS@

```toml
[tool.mi-lint]
identity = "user"
client-id-setting = "AZURE_CLIENT_ID"
exclude = ["third_party/**"]

[tool.mi-lint.per-file-ignores]
"tests/**" = ["MI2"]
```

## Ignores in files

- `# mi-lint: ignore[MI201] the reason` at the end of a line, in whatever comments the format has. `# noqa: MI201` and
  `# pragma: allowlist secret` work too.
- An ignore that hides nothing is a finding.
- JSON has no comments: use `per-file-ignores`, or a baseline.

## Environment

| variable | meaning |
| --- | --- |
| `NO_COLOR` | no colours |
| `XDG_CACHE_HOME` | where the cache of compiled packs and verdicts is; it never holds a secret |
| `CI` | the baseline is never written, and secrets are never shown |
"""
