"""The generic detectors of detect-secrets, asked about single lines that are worth it, behind its own filters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

_LONGEST = 2_000  # characters of a line
_LINE = re.compile(r"[^\r\n]+")
_MODULES = {
    "BasicAuthDetector": "basic_auth",
    "KeywordDetector": "keyword",
    "PrivateKeyDetector": "private_key",
}


def matching_lines(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The lines of a text in which the pattern is found."""
    last = -1
    for match in pattern.finditer(text):
        start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
        line = _LINE.match(text, start)
        if line is not None and line.start() != last and line.end() - line.start() <= _LONGEST:
            last = line.start()
            yield line


def plugin_ranges(path: str, line: str, plugins: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the plugins see secrets in a line, apart from what the filters of detect-secrets leave out."""
    for name in plugins:
        for found in _plugin(name).analyze_line(filename=path, line=line, line_number=1):
            value = found.secret_value
            at = line.find(value) if value else -1
            if at >= 0 and not _is_filtered(path, line, value):
                yield at, at + len(value)


@lru_cache(maxsize=8)
def _plugin(name: str) -> Any:
    return getattr(import_module(f"detect_secrets.plugins.{_MODULES[name]}"), name)()


def _is_filtered(path: str, line: str, value: str) -> bool:
    filters: Any = import_module("detect_secrets.filters.heuristic")
    return bool(
        filters.is_lock_file(path)
        or filters.is_sequential_string(value)
        or filters.is_potential_uuid(value)
        or filters.is_likely_id_string(value, line)
        or filters.is_templated_secret(value)
        or filters.is_prefixed_with_dollar_sign(value)
        or filters.is_indirect_reference(line)
        or filters.is_not_alphanumeric_string(value)
    )
