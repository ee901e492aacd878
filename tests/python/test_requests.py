"""Requests over HTTP that send a key: what becomes a token, what a person has to do, and what is no finding."""

from __future__ import annotations

import ast

import pytest

from mi_lint.engine import Analysis, Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

Files = dict[str, str]
KEY = 'os.environ["AZURE_OPENAI_API_KEY"]'
URL = '"https://acme.openai.azure.com/openai/models"'
HEAD = "import os\nimport requests\n"
SCOPE = "https://cognitiveservices.azure.com/.default"
TOKEN = f"f\"Bearer {{credential.get_token('{SCOPE}').token}}\""


def look(files: Files, rulebook: Rulebook, options: Options | None = None) -> tuple[Analysis, Files]:
    """The analysis, and the repository after all fixes."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, options or Options())
    assert analysis.errors == []
    changes = change_set(analysis, Applicability.REVIEW)
    return analysis, {**files, **{path: change.after.decode() for path, change in changes.files.items()}}


MOVED: dict[str, Files] = {
    "keywords": {"app.py": f'{HEAD}requests.get(headers={{"api-key": {KEY}}}, url={URL})\n'},
    "any case of the header": {"app.py": f'{HEAD}requests.get({URL}, headers={{"Api-Key": {KEY}}})\n'},
    "another name of the library": {
        "app.py": f'import os\nfrom requests import post as send\nsend({URL}, headers={{"api-key": {KEY}}})\n'
    },
    "by the name of the method": {
        "app.py": f'{HEAD}requests.request("GET", {URL}, headers={{"api-key": {KEY}}})\n',
    },
    "a session of a class": {
        "app.py": f"{HEAD}class A:\n    def __init__(self):\n        self.session = requests.Session()\n\n"
        f'    def get(self):\n        return self.session.get({URL}, headers={{"api-key": {KEY}}})\n'
    },
    "a session in a with": {
        "app.py": f'{HEAD}with requests.Session() as s:\n    s.put({URL}, headers={{"api-key": {KEY}}})\n'
    },
    "httpx by the name of the method": {
        "app.py": f'import os\nimport httpx\nhttpx.request("GET", {URL}, headers={{"api-key": {KEY}}})\n'
    },
    "headers made in another module": {
        "auth.py": f'import os\ndef headers():\n    return {{"api-key": {KEY}}}\n',
        "app.py": f"import requests\nfrom auth import headers\ndef get():\n"
        f"    return requests.get({URL}, headers=headers())\n",
    },
    "headers of a method": {
        "app.py": f"{HEAD}class A:\n    def make(self):\n"
        f'        return {{"api-key": {KEY}}}\n\n    def get(self):\n        h = self.make()\n'
        f"        requests.get({URL}, headers=h)\n        return requests.get({URL}, headers=self.make())\n"
    },
    "headers of a function that is given the key": {
        "app.py": f'{HEAD}def make(key):\n    return {{"api-key": key}}\n\n'
        f"def get():\n    return requests.get({URL}, headers=make({KEY}))\n"
    },
    "a place that the service named": {
        "app.py": f'{HEAD}def f():\n    h = {{"api-key": {KEY}}}\n    first = requests.post({URL}, headers=h)\n'
        f'    place = first.headers["Operation-Location"]\n    return requests.get(place, headers=h)\n'
    },
    "further headers unpacked": {
        "app.py": f'{HEAD}COMMON = {{"Accept": "text/plain"}}\ndef get():\n'
        f'    return requests.get({URL}, headers={{**COMMON, "api-key": {KEY}}})\n'
    },
    "in a comprehension": {
        "app.py": f"{HEAD}def get(n):\n"
        f'    return [requests.get({URL}, headers={{"api-key": {KEY}}}) for _ in range(n)]\n'
    },
    "windows line endings": {
        "app.py": f'{HEAD}def get():\n    return requests.get({URL}, headers={{"api-key": {KEY}}})\n'.replace(
            "\n", "\r\n"
        )
    },
    "endpoint with a default": {
        "app.py": f'{HEAD}BASE = os.getenv("BASE", "https://acme.openai.azure.com")\n'
        f'requests.get(BASE.rstrip("/") + "/openai/models", headers={{"api-key": {KEY}}})\n'
    },
    "endpoint from a class": {
        "conf.py": 'class Config:\n    ENDPOINT = "https://{}.openai.azure.com".format("acme")\n',
        "app.py": f"{HEAD}from conf import Config\n"
        f'requests.get("%s/openai/models" % Config.ENDPOINT, headers={{"api-key": {KEY}}})\n',
    },
}


@pytest.mark.parametrize("name", MOVED)
def test_the_key_becomes_a_token(name: str, rulebook: Rulebook) -> None:
    analysis, after = look(MOVED[name], rulebook)
    assert {f.applicability for f in analysis.findings} == {Applicability.REVIEW}, analysis.findings
    text = "".join(after.values())
    assert "api-key" not in text.lower()
    assert "AZURE_OPENAI_API_KEY" not in text
    assert f'"Authorization": {TOKEN}' in text
    assert text.count("credential = DefaultAzureCredential()") == 1
    for path, source in after.items():
        ast.parse(source, path, feature_version=(3, 10))
    assert all("\r" not in source.replace("\r\n", "") for source in after.values())
    assert ("\r\n" in after["app.py"]) == ("\r\n" in MOVED[name]["app.py"])
    again, second = look(after, rulebook)
    assert (again.findings, second) == ([], after)


def test_the_quotes_inside_the_value_are_the_other_ones(rulebook: Rulebook) -> None:
    _, after = look({"app.py": f"{HEAD}requests.get({URL}, headers={{'api-key': {KEY}}})\n"}, rulebook)
    assert f"'Authorization': f'Bearer {{credential.get_token(\"{SCOPE}\").token}}'" in after["app.py"]


def test_the_role_and_the_package_are_named(rulebook: Rulebook) -> None:
    files = {
        "app.py": f'{HEAD}requests.get({URL}, headers={{"api-key": {KEY}}})\n',
        "requirements.txt": "requests\n",
    }
    analysis, after = look(files, rulebook)
    (plan,) = analysis.plans
    roles = [item.text for item in plan.preconditions if item.kind == "role"]
    assert roles == ["the identity needs the role 'Cognitive Services OpenAI User' on the Azure OpenAI resource acme"]
    assert [line.partition(">")[0] for line in after["requirements.txt"].splitlines()] == ["azure-identity", "requests"]


def test_methods_keep_their_instance(rulebook: Rulebook) -> None:
    """The key was all that they read from it."""
    code = (
        f"class A:\n    def __init__(self, key=None):\n        self.key = key or {KEY}\n\n"
        '    def make(self):\n        return {"api-key": self.key}\n\n'
        f"    def get(self):\n        return requests.get({URL}, headers=self.make())\n\n\nA().get()\n"
    )
    analysis, after = look({"app.py": HEAD + code}, rulebook)
    assert [f.applicability for f in analysis.findings] == [Applicability.REVIEW]
    lines = after["app.py"].splitlines()
    assert [line.strip() for line in lines if "def " in line] == [
        "def __init__(self):",
        "def make(self):",
        "def get(self):",
    ]


def test_requests_of_several_functions_share_a_credential(rulebook: Rulebook) -> None:
    send = f'    return requests.get({URL}, headers={{"api-key": {KEY}}})\n'
    _, after = look({"app.py": f"{HEAD}\n\n# first\ndef one():\n{send}\n\ndef two():\n{send}"}, rulebook)
    text = after["app.py"]
    assert text.count("DefaultAzureCredential()") == 1
    assert "credential = DefaultAzureCredential()\n\n\n# first\ndef one():\n" in text
    assert text.count(TOKEN) == 2


def test_a_client_and_a_request_with_the_same_key_move_together(rulebook: Rulebook) -> None:
    client = f'AzureOpenAI(azure_endpoint="https://acme.openai.azure.com", api_key={KEY})'
    files = {
        "app.py": f"{HEAD}from openai import AzureOpenAI\nc = {client}\n"
        f'requests.get({URL}, headers={{"api-key": {KEY}}})\n'
    }
    analysis, after = look(files, rulebook)
    assert len(analysis.plans) == 1
    assert KEY not in after["app.py"]


LEFT: dict[str, tuple[Files, str]] = {
    "one of two headers goes elsewhere": (
        {"app.py": f'{HEAD}def f():\n    h = {{"api-key": {KEY}}}\n    print(h)\n    requests.get({URL}, headers=h)\n'},
        "where no such request is sent",
    ),
    "attribute": (
        {
            "app.py": f'{HEAD}class A:\n    def __init__(self):\n        self.h = {{"api-key": {KEY}}}\n'
            f"    def f(self):\n        return requests.get({URL}, headers=self.h)\n"
        },
        "make the headers where the request is sent",
    ),
    "a header that is set where there is a key": (
        {
            "app.py": f"{HEAD}K = {KEY}\ndef f():\n    h = {{}}\n    if K:\n        h['api-key'] = K\n"
            f"    return requests.get({URL}, headers=h)\n"
        },
        "is set on some condition",
    ),
    "headers that are passed in": (
        {
            "app.py": f"{HEAD}def send(url, headers):\n    return requests.get(url, headers=headers)\n"
            f'def f():\n    return send({URL}, {{"api-key": {KEY}}})\n'
        },
        "the headers are passed in",
    ),
    "kept by a cache": (
        {
            "app.py": f'{HEAD}from functools import cache\n@cache\ndef make():\n    return {{"api-key": {KEY}}}\n'
            f"def f():\n    return requests.get({URL}, headers=make())\n"
        },
        "make the headers where the request is sent",
    ),
    "kept by a client": (
        {
            "app.py": "import os\nimport httpx\nc = httpx.Client("
            f'base_url="https://acme.openai.azure.com", headers={{"api-key": {KEY}}})\n'
        },
        "give the client an `auth`",
    ),
    "two ways to sign in": (
        {"app.py": f'{HEAD}requests.get({URL}, headers={{"api-key": {KEY}, "authorization": "Bearer x"}})\n'},
        "`Authorization` header already",
    ),
    "auth": (
        {"app.py": f'{HEAD}requests.get({URL}, headers={{"api-key": {KEY}}}, auth=("a", "b"))\n'},
        "the request has an `auth`",
    ),
    "headers only where there is a key": (
        {
            "app.py": f'{HEAD}K = {KEY}\ndef f():\n    h = {{"api-key": K}} if K else {{}}\n'
            f"    requests.get({URL}, headers=h)\n"
        },
        "chosen among several",
    ),
    "a parameter that nobody passes": (
        {"app.py": f'{HEAD}def f(key):\n    requests.get({URL}, headers={{"api-key": key}})\n'},
        "nothing in this repository calls",
    ),
    "a session that is shared by a module": (
        {
            "app.py": f'{HEAD}s = requests.Session()\ns.headers.update({{"api-key": {KEY}}})\n'
            f"def f():\n    return s.get({URL})\n"
        },
        "for all requests of the client",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_a_person_has_to_do(name: str, rulebook: Rulebook) -> None:
    files, reason = LEFT[name]
    analysis, after = look(files, rulebook)
    assert after == files
    assert {f.applicability for f in analysis.findings} == {Applicability.MANUAL}
    assert any(reason in text for f in analysis.findings for text in f.reasons), analysis.findings


SILENT: dict[str, Files] = {
    "a class of its own": {
        "app.py": "import os\nclass requests:\n    @staticmethod\n    def get(url, headers): ...\n"
        f'requests.get({URL}, headers={{"api-key": {KEY}}})\n'
    },
    "another host whose name looks like it": {
        "app.py": f'{HEAD}requests.get("https://acme.openai.azure.com.evil.example/", headers={{"api-key": {KEY}}})\n'
    },
    "the host in the path": {
        "app.py": f'{HEAD}requests.get("https://proxy.example/acme.openai.azure.com/", headers={{"api-key": {KEY}}})\n'
    },
    "no header of a key": {"app.py": f'{HEAD}requests.get({URL}, headers={{"Accept": "text/plain"}})\n'},
    "no headers": {"app.py": f"{HEAD}requests.get({URL})\n"},
    "placeholder in a variable": {
        "app.py": f'import requests\nKEY = "your-api-key"\nrequests.get({URL}, headers={{"api-key": KEY}})\n'
    },
    "without TLS": {
        "app.py": f'{HEAD}requests.get("http://acme.openai.azure.com/openai", headers={{"api-key": {KEY}}})\n'
    },
    "a setting with another host": {
        "app.py": f'{HEAD}requests.get(os.environ["BASE"] + "/v1", headers={{"api-key": {KEY}}})\n',
        ".env": "BASE=https://api.openai.com\n",
    },
}


@pytest.mark.parametrize("name", SILENT)
def test_no_finding(name: str, rulebook: Rulebook) -> None:
    analysis, after = look(SILENT[name], rulebook)
    assert (analysis.findings, after) == ([], SILENT[name])


def test_a_loop_is_pointed_out(rulebook: Rulebook) -> None:
    files = {
        "app.py": f'{HEAD}def f():\n    h = {{"api-key": {KEY}}}\n    while True:\n'
        f"        requests.get({URL}, headers=h)\n"
    }
    analysis, _ = look(files, rulebook)
    assert any("before the loop" in text for f in analysis.findings for text in f.reasons)
