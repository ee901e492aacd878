"""The rulebook that comes with mi-lint, straight from YAML: no test depends on the cache of the person who runs it."""

from __future__ import annotations

import functools

from mi_lint.rulebook.loader import build
from mi_lint.rulebook.location import pack_files
from mi_lint.rulebook.model import Rulebook


@functools.cache
def shipped_rulebook() -> Rulebook:
    return build(pack_files())
