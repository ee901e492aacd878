"""The files that `mi-lint init` starts: each is made, extended, or left alone with advice."""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from mi_lint.baseline import DEFAULT_FILE

_TABLE = """\
# ignore = ["MI361"]              # rules to leave out, see `mi-lint rules list`
# exclude = ["docs/*"]            # files to leave out
# identity = "user"               # for a user-assigned identity, with
# client-id-setting = "AZURE_CLIENT_ID"
# fail-on = "high"                # least severity that makes the exit code 1
"""
_LOCAL = """\
- repo: local  # needs mi-lint on the PATH
  hooks:
    - id: mi-lint
      name: mi-lint
      entry: mi-lint check
      language: system
      types: [text]
      require_serial: true
"""
_REMOTE = """\
- repo: {repo}
  rev: {rev}
  hooks:
    - id: mi-lint
"""
_GITHUB = """\
name: mi-lint

on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

jobs:
  mi-lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0  # where the branch began has to be known
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install {package}
      - name: What this change adds
        if: github.event_name == 'pull_request'
        env:
          BASE: ${{{{ github.base_ref }}}}
        run: mi-lint check --since "origin/$BASE" --output-format github
      - name: What there is
        if: github.event_name == 'push'
        run: mi-lint check --exit-zero --output-format github
"""
_AZURE = """\
# A build of its own: create a pipeline from this file, and make it required for pull requests.
trigger: none

pool:
  vmImage: ubuntu-latest

steps:
  - checkout: self
    fetchDepth: 0  # where the branch began has to be known
  - script: pip install {package}
    displayName: Install mi-lint
  - script: mi-lint check --since "origin/${{SYSTEM_PULLREQUEST_TARGETBRANCH#refs/heads/}}" --output-format azure
    displayName: What this change adds
    condition: eq(variables['Build.Reason'], 'PullRequest')
"""
_GITLAB = """\
mi-lint:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"  # where the branch began has to be known
  script:
    - pip install {package}
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    - mi-lint check --since FETCH_HEAD --output gitlab=mi-lint.json
  artifacts:
    when: always
    reports:
      codequality: mi-lint.json
"""


@dataclass(frozen=True, slots=True)
class Step:
    """`text` is the new content of a file, None where it stays; `todo` is what a person adds by hand."""

    path: str
    says: str
    text: str | None = None
    todo: str = ""


def configuration(top: Path) -> Step:
    """`[tool.mi-lint]` in `pyproject.toml`, or `mi-lint.toml` where there is none."""
    project, own = top / "pyproject.toml", "mi-lint.toml"
    if (top / own).exists():
        return Step(own, f"{own}: is there already")
    if not project.exists():
        return Step(own, f"{own}: written", f"# Configuration of mi-lint; see `mi-lint config show`\n{_TABLE}")
    before = _read(project)
    document = _toml(before)
    if document is None:
        return Step(project.name, f"{project.name}: is not valid TOML, so it stays as it is")
    if "mi-lint" in document.get("tool", {}):
        return Step(project.name, f"{project.name}: has [tool.mi-lint] already")
    end = _newline(before)
    gap = "" if not before else end if before.endswith(("\n", "\r")) else end * 2
    after = before + gap + f"[tool.mi-lint]\n{_TABLE}".replace("\n", end)
    if "mi-lint" not in (_toml(after) or {}).get("tool", {}):
        return Step(project.name, f"{project.name}: add by hand:", todo=f"[tool.mi-lint]\n{_TABLE}")
    return Step(project.name, f"{project.name}: [tool.mi-lint] added", after)


def hook(top: Path, repo: str = "", rev: str = "") -> Step:
    """The hook in `.pre-commit-config.yaml`, behind those that are there; it uses the baseline, where there is one."""
    name = ".pre-commit-config.yaml"
    entry = _REMOTE.format(repo=repo, rev=rev) if repo else _LOCAL
    if (top / DEFAULT_FILE).exists():
        options = f"--baseline {DEFAULT_FILE} --fail-on new"
        entry = entry.replace("entry: mi-lint check\n", f"entry: mi-lint check {options}\n")
        entry += f"      args: [{options.replace(' ', ', ')}]\n" if repo else ""
    path = top / name
    if not path.exists():
        return Step(name, f"{name}: written; `pre-commit install` switches it on", "repos:\n" + entry)
    before = _read(path)
    if re.search(r"\bid:\s*['\"]?mi-lint(-fix)?\b", before):
        return Step(name, f"{name}: has the hook already")
    after = _appended(before, entry)
    if after is None:
        return Step(name, f"{name}: add to `repos` by hand:", todo=entry)
    return Step(name, f"{name}: hook added", after)


def github_workflow(top: Path, package: str) -> Step:
    return _whole(top, ".github/workflows/mi-lint.yml", _GITHUB.format(package=package))


def azure_pipeline(top: Path, package: str) -> Step:
    return _whole(top, "azure-pipelines-mi-lint.yml", _AZURE.format(package=package))


def gitlab_job(top: Path, package: str) -> Step:
    """The whole pipeline where there is none; a job is not put into a pipeline that may have stages of its own."""
    name, text = ".gitlab-ci.yml", _GITLAB.format(package=package)
    if not (top / name).exists():
        return Step(name, f"{name}: written", text)
    if re.search(r"(?m)^mi-lint:", _read(top / name)):
        return Step(name, f"{name}: has the job already")
    return Step(name, f"{name}: add the job by hand:", todo=text)


def _whole(top: Path, name: str, text: str) -> Step:
    if (top / name).exists():
        return Step(name, f"{name}: is there already")
    return Step(name, f"{name}: written", text)


def _appended(before: str, entry: str) -> str | None:
    """A hook configuration with one more repository; None where its form leaves no plain place for it."""
    import yaml

    try:
        known = yaml.safe_load(before)
    except yaml.YAMLError:
        return None
    end = _newline(before)
    lines = before.rstrip().splitlines()
    start = next((n for n, line in enumerate(lines) if re.fullmatch(r"repos:\s*(#.*)?", line)), -1)
    if start < 0 or not isinstance(known, dict) or not isinstance(known.get("repos"), list):
        return None
    later = (n for n, line in enumerate(lines) if n > start and re.match(r"[^\s#-]", line))
    stop = next(later, len(lines))
    while stop > start + 1 and not lines[stop - 1].strip():
        stop -= 1
    first = next((line for line in lines[start + 1 : stop] if line.lstrip().startswith("-")), "")
    indent = first[: len(first) - len(first.lstrip())]
    added = [f"{indent}{line}" for line in entry.splitlines()]
    after = end.join([*lines[:stop], *added, *lines[stop:]]) + end
    wanted = {**known, "repos": [*known["repos"], *yaml.safe_load(entry)]}
    try:
        return after if yaml.safe_load(after) == wanted else None
    except yaml.YAMLError:
        return None


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _toml(text: str) -> dict[str, dict[str, object]] | None:
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document: dict[str, dict[str, object]] = toml.loads(text)
    except ValueError:
        return None
    return document
