"""`environment:` in the compose files of Docker, as a mapping or as a list of `NAME=value`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mi_lint.settings.yaml_scalars import child, pairs
from mi_lint.settings.yaml_slots import Slot, YamlSettings, members
from mi_lint.textfile import TextFile

_FILE = re.compile(r"(?i)(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml")


class ComposeFile(YamlSettings):
    """The environment of each service."""

    def matches(self, path: str) -> bool:
        return bool(_FILE.fullmatch(path.rpartition("/")[2]))

    def slots_in(self, file: TextFile, document: Any) -> Iterator[Slot]:
        for _, service in pairs(child(document, "services")):
            for key, value in pairs(service):
                if key.value == "environment":
                    yield from (slot for slot in members(file, key, value) if not slot.named)
