"""Service Bus and Event Hubs of the small Azure are as strict as the real ones, and their clients notice."""

from __future__ import annotations

import base64
import socket
import time
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from servers.azure import Azure
from servers.messaging import BUS, HUBS, connection_string

QUEUE = f"sb://{BUS}/small-messaging"


def signature(key: str, place: str = QUEUE, name: str = "RootManageSharedAccessKey", seconds: int = 60) -> str:
    from azure.servicebus._pyamqp.utils import generate_sas_token

    made: str = generate_sas_token(place, name, key, int(time.time()) + seconds)
    return made


def test_signatures(azure: Azure) -> None:
    refusal = azure.messaging.refusal
    key, others = azure.keys["servicebus-key"], azure.keys["eventhub-key"]
    kind = "servicebus.windows.net:sastoken"
    assert not refusal(QUEUE, kind, signature(key))
    assert not refusal(QUEUE, "jwt", signature(key, f"amqps://{BUS}"))
    assert refusal(QUEUE, kind, signature(others)) == "the token has an invalid signature"
    assert refusal(QUEUE, kind, signature(key).replace("small", "large")) == "the token has an invalid signature"
    assert refusal(QUEUE, kind, signature(key, name="another")) == "there is no such key name"
    assert refusal(QUEUE, kind, signature(key, f"{QUEUE}-2")) == "the token is for another entity"
    assert refusal(QUEUE, kind, signature(key, f"sb://{HUBS}")) == "the token is for another entity"
    assert refusal(QUEUE, kind, signature(key, seconds=-1)) == "the token has expired"
    assert refusal("sb://another.servicebus.windows.net", kind, signature(key)).startswith("there is no namespace")


def test_tokens(azure: Azure) -> None:
    refusal, directory = azure.messaging.refusal, azure.directory
    token = directory.token(directory.system, "https://servicebus.azure.net")
    assert not refusal(QUEUE, "jwt", token)
    assert refusal(QUEUE, "servicebus.windows.net:sastoken", token) == "the token is no shared access signature"
    assert "signature" in refusal(QUEUE, "jwt", f"{token}x")
    assert "audience" in refusal(f"sb://{HUBS}/hub", "jwt", token)


class Fixed:
    """A credential that always has the same token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        return AccessToken(self.token, 2**31)


@pytest.fixture
def options(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """For clients in this process, which has been started without the names."""
    resolve, port = socket.getaddrinfo, azure.messaging.port

    def loopback(host: str, asked: int, *arguments: Any, **keywords: Any) -> Any:
        assert (host.endswith(".servicebus.windows.net"), asked) == (True, 5671)
        return resolve("127.0.0.1", port, *arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", loopback)
    return {"connection_verify": str(azure.certificates.authority), "retry_total": 0}


@pytest.mark.parametrize("way", ["key", "token"])
def test_clients_are_refused(way: str, azure: Azure, options: dict[str, Any]) -> None:
    from azure.eventhub import EventHubProducerClient
    from azure.eventhub.exceptions import AuthenticationError
    from azure.servicebus import ServiceBusClient
    from azure.servicebus.exceptions import ServiceBusAuthenticationError

    wrong = base64.b64encode(b"another key").decode()
    token = azure.directory.token(azure.directory.system, "https://storage.azure.com")
    if way == "key":
        bus = ServiceBusClient.from_connection_string(connection_string(BUS, wrong), **options)
        hub = EventHubProducerClient.from_connection_string(
            connection_string(HUBS, wrong), eventhub_name="small-messaging", **options
        )
    else:
        bus = ServiceBusClient(BUS, Fixed(token), **options)
        hub = EventHubProducerClient(HUBS, "small-messaging", Fixed(token), **options)
    with bus, pytest.raises(ServiceBusAuthenticationError), bus.get_queue_sender("small-messaging"):
        pass
    with hub:
        for refused in (hub.get_eventhub_properties, hub.create_batch):
            with pytest.raises(AuthenticationError, match="401"):
                refused()


def test_links_want_a_token_for_their_entity(azure: Azure, options: dict[str, Any]) -> None:
    from azure.servicebus._pyamqp import SendClient
    from azure.servicebus._pyamqp.authentication import JWTTokenAuth
    from azure.servicebus._pyamqp.error import AMQPLinkError

    token = signature(azure.keys["servicebus-key"])
    authentication = JWTTokenAuth(QUEUE, QUEUE, lambda: AccessToken(token, int(time.time()) + 60))
    for entity, allowed in (("small-messaging", True), ("small-messaging-2", False)):
        with SendClient(BUS, f"amqps://{BUS}/{entity}", auth=authentication, **options) as client:
            if allowed:
                assert ready(client)
            else:
                with pytest.raises(AMQPLinkError, match="unauthorized-access"):
                    ready(client)


def ready(client: Any) -> bool:
    end = time.monotonic() + 10
    while not client.client_ready():
        assert time.monotonic() < end
        time.sleep(0.05)
    return True
