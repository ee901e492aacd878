"""Whole repositories of the kind that teams have, before and after one migration.

`before` and `after` hold tokens such as `{storage-account-key}` for secrets, and `dot.env` for `.env`.
"""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path

import hcl2
import pytest
import tree_sitter_bicep
import yaml
from click.testing import CliRunner, Result
from tree_sitter import Language, Parser

from mi_lint.cli.main import cli
from mi_lint.rulebook.examples import TOKENS, contract, expand

GOLDEN = Path(__file__).parent / "golden"
REPOSITORIES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
# Installed apps may read the settings of Django, so a key there is left to a person, and the plan says so.
KEPT = {"django-aks": {"k8s/secret.yaml"}}
SECRETS = [make(name) for name, make in TOKENS.items() if not name.endswith("-id") and name != "guid"]


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments], check=True)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), env={"CI": ""})


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix().replace("dot.env", ".env"): expand(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _now(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git/" not in path.as_posix()
    }


@pytest.fixture
def repository(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in _texts(GOLDEN / request.param / "before").items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    _git("init", "-q")
    _git("add", "-A", "-f")
    _git("commit", "-q", "-m", "start")
    return tmp_path


@pytest.mark.parametrize(("repository", "name"), [(name, name) for name in REPOSITORIES], indirect=["repository"])
def test_a_repository_moves_as_one(repository: Path, name: str) -> None:
    plan = _run("plan", ".").output
    shown = _run("migrate", "--write", "--unsafe-fixes", ".").output
    for output in (plan, shown):
        assert not [secret for secret in SECRETS if secret in output]
    after = _now(repository)
    assert {path: contract(text) for path, text in after.items()} == {
        path: contract(text) for path, text in _texts(GOLDEN / name / "after").items()
    }
    assert contract(plan) == (GOLDEN / name / "plan.md").read_text(encoding="utf-8")

    left = {path for path, text in after.items() if any(secret in text for secret in SECRETS)}
    assert left == KEPT.get(name, set())
    for path, text in after.items():
        _check(path, text)

    _git("commit", "-q", "-a", "-m", "moved")
    _run("migrate", "--write", "--unsafe-fixes", ".")
    assert _now(repository) == after


def _check(path: str, text: str) -> None:
    """The file is what its ending says."""
    if path.endswith(".py"):
        ast.parse(text)
    elif path.endswith((".json", ".ipynb")):
        json.loads(text)
    elif path.endswith((".yml", ".yaml")):
        list(yaml.safe_load_all(text))
    elif path.endswith(".tf"):
        hcl2.loads(text)
    elif path.endswith(".bicep"):
        assert not Parser(Language(tree_sitter_bicep.language())).parse(text.encode()).root_node.has_error
