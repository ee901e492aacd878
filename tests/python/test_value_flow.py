"""Programs as people write them: how a value flows, what the move makes of it, and what is left to a person and why.

Each program is small but whole. `MOVED` has the files before and those that change; `MANUAL` what the user is told.
"""

from __future__ import annotations

import ast

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

Files = dict[str, str]

# Files before, those that change after, and what a person has to look at.
MOVED: dict[str, tuple[Files, Files, tuple[str, ...]]] = {
    "entry of a dict of another module": (
        {
            "conf.py": """\
import os
CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG
client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
print(CONFIG["container"])
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import CONFIG
client = BlobServiceClient(CONFIG["account_url"], credential=DefaultAzureCredential())
print(CONFIG["container"])
""",
            "conf.py": """\
import os
CONFIG = {"account_url": os.environ["STORAGE_ACCOUNT_URL"], "container": "c"}
""",
        },
        (),
    ),
    "entry of a nested dict": (
        {
            "conf.py": """\
import os
CONFIG = {
    "storage": {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"},
    "debug": True,
}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG
client = BlobServiceClient.from_connection_string(CONFIG["storage"]["connection_string"])
print(CONFIG["storage"]["container"], CONFIG["debug"])
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import CONFIG
client = BlobServiceClient(CONFIG["storage"]["account_url"], credential=DefaultAzureCredential())
print(CONFIG["storage"]["container"], CONFIG["debug"])
""",
            "conf.py": """\
import os
CONFIG = {
    "storage": {"account_url": os.environ["STORAGE_ACCOUNT_URL"], "container": "c"},
    "debug": True,
}
""",
        },
        (),
    ),
    "entry read by get": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
client = BlobServiceClient.from_connection_string(CONFIG.get("connection_string"))
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
CONFIG = {"account_url": os.environ["STORAGE_ACCOUNT_URL"], "container": "c"}
client = BlobServiceClient(CONFIG.get("account_url"), credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "entry through the module": (
        {
            "conf.py": """\
import os
CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"]}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
import conf
client = BlobServiceClient.from_connection_string(conf.CONFIG["connection_string"])
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
import conf
client = BlobServiceClient(conf.CONFIG["account_url"], credential=DefaultAzureCredential())
""",
            "conf.py": """\
import os
CONFIG = {"account_url": os.environ["STORAGE_ACCOUNT_URL"]}
""",
        },
        (),
    ),
    "entry whose presence is tested elsewhere": (
        {
            "conf.py": """\
import os

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
            "b.py": """\
from conf import CONFIG

if not CONFIG["connection_string"]:
    raise SystemExit("no storage")
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient(CONFIG["account_url"], credential=DefaultAzureCredential())
""",
            "b.py": """\
from conf import CONFIG

if not CONFIG["account_url"]:
    raise SystemExit("no storage")
""",
            "conf.py": """\
import os

CONFIG = {"account_url": os.environ["STORAGE_ACCOUNT_URL"], "container": "c"}
""",
        },
        (),
    ),
    "key in a dict of settings": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient

CONFIG = {
    "url": "https://acme.blob.core.windows.net",
    "key": os.environ["STORAGE_KEY"],
}
client = BlobServiceClient(CONFIG["url"], credential=CONFIG.get("key"))
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

CONFIG = {
    "url": "https://acme.blob.core.windows.net",
}
client = BlobServiceClient(CONFIG["url"], credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "entry whose new key is taken": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "account_url": "x"}
client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
print(CONFIG["account_url"])
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

CONFIG = {"account_url_setting": os.environ["STORAGE_ACCOUNT_URL"], "account_url": "x"}
client = BlobServiceClient(CONFIG["account_url_setting"], credential=DefaultAzureCredential())
print(CONFIG["account_url"])
""",
        },
        (),
    ),
    "presence in a conditional expression": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
import sys
x = os.environ.get("A_CONNECTION_STRING")
client = BlobServiceClient.from_connection_string(
    x if x else os.environ["B_CONNECTION_STRING"]
)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
import sys
account_url = os.environ.get("A_ACCOUNT_URL")
client = BlobServiceClient(
    account_url if account_url else os.environ["B_ACCOUNT_URL"],
    credential=DefaultAzureCredential()
)
""",
        },
        (),
    ),
    "optional parameter that falls back to a setting": (
        {
            "lib.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, connection_string: str | None = None):
        connection_string = connection_string or os.environ["STORAGE_CONNECTION_STRING"]
        self.client = BlobServiceClient.from_connection_string(connection_string)
""",
            "app.py": """\
from lib import Store
store = Store()
""",
        },
        {
            "lib.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, account_url: str | None = None):
        account_url = account_url or os.environ["STORAGE_ACCOUNT_URL"]
        self.client = BlobServiceClient(account_url, credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "optional parameter that is filled in": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
def make(conn_str=None):
    if conn_str is None:
        conn_str = os.environ["STORAGE_CONNECTION_STRING"]
    return BlobServiceClient.from_connection_string(conn_str)


make()
make(os.environ["B_CONNECTION_STRING"])
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
def make(account_url=None):
    if account_url is None:
        account_url = os.environ["STORAGE_ACCOUNT_URL"]
    return BlobServiceClient(account_url, credential=DefaultAzureCredential())


make()
make(os.environ["B_ACCOUNT_URL"])
""",
        },
        (),
    ),
    "optional key that falls back to a setting": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
def make(key=None):
    key = key or os.environ["STORAGE_KEY"]
    return BlobServiceClient("https://a.blob.core.windows.net", credential=key)


make()
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
def make(key=None):
    key = key or os.environ["STORAGE_KEY"]
    return BlobServiceClient("https://a.blob.core.windows.net", credential=DefaultAzureCredential())


make()
""",
        },
        (
            "STORAGE_KEY is still named at app.py:5: remove it there when nothing needs it",
            "the secret was optional here: without one the call was anonymous, now it always signs in",
        ),
    ),
    "import that may fail": (
        {
            "app.py": """\
import os
try:
    from azure.storage.blob import BlobServiceClient
except ImportError:
    BlobServiceClient = None
client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
        },
        {
            "app.py": """\
import os
try:
    from azure.identity import DefaultAzureCredential
    from azure.storage.blob import BlobServiceClient
except ImportError:
    BlobServiceClient = None
client = BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "import for types only": (
        {
            "app.py": """\
from __future__ import annotations
import os
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient


def make() -> BlobServiceClient:
    from azure.storage.blob import BlobServiceClient
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
        },
        {
            "app.py": """\
from __future__ import annotations
import os
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient


def make() -> BlobServiceClient:
    from azure.identity import DefaultAzureCredential
    from azure.storage.blob import BlobServiceClient
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "import that may fail inside a function": (
        {
            "app.py": """\
import os


def make():
    try:
        from azure.storage.blob import BlobServiceClient
    except ImportError as error:
        raise RuntimeError("pip install azure-storage-blob") from error
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
        },
        {
            "app.py": """\
import os


def make():
    try:
        from azure.identity import DefaultAzureCredential
        from azure.storage.blob import BlobServiceClient
    except ImportError as error:
        raise RuntimeError("pip install azure-storage-blob") from error
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "function that two modules call": (
        {
            "lib.py": """\
from azure.storage.blob import BlobServiceClient


def make(conn_str, container="c"):
    return BlobServiceClient.from_connection_string(conn_str).get_container_client(container)
""",
            "a.py": """\
import os
from lib import make
x = make(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "b.py": """\
import os
import lib
y = lib.make(conn_str=os.environ["STORAGE_CONNECTION_STRING"], container="d")
""",
        },
        {
            "a.py": """\
import os
from lib import make
x = make(os.environ["STORAGE_ACCOUNT_URL"])
""",
            "b.py": """\
import os
import lib
y = lib.make(account_url=os.environ["STORAGE_ACCOUNT_URL"], container="d")
""",
            "lib.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make(account_url, container="c"):
    return BlobServiceClient(account_url, credential=DefaultAzureCredential()).get_container_client(container)
""",
        },
        (),
    ),
    "constructor that keeps it": (
        {
            "store.py": """\
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, connection_string: str, container: str):
        self.connection_string = connection_string
        self.container = container

    def client(self):
        return BlobServiceClient.from_connection_string(self.connection_string)
""",
            "main.py": """\
import os
from store import Store
store = Store(connection_string=os.environ["STORAGE_CONNECTION_STRING"], container="c")
""",
        },
        {
            "main.py": """\
import os
from store import Store
store = Store(account_url=os.environ["STORAGE_ACCOUNT_URL"], container="c")
""",
            "store.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, account_url: str, container: str):
        self.account_url = account_url
        self.container = container

    def client(self):
        return BlobServiceClient(self.account_url, credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "cached getter of settings": (
        {
            "conf.py": """\
from functools import lru_cache
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    storage_connection_string: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import get_settings

client = BlobServiceClient.from_connection_string(get_settings().storage_connection_string)
""",
        },
        {
            "app.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import get_settings

client = BlobServiceClient(get_settings().storage_account_url, credential=DefaultAzureCredential())
""",
            "conf.py": """\
from functools import lru_cache
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    storage_account_url: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
""",
        },
        (),
    ),
    "settings by dependency injection": (
        {
            "conf.py": """\
from functools import lru_cache
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    storage_connection_string: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
""",
            "app.py": """\
from typing import Annotated
from fastapi import Depends, FastAPI
from azure.storage.blob import BlobServiceClient
from conf import Settings, get_settings

app = FastAPI()


def blob_client(settings: Annotated[Settings, Depends(get_settings)]) -> BlobServiceClient:
    return BlobServiceClient.from_connection_string(settings.storage_connection_string)


@app.get("/")
def index(client: Annotated[BlobServiceClient, Depends(blob_client)]):
    return [c.name for c in client.list_containers()]
""",
        },
        {
            "app.py": """\
from typing import Annotated
from fastapi import Depends, FastAPI
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import Settings, get_settings

app = FastAPI()


def blob_client(settings: Annotated[Settings, Depends(get_settings)]) -> BlobServiceClient:
    return BlobServiceClient(settings.storage_account_url, credential=DefaultAzureCredential())


@app.get("/")
def index(client: Annotated[BlobServiceClient, Depends(blob_client)]):
    return [c.name for c in client.list_containers()]
""",
            "conf.py": """\
from functools import lru_cache
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    storage_account_url: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
""",
        },
        (),
    ),
    "client that is made once": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient

_client = None
CONN_STR = os.environ["STORAGE_CONNECTION_STRING"]


def get():
    global _client
    if not _client:
        conn_str = CONN_STR
        if not conn_str:
            raise ValueError("no connection string")
        _client = BlobServiceClient.from_connection_string(conn_str)
    return _client
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

_client = None
ACCOUNT_URL = os.environ["STORAGE_ACCOUNT_URL"]


def get():
    global _client
    if not _client:
        account_url = ACCOUNT_URL
        if not account_url:
            raise ValueError("no connection string")
        _client = BlobServiceClient(account_url, credential=DefaultAzureCredential())
    return _client
""",
        },
        (),
    ),
    "base class that is given it": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Base:
    def __init__(self, conn_str):
        self.client = BlobServiceClient.from_connection_string(conn_str)


class Mine(Base):
    def __init__(self):
        super().__init__(os.environ["STORAGE_CONNECTION_STRING"])


Mine()
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Base:
    def __init__(self, account_url):
        self.client = BlobServiceClient(account_url, credential=DefaultAzureCredential())


class Mine(Base):
    def __init__(self):
        super().__init__(os.environ["STORAGE_ACCOUNT_URL"])


Mine()
""",
        },
        (),
    ),
    "context manager that makes the client": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from contextlib import contextmanager


@contextmanager
def client():
    service = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
    try:
        yield service
    finally:
        service.close()


with client() as c:
    print(c.account_name)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from contextlib import contextmanager


@contextmanager
def client():
    service = BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
    try:
        yield service
    finally:
        service.close()


with client() as c:
    print(c.account_name)
""",
        },
        (),
    ),
    "async context manager that makes the client": (
        {
            "app.py": """\
import os
from contextlib import asynccontextmanager
from azure.storage.blob.aio import BlobServiceClient


@asynccontextmanager
async def client():
    async with BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"]) as service:
        yield service
""",
        },
        {
            "app.py": """\
import os
from contextlib import asynccontextmanager
from azure.identity.aio import DefaultAzureCredential
from azure.storage.blob.aio import BlobServiceClient


@asynccontextmanager
async def client():
    credential = DefaultAzureCredential()
    async with credential, BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=credential) as service:
        yield service
""",
        },
        (),
    ),
    "factory that a test patches": (
        {
            "pkg/__init__.py": """\
""",
            "pkg/mod.py": """\
import os
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "tests/test_mod.py": """\
from unittest import mock
from pkg import mod


@mock.patch("pkg.mod.BlobServiceClient.from_connection_string")
def test_make(factory):
    mod.make()
    factory.assert_called_once()
""",
        },
        {
            "pkg/mod.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (
            (
                "`BlobServiceClient.from_connection_string`, which the code no longer calls, is replaced by test"
                " code at tests/test_mod.py:5: replace `BlobServiceClient` there"
            ),
        ),
    ),
    "setting that a test sets": (
        {
            "pkg/__init__.py": """\
""",
            "pkg/mod.py": """\
import os
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "tests/test_mod.py": """\
from pkg import mod


def test_make(monkeypatch):
    monkeypatch.setenv("STORAGE_CONNECTION_STRING", "x")
    mod.make()
""",
        },
        {
            "pkg/mod.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
            "tests/test_mod.py": """\
from pkg import mod


def test_make(monkeypatch):
    monkeypatch.setenv("STORAGE_ACCOUNT_URL", "x")
    mod.make()
""",
        },
        (("STORAGE_CONNECTION_STRING is also named in tests/test_mod.py:5, outside a plain read of the setting"),),
    ),
    "factory that a test patches as an object": (
        {
            "pkg/__init__.py": """\
""",
            "pkg/mod.py": """\
import os
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "tests/test_mod.py": """\
from unittest.mock import patch
from pkg import mod


def test_make():
    with patch.object(mod.BlobServiceClient, "from_connection_string") as factory:
        mod.make()
""",
        },
        {
            "pkg/mod.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (
            (
                "`BlobServiceClient.from_connection_string`, which the code no longer calls, is replaced by test"
                " code at tests/test_mod.py:6: replace `BlobServiceClient` there"
            ),
        ),
    ),
    "class that a test patches": (
        {
            "pkg/__init__.py": """\
""",
            "pkg/mod.py": """\
import os
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "tests/test_mod.py": """\
from unittest.mock import patch
from pkg import mod


@patch("pkg.mod.BlobServiceClient")
def test_make(client):
    mod.make()
    client.from_connection_string.assert_called_once()
""",
        },
        {
            "pkg/mod.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make():
    return BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (
            (
                "`BlobServiceClient.from_connection_string`, which the code no longer calls, is replaced by test"
                " code at tests/test_mod.py:8: replace `BlobServiceClient` there"
            ),
        ),
    ),
    "credential that a test patches": (
        {
            "pkg/__init__.py": """\
""",
            "pkg/mod.py": """\
import os
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobServiceClient


def make():
    secret = os.environ["AZURE_CLIENT_SECRET"]
    credential = ClientSecretCredential(os.environ["T"], os.environ["C"], secret)
    return BlobServiceClient(os.environ["STORAGE_URL"], credential=credential)
""",
            "tests/test_mod.py": """\
from unittest.mock import patch
from pkg import mod


@patch("pkg.mod.ClientSecretCredential")
def test_make(credential):
    mod.make()
""",
        },
        {
            "pkg/mod.py": """\
import os
from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def make():
    credential = DefaultAzureCredential()
    return BlobServiceClient(os.environ["STORAGE_URL"], credential=credential)
""",
        },
        (
            (
                "A managed identity lives in the tenant of its own subscription: a secret for another tenant has"
                " no direct replacement but a federated credential on the app registration."
            ),
            (
                "`ClientSecretCredential`, which the code no longer calls, is replaced by test code at "
                "tests/test_mod.py:5"
            ),
        ),
    ),
    "class that makes itself in a class method": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, conn_str):
        self.client = BlobServiceClient.from_connection_string(conn_str)

    @classmethod
    def other(cls):
        return cls(os.environ["B_CONNECTION_STRING"])


Store(os.environ["STORAGE_CONNECTION_STRING"])
Store.other()
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, account_url):
        self.client = BlobServiceClient(account_url, credential=DefaultAzureCredential())

    @classmethod
    def other(cls):
        return cls(os.environ["B_ACCOUNT_URL"])


Store(os.environ["STORAGE_ACCOUNT_URL"])
Store.other()
""",
        },
        (),
    ),
    "object that makes another of its kind": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, conn_str):
        self.client = BlobServiceClient.from_connection_string(conn_str)

    def again(self):
        return type(self)(os.environ["B_CONNECTION_STRING"])


Store(os.environ["STORAGE_CONNECTION_STRING"])
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, account_url):
        self.client = BlobServiceClient(account_url, credential=DefaultAzureCredential())

    def again(self):
        return type(self)(os.environ["B_ACCOUNT_URL"])


Store(os.environ["STORAGE_ACCOUNT_URL"])
""",
        },
        (),
    ),
    "field of a dataclass": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    conn_str: str
    container: str = "c"


config = Config(conn_str=os.environ["STORAGE_CONNECTION_STRING"])
client = BlobServiceClient.from_connection_string(config.conn_str)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    account_url: str
    container: str = "c"


config = Config(account_url=os.environ["STORAGE_ACCOUNT_URL"])
client = BlobServiceClient(config.account_url, credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "dataclass that is passed around": (
        {
            "conf.py": """\
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    connection_string: str
    container: str


def load() -> Config:
    return Config(connection_string=os.environ["STORAGE_CONNECTION_STRING"], container="c")
""",
            "store.py": """\
from azure.storage.blob import BlobServiceClient
from conf import Config


class Store:
    def __init__(self, config: Config):
        self.client = BlobServiceClient.from_connection_string(config.connection_string)
        self.container = config.container
""",
            "main.py": """\
from conf import load
from store import Store
store = Store(load())
""",
        },
        {
            "conf.py": """\
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    account_url: str
    container: str


def load() -> Config:
    return Config(account_url=os.environ["STORAGE_ACCOUNT_URL"], container="c")
""",
            "store.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from conf import Config


class Store:
    def __init__(self, config: Config):
        self.client = BlobServiceClient(config.account_url, credential=DefaultAzureCredential())
        self.container = config.container
""",
        },
        (),
    ),
    "key by position in a dataclass": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    url: str
    key: str


config = Config("https://acme.blob.core.windows.net", os.environ["STORAGE_KEY"])
client = BlobServiceClient(config.url, credential=config.key)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    url: str
    key: str


config = Config("https://acme.blob.core.windows.net", os.environ["STORAGE_KEY"])
client = BlobServiceClient(config.url, credential=DefaultAzureCredential())
""",
        },
        ("STORAGE_KEY is still named at app.py:10: remove it there when nothing needs it",),
    ),
    "key by keyword in a dataclass": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    url: str
    key: str


config = Config(url="https://acme.blob.core.windows.net", key=os.environ["STORAGE_KEY"])
client = BlobServiceClient(config.url, credential=config.key)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    url: str
    key: str


config = Config(url="https://acme.blob.core.windows.net", key=os.environ["STORAGE_KEY"])
client = BlobServiceClient(config.url, credential=DefaultAzureCredential())
""",
        },
        ("STORAGE_KEY is still named at app.py:10: remove it there when nothing needs it",),
    ),
    "field with a default that one place overrides": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    conn_str: str = os.environ["STORAGE_CONNECTION_STRING"]


client = BlobServiceClient.from_connection_string(Config().conn_str)
other = BlobServiceClient.from_connection_string(Config(conn_str=os.environ["B_CONNECTION_STRING"]).conn_str)
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from dataclasses import dataclass


@dataclass
class Config:
    account_url: str = os.environ["STORAGE_ACCOUNT_URL"]


credential = DefaultAzureCredential()
client = BlobServiceClient(Config().account_url, credential=credential)
other = BlobServiceClient(Config(account_url=os.environ["B_ACCOUNT_URL"]).account_url, credential=credential)
""",
        },
        (),
    ),
    "setting of Django": (
        {
            "proj/settings.py": """\
import os
STORAGE_CONNECTION_STRING = os.environ["STORAGE_CONNECTION_STRING"]
DEBUG = False
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
        },
        {
            "app/views.py": """\
from django.conf import settings
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient(settings.STORAGE_ACCOUNT_URL, credential=DefaultAzureCredential())
""",
            "proj/settings.py": """\
import os
STORAGE_ACCOUNT_URL = os.environ["STORAGE_ACCOUNT_URL"]
DEBUG = False
""",
        },
        (),
    ),
    "key in a setting of Django": (
        {
            "proj/settings.py": """\
import os

STORAGE_KEY = os.environ["STORAGE_KEY"]
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient("https://acme.blob.core.windows.net", credential=settings.STORAGE_KEY)
""",
            "app/b.py": """\
from django.conf import settings

print(settings.STORAGE_KEY)
""",
        },
        {
            "app/views.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient("https://acme.blob.core.windows.net", credential=DefaultAzureCredential())
""",
        },
        ("STORAGE_KEY is still named at proj/settings.py:3: remove it there when nothing needs it",),
    ),
    "attribute that a subclass sets for its base": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Base:
    def __init__(self):
        self.client = BlobServiceClient.from_connection_string(self.conn_str)


class Mine(Base):
    def __init__(self):
        self.conn_str = os.environ["STORAGE_CONNECTION_STRING"]
        super().__init__()


Mine()
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Base:
    def __init__(self):
        self.client = BlobServiceClient(self.account_url, credential=DefaultAzureCredential())


class Mine(Base):
    def __init__(self):
        self.account_url = os.environ["STORAGE_ACCOUNT_URL"]
        super().__init__()


Mine()
""",
        },
        (),
    ),
    "attribute that each subclass sets": (
        {
            "base.py": """\
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)
""",
            "a.py": """\
import os
from base import Base


class A(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.conn_str = os.environ["B_CONNECTION_STRING"]
""",
        },
        {
            "a.py": """\
import os
from base import Base


class A(Base):
    account_url = os.environ["STORAGE_ACCOUNT_URL"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.account_url = os.environ["B_ACCOUNT_URL"]
""",
            "base.py": """\
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient(self.account_url, credential=DefaultAzureCredential())
""",
        },
        (),
    ),
    "secret of a service principal left behind": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
""",
            ".env": """\
AZURE_CLIENT_SECRET=<your-secret>
""",
        },
        {
            "app.py": """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
client = BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential())
""",
        },
        (".env:1 sets AZURE_CLIENT_SECRET, which comes before the managed identity: remove it there",),
    ),
}

# Files, and why they stay as they are.
MANUAL: dict[str, tuple[Files, str]] = {
    "dict that is printed": (
        {
            "conf.py": """\
import os

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
            "b.py": """\
from conf import CONFIG

print(CONFIG)
""",
        },
        "its mapping `CONFIG` is used at b.py:3 in a way that may change it",
    ),
    "dict that is read by a computed key": (
        {
            "conf.py": """\
import os

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
            "b.py": """\
from conf import CONFIG

for key in ("connection_string", "container"):
    assert CONFIG[key]
""",
        },
        "`CONFIG[connection_string]` may also be used at b.py:4, which needs the whole connection string",
    ),
    "dict that a test patches": (
        {
            "conf.py": """\
import os

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
            "test_app.py": """\
from unittest import mock

with mock.patch.dict("conf.CONFIG", {"connection_string": "x"}):
    import app
""",
        },
        "`CONFIG[connection_string]` is also named in a string at test_app.py:3, which may look it up",
    ),
    "entry with another use": (
        {
            "conf.py": """\
import os

CONFIG = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"], "container": "c"}
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import CONFIG

client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
            "b.py": """\
from conf import CONFIG

print(CONFIG["connection_string"].split(";"))
""",
        },
        "`CONFIG[connection_string]` is also used at b.py:3, which needs the whole connection string",
    ),
    "dict with declared keys": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from typing import TypedDict


class Conf(TypedDict):
    connection_string: str


CONFIG: Conf = {"connection_string": os.environ["STORAGE_CONNECTION_STRING"]}
client = BlobServiceClient.from_connection_string(CONFIG["connection_string"])
""",
        },
        ("`CONFIG[connection_string]` may also be used at app.py:1, which needs the whole connection string"),
    ),
    "inner dict that is passed on": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient

CONFIG = {"storage": {"connection_string": os.environ["STORAGE_CONNECTION_STRING"]}}
client = BlobServiceClient.from_connection_string(CONFIG["storage"]["connection_string"])
log(CONFIG["storage"])
""",
        },
        "its mapping `CONFIG` is used at app.py:6 in a way that may change it",
    ),
    "argument of the command line or a setting": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--conn")
args = parser.parse_args()
client = BlobServiceClient.from_connection_string(args.conn or os.environ["C_CONNECTION_STRING"])
""",
        },
        "`args.conn` belongs to an object that mi-lint does not follow",
    ),
    "conditional expression that chooses how to sign in": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from azure.identity import DefaultAzureCredential
conn = os.environ.get("A_CONNECTION_STRING")
client = (
    BlobServiceClient.from_connection_string(conn)
    if conn
    else BlobServiceClient(os.environ["URL"], credential=DefaultAzureCredential())
)
""",
        },
        "the code can sign in with an identity already, at app.py:8: remove the branch with the secret",
    ),
    "function bound by partial": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from functools import partial


def make(conn_str):
    return BlobServiceClient.from_connection_string(conn_str)


factory = partial(make, os.environ["STORAGE_CONNECTION_STRING"])
client = factory()
""",
        },
        "`conn_str` is a parameter of `make`, which is passed around at app.py:10",
    ),
    "one of two implementations of an interface": (
        {
            "base.py": """\
from abc import ABC, abstractmethod


class Storage(ABC):
    @abstractmethod
    def connect(self, connection_string: str): ...
""",
            "azure_.py": """\
from azure.storage.blob import BlobServiceClient
from base import Storage


class AzureStorage(Storage):
    def connect(self, connection_string: str):
        return BlobServiceClient.from_connection_string(connection_string)
""",
            "local.py": """\
from base import Storage


class LocalStorage(Storage):
    def connect(self, connection_string: str):
        return open(connection_string)
""",
            "main.py": """\
import os
from azure_ import AzureStorage
AzureStorage().connect(os.environ["STORAGE_CONNECTION_STRING"])
""",
        },
        "`connection_string` is a parameter of `connect`, which a class of the same family defines too",
    ),
    "factory given to a container of providers": (
        {
            "app.py": """\
from dependency_injector import containers, providers
from azure.storage.blob import BlobServiceClient


class Container(containers.DeclarativeContainer):
    config = providers.Configuration()
    blob = providers.Singleton(BlobServiceClient.from_connection_string, conn_str=config.storage.connection_string)
""",
        },
        "the factory is passed to other code instead of being called here",
    ),
    "function that chooses how to sign in": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from azure.identity import DefaultAzureCredential


def make(auth_type):
    if auth_type == "key":
        return BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
    return BlobServiceClient(os.environ["STORAGE_URL"], credential=DefaultAzureCredential())
""",
        },
        "the code can sign in with an identity already, at app.py:9: remove the branch with the secret",
    ),
    "branches that choose a credential": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from azure.identity import DefaultAzureCredential

if os.environ["AUTH"] == "key":
    credential = os.environ["STORAGE_KEY"]
else:
    credential = DefaultAzureCredential()
client = BlobServiceClient(os.environ["STORAGE_URL"], credential=credential)
""",
        },
        "the call already takes either a key or a token: remove the key branch",
    ),
    "branches that make the client": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from azure.identity import DefaultAzureCredential

if os.environ["AUTH"] == "key":
    client = BlobServiceClient(os.environ["STORAGE_URL"], credential=os.environ["STORAGE_KEY"])
else:
    client = BlobServiceClient(os.environ["STORAGE_URL"], credential=DefaultAzureCredential())
""",
        },
        "the code can sign in with an identity already, at app.py:8: remove the branch with the secret",
    ),
    "a branch whose credential a function of the repository makes": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from signing import get_credential

if os.environ["AUTH"] == "key":
    client = BlobServiceClient(os.environ["STORAGE_URL"], credential=os.environ["STORAGE_KEY"])
else:
    client = BlobServiceClient(os.environ["STORAGE_URL"], credential=get_credential(os.environ["CLIENT_ID"]))
""",
            "signing.py": """\
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential


def get_credential(client_id=None):
    if client_id:
        return ManagedIdentityCredential(client_id=client_id)
    return DefaultAzureCredential()
""",
        },
        "the code can sign in with an identity already, at app.py:8: remove the branch with the secret",
    ),
    "conditional expression with a key in one branch": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from azure.identity import DefaultAzureCredential

client = (
    BlobServiceClient(os.environ["STORAGE_URL"], credential=os.environ["STORAGE_KEY"])
    if os.environ.get("LOCAL")
    else BlobServiceClient(os.environ["STORAGE_URL"], credential=DefaultAzureCredential())
)
""",
        },
        "the code can sign in with an identity already, at app.py:8: remove the branch with the secret",
    ),
    "class that is chosen": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Store:
    def __init__(self, conn_str):
        self.client = BlobServiceClient.from_connection_string(conn_str)


Store(os.environ["STORAGE_CONNECTION_STRING"])
kind = Store if os.environ.get("X") else None
kind(os.environ["B_CONNECTION_STRING"])
""",
        },
        "`conn_str` is a parameter of `Store`, which is passed around at app.py:11",
    ),
    "field of a named tuple": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from typing import NamedTuple


class Config(NamedTuple):
    conn_str: str
    container: str


config = Config(os.environ["STORAGE_CONNECTION_STRING"], "c")
client = BlobServiceClient.from_connection_string(config.conn_str)
""",
        },
        "`conn_str` is a field that mi-lint does not follow",
    ),
    "dataclass as a dict": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import asdict, dataclass, replace


@dataclass
class Config:
    conn_str: str
    container: str = "c"


config = Config(os.environ["STORAGE_CONNECTION_STRING"])
client = BlobServiceClient.from_connection_string(config.conn_str)
print(asdict(config))
""",
        },
        "`conn_str` is a field of `Config`, and app.py:14 may reach fields without their names",
    ),
    "dataclass made from a mapping": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import asdict, dataclass, replace


@dataclass
class Config:
    conn_str: str
    container: str = "c"


config = Config(os.environ["STORAGE_CONNECTION_STRING"])
client = BlobServiceClient.from_connection_string(config.conn_str)
other = Config(**load())
""",
        },
        "`conn_str` is a field of `Config`, and a call unpacks `**kwargs`",
    ),
    "dataclass given to other code": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import asdict, dataclass, replace


@dataclass
class Config:
    conn_str: str
    container: str = "c"


config = Config(os.environ["STORAGE_CONNECTION_STRING"])
client = BlobServiceClient.from_connection_string(config.conn_str)
parse(Config)
""",
        },
        "`conn_str` is a field of `Config`, which is passed around at app.py:14",
    ),
    "field set from outside": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
from dataclasses import asdict, dataclass, replace


@dataclass
class Config:
    conn_str: str
    container: str = "c"


config = Config(os.environ["STORAGE_CONNECTION_STRING"])
client = BlobServiceClient.from_connection_string(config.conn_str)
config.conn_str = input()
""",
        },
        "`conn_str` may also be used at app.py:14, which needs the whole connection string",
    ),
    "dataclass read by a function that does not know its class": (
        {
            "conf.py": """\
import os
from dataclasses import dataclass


@dataclass
class Config:
    conn_str: str


config = Config(os.environ["STORAGE_CONNECTION_STRING"])
""",
            "store.py": """\
def show(config):
    return config.conn_str
""",
            "app.py": """\
from azure.storage.blob import BlobServiceClient
from conf import config
from store import show

client = BlobServiceClient.from_connection_string(config.conn_str)
show(config)
""",
        },
        "`conn_str` may also be used at store.py:2, which needs the whole connection string",
    ),
    "connection string in unpacked options": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


def make():
    options = {"conn_str": os.environ["STORAGE_CONNECTION_STRING"], "retry_total": 3}
    return BlobServiceClient.from_connection_string(**options)
""",
        },
        "it unpacks `conn_str` from a mapping: pass `conn_str=` in the call itself",
    ),
    "key in an unpacked display": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
client = BlobServiceClient("https://a.blob.core.windows.net", **{"credential": os.environ["STORAGE_KEY"]})
""",
        },
        "it unpacks `credential` from a mapping: pass `credential=` in the call itself",
    ),
    "key in unpacked options": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
options = {"account_url": "https://a.blob.core.windows.net", "credential": os.environ["STORAGE_KEY"]}
client = BlobServiceClient(**options)
""",
        },
        "it unpacks `credential` from a mapping: pass `credential=` in the call itself",
    ),
    "unpacked options that are changed": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
options = {"conn_str": os.environ["STORAGE_CONNECTION_STRING"]}
options["retry_total"] = 3
client = BlobServiceClient.from_connection_string(**options)
""",
        },
        "it unpacks `conn_str` from a mapping: pass `conn_str=` in the call itself",
    ),
    "unpacked options made by dict": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
options = dict(conn_str=os.environ["STORAGE_CONNECTION_STRING"], retry_total=3)
client = BlobServiceClient.from_connection_string(**options)
""",
        },
        "it unpacks `conn_str` from a mapping: pass `conn_str=` in the call itself",
    ),
    "key in unpacked options beside the url": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient
options = {"credential": os.environ["STORAGE_KEY"], "retry_total": 3}
client = BlobServiceClient("https://a.blob.core.windows.net", **options)
""",
        },
        "it unpacks `credential` from a mapping: pass `credential=` in the call itself",
    ),
    "setting of Django that a test overrides": (
        {
            "proj/settings.py": """\
import os
STORAGE_CONNECTION_STRING = os.environ["STORAGE_CONNECTION_STRING"]
DEBUG = False
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
            "app/test_views.py": """\
from django.test import override_settings


@override_settings(STORAGE_CONNECTION_STRING="x")
def test_view():
    pass
""",
        },
        (
            "`STORAGE_CONNECTION_STRING` may also be used at app/test_views.py:4, which needs the whole "
            "connection string"
        ),
    ),
    "setting of Django in two modules": (
        {
            "proj/settings.py": """\
import os
STORAGE_CONNECTION_STRING = os.environ["STORAGE_CONNECTION_STRING"]
DEBUG = False
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
            "proj/local.py": """\
from .settings import *

STORAGE_CONNECTION_STRING = "x"
""",
        },
        ("`STORAGE_CONNECTION_STRING` is a setting of Django, and proj/local.py defines STORAGE_CONNECTION_STRING too"),
    ),
    "setting of Django by name": (
        {
            "proj/settings.py": """\
import os
STORAGE_CONNECTION_STRING = os.environ["STORAGE_CONNECTION_STRING"]
DEBUG = False
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
            "app/b.py": """\
from django.conf import settings

print(getattr(settings, "STORAGE_CONNECTION_STRING"))
""",
        },
        ("`STORAGE_CONNECTION_STRING` may also be used at app/b.py:3, which needs the whole connection string"),
    ),
    "setting of Django with another use": (
        {
            "proj/settings.py": """\
import os
STORAGE_CONNECTION_STRING = os.environ["STORAGE_CONNECTION_STRING"]
DEBUG = False
""",
            "proj/__init__.py": """\
""",
            "manage.py": """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
""",
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
            "app/b.py": """\
from django.conf import settings

print(settings.STORAGE_CONNECTION_STRING)
""",
        },
        "`STORAGE_CONNECTION_STRING` is also used at app/b.py:3, which needs the whole connection string",
    ),
    "setting of Django from elsewhere": (
        {
            "app/views.py": """\
from django.conf import settings
from azure.storage.blob import BlobServiceClient


def view(request):
    return BlobServiceClient.from_connection_string(settings.STORAGE_CONNECTION_STRING)
""",
        },
        "`STORAGE_CONNECTION_STRING` is a setting of Django, and which module holds it is not certain",
    ),
    "configuration of a Flask application": (
        {
            "app.py": """\
import os
from flask import Flask, current_app
from azure.storage.blob import BlobServiceClient

app = Flask(__name__)
app.config.from_pyfile("settings.cfg")


@app.route("/")
def index():
    return BlobServiceClient.from_connection_string(current_app.config["STORAGE_CONNECTION_STRING"]).account_name
""",
        },
        (
            "it is an entry of the application's configuration, which app.py:6 may fill or hand on: "
            "read the setting itself instead"
        ),
    ),
    "attribute that one subclass sets to something unknown": (
        {
            "base.py": """\
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)
""",
            "a.py": """\
import os
from base import Base


class A(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.conn_str = os.environ["B_CONNECTION_STRING"]
""",
            "c.py": """\
from base import Base


class C(Base):
    conn_str = input()
""",
        },
        "it is the result of `input(...)`, which mi-lint does not follow",
    ),
    "attribute that code beside the classes reads": (
        {
            "base.py": """\
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)
""",
            "a.py": """\
import os
from base import Base


class A(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.conn_str = os.environ["B_CONNECTION_STRING"]
""",
            "c.py": """\
from base import Base


def show(thing: object):
    print(thing.conn_str, Base)
""",
        },
        "`conn_str` may also be used at c.py:5, which needs the whole connection string",
    ),
    "attribute that the base declares only": (
        {
            "app.py": """\
import os
from azure.storage.blob import BlobServiceClient


class Base:
    conn_str: str

    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)


class Mine(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]


Mine().client()
""",
        },
        "`conn_str` is a field that mi-lint does not follow",
    ),
    "attribute that one subclass has from a mixin": (
        {
            "base.py": """\
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)
""",
            "a.py": """\
import os
from base import Base


class A(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.conn_str = os.environ["B_CONNECTION_STRING"]
""",
            "c.py": """\
import os
from base import Base


class Mixin:
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]


class C(Base, Mixin):
    pass
""",
        },
        "`C` has `conn_str` from another base class",
    ),
    "attribute that one subclass does not set": (
        {
            "base.py": """\
from azure.storage.blob import BlobServiceClient


class Base:
    def client(self):
        return BlobServiceClient.from_connection_string(self.conn_str)
""",
            "a.py": """\
import os
from base import Base


class A(Base):
    conn_str = os.environ["STORAGE_CONNECTION_STRING"]
""",
            "b.py": """\
import os
from base import Base


class B(Base):
    def __init__(self):
        self.conn_str = os.environ["B_CONNECTION_STRING"]
""",
            "c.py": """\
from base import Base


class C(Base):
    pass
""",
        },
        "`C` has no plain assignment of `conn_str`",
    ),
}


def migrated(files: Files, rulebook: Rulebook) -> tuple[list[tuple[Applicability, tuple[str, ...]]], Files]:
    """What is said of each finding, and the files that change."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.errors == []
    changes = change_set(analysis, Applicability.REVIEW)
    said = [(finding.applicability, finding.reasons) for finding in analysis.findings]
    return said, {path: change.after.decode() for path, change in changes.files.items()}


@pytest.mark.parametrize("name", MOVED)
def test_moved(name: str, rulebook: Rulebook) -> None:
    before, after, notes = MOVED[name]
    said, changed = migrated(before, rulebook)
    assert changed == after
    for path, text in changed.items():
        if path.endswith(".py"):
            ast.parse(text)
    level = Applicability.REVIEW if notes else Applicability.SAFE
    assert {applicability for applicability, _ in said} == {level}
    assert {reason for _, reasons in said for reason in reasons} == set(notes)
    _, again = migrated({**before, **changed}, rulebook)
    assert again == {}


@pytest.mark.parametrize("name", MANUAL)
def test_manual(name: str, rulebook: Rulebook) -> None:
    files, told = MANUAL[name]
    said, changed = migrated(files, rulebook)
    assert changed == {}
    assert [applicability for applicability, _ in said] == [Applicability.MANUAL] * len(said) != []
    assert any(told in reasons for _, reasons in said)


REUSED = """\
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

credential = {}
client = BlobServiceClient(os.environ["STORAGE_URL"], credential=os.environ["STORAGE_KEY"])
"""


@pytest.mark.parametrize(
    ("made", "notes"),
    [
        (
            "DefaultAzureCredential()",
            ("`credential` at app.py:5 has no client id: with a user-assigned identity, give it one",),
        ),
        ('DefaultAzureCredential(managed_identity_client_id="x")', ()),
    ],
)
def test_user_assigned_identity_and_a_credential_that_is_there(
    made: str, notes: tuple[str, ...], rulebook: Rulebook
) -> None:
    files = {"app.py": REUSED.format(made).encode()}
    analysis = analyse(files, rulebook, Options(identity="user", client_id_setting="IDENTITY_CLIENT_ID"))
    assert [finding.reasons for finding in analysis.findings] == [notes]
    assert analyse(files, rulebook, Options()).findings[0].reasons == ()
