"""One connection string for several services: every assignment on its way becomes one per service."""

from __future__ import annotations

from textwrap import dedent

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

BLOB = "from azure.storage.blob import BlobServiceClient\n"
QUEUE = "from azure.storage.queue import QueueServiceClient\n"
IDENTITY = "from azure.identity import DefaultAzureCredential\n"

CASES = {
    "constants of a settings module": (
        {
            "conf.py": """
                import os

                # connection string of the account
                CONN_STR = os.environ["STORAGE_CONN_STR"]  # the connection string
                SIZE = 1
            """,
            "blobs.py": f"{BLOB}\nfrom conf import CONN_STR\n\n"
            "client = BlobServiceClient.from_connection_string(CONN_STR)\n",
            "queues.py": f"{QUEUE}\nimport conf\n\nclient = QueueServiceClient.from_connection_string(conf.CONN_STR)\n",
        },
        {
            "conf.py": """
                import os

                # endpoints of the account
                ACCOUNT_URL = os.environ["STORAGE_ACCOUNT_URL"]
                QUEUE_ACCOUNT_URL = os.environ["STORAGE_QUEUE_ACCOUNT_URL"]  # the endpoints
                SIZE = 1
            """,
            "blobs.py": f"{IDENTITY}{BLOB}\nfrom conf import ACCOUNT_URL\n\n"
            "client = BlobServiceClient(ACCOUNT_URL, credential=DefaultAzureCredential())\n",
            "queues.py": f"{IDENTITY}{QUEUE}\nimport conf\n\n"
            "client = QueueServiceClient(conf.QUEUE_ACCOUNT_URL, credential=DefaultAzureCredential())\n",
        },
    ),
    "an attribute, and a module that needs both": (
        {
            "store.py": f"""
                import os

                {BLOB.strip()}
                {QUEUE.strip()}


                class Store:
                    def __init__(self):
                        self.conn_str = os.environ["STORAGE_CONN_STR"]

                    def blobs(self):
                        return BlobServiceClient.from_connection_string(self.conn_str)

                    def queues(self):
                        return QueueServiceClient.from_connection_string(self.conn_str)
            """,
        },
        {
            "store.py": f"""
                import os

                {IDENTITY.strip()}
                {BLOB.strip()}
                {QUEUE.strip()}


                class Store:
                    def __init__(self):
                        self.account_url = os.environ["STORAGE_ACCOUNT_URL"]
                        self.queue_account_url = os.environ["STORAGE_QUEUE_ACCOUNT_URL"]

                    def blobs(self):
                        return BlobServiceClient(self.account_url, credential=DefaultAzureCredential())

                    def queues(self):
                        return QueueServiceClient(self.queue_account_url, credential=DefaultAzureCredential())
            """,
        },
    ),
    "fields of a settings class, by way of a variable": (
        {
            "app.py": f"""
                {BLOB.strip()}
                {QUEUE.strip()}
                from pydantic_settings import BaseSettings


                class Settings(BaseSettings):
                    storage_conn_str: str
                    size: int = 1


                settings = Settings()
                CONN = settings.storage_conn_str
                blobs = BlobServiceClient.from_connection_string(CONN)
                queues = QueueServiceClient.from_connection_string(CONN)
            """,
        },
        {
            "app.py": f"""
                {IDENTITY.strip()}
                {BLOB.strip()}
                {QUEUE.strip()}
                from pydantic_settings import BaseSettings


                class Settings(BaseSettings):
                    storage_account_url: str
                    storage_queue_account_url: str
                    size: int = 1


                settings = Settings()
                ACCOUNT_URL = settings.storage_account_url
                QUEUE_ACCOUNT_URL = settings.storage_queue_account_url
                credential = DefaultAzureCredential()
                blobs = BlobServiceClient(ACCOUNT_URL, credential=credential)
                queues = QueueServiceClient(QUEUE_ACCOUNT_URL, credential=credential)
            """,
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_use_takes_what_it_needs(name: str, rulebook: Rulebook) -> None:
    before, after = ({path: dedent(text).lstrip() for path, text in files.items()} for files in CASES[name])
    analysis = analyse({path: text.encode() for path, text in before.items()}, rulebook, Options())
    changes = change_set(analysis, Applicability.SAFE)
    assert {path: change.after.decode() for path, change in changes.files.items()} == after


def test_where_a_parameter_is_in_the_way_the_calls_read_for_themselves(rulebook: Rulebook) -> None:
    """The module that was imported for its constant is not any more, so a person has to look."""
    files = {
        "conf.py": 'import os\n\nCONN_STR = os.environ["STORAGE_CONN_STR"]\n',
        "app.py": f"{BLOB}{QUEUE}\nfrom conf import CONN_STR\n\n\ndef connect(conn_str):\n"
        "    return BlobServiceClient.from_connection_string(conn_str), "
        "QueueServiceClient.from_connection_string(conn_str)\n\n\nconnect(CONN_STR)\n",
    }
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert not change_set(analysis, Applicability.SAFE).files
    assert any(
        "see that whatever conf.py does when it is imported" in note for plan in analysis.plans for note in plan.notes
    )
