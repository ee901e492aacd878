"""Queues, topics and event hubs in memory. Each is a log of messages; they differ in how the log is read."""

from __future__ import annotations

import heapq
import re
import time
from collections import Counter, defaultdict
from typing import Any, Protocol

from azure.servicebus._pyamqp.types import TYPE, VALUE, AMQPTypes

from servers import amqp_messages

PARTITIONS = ["0"]
_READERS = re.compile(r"/(?:consumergroups|subscriptions|partitions)/")
_POSITION = re.compile(rb"x-opt-(?:offset|sequence-number) (>=?) '(-?\d+|@latest)'")


class Deliveries(Protocol):
    """What waits for the receiving end of a link."""

    def take(self) -> tuple[int, bytes] | None: ...

    def give_back(self, number: int, failed: bool) -> None: ...


class Queue:
    """Answers to one client."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def put(self, message: bytes) -> None:
        self._waiting.append(message)

    def take(self) -> tuple[int, bytes] | None:
        return (0, self._waiting.pop(0)) if self._waiting else None

    def give_back(self, number: int, failed: bool) -> None:
        """The client is gone."""


class Log:
    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def append(self, message: bytes) -> None:
        self.messages.append(amqp_messages.stamp(message, len(self.messages)))

    def properties(self, kind: str, name: str) -> dict[str, Any]:
        """What the management of an event hub tells of the hub or of its partition."""
        now = {TYPE: AMQPTypes.timestamp, VALUE: int(time.time() * 1000)}
        if kind.endswith(":eventhub"):
            ids = {TYPE: AMQPTypes.array, VALUE: PARTITIONS}
            return {"name": name, "created_at": now, "partition_count": len(PARTITIONS), "partition_ids": ids}
        last = len(self.messages) - 1
        return {
            "name": name,
            "partition": PARTITIONS[0],
            "begin_sequence_number": 0,
            "last_enqueued_sequence_number": last,
            "last_enqueued_offset": str(last),
            "last_enqueued_time_utc": now,
            "is_partition_empty": not self.messages,
        }


class Cursor:
    """A place in a log, and what came back from before that place."""

    def __init__(self, log: Log, start: int = 0) -> None:
        self._log = log
        self._next = start
        self._returned: list[int] = []
        self._failures: Counter[int] = Counter()

    def take(self) -> tuple[int, bytes] | None:
        if self._returned:
            number = heapq.heappop(self._returned)
        elif self._next < len(self._log.messages):
            number = self._next
            self._next += 1
        else:
            return None
        return number, amqp_messages.counted(self._log.messages[number], self._failures[number])

    def give_back(self, number: int, failed: bool) -> None:
        self._failures[number] += failed
        heapq.heappush(self._returned, number)


class Entities:
    """All entities of all namespaces; they are there as soon as somebody uses them."""

    def __init__(self) -> None:
        self._logs: defaultdict[str, Log] = defaultdict(Log)
        self._shared: dict[str, Cursor] = {}

    def log(self, address: str) -> Log:
        return self._logs[_READERS.split(address)[0]]

    def reader(self, address: str, filters: dict[bytes, bytes] | None) -> Cursor:
        """Receivers of a queue or of a subscription share what there is; each of an event hub gets everything."""
        log = self.log(address)
        if "/consumergroups/" in address:
            return Cursor(log, _start(filters, len(log.messages)))
        return self._shared.setdefault(address, Cursor(log))


def _start(filters: dict[bytes, bytes] | None, end: int) -> int:
    for text in (filters or {}).values():
        match = _POSITION.search(text)
        if match:
            return end if match[2] == b"@latest" else int(match[2]) + (match[1] == b">")
    return 0
