"""Fields of settings classes whose names are not those of the settings: nothing is guessed."""

from __future__ import annotations

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

HEAD = "from azure.storage.blob import BlobServiceClient\n"
USE = "\nsettings = Settings()\nc = BlobServiceClient.from_connection_string(settings.storage_conn)\n"
V2 = "from pydantic import AliasChoices, Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
V1 = "from pydantic import BaseSettings, Field\n"
FIELD = "class Settings(BaseSettings):\n    storage_conn: str"


@pytest.mark.parametrize(
    "fields",
    [
        f'{V2}{FIELD} = Field(validation_alias=AliasChoices("A", AliasPath("B", 0)))\n',
        f'{V2}{FIELD} = Field(env="A")\n',
        f"{V2}{FIELD}\n    model_config = SettingsConfigDict(case_sensitive=bool(1))\n",
        f"{V2}NAME = 'A'\n{FIELD} = Field(alias=NAME)\n",
        f"{V2}KEYWORDS = {{'alias': 'A'}}\n{FIELD} = Field(**KEYWORDS)\n",
        f"{V2}{FIELD}\n    model_config = SettingsConfigDict(alias_generator=str.title)\n",
        f'{V1}{FIELD}\n    class Config:\n        fields = {{"storage_conn": {{"env": "A"}}}}\n',
        f'{V1}{FIELD} = Field(alias="A")\n',
    ],
)
def test_field_with_another_name_stays(fields: str, rulebook: Rulebook) -> None:
    files = {"app.py": (HEAD + fields + USE).encode(), ".env": b"STORAGE_CONN=<your connection string>\n"}
    analysis = analyse(files, rulebook, Options())
    assert [finding.applicability for finding in analysis.findings] == [Applicability.MANUAL]
    assert change_set(analysis, Applicability.REVIEW).files == {}


def test_field_with_its_own_name_moves(rulebook: Rulebook) -> None:
    files = {"app.py": (HEAD + V2 + FIELD + " = Field(description='x')\n" + USE).encode()}
    analysis = analyse({**files, ".env": b"STORAGE_CONN=<your connection string>\n"}, rulebook, Options())
    changes = change_set(analysis, Applicability.REVIEW)
    assert changes.files[".env"].after == b"STORAGE_ACCOUNT_URL=<account-url>\n"


def moved(code: str, env: str, rulebook: Rulebook) -> tuple[str, str]:
    analysis = analyse({"app.py": (HEAD + code).encode(), ".env": env.encode()}, rulebook, Options())
    changes = change_set(analysis, Applicability.SAFE)
    return tuple(changes.files[path].after.decode() for path in ("app.py", ".env"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "declared",
    [f'{V2}{FIELD} = Field(validation_alias=AliasChoices("A", "B"))', f'{V1}{FIELD} = Field(env=["A", "B"])'],
)
def test_field_with_several_names_moves_under_each(declared: str, rulebook: Rulebook) -> None:
    code, env = moved(declared + USE, "A=<your connection string>\nB=<your connection string>\n", rulebook)
    assert env == "A_ACCOUNT_URL=<account-url>\nB_ACCOUNT_URL=<account-url>\n"
    assert '"A_ACCOUNT_URL", "B_ACCOUNT_URL"' in code


@pytest.mark.parametrize(
    ("config", "before", "after"),
    [
        ("", "storage_conn", "STORAGE_ACCOUNT_URL"),
        ("    model_config = SettingsConfigDict(case_sensitive=True)\n", "storage_conn", "storage_account_url"),
        ("    model_config = SettingsConfigDict(env_prefix='app_')\n", "App_Storage_Conn", "APP_STORAGE_ACCOUNT_URL"),
    ],
)
def test_case_of_the_definition(config: str, before: str, after: str, rulebook: Rulebook) -> None:
    _, env = moved(f"{V2}{FIELD}\n{config}{USE}", f"{before}=<your connection string>\n", rulebook)
    assert env == f"{after}=<account-url>\n"


NESTED = """from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Storage(BaseModel):
    conn: str = ""
class Azure(BaseModel):
    storage: Storage = Storage()
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
    azure: Azure = Field(default_factory=Azure)
settings = Settings()
"""
NESTED_USE = "c = BlobServiceClient.from_connection_string(settings.azure.storage.conn)\n"


def test_model_within_models_moves(rulebook: Rulebook) -> None:
    code, env = moved(NESTED + NESTED_USE, "APP_AZURE__STORAGE__CONN=<your connection string>\n", rulebook)
    assert env == "APP_AZURE__STORAGE__ACCOUNT_URL=<account-url>\n"
    assert "    account_url: str" in code
    assert "settings.azure.storage.account_url" in code


@pytest.mark.parametrize(
    ("old", "new", "env"),
    [
        ("storage: Storage = Storage()", "storage: Storage\n    backup: Storage", ""),
        ("storage: Storage = Storage()", "storage: Storage = Storage(conn='x')", ""),
        (', env_nested_delimiter="__"', "", ""),
        ("azure: Azure = Field(default_factory=Azure)", "azure: Azure = Field(alias='AZ')", ""),
        ("settings = ", "other = Storage.model_validate({})\nsettings = ", ""),
        ("", "", "APP_AZURE__STORAGE={}\n"),
    ],
)
def test_model_that_may_come_from_elsewhere_stays(old: str, new: str, env: str, rulebook: Rulebook) -> None:
    files = {"app.py": (HEAD + NESTED.replace(old, new) + NESTED_USE).encode(), ".env": f"{env}A=1\n".encode()}
    analysis = analyse(files, rulebook, Options())
    assert [finding.applicability for finding in analysis.findings] == [Applicability.MANUAL]
