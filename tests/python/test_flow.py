"""Values on their way through small repositories: what is followed and moves, what is left alone, and what is silent.

Names of what holds a connection string say so here, which makes a forgotten place easy to see: after the move, nothing
in the repository may still say `conn`.
"""

from __future__ import annotations

import ast

import pytest

from mi_lint.engine import Analysis, Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

READ = 'os.environ["STORAGE_CONNECTION_STRING"]'
USE = "BlobServiceClient.from_connection_string"
SDK = "from azure.storage.blob import BlobServiceClient\n"
HEAD = f"import os\n{SDK}"
CONF = f"import os\nCONN_STR = {READ}\n"
SETTINGS = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n"
Files = dict[str, str]


def look(files: Files, rulebook: Rulebook) -> tuple[Analysis, Files]:
    """The analysis, and the repository after all fixes."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.errors == []
    changes = change_set(analysis, Applicability.REVIEW)
    return analysis, {**files, **{path: change.after.decode() for path, change in changes.files.items()}}


FOLLOWED: dict[str, Files] = {
    "attribute of self": {
        "app.py": f"{HEAD}class A:\n    def __init__(self):\n        self.conn_str = {READ}\n\n"
        f"    def go(self):\n        return {USE}(self.conn_str)\n"
    },
    "attribute of a base class": {
        "base.py": f"import os\nclass Base:\n    def __init__(self):\n        self.conn_str = {READ}\n",
        "app.py": f"{SDK}from base import Base\nclass A(Base):\n    def go(self):\n"
        f"        return {USE}(self.conn_str)\n",
    },
    "class constant": {
        "conf.py": f"import os\nclass Config:\n    CONN_STR = {READ}\n",
        "app.py": f"{SDK}from conf import Config\nclient = {USE}(Config.CONN_STR)\n",
    },
    "constant of one of two classes": {
        "app.py": f"{HEAD}class A:\n    conn_str = {READ}\nclass B:\n    url = 'x'\nclient = {USE}(A.conn_str)\n"
    },
    "instance in another module": {
        "conf.py": f"import os\nclass Config:\n    def __init__(self):\n        self.conn_str = {READ}\n"
        "config = Config()\n",
        "app.py": f"{SDK}from conf import config\nclient = {USE}(config.conn_str)\n",
    },
    "settings instance": {
        "conf.py": f"{SETTINGS}    storage_connection_string: str\nsettings = Settings()\n",
        "app.py": f"{SDK}from conf import settings\nclient = {USE}(settings.storage_connection_string)\n",
    },
    "settings with a prefix": {
        "conf.py": f"{SETTINGS}    model_config = {{'env_prefix': 'APP_'}}\n    connection_string: str\n"
        "settings = Settings()\n",
        "app.py": f"{SDK}from conf import settings\nclient = {USE}(settings.connection_string)\n",
    },
    "property": {
        "app.py": f"{HEAD}class A:\n    @property\n    def conn_str(self):\n        return {READ}\n"
        f"a = A()\nclient = {USE}(a.conn_str)\n"
    },
    "default factory": {
        "app.py": f"{HEAD}from dataclasses import dataclass, field\n@dataclass\nclass C:\n"
        f"    conn_str: str = field(default_factory=lambda: {READ})\nc = C()\nclient = {USE}(c.conn_str)\n"
    },
    "variable of another module": {"conf.py": CONF, "app.py": f"{SDK}import conf\nclient = {USE}(conf.CONN_STR)\n"},
    "imported name": {"conf.py": CONF, "app.py": f"{SDK}from conf import CONN_STR\nclient = {USE}(CONN_STR)\n"},
    "relative import": {
        "pkg/__init__.py": "",
        "pkg/conf.py": CONF,
        "pkg/app.py": f"{SDK}from .conf import CONN_STR\nclient = {USE}(CONN_STR)\n",
    },
    "function of another module": {
        "conf.py": f"import os\ndef conn_str():\n    return {READ}\n",
        "app.py": f"{SDK}import conf\nclient = {USE}(conf.conn_str())\n",
    },
    "cyclic imports": {
        "a.py": f"import os\nimport b\nCONN_STR = {READ}\nb.go()\n",
        "b.py": f"{SDK}import a\ndef go():\n    return {USE}(a.CONN_STR)\n",
    },
    "closure": {
        "app.py": f"{HEAD}def a():\n    conn_str = {READ}\n    def b():\n        return {USE}(conn_str)\n    return b\n"
    },
    "parameter": {
        "lib.py": f"{SDK}def make(conn_str):\n    return {USE}(conn_str)\n",
        "app.py": f"import os\nfrom lib import make\nclient = make({READ})\n",
    },
    "keyword-only parameter": {
        "lib.py": f"{SDK}def make(name, *, conn_str):\n    return {USE}(conn_str), name\n",
        "app.py": f"import os\nimport lib\nclient = lib.make('a', conn_str={READ})\n",
    },
    "default of a parameter": {
        "lib.py": f"{HEAD}def make(conn_str={READ}):\n    return {USE}(conn_str)\n",
        "app.py": "from lib import make\nmake()\n",
    },
    "parameter of a cached function": {
        "app.py": f"{HEAD}import functools\n@functools.cache\ndef make(conn_str):\n    return {USE}(conn_str)\n"
        f"make({READ})\n"
    },
    "either of two settings": {
        "app.py": f"{HEAD}conn_str = os.getenv('A_CONNECTION_STRING') or os.getenv('B_CONNECTION_STRING')\n"
        f"client = {USE}(conn_str)\n"
    },
    "rebound in a branch, both known": {
        "app.py": f"{HEAD}conn_str = {READ}\nif os.environ.get('X'):\n"
        f"    conn_str = os.environ['B_CONNECTION_STRING']\nclient = {USE}(conn_str)\n"
    },
    "parameter reassigned": {
        "app.py": f"{HEAD}def make(conn_str):\n    conn_str = conn_str.strip()\n"
        f"    return {USE}(conn_str)\nmake({READ})\n"
    },
    "variable reassigned": {"app.py": f"{HEAD}conn_str = {READ}\nconn_str = conn_str.strip()\nc = {USE}(conn_str)\n"},
    "presence in a conditional expression": {
        "app.py": f"{HEAD}conn_str = os.getenv('A_CONNECTION_STRING')\n"
        f"client = {USE}(conn_str if conn_str else os.environ['B_CONNECTION_STRING'])\n"
    },
    "re-exported client": {
        "pkg/__init__.py": "from .clients import BlobServiceClient\n",
        "pkg/clients.py": SDK,
        "app.py": f"import os\nfrom pkg import BlobServiceClient\nclient = {USE}({READ})\n",
    },
    "client under another name": {
        "app.py": f"{HEAD}Client = BlobServiceClient\nc = Client.from_connection_string({READ})\n"
    },
    "module under another name": {
        "app.py": f"import os\nimport azure.storage.blob as b\nc = b.BlobServiceClient.from_connection_string({READ})\n"
    },
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_followed(name: str, rulebook: Rulebook) -> None:
    analysis, after = look(FOLLOWED[name], rulebook)
    (finding,) = analysis.findings
    assert (finding.applicability, finding.reasons) == (Applicability.SAFE, ())
    for path, text in after.items():
        ast.parse(text)
        left = [line for line in text.splitlines() if "conn" in line.lower()]
        assert left == [], path
    assert "credential=DefaultAzureCredential()" in after[finding.place.path]


MAKE = f"{HEAD}def make(conn_str):\n    return {USE}(conn_str)\n"
HOLDER = (
    f"{HEAD}class A:\n    def __init__(self):\n        self.conn_str = {READ}\n"
    f"    def go(self):\n        return {USE}(self.conn_str)\n"
)

# Files, and what the user is told.
LEFT_ALONE: dict[str, tuple[Files, str]] = {
    "attribute set by a method": (
        {"app.py": f"{HOLDER}    def reset(self, value):\n        self.conn_str = value\n"},
        "`value` is a parameter of `reset`, which nothing in this repository calls",
    ),
    "attribute set from outside": ({"app.py": f"{HOLDER}a = A()\na.conn_str = input()\n"}, "also be used at app.py:9"),
    "attribute set by name": ({"app.py": f"{HOLDER}setattr(A(), 'conn_str', input())\n"}, "also be used at app.py:8"),
    "attribute read by a subclass": (
        {
            "app.py": HOLDER,
            "b.py": "from app import A\nclass B(A):\n    def show(self):\n        return self.conn_str\n",
        },
        "also used at b.py:4",
    ),
    "attribute of something unknown": (
        {"app.py": f"{HOLDER}def show(a):\n    return a.conn_str\n"},
        "also be used at app.py:9",
    ),
    "overridden constant": (
        {"app.py": f"{HEAD}class A:\n    C = {READ}\nclass B(A):\n    C = input()\nclient = {USE}(B.C)\n"},
        "the result of `input(...)`",
    ),
    "one caller unknown": ({"app.py": f"{MAKE}make({READ})\nmake(input())\n"}, "the result of `input(...)`"),
    "no caller": ({"app.py": MAKE}, "which nothing in this repository calls"),
    "function passed around": ({"app.py": f"{MAKE}make({READ})\nregister(make)\n"}, "passed around at app.py:6"),
    "function run by a thread": (
        {"app.py": f"{MAKE}import threading\nthreading.Thread(target=make, args=({READ},))\n"},
        "passed around at app.py:6",
    ),
    "function of a framework": (
        {"app.py": MAKE.replace("def make", "from flask import route\n@route('/')\ndef make") + f"make({READ})\n"},
        "a decorator hands to other code",
    ),
    "function defined twice": (
        {"app.py": f"{MAKE}if os.name == 'nt':\n    def make(conn_str):\n        pass\nmake({READ})\n"},
        "defined more than once",
    ),
    "function that calls itself": (
        {"app.py": f"{HEAD}def make(c, n):\n    return make(c, n - 1) if n else {USE}(c)\nmake({READ}, 1)\n"},
        "circular",
    ),
    "method called on something unknown": (
        {
            "app.py": f"{HEAD}class A:\n    def make(self, conn_str):\n        return {USE}(conn_str)\n"
            f"A().make({READ})\ndef f(x):\n    x.make(conn_str='other')\n"
        },
        "may also be called at app.py:8",
    ),
    "arguments unpacked by a caller": ({"app.py": f"{MAKE}make({READ})\nmake(**load())\n"}, "unpacks `**kwargs`"),
    "unpacked arguments": (
        {"app.py": f"{HEAD}def make(*args):\n    return {USE}(*args)\nmake({READ})\n"},
        "its arguments are unpacked from a variable",
    ),
    "keyword dict": (
        {"app.py": f"{HEAD}def make(**kw):\n    return {USE}(kw['c'])\nmake(c={READ})\n"},
        "`kw[...]` is not followed",
    ),
    "parameter bound by a loop": (
        {"app.py": f"{HEAD}def make(c):\n    for c in load():\n        return {USE}(c)\nmake({READ})\n"},
        "a parameter that is also bound in another way",
    ),
    "partial of the factory": (
        {"app.py": f"{HEAD}from functools import partial\nmake = partial({USE}, {READ})\nclient = make()\n"},
        "passed to other code",
    ),
    "partial with other arguments": (
        {"app.py": f"{HEAD}from functools import partial\nclient = partial({USE}, logging_enable=True)({READ})\n"},
        "passed to other code",
    ),
    "factory under another name": (
        {"app.py": f"{HEAD}make = {USE}\nclient = make({READ})\n"},
        "called through another name",
    ),
    "variable set by another module": (
        {"conf.py": CONF, "app.py": f"{SDK}import conf\nconf.CONN_STR = input()\nclient = {USE}(conf.CONN_STR)\n"},
        "also used at app.py:3",
    ),
    "variable of a star import": (
        {"conf.py": CONF, "app.py": f"{SDK}from conf import *\nclient = {USE}(CONN_STR)\n"},
        "is not defined in this file",
    ),
    "variable star-imported elsewhere": (
        {
            "conf.py": CONF,
            "app.py": f"{SDK}from conf import CONN_STR\nclient = {USE}(CONN_STR)\n",
            "x.py": "from conf import *\nprint(CONN_STR)\n",
        },
        "also be used at x.py:2",
    ),
    "exported variable": (
        {"conf.py": f"{CONF}__all__ = ['CONN_STR']\n", "app.py": f"{SDK}import conf\nclient = {USE}(conf.CONN_STR)\n"},
        "also be used at conf.py:3",
    ),
    "used by another library": (
        {
            "conf.py": CONF,
            "app.py": f"{SDK}from conf import CONN_STR\nclient = {USE}(CONN_STR)\n",
            "x.py": "import redis\nfrom conf import CONN_STR\nredis.from_url(CONN_STR)\n",
        },
        "also used at x.py:3",
    ),
    "setting read elsewhere": (
        {"app.py": f"{HEAD}client = {USE}({READ})\n", "b.py": f"import os\nprint({READ}.split(';'))\n"},
        "is also read at b.py:2",
    ),
    "rebound in a branch, one unknown": (
        {"app.py": f"{HEAD}c = {READ}\nif os.environ.get('X'):\n    c = input()\nclient = {USE}(c)\n"},
        "the result of `input(...)`",
    ),
    "field of a tuple": (
        {
            "app.py": f"{HEAD}from typing import NamedTuple\nclass C(NamedTuple):\n    conn_str: str\n"
            f"c = C({READ})\nclient = {USE}(c.conn_str)\n"
        },
        "is a field that mi-lint does not follow",
    ),
    "class that is its own base": (
        {"app.py": f"{SDK}class A(B):\n    pass\nclass B(A):\n    pass\nclient = {USE}(A.x)\n"},
        "no plain assignment of `x`",
    ),
    "attribute of itself": ({"app.py": f"{SDK}class A:\n    x = A.x\nclient = {USE}(A.x)\n"}, "circular"),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_left_alone(name: str, rulebook: Rulebook) -> None:
    files, told = LEFT_ALONE[name]
    analysis, after = look(files, rulebook)
    assert after == files
    assert analysis.findings
    for finding in analysis.findings:
        assert finding.applicability == Applicability.MANUAL
        assert told in " ".join(finding.reasons)


SILENT: dict[str, Files] = {
    "look-alike class": {
        "fake.py": "class BlobServiceClient:\n    def from_connection_string(c):\n        return c\n",
        "app.py": f"import os\nfrom fake import BlobServiceClient\nclient = {USE}({READ})\n",
    },
    "look-alike package": {
        "azure/__init__.py": "",
        "azure/storage/__init__.py": "",
        "azure/storage/blob.py": "class BlobServiceClient: ...\n",
        "app.py": f"{HEAD}client = {USE}({READ})\n",
    },
    "parameter with the same name": {"app.py": f"{HEAD}def f(BlobServiceClient):\n    return {USE}({READ})\n"},
    "class with the same name": {"app.py": f"{HEAD}class BlobServiceClient: ...\nclient = {USE}({READ})\n"},
    "credential of its own": {
        "app.py": f"{SDK}from azure.identity import DefaultAzureCredential\n"
        "client = BlobServiceClient('https://x', credential=DefaultAzureCredential())\n"
    },
}


@pytest.mark.parametrize("name", SILENT)
def test_silent(name: str, rulebook: Rulebook) -> None:
    analysis, after = look(SILENT[name], rulebook)
    assert [finding.message for finding in analysis.findings] == []
    assert after == SILENT[name]


def test_subclass_of_the_client(rulebook: Rulebook) -> None:
    code = f"{HEAD}class Mine(BlobServiceClient):\n    pass\nclient = Mine.from_connection_string({READ})\n"
    analysis, after = look({"app.py": code}, rulebook)
    assert [finding.applicability for finding in analysis.findings] == [Applicability.SAFE]
    assert 'Mine(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())' in after["app.py"]


SUBCLASS = f"{HEAD}class Mine(BlobServiceClient):\n    def __init__(self, name):\n        super().__init__({{}})\n"


def test_constructor_of_a_subclass(rulebook: Rulebook) -> None:
    code = SUBCLASS.format("f'https://{name}.blob.core.windows.net', credential=os.environ['STORAGE_KEY']")
    analysis, after = look({"app.py": code}, rulebook)
    assert [finding.applicability for finding in analysis.findings] == [Applicability.SAFE]
    assert (
        "super().__init__(f'https://{name}.blob.core.windows.net', credential=DefaultAzureCredential())"
        in after["app.py"]
    )


OWN = f"class Mine(BlobServiceClient):\n    def __init__(self, *a): ...\nMine.from_connection_string({READ})\n"
BETWEEN = """\
class A:
    def __init__(self, url, credential): ...
class Mine(A, BlobServiceClient):
    def __init__(self):
        super().__init__('x', os.environ['STORAGE_KEY'])
"""


@pytest.mark.parametrize(("body", "told"), [(OWN, "a constructor of its own"), (BETWEEN, "")])
def test_subclass_that_changes_what_is_called(body: str, told: str, rulebook: Rulebook) -> None:
    analysis, after = look({"app.py": HEAD + body}, rulebook)
    assert after["app.py"] == HEAD + body
    assert [told in " ".join(finding.reasons) for finding in analysis.findings] == ([True] if told else [])


def test_name_deleted_after_use(rulebook: Rulebook) -> None:
    code = f"{HEAD}conn_str = {READ}\nclient = {USE}(conn_str)\ndel conn_str, BlobServiceClient\n"
    _, after = look({"app.py": code}, rulebook)
    assert "del account_url, BlobServiceClient\n" in after["app.py"]


def test_import_with_a_fallback(rulebook: Rulebook) -> None:
    fallback = f"try:\n    {SDK}except ImportError:\n    from fake import BlobServiceClient\n"
    code = f"import os\n{fallback}client = {USE}({READ})\n"
    analysis, after = look({"app.py": code}, rulebook)
    assert after["app.py"] == code
    (finding,) = analysis.findings
    assert "an import with a fallback" in finding.reasons[0]


def test_settings_class_with_a_fallback(rulebook: Rulebook) -> None:
    fallback = (
        "try:\n    from pydantic_settings import BaseSettings\nexcept ImportError:\n    from {} import BaseSettings\n"
    )
    conf = f"{fallback}class Settings(BaseSettings):\n    storage_connection_string: str\nsettings = Settings()\n"
    app = f"{SDK}from conf import settings\nclient = {USE}(settings.storage_connection_string)\n"
    _, after = look({"conf.py": conf.format("pydantic"), "app.py": app}, rulebook)
    assert "    storage_account_url: str\n" in after["conf.py"]
    _, same = look({"conf.py": conf.format("mine"), "app.py": app}, rulebook)
    assert same["app.py"] == app
