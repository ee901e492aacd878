"""The generated pages: current in the repository, and complete for a small pack."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mi_lint.rulebook.loader import build
from mi_lint.rulebook.location import pack_files

Write = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="docs", scope="module")
def _docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_script", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_in_docs_are_current(docs: ModuleType) -> None:
    changed = docs.stale(docs.pages(build(pack_files())), ROOT / "docs")
    assert changed == [], "run scripts/docs.py"


def test_pages_are_written_and_old_ones_removed(docs: ModuleType, write: Write, tmp_path: Path) -> None:
    wanted = docs.pages(build([write()]))
    target = tmp_path / "docs"
    (target / "rules").mkdir(parents=True)
    (target / "rules" / "MI900.md").write_text("old")
    assert docs.write(wanted, target) == [
        "rules/MI900.md",
        "rules/MI901.md",
        "rules/README.md",
        "services/README.md",
        "services/acme.md",
    ]
    assert docs.stale(wanted, target) == []
    page = (target / "rules" / "MI901.md").read_text()
    for part in (
        "Key=<storage-account-key>",
        "Acme Writer",
        "az acme update",
        "Signed links.",
        "A trap.",
        "ignore[MI901]",
    ):
        assert part in page
