"""The architecture, checked: imports point downwards only, and the engine knows no service by name."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mi_lint.rulebook.index import module_of
from mi_lint.rulebook.model import Rulebook

PACKAGE = Path(__file__).parent.parent / "mi_lint"

# From the ground up. A module may import its own layer and those below; the longest prefix that fits counts.
LAYERS = (
    (
        *("mi_lint", "errors", "findings", "textfile", "edits", "globs", "lexical", "templates", "naming"),
        *("entry_names", "parted"),
        *("cache", "progress", "runs", "transcode", "vocabulary"),
    ),
    (
        "rulebook",
        "secrets",
        "settings",
        "dependencies",
        "config",
        "git",
        "revisions",
        "files",
        "prefilter",
        "suppress",
        "baseline",
        "write",
        "keywords",
        "documents",
        "notebook",
        "commands",
        "remembered",
    ),
    ("python",),
    ("workspace", "definitions", "placeholder", "identity", "link", "signing"),
    (
        *("derived", "renames", "change", "split", "trim", "chain", "headers", "delegated", "placement"),
        "following",
        *("stacks", "access", "bindings", "config_rules", "template_rules", "workflows", "scripts"),
        *("policies", "mentions", "template_sweep"),
        *("patched", "section_uses", "switch", "other_identity", "plan", "replacing"),
        *("called", "needs"),
    ),
    (
        "candidates",
        "removal",
        "unparameter",
        "sweep",
        "option_edits",
        "render",
        "settle",
        "access_edits",
        "other_files",
        "tell",
        "uses",
        "verify",
    ),
    ("engine",),
    ("how_far",),
    ("report",),
    ("cli", "__main__"),
)
# Rooms of one floor that stay apart: what a package may know of mi_lint beside itself and the ground floor.
KNOWS = {
    "rulebook": (),
    "secrets": ("rulebook.kinds", "rulebook.loader", "documents", "keywords"),
    "settings": ("documents",),
    "dependencies": ("documents",),
    "prefilter": ("rulebook.model",),
    "report": (),
    "keywords": (),
    "documents": (),
    "notebook": ("documents",),
    "python": ("rulebook.model", "rulebook.config_model"),
    "commands": ("rulebook.config_model",),
}
# The examples of packs run the engine; they import it when they run, so that reading packs needs no engine.
EXCEPTIONS = {("rulebook.examples", "engine")}

SERVICE_WORDS = re.compile(
    r"(?i)blob|cosmos|service_?bus|event_?hub|openai|key_?vault|app_?config|data_?lake|file_?share|cognitive|redis"
)
# Classes of libraries whose names are words of the engine's own vocabulary.
OWN_WORDS = frozenset({"Client", "Connection", "URL"})
# git's own name for the content of a file; pydantic's class for text that is not shown
OTHER_WORDS = {("revisions", "blob"), ("documents.python_fold", "SecretStr")}


def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__") or "mi_lint"
        found[name] = ast.parse(path.read_bytes(), str(path))
    return found


MODULES = modules()


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules of mi_lint that are imported anywhere in a tree, lazily too."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "absolute imports only"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] == "mi_lint":
                yield module_named(name.removeprefix("mi_lint").lstrip("."))


def module_named(name: str) -> str:
    """The module that an imported name is, or is from."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name or "mi_lint"


def layer(module: str) -> int:
    for number, names in enumerate(LAYERS):
        if module.split(".")[0] in names:
            return number
    raise AssertionError(f"mi_lint/{module.replace('.', '/')}.py has no layer: add it to LAYERS where it belongs")


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module: str) -> None:
    upwards = [
        other
        for other in imports(MODULES[module])
        if layer(other) > layer(module) and (module, other) not in EXCEPTIONS
    ]
    assert upwards == []


@pytest.mark.parametrize("module", [name for name in MODULES if name.split(".")[0] in KNOWS])
def test_rooms_stay_apart(module: str) -> None:
    room = module.split(".")[0]
    others = {
        other
        for other in imports(MODULES[module])
        if other.split(".")[0] != room
        and layer(other) > 0
        and not {other, other.split(".")[0]} & {*KNOWS[room]}
        and (module, other) not in EXCEPTIONS
    }
    assert others == set()


def test_no_cycles() -> None:
    graph = {name: {other for other in imports(tree) if other != name} for name, tree in MODULES.items()}
    for edge in EXCEPTIONS:
        graph[edge[0]].discard(edge[1])
    while True:
        leaves = {name for name, needed in graph.items() if not needed}
        if not leaves:
            break
        graph = {name: needed - leaves for name, needed in graph.items() if name not in leaves}
    assert graph == {}, "these modules import each other in a circle"


@pytest.mark.parametrize("library", ["libcst", "yaml", "tomlkit", "detect_secrets", "hyperscan", "ahocorasick_rs"])
def test_heavy_libraries_are_imported_lazily(library: str) -> None:
    """None of them is needed to say that nothing is wrong. (YAML is for reading packs, which are compiled.)"""
    eager = []
    for name, tree in MODULES.items():
        for node in tree.body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            eager += [name for found in names if found.split(".")[0] == library]
    assert eager == [] or (library, eager) == ("detect_secrets", 2 * ["secrets.plugins"])  # which that library imports


def words_of_code(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Identifiers and strings with their lines; docstrings may give examples."""
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docs.add(first.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and node not in docs:
            yield node.lineno, node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        for field in ("id", "attr", "name", "arg"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield getattr(node, "lineno", 0), value


# The rulebook's messages show what a pack may say; everything else learns about services from packs only.
@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith("rulebook")])
def test_the_engine_names_no_service(module: str, rulebook: Rulebook) -> None:
    classes = {
        symbol.removeprefix(module_of(symbol)).strip(".").split(".")[0]
        for symbol in (*rulebook.calls, *rulebook.wrappers)
    } - OWN_WORDS
    known = re.compile(r"(?<!\w)(?:" + "|".join(sorted(name for name in classes if name[:1].isupper())) + r")(?!\w)")
    found = [
        f"line {line}: {word}"
        for line, word in words_of_code(MODULES[module])
        if (SERVICE_WORDS.search(word) or known.search(word)) and (module, word) not in OTHER_WORDS
    ]
    assert found == []


def test_the_command_line_starts_light() -> None:
    """What Python really loads, all that others import included, until the first command can run."""
    command = [sys.executable, "-X", "importtime", "-c", "import mi_lint.cli.main"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "mi_lint" in loaded
    assert loaded & {"yaml", "libcst", "tomlkit", "detect_secrets", "hyperscan", "ahocorasick_rs"} == set()


def test_a_clean_check_loads_nothing_heavy(tmp_path: Path) -> None:
    """What a commit hook pays for: two runs, because the first one compiles the packs."""
    (tmp_path / "clean.py").write_text('STORAGE_KEY = "<your key>"\n')
    command = [sys.executable, "-X", "importtime", "-m", "mi_lint", "check", "clean.py"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(PACKAGE.parent)}
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "mi_lint" in loaded
    assert loaded & {"yaml", "libcst", "tomlkit", "detect_secrets", "multiprocessing"} == set()
