"""`[tool.mi-lint]` in `pyproject.toml`, or `mi-lint.toml`: the nearest one upwards from what is checked.

Wrong keys and values are errors that name the file and the key, never silently ignored.
"""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mi_lint.errors import ConfigError

IDENTITIES = ("system", "user")
CREDENTIALS = ("default", "managed-identity", "chain", "workload")
FAIL_ON = ("any", "info", "low", "medium", "high", "critical", "never")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a project. `path` is the file they come from, None where there is none."""

    path: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rule_paths: tuple[Path, ...] = ()
    identity: str = "system"
    client_id: str = ""
    client_id_setting: str = ""
    credential: str = "default"
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fail_on: str = "info"
    max_file_size: int = 5_000_000
    setting_names: tuple[tuple[str, str, str], ...] = ()  # chosen in a dialogue, never in a file
    given: tuple[str, ...] = ()  # the keys that the file has


class _Wrong(Exception):
    """What a value should have been."""


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _Wrong("a list of strings")
    return tuple(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("a string")
    return value


def _one_of(choices: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            raise _Wrong("one of " + ", ".join(f'"{choice}"' for choice in choices))
        return str(value)

    return check


def _setting(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise _Wrong("the name of an environment variable")
    return value


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise _Wrong("a positive number of bytes")
    return value


def _per_file(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise _Wrong('a table such as {"tests/*" = ["MI201"]}')
    return tuple((str(pattern), _strings(rules)) for pattern, rules in value.items())


_KEYS: dict[str, Callable[[Any], Any]] = {
    "select": _strings,
    "ignore": _strings,
    "exclude": _strings,
    "rule-paths": _strings,
    "identity": _one_of(IDENTITIES),
    "client-id": _string,
    "client-id-setting": _setting,
    "credential": _one_of(CREDENTIALS),
    "per-file-ignores": _per_file,
    "fail-on": _one_of(FAIL_ON),
    "max-file-size": _size,
}

# For the reference: what a key takes and means. A test keeps it complete.
MEANING: dict[str, tuple[str, str]] = {
    "select": ("list of rules", "Run only these rules: ids, names, or the beginning of ids such as `MI2`."),
    "ignore": ("list of rules", "Leave these rules out."),
    "exclude": ("list of patterns", "Leave out files that match, also when they are named on the command line."),
    "rule-paths": ("list of paths", "Packs of your own, files or folders, beside those of mi-lint."),
    "identity": ("text", "The kind of identity to write: `system` or `user`."),
    "client-id": ("text", "Client id of the user-assigned identity, written into the code."),
    "client-id-setting": ("text", "Environment variable that holds the client id of the user-assigned identity."),
    "credential": ("text", "The credential to write: `default`, `managed-identity`, `chain` or `workload`."),
    "per-file-ignores": ("table", "Rules to leave out in files that match a pattern."),
    "fail-on": ("text", "The least severity that makes the exit code 1; `any` or `never`."),
    "max-file-size": ("number", "Larger files are not read, in bytes."),
}


def find_config(start: Path) -> Config:
    """The configuration that holds for `start` (a file or a folder); defaults if there is none.

    Raises:
        ConfigError: the file is not valid TOML, or a key or value is wrong.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        own = folder / "mi-lint.toml"
        if own.is_symlink() and not own.exists():
            raise ConfigError(f"{own}: the link leads nowhere")
        if own.is_file():
            return load_config(own)
        project = folder / "pyproject.toml"
        if project.is_file() and _mentions_us(project):
            table = _read(project).get("tool", {})
            if isinstance(table, dict) and "mi-lint" in table:
                return _config(project, table["mi-lint"], "[tool.mi-lint] ")
    return Config()


def load_config(path: Path) -> Config:
    """The configuration in one file, `mi-lint.toml` or `pyproject.toml` by its name."""
    document = _read(path)
    if path.name != "pyproject.toml":
        return _config(path, document, "")
    tool = document.get("tool", {})
    return _config(path, tool.get("mi-lint", {}) if isinstance(tool, dict) else {}, "[tool.mi-lint] ")


def _mentions_us(path: Path) -> bool:
    try:
        return b"mi-lint" in path.read_bytes()
    except OSError:
        return False


def _read(path: Path) -> dict[str, Any]:
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document: dict[str, Any] = toml.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name}: is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:  # not only TOMLDecodeError: huge numbers, deep nesting
        line = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        last = path.read_text("utf-8").count("\n") + 1
        place = f"{path.name}:{line.group(1)}:{line.group(2)}" if line else f"{path.name}:{last}"
        raise ConfigError(f"{place}: is not valid TOML") from None
    return document


def _config(path: Path, table: object, where: str) -> Config:
    if not isinstance(table, dict):
        raise ConfigError(f"{path.name}: {where}must be a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f"{path.name}: {where}unknown key '{key}'{_suggestion(key)}")
        try:
            values[key.replace("-", "_")] = _KEYS[key](value)
        except _Wrong as wrong:
            raise ConfigError(f"{path.name}: {where}'{key}' must be {wrong}") from None
    folder = path.parent
    values["rule_paths"] = tuple(folder / item for item in values.get("rule_paths", ()))
    return _consistent(Config(path=path, given=tuple(table), **values), where)


def _consistent(config: Config, where: str) -> Config:
    name = config.path.name if config.path else ""
    if config.client_id and config.client_id_setting:
        raise ConfigError(f"{name}: {where}'client-id' and 'client-id-setting' exclude each other; keep one")
    if (config.client_id or config.client_id_setting) and config.identity != "user":
        raise ConfigError(f'{name}: {where}a client id needs identity = "user"')
    return config


def _suggestion(key: str) -> str:
    close = difflib.get_close_matches(key.replace("_", "-"), _KEYS, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(sorted(_KEYS))}"
