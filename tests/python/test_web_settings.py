"""The configuration of a Flask application: a key moves with all that fills and reads it, or nothing does."""

from __future__ import annotations

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

Files = dict[str, str]
HEAD = "import os\nfrom flask import Flask, current_app\nfrom azure.storage.blob import BlobServiceClient\n"
VIEW = f'{HEAD}def view():\n    return BlobServiceClient.from_connection_string(current_app.config["STORE_CONN"])\n'
ENV = "CONN=<your connection string>\n"
READ = 'os.environ["CONN"]'
FILLS = {
    "item": f'app = Flask(__name__)\napp.config["STORE_CONN"] = {READ}\n',
    "in a factory": f'def make():\n    app = Flask(__name__)\n    app.config["STORE_CONN"] = {READ}\n    return app\n',
    "alias": f'app = Flask(__name__)\ncfg = app.config\ncfg["STORE_CONN"] = {READ}\n',
    "keyword": f"app = Flask(__name__)\napp.config.from_mapping(STORE_CONN={READ}, SIZE=1)\n",
    "display": f'app = Flask(__name__)\napp.config.update({{"STORE_CONN": {READ}}}, SIZE=1)\n',
    "default": f'app = Flask(__name__)\napp.config.setdefault("STORE_CONN", {READ})\n',
    "class": f"class Base:\n    STORE_CONN = {READ}\nclass Test(Base):\n    DEBUG = True\n"
    "app = Flask(__name__)\napp.config.from_object({'test': Test}[os.environ['STAGE']])\n",
    "module": f"STORE_CONN = {READ}\napp = Flask(__name__)\napp.config.from_object('app')\n",
}


def migrated(files: Files, rulebook: Rulebook) -> tuple[Files, list[str]]:
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    changes = change_set(analysis, Applicability.SAFE)
    said = [reason for finding in analysis.findings for reason in finding.reasons]
    return {**files, **{path: change.after.decode() for path, change in changes.files.items()}}, said


@pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)
def test_key_moves_with_what_fills_it(fill: str, rulebook: Rulebook) -> None:
    after, said = migrated({"app.py": HEAD + fill, "views.py": VIEW, ".env": ENV}, rulebook)
    assert said == []
    assert after["app.py"] == (HEAD + fill).replace("STORE_CONN", "STORE_ACCOUNT_URL").replace('"CONN', '"ACCOUNT_URL')
    assert 'BlobServiceClient(current_app.config["STORE_ACCOUNT_URL"], credential=' in after["views.py"]
    assert after[".env"] == "ACCOUNT_URL=<account-url>\n"
    assert migrated(after, rulebook)[0] == after


MORE = {
    "file": ("app.config.from_pyfile('a.cfg')\n", "configuration, which app.py:6 may fill or hand on"),
    "prefixed variables": ("app.config.from_prefixed_env()\n", "which app.py:6 may fill"),
    "unpacked": ("app.config.update(**{})\n", "which app.py:6 may fill"),
    "handed on": ("print(app.config)\n", "which app.py:6 may fill"),
    "computed key": ("app.config[input()] = 'x'\n", "which app.py:6 may fill"),
    "another read": ('print(app.config["STORE_CONN"])\n', "`config[STORE_CONN]` is also used at app.py:6"),
    "unknown object": ('def f(a): return a.config["STORE_CONN"]\n', "may also be used at app.py:6"),
    "in a list": ('NEEDED = ["STORE_CONN"]\n', "may also be used at app.py:6"),
    "deleted": ('del app.config["STORE_CONN"]\n', "may also be used at app.py:6"),
    "attribute that is used": (
        "class C:\n    STORE_CONN = ''\napp.config.from_object(C)\nprint(C.STORE_CONN)\n",
        "also used",
    ),
}


@pytest.mark.parametrize(("code", "reason"), MORE.values(), ids=MORE)
def test_all_stays_where_the_configuration_is_not_understood(code: str, reason: str, rulebook: Rulebook) -> None:
    files = {"app.py": HEAD + FILLS["item"] + code, "views.py": VIEW, ".env": ENV}
    after, said = migrated(files, rulebook)
    assert after == files
    assert any(reason in text for text in said), said


def test_key_that_nothing_fills(rulebook: Rulebook) -> None:
    after, said = migrated({"views.py": VIEW}, rulebook)
    assert after == {"views.py": VIEW}
    assert said == ["nothing that mi-lint follows fills the key STORE_CONN of the configuration"]
