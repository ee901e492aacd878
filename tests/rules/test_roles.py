"""Least roles: packs that tell them by the methods that code calls have to know every method of their clients."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest
from shipped import shipped_rulebook

from mi_lint.rulebook.model import Pack

PACKS = [pack for pack in shipped_rulebook().packs if any(role.methods for _, role in pack.roles)]
# What any role allows, or what only hands out a client that is then called itself.
NEUTRAL = re.compile(
    r"from_\w+|close|exists|get_\w*client|send_request|get_user_delegation_key|update_sync_token|read|read_offer"
    r"|get_account_information|get_database_account|\w*throughput|\w*conflicts?|\w*users?|\w*feed_range\w*|semantic_rerank"
    r"|list_containers|list_databases|query_containers|query_databases|restore_blob|delete_paths|retrieve"
)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.service)
def test_roles_know_every_method(pack: Pack) -> None:
    roles = dict(pack.roles)
    rules = [rule for rule in pack.rules if rule.role and (roles[rule.role].methods or roles[rule.role].covers)]
    modules = {call.new.symbol.rpartition(".")[0] for rule in rules for call in rule.calls if call.new is not None}
    modules = {re.split(r"\.(?=[A-Z])|\.aio", module)[0] for module in modules if module.startswith("azure.")}
    methods: set[str] = set()
    for module in map(importlib.import_module, modules):
        for name, found in vars(module).items():
            if inspect.isclass(found) and re.search(r"(Client|Proxy)$", name) and "Lease" not in name:
                public = inspect.getmembers(found, inspect.isroutine)
                methods |= {method for method, _ in public if not method.startswith("_")}
    known = {method for _, role in pack.roles for method in role.methods}
    assert known - methods == set(), "these are no methods of the clients"
    assert {method for method in methods - known if not NEUTRAL.fullmatch(method)} == set(), "of which role are these?"
