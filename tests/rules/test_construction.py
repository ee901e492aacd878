"""The new form of every call can be made from the installed SDK, offline, with a token credential in it."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.credentials import AccessToken, AccessTokenInfo
from sdk_symbols import resolve

from mi_lint.rulebook.model import CLIENT_ID, Call, Parameter, Rule

HOST = "acme.eastus-1.example.net"
# Values for parameters that take no plain name, by name.
VALUES: dict[str, object] = {
    "fully_qualified_namespace": HOST,
    "host": HOST,
    "hostname": HOST,
    "topic_name": "topic",
    "deployment_name": "deployment",
    "participants": [],
}
URLS = ("url", "endpoint", "uri", "resource", "kusto_cluster", "connection_string", "base")
# What a caller always passes, and the pack leaves to `**kwargs`.
ALSO = {"azure.ai.ml.entities": {"name": "name"}, "azure.search.documents.knowledgebases": {"knowledge_base_name": "n"}}
ENVIRONMENT = {"OPENAI_API_VERSION": "2024-10-21", "AZURE_OPENAI_ENDPOINT": f"https://{HOST}"}
# Their clients ask the service when they are made.
ASKS_FIRST = ("azure.cosmos.cosmos_client", "pymysql.connections")


MAKE_THEIR_OWN = ("adlfs.spec", "storages.backends.azure_storage")


class Credential:
    """A token credential that never has to give a token."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("token", 2**31)

    def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        return AccessTokenInfo("token", 2**31)


class AsyncCredential:
    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("token", 2**31)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        return AccessTokenInfo("token", 2**31)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> AsyncCredential:
        return self

    async def __aexit__(self, *error: object) -> None:
        """Nothing is open."""


def argument(parameter: Parameter, is_async: bool) -> object:
    form = parameter.credential
    if form is not None:
        if form.kind == "identity":
            return AsyncCredential() if is_async else Credential()
        return (lambda: "token") if form.kind == "provider" else "token"
    if parameter.default == CLIENT_ID:
        return "name"
    if parameter.default is not None:
        return ast.literal_eval(parameter.default)
    if parameter.name in VALUES:
        return VALUES[parameter.name]
    return f"https://{HOST}" if any(part in parameter.name for part in URLS) else "name"


def test_new_form_can_be_made(rewritten_call: tuple[Rule, Call], monkeypatch: pytest.MonkeyPatch) -> None:
    _, call = rewritten_call
    assert call.new is not None
    target: Callable[..., Any] = resolve(call.new.symbol)
    if not inspect.isclass(target) or target.__module__ in ASKS_FIRST:
        pytest.skip("it opens a connection")
    if target.__module__ in MAKE_THEIR_OWN:
        pytest.skip("it needs its framework, or makes the credential itself: test_options.py makes it")
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    positional = [argument(p, call.is_async) for p in call.new.positional if p.required]
    keywords = {p.name: argument(p, call.is_async) for p in call.new.parameters if p.keyword_only or not p.required}
    keywords = {name: value for name, value in keywords.items() if value is not None}
    for package, also in ALSO.items():
        keywords |= also if target.__module__.startswith(package) else {}

    async def make() -> object:
        return target(*positional, **keywords)

    made = asyncio.run(make()) if call.is_async else target(*positional, **keywords)
    assert isinstance(made, target)
    if not call.is_async and hasattr(made, "close"):
        made.close()  # one of them has a timer that would keep the process alive
