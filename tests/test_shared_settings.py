"""One setting that several kinds of files define changes in all of them, or in none."""

from __future__ import annotations

import random

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook
from mi_lint.secrets.minting import mint

Files = dict[str, str]
APP = (
    "import os\nfrom azure.storage.blob import BlobServiceClient\n"
    'c = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])\n'
)
URL = "https://acme.blob.core.windows.net"
HEAD = "services:\n  a:\n    environment:\n"


@pytest.fixture(scope="module")
def secret(rulebook: Rulebook) -> str:
    kinds = {kind.name: kind for kind in rulebook.kinds}
    key = mint(kinds["storage-key"], random.Random(1), kinds)
    return f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"


def migrated(files: Files, rulebook: Rulebook, least: Applicability = Applicability.SAFE) -> tuple[Files, list[str]]:
    """The repository after the fixes, and why calls are not moved, or only with a person's look."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.errors == []
    changes = change_set(analysis, least)
    said = [reason for finding in analysis.findings for reason in finding.reasons]
    return {**files, **{path: change.after.decode() for path, change in changes.files.items()}}, said


FORMS = {
    "compose mapping": ("docker-compose.yml", HEAD + "      STORAGE_{}: {}\n"),
    "compose list": ("docker-compose.yml", HEAD + "      - STORAGE_{}={} # why\n"),
    "Dockerfile": ("Dockerfile", 'ENV STORAGE_{}="{}" X=1\n'),
    "export": ("run.sh", "#!/bin/sh\nexport STORAGE_{}='{}'\npython app.py\n"),
    "PowerShell": ("run.ps1", '$env:STORAGE_{} = "{}"\r\n'),
    "batch": ("run.bat", "set STORAGE_{}={}\r\n"),
    "streamlit": (".streamlit/secrets.toml", "STORAGE_{} = '{}' # why\n[a]\nb = 1\n"),
    "quoted": ("compose.yaml", HEAD + '      - "STORAGE_{}={}"\n'),
}


@pytest.mark.parametrize(("path", "form"), FORMS.values(), ids=FORMS)
def test_value_moves_in_every_file(path: str, form: str, secret: str, rulebook: Rulebook) -> None:
    files = {
        "app.py": APP,
        path: form.format("CONNECTION_STRING", secret),
        ".env": f"STORAGE_CONNECTION_STRING={secret}\n",
    }
    after, _ = migrated(files, rulebook)
    assert after[path] == form.format("ACCOUNT_URL", URL)
    assert after[".env"] == f"STORAGE_ACCOUNT_URL={URL}\n"
    assert 'os.environ["STORAGE_ACCOUNT_URL"]' in after["app.py"]
    assert migrated(after, rulebook)[0] == after


def test_value_that_is_passed_on_keeps_being_passed_on(secret: str, rulebook: Rulebook) -> None:
    form = HEAD + "      STORAGE_{0}: ${{STORAGE_{0}}}\n  b:\n    environment:\n      - STORAGE_{0}\n"
    files = {"app.py": APP, "compose.yml": form.format("CONNECTION_STRING")}
    after, _ = migrated(files, rulebook)
    assert after["compose.yml"] == form.format("ACCOUNT_URL")


@pytest.mark.parametrize("value", ["${OTHER}", "${STORAGE_CONNECTION_STRING:-x}", "$OTHER", "{{ vault.connection }}"])
def test_value_from_another_name_stops_it(value: str, rulebook: Rulebook) -> None:
    files = {"app.py": APP, "compose.yml": f'{HEAD}      STORAGE_CONNECTION_STRING: "{value}"\n'}
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after == files
    assert any("compose.yml:4" in text for text in said)


def test_other_mention_in_the_same_file_is_named(secret: str, rulebook: Rulebook) -> None:
    text = f"{HEAD}      STORAGE_CONNECTION_STRING: {secret}\n    command: go ${{STORAGE_CONNECTION_STRING}}\n"
    files = {"app.py": APP, "compose.yml": text}
    assert migrated(files, rulebook)[0] == files
    _, said = migrated(files, rulebook, Applicability.REVIEW)
    assert "STORAGE_CONNECTION_STRING is also named in compose.yml:5: change it there too" in said


def test_setting_that_only_another_service_has_is_not_taken(secret: str, rulebook: Rulebook) -> None:
    other = f"  b:\n    environment:\n      STORAGE_ACCOUNT_URL: {URL}\n"
    files = {"app.py": APP, "compose.yml": f"{HEAD}      STORAGE_CONNECTION_STRING: {secret}\n{other}"}
    after, _ = migrated(files, rulebook)
    assert after["compose.yml"] == f"{HEAD}      STORAGE_CONNECTION_STRING_ACCOUNT_URL: {URL}\n{other}"
    assert 'os.environ["STORAGE_CONNECTION_STRING_ACCOUNT_URL"]' in after["app.py"]


POD = """kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: app
"""


def test_prefix_before_all_keys_of_a_secret(secret: str, rulebook: Rulebook) -> None:
    held = "kind: Secret\nmetadata:\n  name: app\nstringData:\n  {}: {}\n"
    taken = f"{POD}        envFrom:\n        - prefix: STORAGE_\n          secretRef:\n            name: app\n"
    files = {"app.py": APP, "secret.yaml": held.format("CONNECTION_STRING", secret), "app.yaml": taken}
    after, _ = migrated(files, rulebook)
    assert after["secret.yaml"] == held.format("ACCOUNT_URL", URL)
    assert after["app.yaml"] == taken
    other = {**files, "app.yaml": taken.replace("name: app\n", "name: other\n")}
    assert migrated(other, rulebook)[0]["secret.yaml"] == other["secret.yaml"]


PROVIDER = """kind: SecretProviderClass
metadata:
  name: vault
spec:
  secretObjects:
  - secretName: app
    data:
    - objectName: OBJECT
      key: KEY
  parameters:
    objects: |
      array:
        - |
          objectName: OBJECT
          objectType: secret
"""


def test_secret_that_is_filled_from_a_vault(rulebook: Rulebook) -> None:
    taken = f"{POD}        env:\n        - name: STORAGE_NAME\n          valueFrom:\n"
    taken += "            secretKeyRef:\n              name: app\n              key: KEY\n"
    old, new = ("storage-conn", "conn-string"), ("storage-account-url", "storage-account-url")

    def spelled(text: str, words: tuple[str, str]) -> str:
        return text.replace("OBJECT", words[0]).replace("KEY", words[1])

    files = {
        "app.py": APP,
        "vault.yaml": spelled(PROVIDER, old),
        "app.yaml": spelled(taken, old).replace("STORAGE_NAME", "STORAGE_CONNECTION_STRING"),
    }
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after["vault.yaml"] == spelled(PROVIDER, new)
    assert after["app.yaml"] == spelled(taken, new).replace("STORAGE_NAME", "STORAGE_ACCOUNT_URL")
    assert [text for text in said if "has to exist" in text] == [
        "vault.yaml takes STORAGE_CONNECTION_STRING from the object storage-conn of the vault; "
        "STORAGE_ACCOUNT_URL is taken from `storage-account-url`, which has to exist"
    ]
