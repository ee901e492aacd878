"""The kinds of secrets as plugins of detect-secrets, one class each.

    detect-secrets scan --plugin path/to/mi_lint/secrets/plugins.py

`python -m mi_lint.secrets.plugins` prints that path. A line is read together with the lines around it.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from typing import Any

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin

from mi_lint.rulebook.kinds import SecretKind
from mi_lint.rulebook.loader import load_rulebook
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.scan import find_secrets
from mi_lint.textfile import decode_any


class _KindPlugin(BasePlugin):
    """Finds one kind; all of them share one reading of the line."""

    kind_name = ""

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        yield from (value for name, value in _secrets_of("", string, 0, len(string)) if name == self.kind_name)

    def analyze_line(
        self, filename: str, line: str, line_number: int = 0, context: Any = None, **kwargs: Any
    ) -> set[PotentialSecret]:
        before, after = "", ""
        if context is not None and context.target_index < len(context.lines):
            before = "".join(_ended(text) for text in context.lines[: context.target_index])
            after = "".join(_ended(text) for text in context.lines[context.target_index + 1 :])
        text = before + _ended(line) + after
        values = _secrets_of(filename, text, len(before), len(before) + len(line))
        return {
            PotentialSecret(type=self.secret_type, filename=filename, secret=value, line_number=line_number)
            for name, value in values
            if name == self.kind_name
        }


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n"


@lru_cache(maxsize=1)
def _detector() -> Detector:
    rulebook = load_rulebook()
    return Detector.of((kind for kind in rulebook.kinds if kind.default), rulebook)


@lru_cache(maxsize=8)
def _secrets_of(filename: str, text: str, start: int, end: int) -> tuple[tuple[str, str], ...]:
    """Kind and value of each secret that begins in the given part of the text."""
    found = find_secrets(decode_any(filename, text.encode("utf-8", "replace")), _detector())
    return tuple((secret.kind.name, secret.value) for secret in found if start <= secret.start < end)


def _plugin(kind: SecretKind) -> type[_KindPlugin]:
    name = "MiLint" + "".join(part.title() for part in re.split(r"\W+", kind.name))
    body = {"secret_type": kind.title, "kind_name": kind.name, "__module__": __name__, "__doc__": kind.title}
    return type(name, (_KindPlugin,), body)


PLUGINS = {plugin.__name__: plugin for plugin in map(_plugin, load_rulebook().kinds)}
globals().update(PLUGINS)

if __name__ == "__main__":
    print(Path(__file__).resolve())
