"""The reference in docs/ is current, and says something about every key of the configuration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mi_lint.config import _KEYS, MEANING

ROOT = Path(__file__).resolve().parents[1]


def test_every_key_of_the_configuration_is_explained() -> None:
    assert sorted(MEANING) == sorted(_KEYS)


def test_the_pages_are_current() -> None:
    """In a fresh process: libraries that other tests import change how help is written."""
    script = [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
