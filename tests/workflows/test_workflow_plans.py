"""Workflows that sign in with a secret: what the plan asks for, and that the rest of the file stays as it is."""

from __future__ import annotations

import pytest
from shipped import shipped_rulebook

from mi_lint.engine import Analysis, Options, analyse, change_set
from mi_lint.findings import Applicability

PATH = ".github/workflows/deploy.yml"
LOGIN = """\
      - uses: azure/login@v1
        with:
          creds: ${{ secrets.AZURE_CREDENTIALS }}
"""
DEPLOY = f"""\
on: workflow_call
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
{LOGIN}"""


def analysed(files: dict[str, str]) -> Analysis:
    return analyse({path: text.encode() for path, text in files.items()}, shipped_rulebook(), Options())


def migrated(files: dict[str, str]) -> dict[str, str]:
    changes = change_set(analysed(files), Applicability.REVIEW)
    return files | {path: change.after.decode() for path, change in changes.files.items()}


def conditions(files: dict[str, str], kind: str) -> list[dict[str, str]]:
    changes = change_set(analysed(files), Applicability.REVIEW)
    return [dict(c.data) for c in changes.preconditions if c.kind == kind and c.data]


@pytest.mark.parametrize(
    ("head", "job", "subjects"),
    [
        ("on: push", "", ["ref:refs/heads/<branch>"]),
        (
            "on: {push: {branches: [main, 'r/*']}}",
            "",
            ["ref:refs/heads/main", "ref:refs/heads/<each branch that r/* matches>"],
        ),
        ("on: {push: {tags: v1}}", "", ["ref:refs/tags/v1"]),
        ("on: [pull_request, workflow_dispatch]", "", ["pull_request", "ref:refs/heads/<default branch>"]),
        ("on: push", "    environment: prod\n", ["environment:prod"]),
        ("on: push", "    environment:\n      name: ${{ inputs.stage }}\n", ["environment:<value of inputs.stage>"]),
    ],
)
def test_the_identity_trusts_whoever_runs_the_job(head: str, job: str, subjects: list[str]) -> None:
    text = f"{head}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n{job}    steps:\n{LOGIN}"
    found = [c["subject"] for c in conditions({PATH: text}, "manual") if "subject" in c]
    assert found == [f"repo:<owner>/<repository>:{subject}" for subject in subjects]


def test_the_caller_says_who_runs_a_called_workflow() -> None:
    call = "  call:\n    uses: ./.github/workflows/deploy.yml\n    secrets: inherit\n"
    caller = "on: {push: {branches: [main]}}\njobs:\n" + call
    files = {PATH: DEPLOY, ".github/workflows/main.yml": caller}
    assert [c["subject"] for c in conditions(files, "manual") if "subject" in c] == [
        "repo:<owner>/<repository>:ref:refs/heads/main"
    ]
    after = migrated(files)
    assert (
        "    permissions:\n      contents: read\n      id-token: write\n    uses: ./"
        in after[".github/workflows/main.yml"]
    )
    assert "secrets: inherit" in after[".github/workflows/main.yml"]


def test_a_secret_that_is_used_elsewhere_is_kept_for_now() -> None:
    files = {
        PATH: DEPLOY,
        ".github/workflows/other.yml": "on: push\njobs:\n  a:\n    env:\n      C: ${{ secrets.AZURE_CREDENTIALS }}\n",
    }
    changes = change_set(analysed(files), Applicability.REVIEW)
    told = [c.text for c in changes.preconditions if c.kind == "later"]
    assert len(told) == 1
    assert "other.yml still uses it" in told[0]


def test_callers_with_different_secrets_need_an_environment() -> None:
    called = DEPLOY.replace(
        "on: workflow_call", "on:\n  workflow_call:\n    secrets:\n      AZURE_CREDENTIALS: {required: true}"
    )
    passed = "    secrets:\n      AZURE_CREDENTIALS: ${{{{ secrets.{0} }}}}\n"
    call = "  {0}:\n    uses: ./.github/workflows/deploy.yml\n" + passed
    files = {PATH: called, ".github/workflows/main.yml": "on: push\njobs:\n" + call.format("DEV") + call.format("PROD")}
    (finding,) = analysed(files).findings
    assert finding.applicability is Applicability.MANUAL
    assert "callers pass different secrets" in finding.reasons[0]
    assert migrated(files) == files


def test_lines_that_do_not_change_stay_byte_for_byte() -> None:
    rest = "      - run: |\n          echo  'a' \n"
    text = f"\ufeff# who\n'on': push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n{LOGIN}{rest}".replace("\n", "\r\n")
    after = migrated({PATH: text})[PATH]
    kept = [line for line in text.split("\n") if "login@" not in line and "creds" not in line]
    lines = after.split("\n")
    assert [line for line in lines if line in kept] == kept
    assert all(line.endswith("\r") for line in lines[:-1])
    assert migrated({PATH: after}) == {PATH: after}


def test_variables_that_only_took_the_secrets_go_with_their_block() -> None:
    text = (
        "on: push\njobs:\n  a:\n    env:\n      USER_NAME: ${{ secrets.U }}\n      WORD: ${{ secrets.P }}\n"
        "    steps:\n      - uses: azure/docker-login@v1\n        with:\n          login-server: acme.azurecr.io\n"
        "          username: ${{ env.USER_NAME }}\n          password: ${{ env.WORD }}\n"
    )
    after = migrated({PATH: text})[PATH]
    assert "env" not in after
    assert [c["secret"] for c in conditions({PATH: text}, "later")] == ["P", "U"]


def test_a_shared_step_changes_once_and_both_jobs_get_a_token() -> None:
    text = (
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - &in\n        uses: azure/login@v2\n        with:\n"
        "          creds: ${{ secrets.C }}\n  b:\n    runs-on: x\n    steps:\n      - *in\n      - run: az group list\n"
    )
    after = migrated({PATH: text})[PATH]
    assert after.count("client-id:") == 1
    assert after.count("id-token: write") == 2


def test_the_token_of_a_job_that_does_something_unknown_is_named() -> None:
    text = (
        DEPLOY.replace("workflow_call", "push")
        + "      - uses: some/publisher@v1\n        with: {token: '${{ github.token }}'}\n"
    )
    (finding,) = analysed({PATH: text}).findings
    assert finding.applicability is Applicability.REVIEW
    assert any("deploy.yml:9 uses the token of the job" in reason for reason in finding.reasons)


@pytest.mark.parametrize(
    "text",
    ["jobs: {a: *a}", "a: &a [*a]", "jobs:\n  a: &a {steps: [*a]}", "jobs: []", "\t", "jobs: {a: {steps: [creds: 1]}}"],
)
def test_odd_files_are_left_alone(text: str) -> None:
    files = {PATH: text + "\n# azure/login creds: publish-profile --service-principal"}
    assert migrated(files) == files
