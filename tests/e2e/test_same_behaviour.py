"""Programs that hold a trap for whoever renames things: after the migration they print what they printed before.

Whether mi-lint moves such a program or leaves it to a person is its choice; breaking it is not. Making a client talks
to nobody, so the real SDK runs here.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

READ = 'os.environ["STORAGE_CONNECTION_STRING"]'
OTHER = 'os.environ["OTHER_CONNECTION_STRING"]'
USE = "BlobServiceClient.from_connection_string"
SDK = "from azure.storage.blob import BlobServiceClient\n"
HEAD = f"import os\n{SDK}"
CONF = f"import os\nCONN_STR = {READ}\n"
USER = f"{SDK}from conf import CONN_STR\ndef go():\n    return {USE}(CONN_STR).account_name\n"
SETTINGS = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    conn_str: str\n"
USE_SETTINGS = f"{SDK}from conf import settings\nprint({USE}(settings.conn_str).account_name)\n"
BASE = (
    f"{HEAD}class A:\n    def __init__(self):\n        self.conn_str = {READ}\n"
    f"    def go(self):\n        return {USE}(self.conn_str).account_name\n"
)
METHOD = f"{HEAD}class A:\n    def make(self, conn_str):\n        return {USE}(conn_str).account_name\n"

# The files, and what app.py prints.
PROGRAMS: dict[str, tuple[dict[str, str], str]] = {
    "value re-exported by a package": (
        {
            "pkg/__init__.py": "from .conf import CONN_STR\n",
            "pkg/conf.py": CONF,
            "app.py": f"{SDK}from pkg import CONN_STR\nprint({USE}(CONN_STR).account_name)\n",
        },
        "acme\n",
    ),
    "value re-exported, used as an attribute": (
        {
            "pkg/__init__.py": "from .conf import CONN_STR\n",
            "pkg/conf.py": CONF,
            "app.py": f"{SDK}import pkg\nprint({USE}(pkg.CONN_STR).account_name)\n",
        },
        "acme\n",
    ),
    "value re-exported and listed in __all__": (
        {
            "pkg/__init__.py": "from .conf import CONN_STR\n__all__ = ['CONN_STR']\n",
            "pkg/conf.py": CONF,
            "app.py": f"{SDK}from pkg import *\nfrom pkg import CONN_STR\nprint({USE}(CONN_STR).account_name)\n",
        },
        "acme\n",
    ),
    "value re-exported under another name": (
        {
            "pkg/__init__.py": "from .conf import CONN_STR as CONNECTION\n",
            "pkg/conf.py": CONF,
            "app.py": f"{SDK}import pkg\nprint({USE}(pkg.CONNECTION).account_name)\n",
        },
        "acme\n",
    ),
    "value that passes through a star import": (
        {
            "conf.py": CONF,
            "pkg.py": "from conf import *\n",
            "app.py": f"{SDK}from pkg import CONN_STR\nprint({USE}(CONN_STR).account_name)\n",
        },
        "acme\n",
    ),
    "variable read by its name": (
        {
            "conf.py": CONF,
            "use.py": USER,
            "app.py": "import conf\nimport use\nprint(use.go(), getattr(conf, 'CONN_STR')[:6] > '')\n",
        },
        "acme True\n",
    ),
    "variable patched by a test": (
        {
            "conf.py": CONF,
            "use.py": USER,
            "app.py": "from unittest import mock\nimport use\nwith mock.patch('conf.CONN_STR'):\n    print(use.go())\n",
        },
        "acme\n",
    ),
    "subclass with another constant": (
        {
            "app.py": f"{HEAD}class A:\n    conn_str = {READ}\n"
            f"    def go(self):\n        return {USE}(self.conn_str).account_name\n"
            f"class B(A):\n    conn_str = {OTHER}\nprint(A().go(), B().go())\n"
        },
        "acme other\n",
    ),
    "subclass with another constant, in another module": (
        {
            "base.py": f"{HEAD}class A:\n    conn_str = {READ}\n"
            f"    def go(self):\n        return {USE}(self.conn_str).account_name\n",
            "app.py": f"import os\nfrom base import A\nclass B(A):\n    conn_str = {OTHER}\n"
            "print(A().go(), B().go())\n",
        },
        "acme other\n",
    ),
    "subclass that sets the attribute to another value": (
        {
            "app.py": f"{BASE}def known():\n    for name in os.environ:\n"
            "        if name == 'OTHER_CONNECTION_STRING':\n            return os.environ[name]\n"
            "class B(A):\n    def __init__(self):\n        self.conn_str = known()\nprint(A().go(), B().go())\n"
        },
        "acme other\n",
    ),
    "method overridden in a subclass, called by keyword": (
        {
            "app.py": f"{METHOD}class B(A):\n    def make(self, conn_str):\n        return len(conn_str) > 0\n"
            f"print(A().make({READ}), B().make(conn_str={READ}))\n"
        },
        "acme True\n",
    ),
    "method of one of two classes with the same name": (
        {
            "app.py": f"{METHOD}class B:\n    def make(self, conn_str):\n        return len(conn_str) > 0\n"
            f"print(A().make({READ}), B().make(conn_str='x'))\n"
        },
        "acme True\n",
    ),
    "settings made with a keyword": (
        {"conf.py": f"import os\n{SETTINGS}settings = Settings(conn_str={OTHER})\n", "app.py": USE_SETTINGS},
        "other\n",
    ),
    "settings with a validator": (
        {
            "conf.py": f"from pydantic import field_validator\n{SETTINGS}    @field_validator('conn_str')\n"
            "    def check(cls, value):\n        return value.strip()\nsettings = Settings()\n",
            "app.py": USE_SETTINGS,
        },
        "third\n",
    ),
    "settings of a subclass": (
        {
            "conf.py": f"{SETTINGS}class Local(Settings):\n    conn_str: str = ''\nsettings = Local()\n",
            "app.py": USE_SETTINGS,
        },
        "third\n",
    ),
    "dict of keyword arguments": (
        {
            "app.py": f"{HEAD}def make(conn_str, size=1):\n    return {USE}(conn_str).account_name\n"
            f"options = {{'conn_str': {READ}}}\nprint(make(**options), make({READ}))\n"
        },
        "acme acme\n",
    ),
    "names of parameters looked at": (
        {
            "app.py": f"{HEAD}import inspect\ndef make(conn_str):\n    return {USE}(conn_str).account_name\n"
            f"print(make({READ}), make.__name__)\n"
        },
        "acme make\n",
    ),
    "attribute formatted into a text": (
        {"app.py": f"{BASE}a = A()\nprint(a.go(), '{{0.conn_str}}'.format(a) == a.conn_str)\n"},
        "acme True\n",
    ),
    "attribute read through vars": (
        {"app.py": f"{BASE}a = A()\nprint(a.go(), len(vars(a)['conn_str']) > 0)\n"},
        "acme True\n",
    ),
    "variable read through globals": (
        {
            "app.py": f"{HEAD}CONN_STR = {READ}\nprint({USE}(CONN_STR).account_name)\n"
            "print(len(globals()['CONN_STR']) > 0)\n"
        },
        "acme\nTrue\n",
    ),
    "local name printed by locals": (
        {
            "app.py": f"{HEAD}def go():\n    conn_str = {READ}\n    client = {USE}(conn_str)\n"
            "    return '{conn_str}'.format(**locals()) > '', client.account_name\nprint(*go())\n"
        },
        "True acme\n",
    ),
    "attribute of slots": (
        {
            "app.py": f"{HEAD}class A:\n    __slots__ = ('conn_str',)\n    def __init__(self):\n"
            f"        self.conn_str = {READ}\n    def go(self):\n        return {USE}(self.conn_str).account_name\n"
            "print(A().go())\n"
        },
        "acme\n",
    ),
}


def environment(moved: bool) -> dict[str, str]:
    values = {}
    for setting, account in (("STORAGE", "acme"), ("OTHER", "other"), ("", "third")):
        key = base64.b64encode(secrets.token_bytes(64)).decode()
        text = f"DefaultEndpointsProtocol=https;AccountName={account};AccountKey={key};EndpointSuffix=core.windows.net"
        values[f"{setting}_CONNECTION_STRING" if setting else "CONN_STR"] = text
        if moved:
            values[f"{setting}_ACCOUNT_URL".lstrip("_")] = f"https://{account}.blob.core.windows.net"
    return {**values, "PATH": os.environ.get("PATH", "")}


def run(folder: Path, files: dict[str, str], moved: bool) -> str:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    command = [sys.executable, "app.py"]
    done = subprocess.run(command, cwd=folder, env=environment(moved), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_the_same(name: str, rulebook: Rulebook, tmp_path: Path) -> None:
    files, printed = PROGRAMS[name]
    if "pydantic" in files.get("conf.py", ""):
        pytest.importorskip("pydantic_settings")
    assert run(tmp_path / "before", files, moved=False) == printed
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.findings
    changes = change_set(analysis, Applicability.REVIEW)
    after = {**files, **{path: change.after.decode() for path, change in changes.files.items()}}
    assert run(tmp_path / "after", after, moved=True) == printed
