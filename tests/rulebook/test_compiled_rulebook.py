"""The compiled rulebook equals the loaded one, and no state of the cache can break a run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mi_lint.rulebook.compiled import cache_folder, dumps, loads
from mi_lint.rulebook.loader import build, load_rulebook
from mi_lint.rulebook.location import pack_files

Write = Callable[..., Path]


def _cache_files() -> list[Path]:
    folder = cache_folder()
    assert folder is not None
    return sorted(folder.glob("*")) if folder.is_dir() else []


def test_compiled_equals_loaded(write: Write) -> None:
    packs = build([write()]).packs
    assert loads(dumps(packs)) == packs


def test_the_own_packs_survive_compilation() -> None:
    packs = build(pack_files()).packs
    assert loads(dumps(packs)) == packs


def test_cold_and_warm_give_the_same_rulebook(write: Write) -> None:
    path = write()
    cold = load_rulebook([path])
    assert len(_cache_files()) == 1
    warm = load_rulebook([path])
    assert warm == cold
    assert warm.calls == cold.calls
    assert warm.keywords == cold.keywords


def test_a_changed_pack_is_read_anew_and_replaces_the_old_cache(write: Write) -> None:
    load_rulebook([write()])
    assert load_rulebook([write(("title: Acme Store", "title: Other"))]).packs[0].title == "Other"
    assert len(_cache_files()) == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"rows":[[0]],"packs":[0]}', '{"rows":[[99]],"packs":[0]}', '{"rows":[[15,1]]}']
)
def test_a_damaged_cache_is_ignored(write: Write, text: str) -> None:
    path = write()
    fresh = load_rulebook([path])
    _cache_files()[0].write_text(text)
    assert load_rulebook([path]) == fresh
    assert _cache_files()[0].read_text() == dumps(fresh.packs)


def test_without_a_writable_folder_there_is_no_cache(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write()
    Path("file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.abspath("file"))
    assert len(load_rulebook([path]).rules) == 1
    assert Path("file").read_text() == ""


def test_a_warm_run_imports_no_yaml(write: Write) -> None:
    path = write()
    load_rulebook([path])
    code = (
        "import sys; from pathlib import Path; from mi_lint.rulebook.loader import load_rulebook; "
        "assert load_rulebook([Path('acme.yaml')]).rules; print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
