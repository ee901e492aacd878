"""What goes with a removed assignment, and what stays."""

from __future__ import annotations

from textwrap import dedent

import pytest

from mi_lint.engine import Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.rulebook.model import Rulebook

HEAD = "import os\n\nfrom azure.cosmos import CosmosClient\n\n"
USE = 'client = CosmosClient("https://acme.documents.azure.com", KEY)\n'
NEW = 'client = CosmosClient("https://acme.documents.azure.com", DefaultAzureCredential())\n'
IMPORTS = "from azure.cosmos import CosmosClient\nfrom azure.identity import DefaultAzureCredential\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'# The key of the account,\n# primary or secondary.\nKEY = os.environ["KEY"]\n\n{USE}', NEW),
        (f'# The account\nKEY = os.environ["KEY"]\nSIZE = 1\n\n{USE}', f"# The account\nSIZE = 1\n\n{NEW}"),
        (f'SIZE = 1\n# The key\nKEY = os.environ["KEY"]\n\n{USE}', f"SIZE = 1\n# The key\n\n{NEW}"),
        (f'# <keys>\nKEY = os.environ["KEY"]\n\n{USE}', f"# <keys>\n\n{NEW}"),
        (f'# --- keys\nKEY = os.environ["KEY"]\n\n{USE}', f"# --- keys\n\n{NEW}"),
    ],
)
def test_comment_above(before: str, after: str, rulebook: Rulebook) -> None:
    analysis = analyse({"app.py": (HEAD + before).encode()}, rulebook, Options())
    changes = change_set(analysis, Applicability.REVIEW)
    assert changes.files["app.py"].after.decode() == IMPORTS + after


def test_name_in_the_body_of_a_class(rulebook: Rulebook) -> None:
    """A class body and its methods name one and the same attribute in two ways."""
    code = dedent(
        """\
        from azure.storage.blob import BlobServiceClient


        class Store:
            connection_string = "<connection string>"
            size = len(connection_string)

            def connect(self):
                return BlobServiceClient.from_connection_string(self.connection_string)
        """
    )
    analysis = analyse({"app.py": code.encode()}, rulebook, Options())
    assert not change_set(analysis, Applicability.REVIEW).files
    assert any("app.py:6" in reason for finding in analysis.findings for reason in finding.reasons)
