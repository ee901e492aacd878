"""A small complete pack, and a way to change it: every test of the loader starts from something valid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PACK = (Path(__file__).parent / "acme.yaml").read_text(encoding="utf-8")
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of the person who runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / f"{tmp_path.name}-cache"))


@pytest.fixture(name="write")
def _write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write the pack (with `old` replaced by `new`) as a file of the current folder, and give its relative path."""
    monkeypatch.chdir(tmp_path)

    def write(*changes: tuple[str, str], name: str = "acme.yaml") -> Path:
        text = PACK
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        Path(name).write_text(text, encoding="utf-8")
        return Path(name)

    return write
