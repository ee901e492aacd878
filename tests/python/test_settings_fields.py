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
        f'{V2}{FIELD} = Field(validation_alias=AliasChoices("A", "B"))\n',
        f"{V2}NAME = 'A'\n{FIELD} = Field(alias=NAME)\n",
        f"{V2}KEYWORDS = {{'alias': 'A'}}\n{FIELD} = Field(**KEYWORDS)\n",
        f"{V2}{FIELD}\n    model_config = SettingsConfigDict(alias_generator=str.title)\n",
        f'{V1}{FIELD}\n    class Config:\n        fields = {{"storage_conn": {{"env": "A"}}}}\n',
        f'{V1}{FIELD} = Field(env=["A", "B"])\n',
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
