"""AMQP messages as bytes: batches, what a service notes on a message, requests and their answers."""

from __future__ import annotations

import time
from typing import Any

from azure.servicebus._pyamqp._decode import decode_payload
from azure.servicebus._pyamqp._encode import encode_payload
from azure.servicebus._pyamqp.message import Header, Message, Properties
from azure.servicebus._pyamqp.types import TYPE, VALUE, AMQPTypes

BATCH = 0x80013700
DAY = 86_400_000


def split(payload: bytes, message_format: int) -> list[bytes]:
    """The messages of a batch, or the one message that it is."""
    return _decoded(payload).data if message_format == BATCH else [payload]


def stamp(payload: bytes, number: int) -> bytes:
    """Note the place in the log. Notes follow the message, which stays as it was sent: the SDK takes any order."""
    now = int(time.time() * 1000)
    noted: dict[str | bytes, Any] = {
        b"x-opt-sequence-number": {TYPE: AMQPTypes.long, VALUE: number},
        b"x-opt-offset": str(number),
        b"x-opt-enqueued-time": {TYPE: AMQPTypes.timestamp, VALUE: now},
        b"x-opt-locked-until": {TYPE: AMQPTypes.timestamp, VALUE: now + DAY},
    }
    for name, value in (_decoded(payload).message_annotations or {}).items():
        noted[name] = {TYPE: AMQPTypes.long, VALUE: value} if type(value) is int else value
    return payload + _encoded(Message(message_annotations=noted))


def counted(payload: bytes, failures: int) -> bytes:
    """Note how often receivers failed with the message."""
    header = _decoded(payload).header or Header()
    return payload + _encoded(Message(header=header._replace(delivery_count=failures)))


class Request:
    """A request to a service node; `request[name]` is one of its application properties."""

    def __init__(self, payload: bytes) -> None:
        message = _decoded(payload)
        self._id = message.properties.message_id
        self._properties = message.application_properties
        self._value = message.value

    def __getitem__(self, name: str) -> str:
        found: bytes = self._properties[name.encode()]
        return found.decode()

    @property
    def operation(self) -> str:
        return self["operation"]

    @property
    def text(self) -> str:
        value: bytes = self._value
        return value.decode()

    def answer(self, status: int, description: str, value: object = None) -> bytes:
        """The names of the status differ: `$cbs` and Event Hubs have hyphens, Service Bus has none."""
        status_properties: dict[str | bytes, Any] = {
            "status-code": status,
            "status-description": description,
            "statusCode": status,
            "statusDescription": description,
        }
        properties = Properties(correlation_id=self._id)
        return _encoded(Message(properties=properties, application_properties=status_properties, value=value))


def _decoded(payload: bytes) -> Any:
    return decode_payload(memoryview(payload))


def _encoded(message: Message) -> bytes:
    output = bytearray()
    encode_payload(output, message)
    return bytes(output)
