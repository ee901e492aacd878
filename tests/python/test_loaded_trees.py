"""Files of configuration that code loads as a tree: a leaf moves together with every way to read it, or not at all."""

from __future__ import annotations

import random

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook
from mi_lint.secrets.minting import mint

Files = dict[str, str]
SDK = "from azure.storage.blob import BlobServiceClient\n"
USE = "BlobServiceClient.from_connection_string"
LOAD = "import yaml\nwith open('config.yaml') as f:\n    cfg = yaml.safe_load(f)\n"
YAML = "# head\nstorage:\n  # why\n  conn: '@'   # tail\n  size: 3\nother: x\n"
JSON = '{"storage": {"conn": "@", "size": 3}, "list": [{"conn": "x"}]}'
TOML = "name = \"x\"\n[storage]\nconn = '@' # tail\nsize = 3\n"
DERIVED = "https://acme.blob.core.windows.net"


@pytest.fixture(scope="module")
def secret(rulebook: Rulebook) -> str:
    kinds = {kind.name: kind for kind in rulebook.kinds}
    key = mint(kinds["storage-key"], random.Random(1), kinds)
    return f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net"


def migrated(files: Files, rulebook: Rulebook, least: Applicability = Applicability.SAFE) -> tuple[Files, list[str]]:
    """The repository after the fixes, and all that is said about them."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    changes = change_set(analysis, least)
    said = [reason for finding in analysis.findings for reason in (*finding.reasons, finding.message)]
    said += [item.text for item in changes.preconditions]
    return {**files, **{path: change.after.decode() for path, change in changes.files.items()}}, said


READ = {
    "subscripts": (LOAD, 'cfg["storage"]["conn"]', "config.yaml", YAML),
    "gets": (LOAD, 'cfg.get("storage", {}).get("conn")', "config.yaml", YAML),
    "get or empty": (LOAD, '(cfg.get("storage") or {}).get("conn", "")', "config.yaml", YAML),
    "part in a variable": (f'{LOAD}part = cfg["storage"]\n', 'part["conn"]', "config.yaml", YAML),
    "key in a variable": (f'{LOAD}S = "storage"\n', 'cfg[S]["conn"]', "config.yaml", YAML),
    "another loader": (
        "import os, yaml\ncfg = yaml.load(open(os.path.join('conf', 'app.yml')), Loader=yaml.SafeLoader)\n",
        'cfg["storage"]["conn"]',
        "conf/app.prod.yml",
        YAML,
    ),
    "function": (
        "import json\nfrom pathlib import Path\nHERE = Path(__file__).parent\n"
        "def load(path=HERE / 'settings.json'):\n    return json.loads(path.read_text())\ncfg = load()\n",
        'cfg["storage"]["conn"]',
        "settings.json",
        JSON,
    ),
    "name from the environment": (
        "import json, os\nwith open(os.environ.get('CONFIG', 'a.json')) as f:\n    cfg = json.load(f)\n",
        'cfg["storage"]["conn"]',
        "a.json",
        JSON,
    ),
    "toml": (
        "import tomllib\nwith open('app.toml', 'rb') as f:\n    cfg = tomllib.load(f)\n",
        'cfg["storage"]["conn"]',
        "app.toml",
        TOML,
    ),
    "streamlit": ("import streamlit as st\n", 'st.secrets["storage"]["conn"]', ".streamlit/secrets.toml", TOML),
    "streamlit by attribute": ("import streamlit as st\n", "st.secrets.storage.conn", ".streamlit/secrets.toml", TOML),
    "attributes": (
        "from omegaconf import OmegaConf\ncfg = OmegaConf.load('config.yaml')\n",
        "cfg.storage.conn",
        "config.yaml",
        YAML,
    ),
}


@pytest.mark.parametrize(("made", "read", "path", "text"), READ.values(), ids=READ)
def test_leaf_moves_with_its_reads(made: str, read: str, path: str, text: str, secret: str, rulebook: Rulebook) -> None:
    code = f"{SDK}{made}def go(): return {USE}({read})\n"
    files = {"app.py": code, path: text.replace("@", secret)}
    after, said = migrated(files, rulebook)
    expected = text.replace("'@'", "'@'").replace("conn", "account_url", 1).replace("@", DERIVED)
    assert after[path] == expected
    key = read.replace('"conn"', '"account_url"').replace(".conn", ".account_url")
    assert f"BlobServiceClient({key}, credential=DefaultAzureCredential())" in after["app.py"]
    assert not [text for text in said if secret in text]
    assert any(f"storage.account_url of {path.rpartition('/')[2].replace('.prod', '')}" in text for text in said)
    assert migrated(after, rulebook)[0] == after


def test_tree_of_a_class_and_of_a_parameter(secret: str, rulebook: Rulebook) -> None:
    files = {
        "conf.py": "import json\nclass Config:\n    def __init__(self, path):\n        with open(path) as f:\n"
        "            self.data = json.load(f)\n",
        "store.py": f'{SDK}def make(cfg):\n    return {USE}(cfg["storage"]["conn"])\n',
        "main.py": "from conf import Config\nfrom store import make\nconfig = Config('a.json')\nmake(config.data)\n",
        "a.json": JSON.replace("@", secret),
        "a.example.json": JSON.replace("@", "<your connection string>"),
    }
    after, _ = migrated(files, rulebook)
    assert after["a.json"] == JSON.replace("conn", "account_url", 1).replace("@", DERIVED)
    assert after["a.example.json"] == JSON.replace("conn", "account_url", 1).replace("@", "<account-url>")
    assert 'cfg["storage"]["account_url"]' in after["store.py"]


def test_top_level_of_streamlit_is_the_environment(secret: str, rulebook: Rulebook) -> None:
    files = {
        "a.py": f'import streamlit as st\n{SDK}c = {USE}(st.secrets["CONN"])\n',
        "b.py": f'import os\n{SDK}c = {USE}(os.environ["CONN"])\n',
        ".streamlit/secrets.toml": f'CONN = "{secret}"\n',
        ".env": f"CONN={secret}\n",
    }
    after, _ = migrated(files, rulebook)
    assert after[".streamlit/secrets.toml"] == f'ACCOUNT_URL = "{DERIVED}"\n'
    assert after[".env"] == f"ACCOUNT_URL={DERIVED}\n"


def test_key_that_nothing_reads_any_more_goes(secret: str, rulebook: Rulebook) -> None:
    code = f'{SDK}{LOAD}c = BlobServiceClient("https://a.blob.core.windows.net", credential=cfg["storage"]["conn"])\n'
    after, _ = migrated({"app.py": code, "config.yaml": YAML.replace("@", secret[-30:])}, rulebook)
    assert after["config.yaml"] == "# head\nstorage:\n  # why\n  size: 3\nother: x\n"


def test_value_that_is_not_in_the_repository(rulebook: Rulebook) -> None:
    after, said = migrated({"app.py": f'{SDK}{LOAD}c = {USE}(cfg["storage"]["conn"])\n'}, rulebook)
    assert 'cfg["storage"]["account_url"]' in after["app.py"]
    assert any("storage.account_url of config.yaml holds the account URL" in text for text in said)


CODE = f'{LOAD}c = {USE}(cfg["storage"]["conn"])\n'
STOPS: dict[str, tuple[str, str, str]] = {
    "another read": ('print(cfg["storage"]["conn"])\n', YAML, "for something else"),
    "stored": ('cfg["storage"]["conn"] = "x"\n', YAML, "outside a plain read"),
    "unknown mapping with that key": ('def other(x): return x["conn"]\n', YAML, "outside a plain read"),
    "whole tree": ("print(cfg)\n", YAML, "the section storage is used as a whole at app.py:6"),
    "unpacked part": ('dict(**cfg["storage"])\n', YAML, "used as a whole"),
    "loop over a part": ('for key in cfg["storage"]: print(key)\n', YAML, "used as a whole"),
    "updated": ("cfg.update({})\n", YAML, "used as a whole"),
    "merge": ("", "base: &b\n  conn: '@'\nstorage:\n  <<: *b\n", "does not edit"),
    "flow style": ("", "storage: {conn: '@'}\n", "does not edit"),
    "block scalar": ("", "storage:\n  conn: >-\n    @\n", "does not edit"),
    "not readable": ("", "storage: [\n", "config.yaml is written in a way that mi-lint does not edit"),
    "taken from elsewhere": ("", "storage:\n  conn: ${CONN}\n", "put together from other values"),
    "interpolated": ("", f"{YAML}x: ${{storage.conn}}\n", "refers to conn"),
}


@pytest.mark.parametrize(("code", "text", "reason"), STOPS.values(), ids=STOPS)
def test_all_stays_where_the_tree_is_not_understood(
    code: str, text: str, reason: str, secret: str, rulebook: Rulebook
) -> None:
    files = {"app.py": SDK + CODE + code, "config.yaml": text.replace("@", secret)}
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after == files
    assert any(reason in text for text in said), said


UNKNOWN = {
    "argument of the program": "import sys, yaml\ncfg = yaml.safe_load(open(sys.argv[1]))\n",
    "response": "import json, requests\ncfg = json.loads(requests.get('https://a/config.json').text)\n",
    "one of two files": "import json\ncfg = json.load(open('a.json' if input() else 'b.json'))\n",
    "changed on the way": "import json\ncfg = json.load(open('a.json'), object_hook=print)\n",
}


@pytest.mark.parametrize("made", UNKNOWN.values(), ids=UNKNOWN)
def test_file_that_is_not_certain(made: str, secret: str, rulebook: Rulebook) -> None:
    files = {"app.py": f'{SDK}{made}c = {USE}(cfg["storage"]["conn"])\n', "a.json": JSON.replace("@", secret)}
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after == files
    assert any("which file it is loaded from is not certain" in text or "not followed" in text for text in said)


def test_files_of_one_name_in_several_folders(secret: str, rulebook: Rulebook) -> None:
    files = {"app.py": SDK + CODE, "config.yaml": YAML.replace("@", secret), "b/config.yaml": YAML.replace("@", secret)}
    assert migrated(files, rulebook)[0] == files
    _, said = migrated(files, rulebook, Applicability.REVIEW)
    wanted = "storage.conn of config.yaml stands in several folders (b/config.yaml, config.yaml)"
    assert f"{wanted}: see that this code reads all" in said


def test_template_of_the_file_is_named(secret: str, rulebook: Rulebook) -> None:
    template = "storage:\n  conn: {{ vault_conn }}\n"
    files = {"app.py": SDK + CODE, "config.yaml": YAML.replace("@", secret), "deploy/config.yaml.j2": template}
    _, said = migrated(files, rulebook, Applicability.REVIEW)
    assert any("is also named in deploy/config.yaml.j2:2" in text for text in said)


def test_text_that_speaks_of_the_file_is_named(secret: str, rulebook: Rulebook) -> None:
    files = {
        "app.py": SDK + CODE,
        "config.yaml": YAML.replace("@", secret),
        "README.md": "Put the connection string into `storage.conn`.\n",
        "other.yaml": "conn: x\n",
    }
    after, said = migrated(files, rulebook, Applicability.REVIEW)
    assert after["app.py"] != files["app.py"]
    assert "storage.conn of config.yaml is also named in README.md:1: change it there too" in said
