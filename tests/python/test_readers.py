"""Libraries that read settings through an object: each read moves with the setting, or nothing does."""

from __future__ import annotations

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

HEAD = "from azure.storage.blob import BlobServiceClient\n"
READS = {
    "django-environ": ("import environ\nenv = environ.Env()\n", 'env("STORAGE_CONN")'),
    "django-environ with types": ("import environ\nenv = environ.Env(DEBUG=(bool, False))\n", 'env("STORAGE_CONN")'),
    "django-environ text": ("from environ import Env\nenv = Env()\n", 'env.str("STORAGE_CONN", default="")'),
    "environs": ("from environs import Env\nenv = Env()\nenv.read_env()\n", 'env.str("STORAGE_CONN")'),
    "environs called": ("from environs import Env\nenv = Env()\n", 'env("STORAGE_CONN", None)'),
    "starlette": ("from starlette.config import Config\nenv = Config('.env')\n", 'env("STORAGE_CONN", default="")'),
    "dotenv_values": ("from dotenv import dotenv_values\nenv = dotenv_values()\n", 'env["STORAGE_CONN"]'),
    "dotenv_values of a file": ("import dotenv\nenv = dotenv.dotenv_values('.env')\n", 'env["STORAGE_CONN"]'),
}
ENV = b"STORAGE_CONN=<your connection string>\nSIZE=1\n"


def changed(files: dict[str, str], rulebook: Rulebook) -> dict[str, str]:
    analysis = analyse({**{path: text.encode() for path, text in files.items()}, ".env": ENV}, rulebook, Options())
    assert len(analysis.findings) == 1
    return {path: file.after.decode() for path, file in change_set(analysis, Applicability.REVIEW).files.items()}


@pytest.mark.parametrize(("made", "read"), READS.values(), ids=READS)
def test_read_moves(made: str, read: str, rulebook: Rulebook) -> None:
    code = f"{HEAD}{made}c = BlobServiceClient.from_connection_string({read})\n"
    after = changed({"app.py": code}, rulebook)
    assert after[".env"] == "STORAGE_ACCOUNT_URL=<account-url>\nSIZE=1\n"
    assert f"BlobServiceClient({read.replace('STORAGE_CONN', 'STORAGE_ACCOUNT_URL')}, credential=" in after["app.py"]


@pytest.mark.parametrize(("made", "read"), READS.values(), ids=READS)
def test_object_of_another_module(made: str, read: str, rulebook: Rulebook) -> None:
    code = f"{HEAD}from conf import env\nc = BlobServiceClient.from_connection_string({read})\n"
    after = changed({"app.py": code, "conf.py": made}, rulebook)
    assert after[".env"] == "STORAGE_ACCOUNT_URL=<account-url>\nSIZE=1\n"


STOPS = {
    "starlette": "from starlette.config import Config as C\nenv = C(env_prefix='MY_')\nc = {}(env('STORAGE_CONN'))",
    "prefix": 'from environs import Env\nenv = Env()\nwith env.prefixed("MY_"):\n    c = {}(env.str("STORAGE_CONN"))\n',
    "prefix of the class": 'import environ\nenv = environ.Env()\nenv.prefix = "MY_"\nc = {}(env("STORAGE_CONN"))\n',
    "declared with its type": "import environ\nenv = environ.Env(STORAGE_CONN=(str, ''))\nc = {}(env('STORAGE_CONN'))",
    "own function": "def env(name): return name\nc = {}(env('STORAGE_CONN'))\n",
    "computed name": "import environ\nenv = environ.Env()\nc = {}(env(input()))\n",
}


@pytest.mark.parametrize("code", STOPS.values(), ids=STOPS)
def test_what_is_not_understood_stays(code: str, rulebook: Rulebook) -> None:
    assert changed({"app.py": HEAD + code.format("BlobServiceClient.from_connection_string")}, rulebook) == {}
