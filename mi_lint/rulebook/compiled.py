"""The compiled rulebook: all packs as plain JSON in the user's cache, so that a run needs no YAML.

Equal objects (and packs repeat the same parameters again and again) are written once, children before parents: a table
of rows `[class, field, ...]`. The key is a hash of the packs and of the code that reads them; a cache that is
missing, stale, damaged or unwritable is silently rebuilt or ignored.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mi_lint import cache
from mi_lint.findings import Applicability, Confidence, Severity
from mi_lint.rulebook import config_model, kinds, model
from mi_lint.rulebook.index import build_rulebook
from mi_lint.rulebook.model import Pack, Rulebook

_CLASSES: tuple[type[Any], ...] = (
    model.Parameter,
    model.Signature,
    model.Call,
    model.Delegation,
    model.OptionSet,
    model.Following,
    model.Sender,
    model.Request,
    model.Wrapper,
    model.Reader,
    model.SettingsClass,
    model.Loaded,
    model.Vault,
    model.ConnectionFormat,
    model.Derivation,
    model.Role,
    model.Host,
    model.TemplateResource,
    model.Grant,
    model.DeclaredAt,
    model.Binding,
    model.TemplateChange,
    config_model.StepChange,
    config_model.VariableChange,
    config_model.CommandChange,
    config_model.PolicyChange,
    config_model.Mention,
    config_model.SignIn,
    model.Block,
    model.Example,
    model.Rule,
    model.Pack,
    model.IdentityStyle,
    kinds.Checksum,
    kinds.Search,
    kinds.SecretExample,
    kinds.SecretKind,
    Applicability,
    Confidence,
    Severity,
)
_NUMBERS = {cls: number for number, cls in enumerate(_CLASSES)}
_TUPLE = -1


def read_or_build(files: Sequence[Path], build: Callable[[Sequence[Path]], Rulebook]) -> Rulebook:
    """The rulebook of these files from the cache, else from `build`, which then fills the cache."""
    fingerprint = fingerprint_of(files)
    folder = cache_folder()
    path = folder / f"rulebook-{fingerprint[:32]}.json" if folder else None
    if path is not None:
        packs = _read(path)
        if packs is not None:
            return build_rulebook(packs, fingerprint)
    packs = build(files).packs
    if path is not None:
        _write(path, dumps(packs))
    return build_rulebook(packs, fingerprint)


def fingerprint_of(files: Sequence[Path]) -> str:
    """A hash of the packs (names and bytes) and of the code that reads them."""
    digest = hashlib.sha256()
    for entry in sorted(os.scandir(Path(__file__).parent), key=lambda e: e.name):
        if entry.name.endswith(".py"):
            status = entry.stat()
            digest.update(f"{entry.name}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    for file in files:
        try:
            data = file.read_bytes()
        except OSError:
            data = b""  # the loader says what is wrong with it
        digest.update(f"{file.as_posix()}:{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def cache_folder() -> Path | None:
    """The user's cache folder; None where there is no home."""
    folder = cache.cache_folder()
    return Path(folder) if folder else None


def dumps(packs: Sequence[Pack]) -> str:
    """Packs as JSON text."""
    rows: list[list[Any]] = []
    places: dict[Any, int] = {}
    roots = [_row_of(pack, rows, places) for pack in packs]
    return json.dumps({"rows": rows, "packs": roots}, separators=(",", ":"), ensure_ascii=False)


def loads(text: str) -> tuple[Pack, ...]:
    """The packs that `dumps` wrote. Raises ValueError, TypeError, KeyError or IndexError on anything else."""
    document = json.loads(text)
    built: list[Any] = []
    for row in document["rows"]:
        number = row[0]
        values = [built[v] if type(v) is int else v[0] if type(v) is list else v for v in row[1:]]
        built.append(tuple(values) if number == _TUPLE else _CLASSES[number](*values))
    packs = tuple(built[number] for number in document["packs"])
    if not all(isinstance(pack, Pack) for pack in packs):
        raise ValueError("not packs")
    return packs


def _row_of(value: Any, rows: list[list[Any]], places: dict[Any, int]) -> int:
    """The number of the row of an object; in a row a bare number refers to a row, and `[n]` is the number n."""
    key = (type(value), value)
    if key in places:
        return places[key]
    if isinstance(value, tuple):
        row = [_TUPLE, *(_cell(item, rows, places) for item in value)]
    elif isinstance(value, enum.Enum):
        row = [_NUMBERS[type(value)], [value.value]]
    else:
        fields = dataclasses.fields(value)
        row = [_NUMBERS[type(value)], *(_cell(getattr(value, f.name), rows, places) for f in fields)]
    rows.append(row)
    places[key] = len(rows) - 1
    return places[key]


def _cell(value: Any, rows: list[list[Any]], places: dict[Any, int]) -> Any:
    if value is None or type(value) in (str, bool, float):
        return value
    if type(value) is int:
        return [value]
    return _row_of(value, rows, places)


def _read(path: Path) -> tuple[Pack, ...] | None:
    try:
        return loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None


def _write(path: Path, text: str) -> None:
    """Write beside the target and rename, so that a reader never sees half a file. Failing is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".rulebook-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
        for old in path.parent.glob("rulebook-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
