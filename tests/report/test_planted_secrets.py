"""A repository with secrets of every kind in many spellings: no report, patch or plan holds a piece of one."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from shipped import shipped_rulebook

from mi_lint.cli.output import rendered
from mi_lint.cli.plan import build_plan
from mi_lint.cli.scan import Request, Scan, run_scan
from mi_lint.findings import Applicability
from mi_lint.report import plans
from mi_lint.report.diff import coloured, patch
from mi_lint.report.formats import AVAILABLE
from mi_lint.report.plan import plan_lines, summary_lines
from mi_lint.report.style import Style
from mi_lint.rulebook.location import pack_files
from mi_lint.secrets.examples import expand
from mi_lint.secrets.minting import mint

PIECE = 10  # characters of a secret in a row that must not be seen
CONNECTION = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"
GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OPTIONS = {"identity": None, "client_id_setting": None}


def spellings(name: str, value: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Files that hold one secret, by their names."""
    cut = draw.randrange(4, len(value) - 3)
    head, tail = value[:cut], value[cut:]
    upper = name.upper().replace("-", "_")
    yield f"{name}.env", f"# old: {value}\n{upper}_SECRET={value}\nexport {upper}_KEY='{value}'\n"
    yield (
        f"{name}.json",
        json.dumps({"clientSecret": value, "list": [value]}).replace("/", "\\/").replace("+", "\\u002B"),
    )
    yield f"{name}.log", f"GET https://acme.example.com/api?code={quote(value, safe='')}&x=1\n"
    secret = base64.b64encode(value.encode()).decode()
    yield f"{name}.yaml", f"kind: Secret\ndata:\n  {name}-key: {secret}\nstringData:\n  {name}-password: '{value}'\n"
    if draw.random() < 0.6:  # calls cost the most
        return
    lines = [
        "import os",
        "from azure.core.credentials import AzureKeyCredential",
        "from azure.storage.blob import BlobServiceClient",
        f"TAIL = {tail!r}",
        f"HEAD = {head!r}",
        "KEY = HEAD + TAIL",
        f"one = BlobServiceClient('https://acme.blob.core.windows.net', credential=KEY)  # was {value}",
        f"two = BlobServiceClient('https://acme.blob.core.windows.net', credential={value!r})",
        f"three = AzureKeyCredential('{head}'",
        f"    '{tail}')",
        f"four = BlobServiceClient.from_connection_string('{CONNECTION.replace('{key}', value)}')",
        f"five = BlobServiceClient.from_connection_string(os.getenv('{upper}_CONN_STR', b'{value}'.decode()))",
        f"six = BlobServiceClient.from_connection_string(os.environ['{upper}_CONN_STR'])",
    ]
    yield f"{name}.py", "\n".join(lines) + "\n"


def pieces(value: str) -> set[str]:
    """What must not be seen of a value, as it is and in other spellings."""
    whole = {value, quote(value, safe=""), json.dumps(value)[1:-1], value.replace("/", "\\/")}
    whole |= {base64.b64encode(value.encode()).decode(), value[::-1]}
    return {piece for text in whole for piece in _windows(text)}


def outputs(scan: Scan) -> Iterator[tuple[str, str]]:
    """All that can be said about a scan."""
    for form in AVAILABLE:
        yield form, rendered(form, scan, OPTIONS)
    report = scan.report()
    yield "summary", "\n".join([*summary_lines(report, Style()), *report.errors])
    changes = scan.changes(Applicability.REVIEW)
    assert changes is not None
    shown = patch(changes.files, scan.sources, report.redactor).decode("utf-8", "replace")
    assert shown.count("\n-") > 100
    yield "patch", shown
    yield "coloured patch", "\n".join(coloured(shown.splitlines(), Style(colour=True)))
    yield "conditions", "\n".join(plan_lines(changes.preconditions, report.redactor, Style()))
    options = {"identity": "user", "client_id_setting": "AZURE_CLIENT_ID", "hosts": ("functions",)}
    made = build_plan(scan, options)
    for form in plans.FORMATS:
        yield f"plan as {form}", plans.render(form, made)


def test_nothing_of_a_secret_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw = random.Random(7)
    kinds = {kind.name: kind for kind in shipped_rulebook().kinds}
    hidden: set[str] = set()
    for name, kind in kinds.items():
        value = mint(kind, draw, kinds)
        if kind.secret_class == "not-secret" or len(value) < 2 * PIECE:
            continue
        hidden |= pieces(value)
        for path, text in spellings(name, value, draw):
            Path(path).write_text(text)
        example = next(example for example in kind.examples if not example.silent)
        text, values = expand(example.text, kinds, name)
        hidden |= {piece for value in values if not GUID.fullmatch(value) for piece in pieces(value)}
        target = Path(name, example.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    public = "".join(path.read_text("utf-8") for path in pack_files()) + "".join(map(str, Path().rglob("*")))
    hidden -= _windows(public)
    hidden = {piece for piece in hidden if len(set(piece)) > 4 and not re.fullmatch("[0-9a-f]+", piece)}
    scan = run_scan(Request(paths=(tmp_path,)))
    assert len(scan.findings) > 100
    leaks = {form: _leaks(text, hidden) for form, text in outputs(scan)}
    assert {form: found for form, found in leaks.items() if found} == {}


def _leaks(text: str, hidden: set[str]) -> list[str]:
    """Pieces in a text, also where a line ends inside of them."""
    joined = re.sub(r"\\n|[\s\"'+]|&quot;|&#x27;|%0A", "", text)
    return sorted((_windows(text) | _windows(joined)) & hidden)


def _windows(text: str) -> set[str]:
    return {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}
