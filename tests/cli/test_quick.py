"""A clean run answers early, and never where a full run would say something else."""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import shipped_rulebook

from mi_lint.cli.known import table_of
from mi_lint.cli.questions import Questions
from mi_lint.config import Config
from mi_lint.prefilter import words_of
from mi_lint.rulebook.examples import example_files
from mi_lint.rulebook.model import Example, Rulebook
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.examples import expand as expand_secrets
from mi_lint.secrets.minting import mint
from mi_lint.secrets.run import Settings, detector_for
from mi_lint.secrets.scan import find_secrets
from mi_lint.textfile import decode_any

HEAVY = ("click", "yaml", "libcst", "detect_secrets", "dataclasses", "typing", "mi_lint.rulebook.loader")


@lru_cache(maxsize=1)
def scanning() -> tuple[Questions, Detector]:
    book = shipped_rulebook()
    settings = Settings(tuple(kind for kind in book.kinds if kind.default), book.emulator_keys, book.references)
    table = json.loads(json.dumps(table_of(words_of(book), settings, Config())))
    return Questions(table), detector_for(settings)


def test_every_example_of_a_rule_is_looked_at(rulebook: Rulebook, example: Example) -> None:
    questions, _ = scanning()
    files = example_files(example).items()
    assert example.silent or any(questions.may_concern(path, text.encode()) for path, text in files)


def test_every_example_of_a_secret_is_looked_at() -> None:
    questions, _ = scanning()
    kinds = {kind.name: kind for kind in shipped_rulebook().kinds}
    missed = []
    for kind in kinds.values():
        for example in kind.examples:
            text, _values = expand_secrets(example.text, kinds, f"{kind.name} {example.title}")
            if kind.default and not example.silent and not questions.may_hold(example.path, text.encode()):
                missed.append((kind.name, example.title))
    assert missed == []


@given(
    number=st.integers(0, 10_000),
    words=st.lists(st.sampled_from(["key", "AccountKey=", "password", "sig=", "client_secret", "x", '"', "=", "\n"])),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "latin-1"]),
    path=st.sampled_from(["a.py", "a.ipynb", ".env", "a.yaml", "a.txt"]),
)
def test_what_is_passed_over_holds_no_secret(number: int, words: list[str], encoding: str, path: str) -> None:
    questions, detector = scanning()
    kinds = {kind.name: kind for kind in shipped_rulebook().kinds if kind.default}
    kind = sorted(kinds)[number % len(kinds)]
    value = mint(kinds[kind], random.Random(number), kinds) or ""
    data = " ".join([*words, f'{kind.replace("-", "_")} = "{value}"']).encode(encoding)
    if not questions.may_hold(path, data):
        assert find_secrets(decode_any(path, data), detector) == []


# -- the command -------------------------------------------------------------------------------------------------------


def _git(*arguments: str) -> None:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    _git("init", "-q")
    for number in range(20):
        (folder / f"module_{number}.py").write_text(f"def double_{number}(value: int) -> int:\n    return value * 2\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\0\0")
    _git("add", ".")
    _git("commit", "-q", "-m", "start")
    _settle()
    return folder


def _settle() -> None:
    """Wait until the times of files are old enough to tell a later change."""
    time.sleep(0.1)


def check(*arguments: str, modules: bool = False) -> tuple[int, str, str]:
    options = ["-X", "importtime"] if modules else []
    command = [sys.executable, *options, "-m", "mi_lint", "check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def imported(log: str) -> set[str]:
    return {line.rpartition("|")[2].strip() for line in log.splitlines() if line.startswith("import time:")}


def is_quick(*arguments: str) -> bool:
    code, _, log = check(*arguments, modules=True)
    quick = not imported(log) & set(HEAVY)
    assert code == 0 or not quick
    return quick


def test_a_clean_run_loads_nothing_heavy(repository: Path) -> None:
    first = check("--no-cache")
    assert first == (0, "No findings (20 files checked).\n", "")
    assert check() == first
    assert is_quick()
    assert check("module_1.py", "module_2.py")[1] == "No findings (2 files checked).\n"
    assert is_quick("module_1.py", "module_2.py")
    (repository / "module_1.py").write_text("x = 1\n")
    assert is_quick("module_1.py")  # a new content is looked at, without the rules
    assert not is_quick("--jobs", "1")


def test_a_secret_ends_it(repository: Path) -> None:
    check()
    assert is_quick()
    value = secrets.token_urlsafe(40)
    (repository / "module_3.py").write_text(f'client_secret = "abc8Q~{value[:34]}"\n')
    code, output, _ = check("module_3.py")
    assert code == 1
    assert "client-secret" in output
    assert check()[0] == 1
    (repository / "module_3.py").write_text("x = 1\n")
    assert check() == (0, "No findings (20 files checked).\n", "")


def test_a_change_that_hides_is_seen(repository: Path) -> None:
    """Same size, same time of modification, same name."""
    target = repository / "settings.txt"
    secret = f"AccountKey={secrets.token_hex(64)[:86]}==\n"
    target.write_text("x" * (len(secret) - 1) + "\n")
    _settle()
    check()
    assert is_quick("settings.txt")
    before = target.stat()
    target.write_text(secret)
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not is_quick("settings.txt")
    assert check()[1] == check("--no-cache")[1]


def test_a_call_elsewhere_is_a_reason_to_look_again(repository: Path) -> None:
    check()
    (repository / "clients.py").write_text("from azure.storage.blob import BlobServiceClient as Client\n")
    (repository / "module_1.py").write_text(
        "import os\nfrom clients import Client\n\nc = Client.from_connection_string(os.environ['A_CONN_STR'])\n"
    )
    code, output, _ = check("module_1.py")
    assert code == 1
    assert "MI201" in output
    assert check("module_1.py") == (code, output, "")
    (repository / "notes.md").write_text("# Notes\n")
    check()
    assert is_quick("notes.md")  # no code: nothing in it can call anything


def test_the_configuration_counts(repository: Path) -> None:
    check()
    (repository / "pyproject.toml").write_text('[tool.mi-lint]\nselct = ["MI2"]\n')
    code, _, log = check("module_1.py")
    assert code == 2
    assert "did you mean 'select'" in log
    (repository / "pyproject.toml").write_text('[tool.mi-lint]\nexclude = ["module_1.py"]\n')
    first = check("module_1.py", "module_2.py")
    assert first == check("module_1.py", "module_2.py") == check("module_1.py", "module_2.py", "--no-cache")
    assert is_quick("module_2.py")


def test_an_idle_ignore_is_reported_again(repository: Path) -> None:
    (repository / "module_1.py").write_text("x = 1  # mi-lint: ignore[MI201] not any more\n")
    _settle()
    first = check()
    assert first[0] == 1
    assert "MI001" in first[1]
    assert check() == first


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": 1}', '{"files": []}', "null"])
def test_a_damaged_cache_costs_time_only(repository: Path, damage: str) -> None:
    first = check()
    for file in (repository.parent / "cache" / "mi-lint").glob("*.json"):
        file.write_text(damage)
    assert check() == first
    for file in (repository.parent / "cache" / "mi-lint").glob("quick-*.json"):
        table = json.loads(file.read_text())
        file.write_text(json.dumps({**table, "rows": [["x"]], "kinds": [[1]]}))
    assert check() == first


def test_no_secret_and_no_content_is_kept(repository: Path) -> None:
    value = secrets.token_urlsafe(40)
    (repository / "module_3.py").write_text(f'client_secret = "abc8Q~{value[:34]}"\nhello = "a-canary-of-ours"\n')
    _settle()
    check()
    kept = b"".join(file.read_bytes() for file in (repository.parent / "cache").rglob("*") if file.is_file())
    assert b"module_3.py" in kept
    assert value[:12].encode() not in kept
    assert b"a-canary-of-ours" not in kept


def test_warm_is_as_cold_and_many_runs_disturb_no_other(repository: Path) -> None:
    for number in range(5):
        secret = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={secrets.token_hex(43)}=="
        source = (
            f'from azure.storage.blob import BlobClient\n\nBlobClient.from_connection_string("{secret}", "a", "b")\n'
        )
        (repository / f"old_{number}.py").write_text(source)
    _settle()
    plain = check("--no-cache", "--output-format", "json")
    assert len(json.loads(plain[1])["findings"]) >= 5
    with ThreadPoolExecutor(6) as pool:
        runs = list(pool.map(lambda jobs: check("--output-format", "json", "--jobs", jobs), "121212"))
    assert runs == [plain] * 6
