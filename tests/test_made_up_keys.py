"""Keys that are none: tests make them up, and nobody has to migrate those."""

from __future__ import annotations

import pytest

from mi_lint.engine import Options, analyse
from mi_lint.rulebook.model import Rulebook


def rules_that_fire(path: str, key: str, rulebook: Rulebook) -> list[str]:
    code = f'from azure.cosmos import CosmosClient\n\nclient = CosmosClient("https://a.documents.azure.com", "{key}")\n'
    return [finding.rule for finding in analyse({path: code.encode()}, rulebook, Options()).findings]


@pytest.mark.parametrize("key", ["fake-key", "mock_api_key", "a dummy key", "FAKE"])
def test_what_says_that_it_is_made_up(key: str, rulebook: Rulebook) -> None:
    assert rules_that_fire("app.py", key, rulebook) == []


@pytest.mark.parametrize("path", ["tests/unit/helper.py", "test_app.py", "app/test/x.py", "app_test.py", "conftest.py"])
def test_what_is_too_short_in_a_test(path: str, rulebook: Rulebook) -> None:
    assert rules_that_fire(path, "test", rulebook) == []
    assert rules_that_fire(path, "x" * 40, rulebook) == ["MI331"]


@pytest.mark.parametrize("path", ["app.py", "contest.py", "latest/x.py"])
def test_elsewhere_every_key_counts(path: str, rulebook: Rulebook) -> None:
    assert rules_that_fire(path, "test", rulebook) == ["MI331"]
    assert rules_that_fire(path, "<fakery>", rulebook) == ["MI331"]
