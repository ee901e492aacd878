"""`init`, `config show`, `completion`, and what is said to a mistyped word."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from mi_lint.cli.main import cli


def run(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), env=environment)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("ci", "files"),
    [
        ("github", {".github/workflows/mi-lint.yml"}),
        ("azure", {"azure-pipelines-mi-lint.yml"}),
        ("gitlab", {".gitlab-ci.yml"}),
        ("none", set()),
    ],
)
def test_a_new_repository(folder: Path, ci: str, files: set[str]) -> None:
    assert run("init", "--dry-run", "--ci", ci).exit_code == 0
    assert contents(folder) == {}
    first = run("init", "--ci", ci)
    assert first.exit_code == 0
    written = contents(folder)
    assert written.keys() == {"mi-lint.toml", ".pre-commit-config.yaml"} | files
    assert all(f"{name}: written" in first.output for name in written)
    assert run("init", "--ci", ci).exit_code == 0
    assert contents(folder) == written
    assert all(yaml.safe_load(written[name]) for name in files)
    (folder / "app.py").write_text("x = 1\n")
    assert run("check").exit_code == 0


@pytest.mark.parametrize("options", [(), ("--repo", "https://example.org/mi-lint", "--rev", "v1")])
def test_the_hook_uses_the_baseline_that_is_there(folder: Path, options: tuple[str, ...]) -> None:
    (folder / "app.py").write_text("x = 1\n")
    assert run("baseline", "create").exit_code == 0
    run("init", "--ci", "none", *options)
    (hook,) = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    command = hook["entry"].split()[2:] if "entry" in hook else hook["args"]
    assert command == ["--baseline", ".mi-lint-baseline.json", "--fail-on", "new"]


def test_what_is_there_stays(folder: Path) -> None:
    (folder / "pyproject.toml").write_bytes(b'[project]\r\nname = "x"\r\n')
    hooks = "# ours\nrepos:\n- repo: https://example.org/a  # first\n  rev: v1\n  hooks: [{id: a}]\n\nfail_fast: true\n"
    (folder / ".pre-commit-config.yaml").write_text(hooks)
    (folder / "azure-pipelines.yml").write_text("steps: []\n")
    run("init", "--repo", "https://example.org/mi-lint", "--rev", "v9", "--package", "mi-lint[fast]>=1")
    assert (folder / "pyproject.toml").read_bytes().startswith(b'[project]\r\nname = "x"\r\n\r\n[tool.mi-lint]\r\n')
    after = (folder / ".pre-commit-config.yaml").read_text()
    added = "- repo: https://example.org/mi-lint\n  rev: v9\n  hooks:\n    - id: mi-lint\n"
    assert after == hooks.replace("\n\nfail_fast", f"\n{added}\nfail_fast")
    steps = yaml.safe_load((folder / "azure-pipelines-mi-lint.yml").read_text())["steps"]
    assert steps[1]["script"] == "pip install 'mi-lint[fast]>=1'"


@pytest.mark.parametrize("hooks", ["repos: []\n", "repos: [{repo: local, hooks: []}]\n", "a: [\n"])
def test_what_cannot_be_extended_is_left_with_advice(folder: Path, hooks: str) -> None:
    (folder / ".pre-commit-config.yaml").write_text(hooks)
    (folder / "pyproject.toml").write_text("tool = {}\n")
    (folder / ".gitlab-ci.yml").write_text("job: {script: [x]}\n")
    before = contents(folder)
    result = run("init")
    assert result.exit_code == 0
    assert contents(folder) == before
    assert "    - repo: local" in result.output
    assert "    [tool.mi-lint]" in result.output
    assert "    mi-lint:\n" in result.output


def test_where_values_come_from(folder: Path) -> None:
    (folder / "mi-lint.toml").write_text('ignore = ["MI2"]\nper-file-ignores = {"tests/*" = ["MI1"]}\n')
    inner = folder / "inner"
    inner.mkdir()
    assert f'ignore            = ["MI2"]  # {folder / "mi-lint.toml"}' in run("config", "show", "inner").stdout
    (inner / "pyproject.toml").write_text('[tool.mi-lint]\nfail-on = "high"\n')
    result = run("config", "show", "inner", "--output-format", "json")
    values = json.loads(result.stdout)["values"]
    assert values["fail-on"] == {"value": "high", "from": str(inner / "pyproject.toml")}
    assert values["ignore"] == {"value": [], "from": "default"}
    note = run("config", "show", "inner").stderr
    assert f"{folder / 'mi-lint.toml'} does not count" in note


def test_a_mistyped_word_gets_the_right_one(folder: Path) -> None:
    (folder / "app.py").write_text("x = 1\n")
    for arguments, advice in (
        (("chek",), "did you mean 'check'?"),
        (("app.py",), "`mi-lint check app.py` checks that path"),
        (("check", "--outptu", "a=b"), "--output"),
        (("check", "--output-format", "sarf"), "did you mean 'sarif'?"),
        (("check", "--select", "blob-acount-key"), "did you mean 'blob-account-key'?"),
        (("explain", "azure-storage-blbo"), "azure-storage-blob"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert advice in result.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mi-lint ch", "check"),
        ("mi-lint explain azure-storage-b", "azure-storage-blob"),
        ("mi-lint check --select MI301,mi20", "MI301,MI201"),
        ("mi-lint check --output-format sa", "sarif"),
    ],
)
def test_a_shell_completes(folder: Path, words: str, expected: str) -> None:
    environment = {"_MI_LINT_COMPLETE": "zsh_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    result = run(environment=environment)
    assert expected in result.stdout.splitlines()


def test_the_script_of_a_shell_runs() -> None:
    script = run("completion", "bash").stdout
    done = subprocess.run(["bash", "-c", script + "\ncomplete -p mi-lint"], capture_output=True, text=True)
    assert "_mi_lint_completion" in done.stdout
