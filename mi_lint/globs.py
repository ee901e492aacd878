"""Path patterns of the configuration: `tests/*`, `**/*.env`, `vendor`, as people know them from .gitignore.

A pattern without a slash matches a name at any depth; one with a slash starts at the root; a folder includes all below.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable


@functools.lru_cache(maxsize=512)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """A regular expression for full matches of relative posix paths."""
    body = pattern.rstrip("/").removeprefix("./")
    anchored = "/" in body
    out, at = "", 0
    body = body.lstrip("/")
    while at < len(body):
        if body.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
        elif body.startswith("**", at):
            out, at = out + ".*", at + 2
        else:
            out += {"*": "[^/]*", "?": "[^/]"}.get(body[at], re.escape(body[at]))
            at += 1
    return re.compile(("" if anchored else "(?:.*/)?") + out + "(?:/.*)?", re.DOTALL)


def matches_any(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path, or a folder above it, matches one of the patterns."""
    return any(compile_glob(pattern).fullmatch(path) for pattern in patterns)
