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
    differing = [name for name, text in pages.items() if (ROOT / "docs" / name).read_text("utf-8") != text]
    assert differing == [], "run scripts/docs.py"
