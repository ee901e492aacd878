"""Azure Service Bus and Azure Event Hubs: who may put a token for which namespace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
import time
from urllib.parse import unquote_plus, urlsplit

from servers.amqp import AmqpServer
from servers.bearer import Gate

BUS, HUBS = "acmebus.servicebus.windows.net", "acmehubs.servicebus.windows.net"
KEY_NAME = "RootManageSharedAccessKey"
SAS = "SharedAccessSignature "
_SERVICES = {BUS: ("Service Bus", "https://servicebus.azure.net"), HUBS: ("Event Hubs", "https://eventhubs.azure.net")}


class Messaging:
    """Both namespaces on one port, which clients reach as port 5671 of either name."""

    def __init__(self, gate: Gate, bus_key: str, hubs_key: str, context: ssl.SSLContext) -> None:
        self.gate = gate
        self._keys = {BUS: bus_key, HUBS: hubs_key}
        self._server = AmqpServer(self.refusal, context)
        self.port = self._server.port

    def stop(self) -> None:
        self._server.stop()

    def refusal(self, audience: str, token_type: str, token: str) -> str:
        """Why that token does not open that audience; empty if it does."""
        host = urlsplit(audience).hostname or ""
        if host not in _SERVICES:
            return f"there is no namespace {host}"
        service, resource = _SERVICES[host]
        # The Python clients say "jwt" of signatures, too, and Azure takes them.
        if token_type == "servicebus.windows.net:sastoken" or token.startswith(SAS):
            reason, way = sas_refusal(token, audience, self._keys[host]), "key"
        else:
            reason, way = self.gate.directory.refusal(token, resource), "token"
        if not reason:
            self.gate.used[service, way] += 1
        return reason


def connection_string(host: str, key: str) -> str:
    return f"Endpoint=sb://{host}/;SharedAccessKeyName={KEY_NAME};SharedAccessKey={key}"


def sas_refusal(token: str, audience: str, key: str) -> str:
    """Why a shared access signature does not open that audience; empty if it does.

    Format: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas
    """
    fields = dict(part.partition("=")[::2] for part in token.removeprefix(SAS).split("&"))
    if {"sr", "sig", "se", "skn"} - fields.keys():
        return "the token is no shared access signature"
    signed = hmac.new(key.encode(), f"{fields['sr']}\n{fields['se']}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(unquote_plus(fields["sig"]), base64.b64encode(signed).decode()):
        return "the token has an invalid signature"
    if unquote_plus(fields["skn"]) != KEY_NAME:
        return "there is no such key name"
    if not f"{_place(audience)}/".startswith(f"{_place(unquote_plus(fields['sr']))}/"):
        return "the token is for another entity"
    return "" if int(fields["se"]) > time.time() else "the token has expired"


def _place(url: str) -> str:
    """Host and path: the scheme may be any."""
    return url.partition("://")[2].rstrip("/").lower()
