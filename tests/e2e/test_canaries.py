# ruff: noqa: E501
"""No output, cache or baseline file ever holds a piece of a secret, whatever is run and whatever breaks."""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from shipped import shipped_rulebook

from mi_lint.rulebook.location import pack_files
from mi_lint.secrets.minting import mint

PIECE = 6  # characters of a secret that must not be seen
STAGES = (
    "mi_lint.files.discover",
    "mi_lint.prefilter.Prefilter.may_concern",
    "mi_lint.engine.build_workspace",
    "mi_lint.engine.find_sinks",
    "mi_lint.engine.link",
    "mi_lint.engine.plan_connection",
    "mi_lint.engine.describe",
    "mi_lint.secrets.scan.settle",
    "mi_lint.secrets.findings.fingerprint",
    "mi_lint.secrets.run.decode_any",
    "mi_lint.suppress.find_ignores",
    "mi_lint.report.model.Report.shown",
    "mi_lint.report.redact.redactor_for",
    "mi_lint.report.text.snippet",
    "mi_lint.report.json_._lines",
    "mi_lint.baseline.load",
    "mi_lint.write.write_changes",
)
COMMANDS = (
    ("check",),
    ("check", "--verbose"),
    ("check", "--output-format", "json"),
    ("check", "--output-format", "jsonl"),
    ("check", "--statistics"),
    ("check", "--diff", "--unsafe-fixes"),
    ("check", "--output", "json=out.json", "--output", "text=out.txt"),
    ("check", "--output", "sarif=out.sarif", "--output", "html=out.html", "--output", "rdjson=out.rdjson"),
    ("check", "--select", "MI999"),
    ("check", "--jobs", "2"),
    ("check", "--baseline", "known.json"),
    ("migrate",),
    ("migrate", "--report", "plan.json", "--unsafe-fixes"),
    ("migrate", "--report", "plan.md", "--unsafe-fixes"),
    *(("plan", "--format", form, "--host", "vm") for form in ("markdown", "json", "az", "bicep", "terraform")),
    ("baseline", "create", "--file", "own.json"),
    ("baseline", "create", "--format", "detect-secrets", "--file", "theirs.json"),
    ("baseline", "update", "--file", "known.json"),
    ("rules",),
    ("explain", "MI101"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A project with canaries in every shape, and all the pieces of them that must never be seen."""
    folder = tmp_path_factory.mktemp("canaries")
    kinds = {kind.name: kind for kind in shipped_rulebook().kinds}
    draw = random.Random(20)
    values = {
        name: mint(kinds[name], draw, kinds) for name in ("storage-key", "cosmos-key", "servicebus-key", "openai-key")
    }
    values |= {
        name: mint(kinds[name], draw, kinds) for name in ("entra-client-secret", "ado-pat-legacy", "functions-key")
    }
    values["hex"] = draw.randbytes(16).hex()
    values["password"] = "Qz7" + "".join(draw.choice("bcdfghkmnpqrtvwxzBCDFGHK2345") for _ in range(14))
    key = values["storage-key"]
    files = {
        "app.py": "import os\nfrom azure.storage.blob import BlobServiceClient\n"
        f'HEAD = "{key[:40]}"\nKEY = HEAD + "{key[40:]}"\n'
        'CONN = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={KEY};EndpointSuffix=core.windows.net"\n'
        "one = BlobServiceClient.from_connection_string(CONN)\n"
        'two = BlobServiceClient.from_connection_string(os.environ["STORAGE"])\n',
        ".env": f"STORAGE=DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net\n"
        f"AZURE_CLIENT_SECRET={values['entra-client-secret']}\nDB_HOST=a.postgres.database.azure.com\n"
        f"DB_PASSWORD={values['password']}\n",
        "ai.py": "from openai import AzureOpenAI\n"
        f'client = AzureOpenAI(azure_endpoint="https://a.openai.azure.com", api_version="1", api_key="{values["hex"]}")\n',
        "k8s.yaml": "kind: Secret\ndata:\n  key: " + base64.b64encode(values["cosmos-key"].encode()).decode() + "\n",
        "log.txt": f"GET /x?u={quote('https://a.azurewebsites.net/api/f?code=' + values['functions-key'], safe='')}\n",
        "conf.json": f'{{"sb": "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey={values["servicebus-key"]}"}}',
        "broken.py": f'def f(:\n    KEY = "{values["openai-key"]}"\n',
        "notes.md": f"token {values['ado-pat-legacy']}  <!-- mi-lint: ignore[MI999] -->\n",
        "known.json": '{"version": 1, "findings": []}\n',
    }
    for path, text in files.items():
        (folder / path).write_text(text)
    spelled = {
        *values.values(),
        base64.b64encode(values["cosmos-key"].encode()).decode(),
        quote(values["functions-key"]),
    }
    pieces = {text[at : at + PIECE] for text in spelled for at in range(len(text) - PIECE + 1)}
    published = "".join(path.read_text("utf-8") for path in pack_files())  # signatures, which every key has
    return folder, {piece for piece in pieces if len(set(piece)) > 2 and piece not in published}


def _run(folder: Path, *arguments: str, crash: str = "") -> str:
    """Everything that a command says and writes, its cache included."""
    cache = folder / ".cache"
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "NO_COLOR": "1"}
    environment.pop("CI", None)
    code = "import sys; from mi_lint.cli.entry import main; main()"
    if crash:
        module, _, name = crash.rpartition(".")
        owner, attribute = ("m", name)
        if module.rpartition(".")[2][:1].isupper():  # a method of a class
            module, _, owner = module.rpartition(".")
            owner = f"m.{owner}"
        code = (
            f"import importlib; m = importlib.import_module('{module}')\n"
            f"def boom(*a, **k): raise RuntimeError('broke on ' + repr((a, k)))\n"
            f"assert hasattr({owner}, '{attribute}'), 'no such stage'\n"
            f"{owner}.{attribute} = boom\n" + code.replace("; ", "\n")
        )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _written(folder: Path) -> Iterator[tuple[str, str]]:
    names = (
        "out.json",
        "out.txt",
        "out.sarif",
        "out.html",
        "out.rdjson",
        "plan.json",
        "own.json",
        "theirs.json",
        "known.json",
    )
    for path in [*(folder / name for name in names), *(folder / ".cache").rglob("*")]:
        if path.is_file():
            yield path.name, path.read_text("utf-8", "replace")
            if path.name in ("own.json", "theirs.json"):
                path.unlink()


def _leaks(text: str, pieces: set[str]) -> list[str]:
    """Pieces that are in the text; hashes and paths cannot be told from hexadecimal secrets piece by piece."""
    return sorted(piece for piece in pieces if piece in text and not set(piece) <= set("0123456789abcdef"))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_show_no_secret(arguments: tuple[str, ...], project: tuple[Path, set[str]]) -> None:
    folder, pieces = project
    assert _leaks(_run(folder, *arguments), pieces) == []
    for name, text in _written(folder):
        assert _leaks(text, pieces) == [], name


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("arguments", [("check", "--verbose"), ("check", "--output-format", "json")], ids=" ".join)
def test_crashes_show_no_secret(stage: str, arguments: tuple[str, ...], project: tuple[Path, set[str]]) -> None:
    """A failure whose message holds all that the failing stage was given."""
    folder, pieces = project
    output = _run(folder, *arguments, "--baseline", "known.json", crash=stage)
    assert "Traceback" not in output
    assert _leaks(output, pieces) == []


def test_the_canaries_are_found(project: tuple[Path, set[str]]) -> None:
    """The other tests would pass on a detector that sees nothing."""
    output = _run(project[0], "check", "--statistics")
    for kind in (
        "storage-connstr",
        "entra-client-secret",
        "db-password-argument",
        "cognitive-key-legacy",
        "cosmos-key",
    ):
        assert kind in output
    for kind in ("functions-url", "messaging-connstr", "openai-key", "ado-pat-legacy"):
        assert kind in output


def test_a_leak_would_be_seen(project: tuple[Path, set[str]]) -> None:
    folder, pieces = project
    assert _leaks((folder / ".env").read_text(), pieces)
    assert _leaks(_run(folder, "check", "--diff", "--unsafe-fixes", "--show-secrets"), pieces)
