"""Manifests and pipelines: what their reader sees is what we see, and an edit touches nothing else."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import TextEdit, apply
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import Edits, PassesOn, SettingEntry
from mi_lint.settings.passed_names import key_like
from mi_lint.textfile import TextFile, decode_text

NAMES = st.text("ABc_1", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
VALUES = st.text("ab:#= '\"\\{}[]&*!|>%@,-?yes0.é$", min_size=1, max_size=8)
SETTINGS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
STYLE = st.sampled_from(["'", '"'])


def file_of(path: str, text: str) -> TextFile:
    return decode_text(path, text.encode())


def entries(file: TextFile) -> dict[str, SettingEntry]:
    format_ = format_of(file.path)
    assert format_ is not None
    return {entry.name: entry for entry in format_.entries(file)}


def after(file: TextFile, edits: Edits) -> str:
    return apply(file.text, [TextEdit(span, text) for span, text in edits])


def renamed(file: TextFile, old: str, new: str, value: str | None) -> str:
    format_ = format_of(file.path)
    assert format_ is not None
    return after(file, format_.rename(file, entries(file)[old], new, value))


MANIFEST = """\
# the shop
apiVersion: v1
kind: Secret
metadata: {name: shop}
data:
  CONN: b25l   # CONN is one
  OTHER: "dHdv"
---
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web   # no setting
          env:
            - name: CONN
              valueFrom:
                secretKeyRef:
                  name: shop
                  key: CONN
            - {name: FLOW, value: a}
            # PLAIN is plain
            - name: "PLAIN"
              value: 'x'
"""


def test_secrets_are_read_and_written_in_base64() -> None:
    file = file_of("k8s/app.yaml", MANIFEST)
    held = [e for e in format_of(file.path).entries(file) if e.name == "CONN" and not e.origin]  # type: ignore[union-attr]
    assert [(e.value, e.address) for e in held] == [("one", "secret/shop/CONN")]
    text = after(file, format_of(file.path).rename(file, held[0], "URL", "http://x"))  # type: ignore[union-attr]
    encoded = base64.b64encode(b"http://x").decode()
    assert text == MANIFEST.replace("CONN: b25l   # CONN is one", f"URL: {encoded}   # URL is one")


def test_an_environment_takes_keys_of_secrets() -> None:
    file = file_of("k8s/app.yaml", MANIFEST)
    format_ = format_of(file.path)
    assert isinstance(format_, PassesOn)
    taken = next(e for e in format_.entries(file) if e.origin)
    assert (taken.value, taken.address) == ("CONN", "secret/shop/CONN")
    assert taken.origin == "the key CONN of the secret shop"
    value = format_.passed_on(file, taken, (), "URL", {})
    text = after(file, format_.rename(file, taken, "URL", value))
    assert text == MANIFEST.replace("- name: CONN", "- name: URL").replace("key: CONN", "key: URL")


def test_named_entries_are_renamed_removed_and_added() -> None:
    file = file_of("k8s/app.yaml", MANIFEST)
    format_ = format_of(file.path)
    assert format_ is not None
    assert renamed(file, "PLAIN", "P2", "a: b") == MANIFEST.replace(
        "# PLAIN is plain\n            - name: \"PLAIN\"\n              value: 'x'",
        "# P2 is plain\n            - name: \"P2\"\n              value: 'a: b'",
    )
    assert renamed(file, "FLOW", "F2", None) == MANIFEST.replace("name: FLOW", "name: F2")
    text = after(file, format_.remove(file, [entries(file)["PLAIN"]]))
    assert text == MANIFEST.partition("            # PLAIN")[0]
    text = after(file, format_.add(file, entries(file)["PLAIN"], "MORE", "1"))
    assert text == MANIFEST + "            - name: MORE\n              value: '1'\n"
    assert format_.still_parses(file, text)


def test_a_secret_that_is_emptied_keeps_no_data() -> None:
    file = file_of("k8s/app.yaml", MANIFEST)
    format_ = format_of(file.path)
    assert format_ is not None
    gone = [e for e in format_.entries(file) if e.address and not e.origin]
    assert after(file, format_.remove(file, gone)) == MANIFEST.replace(
        '\ndata:\n  CONN: b25l   # CONN is one\n  OTHER: "dHdv"', ""
    )


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("values.yaml", "env:\n  A_B: x\n  other: y\n", {"A_B": "x", "values.yaml::env.other": "y"}),
        ("chart/values-prod.yaml", "web:\n  env:\n    - name: A\n      value: x\n", {"A": "x"}),
        ("other.yaml", "env:\n  A: x\n", {}),
        ("kustomization.yaml", "secretGenerator:\n- name: s\n  literals:\n  - A=x\n", {"A": "x"}),
        ("app.yaml", "template:\n  containers:\n  - env:\n    - name: A\n      secretRef: k\n", {"A": "k"}),
        ("aci.yml", "containers:\n- environmentVariables:\n  - name: A\n    secureValue: x\n", {"A": "x"}),
        ("k.yaml", "kind: ConfigMap\ndata:\n  A: x\n  f.ini: |\n    a\n", {"A": "x"}),
        ("k.yaml", "kind: Secret\ndata:\n  A: no base64\n", {}),
        ("k.yaml", "kind: ConfigMap\ndata: {{ toYaml .Values.x }}\n", {}),
        (".github/workflows/a.yml", "env:\n  A: x\njobs:\n  j:\n  - env:\n      B: y\n", {"A": "x", "B": "y"}),
        (".azure/pipelines/a.yml", "variables:\n- group: g\n- name: A\n  value: x\n", {"A": "x"}),
        (".gitlab-ci.yml", "j:\n  variables:\n    A: x\n    B: {value: y}\n  script: [!reference [a]]\n", {"A": "x"}),
    ],
)
def test_where_settings_stand(path: str, text: str, found: dict[str, str]) -> None:
    assert {name: entry.value for name, entry in entries(file_of(path, text)).items()} == found


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (".github/workflows/a.yml", "env:\n  CONN: ${{ secrets.CONN }}\n", "env:\n  URL: ${{ vars.URL }}\n"),
        (".github/workflows/a.yml", "env:\n  CONN: '${{secrets.DEV_CONN}}'\n", "env:\n  URL: '${{vars.DEV_URL}}'\n"),
        (".github/workflows/a.yml", "env:\n  CONN: ${{ vars.OTHER }}\n", "env:\n  URL: ${{ vars.URL }}\n"),
        ("azure-pipelines.yml", "env:\n  CONN: $(conn)\n", "env:\n  URL: $(url)\n"),
        ("ci/azure-pipelines-test.yaml", "env:\n  CONN: $(CONN)\n", "env:\n  URL: $(URL)\n"),
    ],
)
def test_values_that_are_taken_from_the_service(path: str, old: str, new: str) -> None:
    file = file_of(path, old)
    format_ = format_of(path)
    assert isinstance(format_, PassesOn)
    entry = entries(file)["CONN"]
    assert entry.origin
    assert renamed(file, "CONN", "URL", format_.passed_on(file, entry, (), "URL", {})) == new


def test_expressions_that_are_more_than_a_name_are_not_understood() -> None:
    file = file_of(".github/workflows/a.yml", "env:\n  CONN: ${{ secrets.A || secrets.B }}\n")
    assert entries(file)["CONN"].origin == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [("CONN", "A_URL"), ("MY_CONN_2", "MY_A_URL_2"), ("my-conn", "a-url"), ("my.conn", "a.url"), ("my_conn", "a_url"),
     ("conn", "a-url"), ("myConn", "A_URL"), ("OTHER", "A_URL")],
)  # fmt: skip
def test_a_key_keeps_its_style(old: str, new: str) -> None:
    assert key_like(old, "CONN", "A_URL") == new


def _spelled(value: str, quote: str) -> str:
    return (
        "'" + value.replace("'", "''") + "'"
        if quote == "'"
        else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _read(text: str) -> dict[str, Any]:
    env = yaml.safe_load(text)["containers"][0]["env"]
    return env if isinstance(env, dict) else {item["name"]: item["value"] for item in env}


@given(SETTINGS, STYLE, st.booleans(), NAMES, VALUES, st.data())
def test_any_entry_can_change(
    settings: dict[str, str], quote: str, named: bool, new: str, value: str, data: st.DataObject
) -> None:
    lines = [
        f"  - name: {_spelled(k, quote)}\n    value: {_spelled(v, quote)}\n"
        if named
        else f"    {k}: {_spelled(v, quote)}\n"
        for k, v in settings.items()
    ]
    file = file_of("app.yaml", "containers:\n- name: web\n  env:\n" + "".join(lines) + "  last: 1\n")
    format_ = format_of(file.path)
    assert format_ is not None
    assert {n: e.value for n, e in entries(file).items()} == settings
    old = data.draw(st.sampled_from(sorted(settings)))
    entry = entries(file)[old]
    if new not in settings:
        expected = {new if k == old else k: value if k == old else v for k, v in settings.items()}
        assert _read(after(file, format_.rename(file, entry, new, value))) == expected
        assert _read(after(file, format_.add(file, entry, new, value))) == {**settings, new: value}
    left = yaml.safe_load(after(file, format_.remove(file, [entry])))["containers"][0]
    assert left.get("env") is None or old not in _read(yaml.safe_dump({"containers": [left]}))
    assert left["last"] == 1
    assert ("env" in left) == (len(settings) > 1)
