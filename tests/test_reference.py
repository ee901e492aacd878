"""The reference in docs/ is current, and says something about every key of the configuration."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from mi_lint.config import _KEYS, MEANING

ROOT = Path(__file__).resolve().parents[1]


def test_every_key_of_the_configuration_is_explained() -> None:
    assert sorted(MEANING) == sorted(_KEYS)


def test_the_pages_are_current() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        pages: dict[str, str] = importlib.import_module("reference").reference_pages()
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    plain = {name: " ".join(text.split()) for name, text in pages.items()}  # lines break as the terminal is wide
    differing = [n for n, text in plain.items() if " ".join((ROOT / "docs" / n).read_text("utf-8").split()) != text]
    assert differing == [], "run scripts/docs.py"
