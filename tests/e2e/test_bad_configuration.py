"""Configuration and packs that cannot be used: exit code 2, one message that names the file, and nothing is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CODE = (
    "import os\nfrom azure.storage.blob import BlobServiceClient\n"
    'client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])\n'
)


def mi_lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mi_lint", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=60
    )
    assert "Traceback" not in done.stderr + done.stdout
    assert "this is a bug" not in done.stderr
    return done


def refused(folder: Path, *named: str) -> None:
    """Both commands refuse, say why, and leave the code alone."""
    (folder / "app.py").write_text(CODE)
    for arguments in (["check"], ["migrate", "--write", "--allow-dirty"]):
        done = mi_lint(folder, *arguments)
        assert done.returncode == 2, done
        assert done.stdout == ""
        assert len(done.stderr) < 2000
        for text in named:
            assert text in done.stderr
    assert (folder / "app.py").read_text() == CODE


CONFIGURATIONS = {
    "binary": bytes(range(256)),
    "null bytes": b"select = []\n\0\0",
    "wrong encoding": "select = ['MI201'] # é".encode("latin-1"),
    "utf-16": "select = []\n".encode("utf-16"),
    "not closed": b"select = [\n",
    "a key twice": b"select = []\nselect = []\n",
    "text for a list": b'select = "MI201"\n',
    "number in a list": b"select = [201]\n",
    "table for a list": b"[select]\nx = 1\n",
    "unknown key": b"selct = []\n",
    "unknown rule": b'select = ["MI999"]\n',
    "unknown identity": b'identity = "root"\n',
    "rule paths that are missing": b'rule-paths = ["missing.yaml"]\n',
    "deep": b"x = " + b"[" * 5000 + b"]" * 5000 + b"\n",
    "huge number": b"max-file-size = " + b"9" * 5000 + b"\n",
    "yaml": b"select:\n  - MI201\n",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / "mi-lint.toml").write_bytes(CONFIGURATIONS[name])
    refused(tmp_path)


@pytest.mark.parametrize("name", ["binary", "not closed", "deep", "huge number", "wrong encoding"])
def test_pyproject(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.mi-lint]\n" + CONFIGURATIONS[name])
    refused(tmp_path, "pyproject.toml")


@pytest.mark.parametrize("name", ["binary", "not closed", "deep", "huge number", "wrong encoding"])
def test_the_project_file_of_somebody_else(tmp_path: Path, name: str) -> None:
    """It is no configuration of ours, only a list of packages: the code is moved, the list is left alone."""
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "pyproject.toml").write_bytes(b"[project]\n" + CONFIGURATIONS[name])
    before = (tmp_path / "pyproject.toml").read_bytes()
    done = mi_lint(tmp_path, "migrate", "--write", "--allow-dirty")
    assert done.returncode in (0, 3), done
    assert "BlobServiceClient(" in (tmp_path / "app.py").read_text()
    assert (tmp_path / "pyproject.toml").read_bytes() == before


def test_a_folder_in_place_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "mi-lint.toml").mkdir()
    assert mi_lint(tmp_path, "check").returncode in (1, 2)
    assert mi_lint(tmp_path, "check", "--config", "mi-lint.toml").returncode == 2


def test_a_configuration_that_links_to_itself(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "mi-lint.toml").symlink_to(tmp_path / "mi-lint.toml")
    done = mi_lint(tmp_path, "check")
    assert done.returncode in (2, 3)
    assert "mi-lint.toml" in done.stderr


RULE = """
service: acme
title: Acme
rules:
  - id: MI901
    name: acme-key
    summary: A key.
    secret: key
    accepts: [str]
    advice: Use a token.
    calls:
      - old: acme.Client(key)
    examples: []
"""
PACKS = {
    "binary": bytes(range(256)),
    "wrong encoding": "service: é\n".encode("latin-1"),
    "tabs": b"service:\n\tacme\n",
    "a list": b"- a\n- b\n",
    "a text": b"acme\n",
    "empty": b"",
    "only comments": b"# nothing\n",
    "python object": b"service: !!python/object/apply:os.system ['touch owned']\n",
    "many aliases": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)),
    "deep": b"service: " + b"[" * 5000 + b"]" * 5000 + b"\n",
    "two documents": b"service: acme\n---\nservice: acme\n",
    "a key twice": b"service: acme\nservice: acme\n",
    "other file name": RULE.replace("service: acme", "service: other").encode(),
    "rule id of another pack": RULE.replace("MI901", "MI201").encode(),
    "signature that is no code": RULE.replace("acme.Client(key)", "acme.Client(key").encode(),
    "secret that is no parameter": RULE.replace("secret: key", "secret: password").encode(),
    "slow expression": RULE.replace("    calls:", '    when: {key: "(a+)+$"}\n    calls:').encode(),
}


@pytest.mark.parametrize("name", PACKS)
def test_pack(tmp_path: Path, name: str) -> None:
    (tmp_path / "acme.yaml").write_bytes(PACKS[name])
    (tmp_path / "mi-lint.toml").write_text('rule-paths = ["acme.yaml"]\n')
    refused(tmp_path, "acme.yaml")
    assert not (tmp_path / "owned").exists()
