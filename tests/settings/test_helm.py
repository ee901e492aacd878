"""Charts of Helm: what a template takes from the values or from a secret of the chart moves in all files of it."""

from __future__ import annotations

import pytest

from mi_lint.edits import TextEdit, apply
from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook
from mi_lint.settings.helm import HelmTemplate
from mi_lint.textfile import decode_text

Files = dict[str, str]
APP = """import os
from azure.storage.blob import BlobServiceClient
c = BlobServiceClient.from_connection_string(os.environ["CONN"])
"""
VALUES = "# values\nazure:\n  storageConn: <your connection string>  # why\n  size: 1\n"
MOVED = "# values\nazure:\n  storageAccountUrl: <account-url>  # why\n  size: 1\n"
ENV = "spec:\n  containers:\n  - name: app\n    env:\n    {{- if .Values.more }}\n"
SECRET = """kind: Secret
metadata:
  labels: {{- include "labels" . | nindent 4 }}
  name: {{ include "app.name" . }}-s
data:
  conn: {{ .Values.azure.storageConn | b64enc | quote }}
"""
REFERENCE = """    - name: CONN
      valueFrom:
        secretKeyRef:
          name: {{ include "app.name" . }}-s
          key: conn
"""
END = "    {{- end }}\n"


def migrated(files: Files, rulebook: Rulebook) -> tuple[Files, list[str]]:
    before = {"app.py": APP, **files}
    analysis = analyse({path: text.encode() for path, text in before.items()}, rulebook, Options())
    changes = change_set(analysis, Applicability.REVIEW)
    said = [reason for finding in analysis.findings for reason in finding.reasons]
    return {**before, **{path: change.after.decode() for path, change in changes.files.items()}}, said


ITEMS = {
    "quoted by a filter": "    - name: CONN\n      value: {{ .Values.azure.storageConn | quote }}\n",
    "quoted": '    - name: CONN\n      value: "{{ .Values.azure.storageConn }}"\n',
    "required": '    - name: "CONN"\n      value: {{ required "none" .Values.azure.storageConn | quote }}\n',
    "where it is set": "    {{- if .Values.azure.storageConn }}\n    - name: CONN\n"
    "      value: {{ .Values.azure.storageConn }} # why\n    {{- end }}\n",
}


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_value_of_the_chart_moves(item: str, rulebook: Rulebook) -> None:
    files = {"c/values.yaml": VALUES, "c/values-prod.yaml": VALUES, "c/templates/d.yaml": ENV + item + END}
    after, said = migrated(files, rulebook)
    moved = item.replace("storageConn", "storageAccountUrl").replace("CONN", "ACCOUNT_URL")
    assert after["c/templates/d.yaml"] == ENV + moved + END
    assert after["c/values.yaml"] == after["c/values-prod.yaml"] == MOVED
    assert said == [
        "what sets the value azure.storageConn of the chart elsewhere, such as --set, has to set "
        "azure.storageAccountUrl instead"
    ]
    assert migrated(after, rulebook)[0] == after


def test_secret_of_the_chart_moves(rulebook: Rulebook) -> None:
    files = {"values.yaml": VALUES, "templates/s.yaml": SECRET, "templates/d.yaml": ENV + REFERENCE + END}
    after, _ = migrated(files, rulebook)
    assert after["templates/s.yaml"] == SECRET.replace("conn:", "account-url:").replace("Conn", "AccountUrl")
    assert (
        after["templates/d.yaml"]
        == ENV + REFERENCE.replace("CONN", "ACCOUNT_URL").replace("key: conn", "key: account-url") + END
    )
    assert after["values.yaml"] == MOVED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/x.yaml", "a: x-{{ .Values.azure.storageConn }}-y\n"),
        ("templates/d2.yaml", "    - name: OTHER\n      value: {{ .Values.azure.storageConn }}\n"),
    ],
)
def test_value_that_is_used_otherwise_stays(path: str, text: str, rulebook: Rulebook) -> None:
    files = {"values.yaml": VALUES, "templates/d.yaml": ENV + ITEMS["quoted"] + END, path: text}
    after, said = migrated(files, rulebook)
    assert after == {"app.py": APP, **files}
    assert said


def test_entries_are_removed_and_added() -> None:
    file = decode_text("templates/d.yaml", (ENV + ITEMS["quoted"] + REFERENCE + END).encode())
    format_ = HelmTemplate()
    first, second = format_.entries(file)
    less = apply(file.text, [TextEdit(*edit) for edit in format_.remove(file, [first, second])])
    assert less == ENV + END
    more = apply(file.text, [TextEdit(*edit) for edit in format_.add(file, first, "B", "azure.b")])
    assert '    - name: B\n      value: "{{ .Values.azure.b }}"\n' in more
