# ruff: noqa: E501
"""The places in which secrets are written: formats, languages, encodings. Each gives a file and where the value is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.corpus.secrets import Form


@dataclass(frozen=True)
class Written:
    """A file's text with the character ranges that carry the value."""

    path: str
    text: str
    spans: tuple[tuple[int, int], ...]
    encoding: str = "utf-8"


Context = Callable[[Form, Random], Written | None]
PLAIN: dict[str, Context] = {}
HARD: dict[str, Context] = {}


def _context(name: str, table: dict[str, Context]) -> Callable[[Context], Context]:
    def register(function: Context) -> Context:
        table[name] = function
        return function

    return register


def _found(path: str, text: str, *needles: str, encoding: str = "utf-8") -> Written:
    """The text with the places of the needles, which come in this order."""
    spans, at = [], 0
    for needle in needles:
        start = text.index(needle, at)
        spans.append((start, start + len(needle)))
        at = start + len(needle)
    return Written(path, text, tuple(spans), encoding)


def _pairs(form: Form) -> list[tuple[str, str]]:
    return [*form.near, (form.name, form.text)]


def _simple(name: str, path: str, line: str, head: str = "", tail: str = "") -> None:
    """A context of one line per setting."""

    def write(form: Form, r: Random) -> Written | None:
        if not form.name or "\n" in form.text or ('"' in line and '"' in form.text):
            return None
        lines = [line.replace("NAME", key).replace("VALUE", value) for key, value in _pairs(form)]
        return _found(path, head + "".join(lines) + tail, form.value)

    PLAIN[name] = write


_simple("dotenv", "service/.env", "NAME=VALUE\n", "# local settings\nLOG_LEVEL=info\nPORT=8080\n", "DEBUG=false\n")
_simple("dotenv-quoted", "web/.env.production", 'NAME="VALUE"\n', "APP=shop\n")
_simple("dotenv-export", "ops/env.sh", "export NAME='VALUE'\n", "#!/bin/sh\nset -e\n", "exec ./run\n")
_simple("ini", "conf/app.ini", "NAME = VALUE\n", "[server]\nport = 80\n\n[azure]\n")
_simple("properties", "src/main/resources/application.properties", "NAME=VALUE\n", "server.port=8080\n")
_simple("toml", "config/settings.toml", 'NAME = "VALUE"\n', 'title = "shop"\n\n[azure]\n')
_simple("yaml", "deploy/values.yaml", '  NAME: "VALUE"\n', "replicas: 2\nsettings:\n")
_simple("yaml-single", "config/app.yml", "  NAME: 'VALUE'\n", "log: info\nazure:\n")
_simple(
    "compose",
    "docker-compose.yml",
    "      - NAME=VALUE\n",
    "services:\n  web:\n    image: acme/web\n    environment:\n",
)
_simple(
    "dockerfile", "Dockerfile", 'ENV NAME="VALUE"\n', "FROM python:3.12\nWORKDIR /app\n", 'CMD ["python", "app.py"]\n'
)
_simple(
    "terraform",
    "infra/main.tf",
    '    NAME = "VALUE"\n',
    'resource "azurerm_linux_web_app" "web" {\n  app_settings = {\n',
    "  }\n}\n",
)
_simple(
    "bicep",
    "infra/main.bicep",
    "    NAME: 'VALUE'\n",
    "resource web 'Microsoft.Web/sites@2022-09-01' = {\n  properties: {\n",
    "  }\n}\n",
)
_simple("powershell", "scripts/deploy.ps1", '$env:NAME = "VALUE"\n', "param([string]$Group)\n", "az webapp up\n")
_simple(
    "workflow",
    ".github/workflows/ci.yml",
    "      NAME: VALUE\n",
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    env:\n",
)
_simple("markdown", "docs/setup.md", "NAME=VALUE\n", "# Setup\n\nPut this into `.env`:\n\n```\n", "```\n")
_simple(
    "csharp",
    "src/Startup.cs",
    '        private const string NAME = "VALUE";\n',
    "namespace Acme\n{\n    class Startup\n    {\n",
    "    }\n}\n",
)
_simple("javascript", "web/config.js", '  NAME: "VALUE",\n', "module.exports = {\n  port: 80,\n", "};\n")
_simple(
    "python-assign",
    "app/config.py",
    'NAME = "VALUE"\n',
    '"""Settings."""\nimport os\n\nTIMEOUT = 30\n',
    "\n\ndef main() -> None:\n    print(TIMEOUT)\n",
)
_simple(
    "python-kwarg",
    "app/client.py",
    '    NAME="VALUE",\n',
    "from app.factory import make_client\n\nclient = make_client(\n",
    ")\n",
)
_simple("python-dict", "app/settings.py", '    "NAME": "VALUE",\n', 'SETTINGS = {\n    "debug": False,\n', "}\n")
_simple("python-default", "app/env.py", 'x = os.environ.get("NAME", "VALUE")\n', "import os\n\n")
_simple("python-comment", "app/notes.py", "# NAME = VALUE\n", "import sys\n\n", "print(sys.argv)\n")
_simple("log", "logs/app.log", "2024-05-01 12:00:01 INFO loaded NAME=VALUE\n", "2024-05-01 12:00:00 INFO start\n")
_simple("json", "appsettings.json", '  "NAME": "VALUE",\n', "{\n", '  "end": "1"\n}\n')
_simple(
    "k8s-env",
    "k8s/deployment.yaml",
    '        - name: NAME\n          value: "VALUE"\n',
    "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - env:\n",
)
_simple(
    "arm",
    "infra/azuredeploy.json",
    '        {"name": "NAME", "value": "VALUE"},\n',
    '{\n  "resources": [{\n      "appSettings": [\n',
    '        {"name": "z", "value": "1"}\n      ]}]\n}\n',
)


@_context("raw", PLAIN)
def _raw(form: Form, r: Random) -> Written | None:
    """A file that is the text itself: certificates, service principals, publish profiles."""
    suffix = {
        "sp-json": "creds/sp.json",
        "sp-certificate-key": "certs/app.pem",
        "publish-profile": "acme.PublishSettings",
    }
    return _found(suffix[form.kind], form.text + "\n", form.value) if form.kind in suffix else None


_WHOLE = ("sp-json", "sp-certificate-key", "publish-profile")


@_context("whole-in-yaml", PLAIN)
def _whole_in_yaml(form: Form, r: Random) -> Written | None:
    """A file inside of a YAML file, as a block scalar."""
    if form.kind not in _WHOLE or "\n" in form.value:
        return None
    body = "".join(f"    {line}\n" for line in form.text.splitlines())
    return _found("chart/secret.yaml", f"stringData:\n  content: |\n{body}  last: 1\n", form.value)


@_context("whole-in-workflow", PLAIN)
def _whole_in_workflow(form: Form, r: Random) -> Written | None:
    if form.kind not in _WHOLE or "\n" in form.value:
        return None
    text = " ".join(form.text.split())
    return _found(".github/workflows/deploy.yml", f"jobs:\n  d:\n    env:\n      CONTENT: '{text}'\n", form.value)


@_context("whole-in-base64", HARD)
def _whole_in_base64(form: Form, r: Random) -> Written | None:
    if form.kind not in _WHOLE:
        return None
    encoded = base64.b64encode(form.text.encode()).decode()
    text = f"apiVersion: v1\nkind: Secret\ndata:\n  content: {encoded}\n"
    return Written("k8s/content.yaml", text, (_base64_range(form, text.index(encoded)),))


@_context("whole-in-json", HARD)
def _whole_in_json(form: Form, r: Random) -> Written | None:
    """A file as a string of JSON, with its line ends and quotes escaped."""
    if form.kind not in _WHOLE:
        return None
    text = json.dumps({"content": form.text}, indent=1) + "\n"
    return _found("conf/content.json", text, json.dumps(form.value)[1:-1])


@_context("whole-in-python", HARD)
def _whole_in_python(form: Form, r: Random) -> Written | None:
    if form.kind not in _WHOLE or "'" in form.text:
        return None
    return _found("app/content.py", f"CONTENT = '''{form.text}'''\n", form.value)


@_context("webconfig", HARD)
def _webconfig(form: Form, r: Random) -> Written | None:
    if not form.name:
        return None
    rows = [f'    <add key="{key}" value="{_xml(value)}" />\n' for key, value in _pairs(form)]
    text = "<configuration>\n  <appSettings>\n" + "".join(rows) + "  </appSettings>\n</configuration>\n"
    return _found("web.config", text, _xml(form.value))


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("+", "&#43;")


@_context("json-escape", HARD)
def _json_escape(form: Form, r: Random) -> Written | None:
    if not form.name or not set(form.value) & set("+/=&"):
        return None
    text = "{\n" + "".join(f'  "{k}": "{_escaped(v)}",\n' for k, v in _pairs(form)) + '  "z": "1"\n}\n'
    return _found("config/prod.json", text, _escaped(form.value))


def _escaped(text: str) -> str:
    inner = json.dumps(text)[1:-1]
    return inner.replace("/", "\\/").replace("+", "\\u002B").replace("&", "\\u0026")


@_context("yaml-block", HARD)
def _yaml_block(form: Form, r: Random) -> Written | None:
    if not form.name or "\n" in form.text:
        return None
    near = "".join(f"  {k}: {v}\n" for k, v in form.near)
    return _found("chart/values.yaml", f"settings:\n{near}  {form.name}: >-\n    {form.text}\n  last: 1\n", form.value)


@_context("k8s-data", HARD)
def _k8s_data(form: Form, r: Random) -> Written | None:
    if not form.name or form.name.startswith("Ocp"):
        return None
    near = "".join(f"  {k}: {base64.b64encode(v.encode()).decode()}\n" for k, v in form.near)
    hint = "".join(f"# {v}\n" for _, v in form.near)
    encoded = base64.b64encode(form.text.encode()).decode()
    text = f"{hint}apiVersion: v1\nkind: Secret\ndata:\n{near}  {form.name}: {encoded}\n"
    start = text.index(encoded)
    return Written("k8s/secret.yaml", text, (_base64_range(form, start),))


def _base64_range(form: Form, offset: int) -> tuple[int, int]:
    """The characters of the base64 of the text that carry bits of the value."""
    start = len(form.text[: form.text.index(form.value)].encode())
    end = start + len(form.value.encode())
    return offset + start * 8 // 6, offset + (end * 8 - 1) // 6 + 1


@_context("compose-default", HARD)
def _compose_default(form: Form, r: Random) -> Written | None:
    if not form.name or set(form.text) & set("{}") or "\n" in form.text:
        return None
    near = "".join(f"      {k}: {v}\n" for k, v in form.near)
    text = f"services:\n  web:\n    environment:\n{near}      {form.name}: ${{{form.name.replace('-', '_')}:-{form.text}}}\n"
    return _found("compose.yaml", text, form.value)


def _python(name: str, body: Callable[[Form, Random], tuple[str, list[str]] | None]) -> None:
    def write(form: Form, r: Random) -> Written | None:
        if not form.name.isidentifier() or "\n" in form.text or '"' in form.text or "\\" in form.text:
            return None
        made = body(form, r)
        if made is None:
            return None
        near = "".join(f'{key} = "{value}"\n' for key, value in form.near if key.isidentifier())
        return _found(f"app/{name.replace('-', '_')}.py", f"import os\n\n{near}{made[0]}\n", *made[1])

    HARD[name] = write


def _halves(form: Form, r: Random) -> tuple[str, str, str, str]:
    """The text before the value, the value in two parts, the text behind."""
    before, _, after = form.text.partition(form.value)
    cut = r.randrange(len(form.value) // 3, 2 * len(form.value) // 3)
    while form.value[cut - 1] == "%" or form.value[cut - 2] == "%":
        cut += 1
    return before, form.value[:cut], form.value[cut:], after


def _concat(glue: str, opening: str = "(", closing: str = ")") -> Callable[[Form, Random], tuple[str, list[str]]]:
    def body(form: Form, r: Random) -> tuple[str, list[str]]:
        before, one, two, after = _halves(form, r)
        return f'{form.name} = {opening}"{before}{one}"{glue}"{two}{after}"{closing}', [one, two]

    return body


_python("python-implicit", _concat("\n    "))
_python("python-plus", _concat(" + "))
_python("python-join", _concat(", ", '"".join([', "])"))


def _format(form: Form, r: Random) -> tuple[str, list[str]] | None:
    if set("{}") & set(form.text) or form.bare:
        return None
    before, _, after = form.text.partition(form.value)
    return f'PART = "{form.value}"\n{form.name} = "{before}{{}}{after}".format(PART)', [form.value]


def _percent(form: Form, r: Random) -> tuple[str, list[str]] | None:
    if "%" in form.text.replace(form.value, "") or form.bare:
        return None
    before, _, after = form.text.partition(form.value)
    return f'PART = "{form.value}"\n{form.name} = "{before}%s{after}" % PART', [form.value]


def _fstring(form: Form, r: Random) -> tuple[str, list[str]] | None:
    if set("{}") & set(form.text) or form.bare:
        return None
    before, _, after = form.text.partition(form.value)
    return f'PART = "{form.value}"\n{form.name} = f"{before}{{PART}}{after}"', [form.value]


_python("python-format", _format)
_python("python-percent", _percent)
_python("python-fstring", _fstring)
_python("python-bytes", lambda form, r: (f'{form.name} = b"{form.text}"', [form.value]))
_python("python-triple", lambda form, r: (f'{form.name} = """{form.text}"""', [form.value]))
_python("python-class", lambda form, r: (f'class Settings:\n    {form.name}: str = "{form.text}"', [form.value]))


@_context("python-b64decode", HARD)
def _b64decode(form: Form, r: Random) -> Written | None:
    if not form.name.isidentifier() or form.near or "\n" in form.text:
        return None
    encoded = base64.b64encode(form.text.encode()).decode()
    text = f'import base64\n\n{form.name} = base64.b64decode("{encoded}").decode()\n'
    return Written("app/packed.py", text, (_base64_range(form, text.index(encoded)),))


@_context("python-unquote", HARD)
def _unquote(form: Form, r: Random) -> Written | None:
    if not form.name.isidentifier() or form.near or "%" in form.text or not set(form.value) & set("+/="):
        return None
    text = f'from urllib.parse import unquote\n\n{form.name} = unquote("{quote(form.text, safe="")}")\n'
    return _found("app/quoted.py", text, quote(form.value, safe=""))


@_context("notebook-code", HARD)
def _notebook(form: Form, r: Random) -> Written | None:
    if not form.name.isidentifier() or "\n" in form.text or '"' in form.text:
        return None
    lines = [f'{k} = "{v}"\n' for k, v in _pairs(form)]
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["import os\n", *lines]}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1)
    return _found("notebooks/demo.ipynb", text, form.value)


@_context("notebook-output", HARD)
def _notebook_output(form: Form, r: Random) -> Written | None:
    if not form.name.isidentifier() or "\n" in form.text or '"' in form.text:
        return None
    lines = [f"{k}={v}\n" for k, v in _pairs(form)]
    output = {"output_type": "stream", "name": "stdout", "text": lines}
    cell = {"cell_type": "code", "metadata": {}, "outputs": [output], "source": ["show()"]}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1)
    return _found("notebooks/output.ipynb", text, form.value)


@_context("percent-once", HARD)
def _percent_once(form: Form, r: Random) -> Written | None:
    if form.bare or form.near or "\n" in form.text or not form.name:
        return None
    inner = quote(form.text, safe="")
    text = f"GET /redirect?target={inner}&next=1 HTTP/1.1\nHost: example.org\n"
    return _found("logs/access.log", text, quote(form.value, safe=""))


@_context("percent-twice", HARD)
def _percent_twice(form: Form, r: Random) -> Written | None:
    if form.bare or form.near or "\n" in form.text or not form.name:
        return None
    inner = quote(quote(form.text, safe=""), safe="")
    return _found("logs/proxy.log", f"GET /r?u={inner} HTTP/1.1\n", quote(quote(form.value, safe=""), safe=""))


def _encoded(name: str, encoding: str, newline: str = "\n", end: str = "\n") -> None:
    def write(form: Form, r: Random) -> Written | None:
        if not form.name or "\n" in form.text:
            return None
        text = newline.join(["# settings", *(f"{k}={v}" for k, v in _pairs(form))]) + end
        return _found(f"env/{name}.env", text, form.value, encoding=encoding)

    HARD[name] = write


_encoded("utf8-bom", "utf-8-sig")
_encoded("utf16-le", "utf-16-le-bom")
_encoded("utf16-be", "utf-16-be-bom")
_encoded("crlf", "utf-8", "\r\n", "\r\n")
_encoded("no-newline", "utf-8", "\n", "")


@_context("docker-config", HARD)
def _docker(form: Form, r: Random) -> Written | None:
    """`auth` is base64 of user and password; in a Kubernetes secret the whole file is base64 once more."""
    if form.kind != "acr-password":
        return None
    auth = base64.b64encode(f"acme:{form.value}".encode()).decode()
    whole = Form(form.kind, "x", f"acme:{form.value}", form.value)
    text = json.dumps({"auths": {"acme.azurecr.io": {"auth": auth}}})
    low, high = _base64_range(whole, text.index(auth))
    if r.random() < 0.5:
        return Written("docker/config.json", text, ((low, high),))
    outer = base64.b64encode(text.encode()).decode()
    yaml = f"kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {outer}\n"
    start = yaml.index(outer)
    return Written("k8s/pull.yaml", yaml, ((start + low * 8 // 6, start + (high * 8 - 1) // 6 + 1),))


def all_contexts() -> Iterator[tuple[str, Context, bool]]:
    """Name, writer, and whether the place is an ordinary one."""
    yield from ((name, write, True) for name, write in PLAIN.items())
    yield from ((name, write, False) for name, write in HARD.items())
