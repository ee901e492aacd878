"""What other repositories call from their builds: valid for its system, and it does what it says in a real shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OLD = """\
import os
from azure.storage.blob import BlobServiceClient
client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONN_STR"])
"""
SCHEMAS = (
    ("action.yml", ("--builtin-schema", "vendor.github-actions")),
    ("ci/azure-pipelines.yml", ("--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines")),
    ("ci/gitlab-ci.yml", ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a finding, and beside it an environment like that which the install step makes."""
    programs = tmp_path / "temporary" / "mi-lint" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "mi-lint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mi_lint "$@"\n')
    (programs / "mi-lint").chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "app.py").write_text(OLD)
    monkeypatch.chdir(repository)
    return tmp_path


@pytest.mark.parametrize(("name", "arguments"), SCHEMAS)
def test_it_fits_the_schema_of_its_system(name: str, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", *arguments, str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_action_has_no_hole() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "-q", ROOT / "action.yml"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def _action(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Run the steps behind the installation; the last exit code, the log, the outputs, the summary."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    given = {name: str(value["default"]) for name, value in action["inputs"].items()} | inputs
    output, summary = folder / "output", folder / "summary"
    output.write_text("")
    summary.write_text("")
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(folder / "temporary"),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
        "CI": "true",
    }
    made: dict[str, str] = {}
    log, code = "", 0

    def value(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(".")
        return {"inputs": given, "steps.check.outputs": made}[kind][name]

    for step in [step for step in action["runs"]["steps"][1:] if "run" in step]:
        assert "${{" not in step["run"]
        own = {name: re.sub(r"\$\{\{ (\S+) \}\}", value, text) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={**environment, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        log, code = log + done.stdout + done.stderr, done.returncode
        made |= dict(line.split("=", 1) for line in output.read_text().splitlines())
    return code, log, made, summary.read_text()


def test_the_action_annotates_counts_and_fails(folder: Path) -> None:
    code, log, outputs, summary = _action(folder)
    assert code == 1
    assert "::error file=app.py,line=3," in log
    assert {name: outputs[name] for name in ("findings", "safe", "review", "manual", "exit-code")} == {
        "findings": "1",
        "safe": "1",
        "review": "0",
        "manual": "0",
        "exit-code": "1",
    }
    assert '"MI201"' in Path(outputs["sarif"]).read_text()
    assert "| high |" in summary


def test_inputs_of_the_action_are_arguments_and_nothing_else(folder: Path) -> None:
    (folder / "repository" / "--fix").mkdir()
    hostile = "$(touch pwned)\n`touch pwned`\n; touch pwned\n--fix"
    code, log, outputs, _ = _action(folder, paths=hostile, **{"fail-on": "never; touch pwned"})
    assert code == 2
    assert "--fail-on never; touch pwned: use one of" in log
    assert outputs == {"exit-code": "2"}
    code, log, _, _ = _action(folder, paths="--fix\napp.py\n", args="--select=MI2\n\n--exit-zero\r")
    assert code == 0
    assert "::error file=app.py" in log
    assert not list(folder.rglob("pwned"))
    assert (folder / "repository" / "app.py").read_text() == OLD


def test_steps_for_azure_pipelines(folder: Path) -> None:
    steps: list[dict[str, Any]] = yaml.safe_load((ROOT / "ci" / "azure-pipelines.yml").read_text())["steps"]
    reports = folder / "reports"
    environment = {**os.environ, "REPORTS": str(reports), "CHECKED": ".", "SINCE": "", "FAIL_ON": "low"}
    assert set(steps[1]["env"]) == {"REPORTS", "CHECKED", "SINCE", "FAIL_ON"}
    done = subprocess.run(
        ["bash", "-c", steps[1]["bash"]], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    first, last = done.stdout.splitlines()
    assert first.startswith("##vso[task.logissue type=error;sourcepath=app.py;")
    assert last == f"##vso[task.uploadsummary]{reports}/mi-lint.md"
    assert ElementTree.parse(reports / "mi-lint.xml").getroot().get("failures") == "1"


def test_job_for_gitlab(folder: Path) -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab-ci.yml").read_text())["mi-lint"]
    environment = {**os.environ, **job["variables"]}
    done = subprocess.run(["sh", "-ec", job["script"][1]], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for report in job["artifacts"]["reports"].values():
        assert "MI201" in (folder / "repository" / report).read_text()
