"""Whatever a file holds, reading its settings does not fail, and what is found stands where it is said to stand."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mi_lint.settings.formats import format_of
from mi_lint.textfile import decode_text

PATHS = (
    *(".env", "local.settings.json", "setup.ini", "docker-compose.yml", "Dockerfile", "main.tf", "main.bicep"),
    *(
        "azuredeploy.json",
        "k8s/app.yaml",
        "chart/values.yaml",
        "templates/a.yaml",
        ".github/workflows/a.yml",
        "azure-pipelines.yml",
    ),
    *(".gitlab-ci.yml", "templates/a.yaml", ".streamlit/secrets.toml", "run.sh", "run.ps1", "run.bat"),
)
KEYS = st.sampled_from(
    [
        "env",
        "environment",
        "environmentVariables",
        "variables",
        "services",
        "items",
        "kind",
        "metadata",
        "name",
        "data",
        "stringData",
        "value",
        "valueFrom",
        "secretKeyRef",
        "configMapKeyRef",
        "key",
        "secrets",
        "secretRef",
        "containers",
        "secretGenerator",
        "configMapGenerator",
        "literals",
        "<<",
        "Values",
        "IsEncrypted",
        "resources",
        "properties",
        "siteConfig",
        "appSettings",
        "parameters",
        "A_B",
    ]
)
WORDS = st.sampled_from(
    ("Secret", "ConfigMap", "Deployment", "List", "A_B=c", "${{ secrets.A }}", "$(A)", "x", "", "~")
)
TREES = st.recursive(
    WORDS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
FRAGMENTS = st.lists(
    KEYS | WORDS | st.sampled_from(tuple("{}[]()=:,\"'\\ \n\t#&*!|>-$%@")) | st.text(max_size=3), max_size=20
).map("".join)


def check(path: str, text: str) -> None:
    format_ = format_of(path)
    assert format_ is not None
    file = decode_text(path, text.encode("utf-8", "surrogatepass"))
    for entry in format_.entries(file):
        assert file.text[entry.name_span.start : entry.name_span.end]
        assert 0 <= entry.line_span.start <= entry.value_span.start <= entry.value_span.end <= len(file.text)


@pytest.mark.parametrize("path", PATHS)
@given(tree=TREES)
@example(tree={"env": "${{ x }}", "environment": "x", "variables": "x"})
@example(tree={"kind": "List", "items": "x", "secretGenerator": "x", "configMapGenerator": ["x", {"literals": "x"}]})
@example(tree={"kind": "Secret", "metadata": "x", "data": "x", "stringData": ["x"]})
def test_any_tree(path: str, tree: Any) -> None:
    check(path, json.dumps(tree) if path.endswith(".json") else yaml.safe_dump(tree))


@pytest.mark.parametrize("path", PATHS)
@given(text=FRAGMENTS)
@example(text="env: &a\n  <<: {<<: *a}\n")
def test_any_text(path: str, text: str) -> None:
    check(path, re.sub(r"[\ud800-\udfff]", "", text))
