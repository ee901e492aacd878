"""Options of INI files: they move together with every way to read them, or not at all."""

from __future__ import annotations

import random

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook
from mi_lint.secrets.minting import mint

Files = dict[str, str]
SDK = "from azure.storage.blob import BlobServiceClient\n"
PARSER = "import configparser\ncfg = configparser.ConfigParser()\ncfg.read('config.ini')\n"
USE = "BlobServiceClient.from_connection_string"
INI = "[storage]\n# why\nconnection_string = @\nsize = 3\n"
MOVED = "[storage]\n# why\naccount_url = https://acme.blob.core.windows.net\nsize = 3\n"


@pytest.fixture(scope="module")
def secret(rulebook: Rulebook) -> str:
    kinds = {kind.name: kind for kind in rulebook.kinds}
    key = mint(kinds["storage-key"], random.Random(1), kinds)
    return f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"


def migrated(files: Files, rulebook: Rulebook, least: Applicability = Applicability.SAFE) -> tuple[Files, list[str]]:
    """The repository after the fixes, and all that is said about them."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.errors == []
    changes = change_set(analysis, least)
    said = [reason for finding in analysis.findings for reason in finding.reasons]
    said += [finding.message for finding in analysis.findings]
    said += [item.text for item in changes.preconditions]
    return {**files, **{path: change.after.decode() for path, change in changes.files.items()}}, said


READ: dict[str, str] = {
    "two subscripts": f'{PARSER}c = {USE}(cfg["storage"]["connection_string"])\n',
    "get": f'{PARSER}c = {USE}(cfg.get("storage", "connection_string"))\n',
    "get with a fallback": f'{PARSER}c = {USE}(cfg.get("storage", "connection_string", fallback=None))\n',
    "keywords": f'{PARSER}c = {USE}(cfg.get(section="storage", option="connection_string"))\n',
    "get of a section": f'{PARSER}c = {USE}(cfg["storage"].get("connection_string"))\n',
    "section in a variable": f'{PARSER}part = cfg["storage"]\nc = {USE}(part["connection_string"])\n',
    "name of the section in a variable": f'{PARSER}S = "storage"\nc = {USE}(cfg[S]["connection_string"])\n',
    "parser in a function": "import configparser\ndef load():\n    cfg = configparser.ConfigParser()\n"
    f'    cfg.read("config.ini")\n    return cfg\nc = {USE}(load()["storage"]["connection_string"])\n',
    "parser of self": "from configparser import ConfigParser\nclass A:\n    def __init__(self):\n"
    f'        self.cfg = ConfigParser()\n    def go(self):\n        return {USE}(self.cfg.get("storage", '
    '"connection_string"))\n',
    "raw parser": "import configparser\ncfg = configparser.RawConfigParser()\n"
    f'c = {USE}(cfg["storage"]["connection_string"])\n',
}


@pytest.mark.parametrize("code", READ.values(), ids=READ)
def test_option_moves_with_its_reads(code: str, secret: str, rulebook: Rulebook) -> None:
    before = {"app.py": SDK + code, "config.ini": INI.replace("@", secret), "sample.cfg": INI.replace("@", secret)}
    after, said = migrated(before, rulebook)
    assert after["config.ini"] == after["sample.cfg"] == MOVED
    assert "connection_string" not in after["app.py"]
    assert '"account_url"' in after["app.py"]
    assert "credential=DefaultAzureCredential()" in after["app.py"]
    assert not [text for text in said if secret in text]
    assert migrated(after, rulebook)[0] == after


def test_words_of_the_plan(secret: str, rulebook: Rulebook) -> None:
    _, said = migrated({"app.py": SDK + READ["get"], "config.ini": INI.replace("@", secret)}, rulebook)
    assert (
        "the setting account_url of section [storage] holds the account URL; "
        "connection_string of section [storage] is deleted"
    ) in said
    assert any("from the option connection_string of section [storage]" in text for text in said)


def test_parser_of_another_module(secret: str, rulebook: Rulebook) -> None:
    app = f'from conf import cfg\n{SDK}c = {USE}(cfg["storage"]["connection_string"])\n'
    after, _ = migrated({"app.py": app, "conf.py": PARSER, "config.ini": INI.replace("@", secret)}, rulebook)
    assert after["config.ini"] == MOVED
    assert 'cfg["storage"]["account_url"]' in after["app.py"]


def test_option_that_nothing_reads_any_more_goes(secret: str, rulebook: Rulebook) -> None:
    code = f'{PARSER}c = BlobServiceClient("https://a.blob.core.windows.net", credential=cfg["s"]["key"])\n'
    after, _ = migrated({"app.py": SDK + code, "a.ini": f"[s]\nkey = {secret[-30:]}\nsize = 1\n"}, rulebook)
    assert after["a.ini"] == "[s]\nsize = 1\n"


def test_file_that_is_no_ini_file_is_named(secret: str, rulebook: Rulebook) -> None:
    files = {
        "app.py": SDK + READ["get"],
        "config.ini": INI.replace("@", secret),
        "deploy.sh": "printf '[storage]\\nconnection_string=%s' \"$1\" > config.ini\n",
    }
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after["config.ini"] == MOVED
    assert "connection_string of section [storage] is also named in deploy.sh:1: change it there too" in said
    assert migrated(files, rulebook)[0] == files


STOPS: dict[str, tuple[str, str, str]] = {
    "has_option": ('print(cfg.has_option("storage", "connection_string"))\n', "", "outside a plain read"),
    "in": ('print("connection_string" in cfg["storage"])\n', "", "outside a plain read"),
    "assignment": ('cfg["storage"]["connection_string"] = "x"\n', "", "outside a plain read"),
    "computed section": ('print(cfg[input()]["connection_string"])\n', "", "outside a plain read"),
    "own values at the read": ('print(cfg.get("storage", "connection_string", vars={}))\n', "", "outside a plain read"),
    "items": ('print(cfg.items("storage"))\n', "", "used as a whole"),
    "items of a section": ('for k, v in cfg["storage"].items(): print(k)\n', "", "used as a whole"),
    "dict of a section": ('print(dict(cfg["storage"]))\n', "", "used as a whole"),
    "section handed on": ('print(**cfg["storage"])\n', "", "used as a whole"),
    "another read": ('print(cfg["storage"]["connection_string"])\n', "", "for something else"),
    "interpolation elsewhere": ("", "[log]\nx = ${storage:connection_string}\n", "refers to"),
    "interpolation in its section": ("", "other = %(connection_string)s\n", "refers to"),
    "default section": ("", "[DEFAULT]\nconnection_string = x\n", "seen from all"),
    "another spelling in a file": ("", "[x]\n[storage]\nConnection_String = x\n", "it is spelled Connection_String"),
    "another spelling in code": ('print(cfg["storage"]["CONNECTION_STRING"])\n', "", "under another name"),
}


@pytest.mark.parametrize(("code", "settings", "reason"), STOPS.values(), ids=STOPS)
def test_all_stays_where_something_else_sees_the_option(
    code: str, settings: str, reason: str, secret: str, rulebook: Rulebook
) -> None:
    files = {"app.py": SDK + READ["two subscripts"] + code, "config.ini": INI.replace("@", secret) + settings}
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after == files
    assert any(reason in text for text in said), said


def test_value_of_other_values_stays(rulebook: Rulebook) -> None:
    files = {"app.py": SDK + READ["get"], "config.ini": INI.replace("@", "%(from_outside)s")}
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after == files
    assert any("put together from other values" in text for text in said)


def test_dictionary_of_the_same_shape_is_no_parser(secret: str, rulebook: Rulebook) -> None:
    code = f'import json\ncfg = json.loads("{{}}")\nc = {USE}(cfg["storage"]["connection_string"])\n'
    files = {"app.py": SDK + code, "config.ini": INI.replace("@", secret)}
    assert migrated(files, rulebook, Applicability.REVIEW)[0] == files


def test_file_in_another_encoding_is_named_and_is_no_error(secret: str, rulebook: Rulebook) -> None:
    text = f"; caf\xe9\n{INI.replace('@', secret)}"
    files = {"app.py": (SDK + READ["get"]).encode(), "config.ini": text.encode("latin-1")}
    analysis = analyse(files, rulebook, Options())
    said = [reason for finding in analysis.findings for reason in finding.reasons]
    assert analysis.errors == []
    assert "connection_string of section [storage] is also named in config.ini:4: change it there too" in said
    assert change_set(analysis, Applicability.SAFE).files == {}
