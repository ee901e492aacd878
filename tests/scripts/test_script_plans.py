"""Scripts that sign in with a secret: what stays, what is told, and where a script may not change."""

from __future__ import annotations

import subprocess

import pytest
from shipped import shipped_rulebook

from mi_lint.engine import Analysis, Options, analyse, change_set
from mi_lint.findings import Applicability

LOGIN = 'az login --service-principal -u "$ID" -p "$SECRET" --tenant "$TENANT"'


def analysed(files: dict[str, str]) -> Analysis:
    return analyse({path: text.encode() for path, text in files.items()}, shipped_rulebook(), Options())


def migrated(text: str) -> str:
    changes = change_set(analysed({"run.sh": text}), Applicability.REVIEW)
    return changes.files["run.sh"].after.decode() if changes.files else text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LOGIN} || exit 1\n", "az login --identity || exit 1\n"),
        (f"f() {{\n\t{LOGIN} # in\n}}\n", "f() {\n\taz login --identity # in\n}\n"),
        (
            "az login \\\r\n  --service-principal \\\r\n  -u $A -p $B \\\r\n  -t $C\r\n",
            "az login \\\r\n  --identity\r\n",
        ),
        (f"SECRET=$(vault read x)\n{LOGIN}\n", "SECRET=$(vault read x)\naz login --identity\n"),
        (f"export SECRET=x\n{LOGIN}\n", "export SECRET=x\naz login --identity\n"),
        (f"SECRET=a\nSECRET=b\n{LOGIN}\n", "SECRET=a\nSECRET=b\naz login --identity\n"),
        (f"SECRET=a; echo hi\n{LOGIN}\n", "SECRET=a; echo hi\naz login --identity\n"),
        (f"SECRET=$1\nID=$2\n{LOGIN}\necho $ID\n", "ID=$2\naz login --identity\necho $ID\n"),
        (f"# {LOGIN}\neval '{LOGIN}'\n", f"# {LOGIN}\neval '{LOGIN}'\n"),
        (f"cat > x <<END\n{LOGIN}\nEND\n", f"cat > x <<END\n{LOGIN}\nEND\n"),
        (f"echo 'open\n{LOGIN}\n", f"echo 'open\n{LOGIN}\n"),
    ],
)
def test_only_what_is_understood_changes(before: str, after: str) -> None:
    assert migrated(before) == after
    assert migrated(after) == after
    if "'open" not in after:
        assert subprocess.run(["bash", "-n"], input=after.replace("\r", ""), text=True, check=False).returncode == 0


@pytest.mark.parametrize(
    "before", ['if [ -n "${SECRET:-}" ]; then\n', 'eval "$(jq -r \'@sh "SECRET=\\(.secret)"\')"\nif true; then\n']
)
def test_a_script_that_asks_for_the_secret_chooses_by_it(before: str) -> None:
    text = f"{before}  {LOGIN}\nfi\n"
    (finding,) = analysed({"run.sh": text}).findings
    assert finding.applicability is Applicability.MANUAL
    assert "SECRET is also read in line 1" in finding.reasons[0]


def test_what_stays_is_named() -> None:
    (finding,) = analysed({"run.sh": f"SECRET=$(vault read x)\n{LOGIN}\n"}).findings
    assert any("SECRET is still set in run.sh" in reason for reason in finding.reasons)


def test_a_literal_secret_is_never_shown() -> None:
    secret = "Zx9" + "-" + "q" * 30
    (finding,) = analysed({"run.sh": f"az login --service-principal -u a -p '{secret}' -t c\n"}).findings
    assert secret not in repr(finding.message) + repr(finding.reasons)


def test_commands_of_a_workflow_need_a_sign_in_before_them() -> None:
    command = "az acr login -n acme -u u -p ${{ secrets.P }}"
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {command}\n"
    (finding,) = analysed({".github/workflows/a.yml": text}).findings
    assert finding.applicability is Applicability.MANUAL
    assert "no step before it signs in" in finding.reasons[0]
