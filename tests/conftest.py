"""What all tests share: the rulebook that comes with mi-lint, and a test per example of its packs."""

from __future__ import annotations

import pytest
from hypothesis import settings
from legacy import is_installed
from shipped import shipped_rulebook

from mi_lint.rulebook.model import Rulebook

collect_ignore = ["golden", "e2e/programs"]  # programs to migrate, which have tests of their own
settings.register_profile("any machine", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return shipped_rulebook()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `example` runs once per example of every pack; one that takes `rule_call`, per call of the
    packs whose SDKs are installed."""
    if "example" in metafunc.fixturenames and "rulebook" in metafunc.fixturenames:
        examples = [(f"{rule.id}:{item.title}", item) for rule in shipped_rulebook().rules for item in rule.examples]
        metafunc.parametrize("example", [item for _, item in examples], ids=[name for name, _ in examples])
    for name, rewritten in (("rule_call", False), ("rewritten_call", True)):
        if name in metafunc.fixturenames:
            packs = filter(is_installed, shipped_rulebook().packs)
            optional = {options.name for options in shipped_rulebook().options}  # which are no callables
            found = [(rule, call) for pack in packs for rule in pack.rules for call in rule.calls]
            calls = [(rule, call) for rule, call in found if call.old.symbol not in optional]
            chosen = [pair for pair in calls if not rewritten or (pair[1].new and pair[1].new.symbol)]
            metafunc.parametrize(name, chosen, ids=[f"{rule.id}:{call.old.symbol}" for rule, call in chosen])
