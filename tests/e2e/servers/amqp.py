"""Service Bus and Event Hubs as their SDKs see them: AMQP 1.0 over TLS, tokens through `$cbs`, messages in memory.

Protocol: https://docs.oasis-open.org/amqp/core/v1.0/ and https://learn.microsoft.com/azure/service-bus-messaging/ (the
pages on AMQP). Frames are encoded and decoded by the code of the SDK itself, which serves either end.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from azure.servicebus._pyamqp import outcomes
from azure.servicebus._pyamqp._decode import decode_frame
from azure.servicebus._pyamqp._encode import encode_frame
from azure.servicebus._pyamqp.endpoints import Source, Target
from azure.servicebus._pyamqp.error import AMQPError
from azure.servicebus._pyamqp.performatives import (
    AttachFrame,
    BeginFrame,
    CloseFrame,
    DetachFrame,
    DispositionFrame,
    EndFrame,
    FlowFrame,
    OpenFrame,
    SASLMechanism,
    SASLOutcome,
    TransferFrame,
)

from servers import amqp_messages
from servers.amqp_entities import Deliveries, Entities, Queue

SENDER, RECEIVER = False, True
UNLIMITED = 2**31 - 1  # windows and credit: nothing here runs full
LARGEST_MESSAGE = 1024 * 1024
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
OUTCOMES = {
    "accepted": outcomes.Accepted,
    "rejected": outcomes.Rejected,
    "released": outcomes.Released,
    "modified": outcomes.Modified,
}
Refusal = Callable[[str, str, str], str]


class AmqpServer:
    """Serves on a free loopback port.

    `refusal` says why a token is refused, from audience, type and token of a put-token request; empty if it is taken.
    """

    def __init__(self, refusal: Refusal, context: ssl.SSLContext) -> None:
        self._refusal = refusal
        self._entities = Entities()
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connection = self._connections[task] = Connection(reader, writer, self._entities, self._refusal)
        try:
            # clients may hang up at any time, and a test may stop the server first
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                async for channel, code, fields in connection.frames():
                    connection.handle(channel, code, fields)
                    for one in self._connections.values():
                        one.deliver()
        finally:
            del self._connections[task]
            connection.release()
            for one in self._connections.values():
                one.deliver()
            writer.close()


@dataclass
class Incoming:
    """A link on which the client sends."""

    handle: int
    address: str
    payload: bytearray = field(default_factory=bytearray)
    first: Any = None


@dataclass
class Outgoing:
    """A link on which the client receives."""

    handle: int
    address: str
    deliveries: Deliveries
    settled: bool
    credit: int = 0
    count: int = 0
    unsettled: dict[int, int] = field(default_factory=dict)

    def release(self) -> None:
        for number in self.unsettled.values():
            self.deliveries.give_back(number, failed=False)
        self.unsettled.clear()


@dataclass
class Session:
    channel: int
    links: dict[int, Incoming | Outgoing] = field(default_factory=dict)
    next_incoming: int = 0
    next_outgoing: int = 0

    @property
    def outgoing(self) -> list[Outgoing]:
        return [link for link in self.links.values() if isinstance(link, Outgoing)]


class Connection:
    """One client. Answers use the channels and handles that the client chose."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, entities: Entities, refusal: Refusal
    ) -> None:
        self._reader, self._writer = reader, writer
        self._entities = entities
        self._refusal = refusal
        self._host = ""
        self._largest_frame = 512
        self._granted: set[str] = set()
        self._sessions: dict[int, Session] = {}
        self._handlers: dict[int, Callable[[Session, list[Any]], None]] = {
            0x12: self._attach,
            0x13: self._flow,
            0x14: self._transfer,
            0x15: self._disposition,
            0x16: self._detach,
        }

    async def frames(self) -> AsyncIterator[tuple[int, int, list[Any]]]:
        """Channel, code and fields of what the client sends; protocol headers are answered here."""
        while True:
            header = await self._reader.readexactly(8)
            if header[:4] == b"AMQP":
                self._writer.write(header)
                if header == SASL_HEADER:
                    self._send(0, SASLMechanism([b"MSSBCBS", b"ANONYMOUS", b"EXTERNAL"]), kind=1)
                continue
            body = await self._reader.readexactly(int.from_bytes(header[:4], "big") - 8)
            if body:
                code, fields = decode_frame(memoryview(body)[4 * header[4] - 8 :])
                yield int.from_bytes(header[6:], "big"), code, fields
            await self._writer.drain()

    def handle(self, channel: int, code: int, fields: list[Any]) -> None:
        if code in self._handlers:
            session = self._sessions.get(channel)
            if session is not None:  # else it has ended, and the client tidies up its links
                self._handlers[code](session, fields)
        elif code == 0x41:  # whoever asks may come in; the tokens decide
            self._send(0, SASLOutcome(0, None), kind=1)
        elif code == 0x10:
            self._open(fields)
        elif code == 0x11:
            self._sessions[channel] = Session(channel)
            self._send(channel, BeginFrame(channel, 0, UNLIMITED, UNLIMITED, 255, None, None, None))
        elif code == 0x17:
            self._end(self._sessions.pop(channel))
            self._send(channel, EndFrame(None))
        elif code == 0x18:
            self.release()
            self._send(0, CloseFrame(None))
            self._writer.close()

    def deliver(self) -> None:
        """Send what waits, as far as the credit of the client goes."""
        for session in self._sessions.values():
            for link in session.outgoing:
                while link.credit and (found := link.deliveries.take()) is not None:
                    self._message(session, link, *found)

    def release(self) -> None:
        """Others get what this client did not settle."""
        for session in self._sessions.values():
            self._end(session)
        self._sessions.clear()

    def _end(self, session: Session) -> None:
        for link in session.outgoing:
            link.release()

    def _open(self, fields: list[Any]) -> None:
        opened = OpenFrame(*fields)
        self._host = opened.hostname.decode().lower()
        self._largest_frame = opened.max_frame_size
        self._send(0, OpenFrame(str(uuid4()), None, LARGEST_MESSAGE, 255, None, None, None, None, None, None))

    # -- links -----------------------------------------------------------------------------------------------------

    def _attach(self, session: Session, fields: list[Any]) -> None:
        asked: Any = AttachFrame(*fields)
        source, target = Source(*asked.source), Target(*asked.target)
        address = self._full((source if asked.role == RECEIVER else target).address)
        if not self._may_use(address):
            self._refuse(session, asked, source, target)
            return
        self._answer_attach(session, asked, source._replace(filters=None), target)
        if asked.role == SENDER:
            session.links[asked.handle] = Incoming(asked.handle, address)
            self._grant_credit(session, asked)
            return
        deliveries = Queue() if _is_service(address) else self._entities.reader(address, source.filters)
        session.links[asked.handle] = Outgoing(asked.handle, address, deliveries, settled=asked.send_settle_mode == 1)

    def _answer_attach(
        self, session: Session, asked: AttachFrame, source: Source | None, target: Target | None
    ) -> None:
        answer = asked._replace(
            role=not asked.role,
            source=source,
            target=target,
            unsettled=None,
            initial_delivery_count=0 if asked.role == RECEIVER else None,
            max_message_size=LARGEST_MESSAGE,
            desired_capabilities=None,
            properties=None,
        )
        self._send(session.channel, answer)

    def _refuse(self, session: Session, asked: AttachFrame, source: Source, target: Target) -> None:
        """A link has to come up before it can be refused; one without our end never carries anything."""
        if asked.role == RECEIVER:
            self._answer_attach(session, asked, None, target)
        else:
            self._answer_attach(session, asked, source, None)
        error = AMQPError(b"amqp:unauthorized-access", "Unauthorized access. No token was put for this entity.", None)
        self._send(session.channel, DetachFrame(asked.handle, True, error))

    def _grant_credit(self, session: Session, asked: AttachFrame) -> None:
        window = (session.next_incoming, UNLIMITED, session.next_outgoing, UNLIMITED)
        credit = (asked.handle, asked.initial_delivery_count, UNLIMITED)
        self._send(session.channel, FlowFrame(*window, *credit, None, None, None, None))

    def _flow(self, session: Session, fields: list[Any]) -> None:
        flow = FlowFrame(*fields)
        link = session.links.get(flow.handle)
        if isinstance(link, Outgoing):
            link.credit = max(0, (flow.delivery_count or 0) + flow.link_credit - link.count)

    def _detach(self, session: Session, fields: list[Any]) -> None:
        detach = DetachFrame(*fields)
        link = session.links.pop(detach.handle, None)
        if isinstance(link, Outgoing):
            link.release()
        if link is not None:  # else it is the answer to our own
            self._send(session.channel, DetachFrame(detach.handle, detach.closed, None))

    # -- messages --------------------------------------------------------------------------------------------------

    def _transfer(self, session: Session, fields: list[Any]) -> None:
        transfer: Any = TransferFrame(*fields)
        session.next_incoming += 1
        link = session.links[transfer.handle]
        assert isinstance(link, Incoming)
        if not link.payload:
            link.first = transfer
        link.payload += transfer.payload
        if transfer.more:
            return
        payload, link.payload = bytes(link.payload), bytearray()
        if _is_service(link.address):
            self._respond(session, link.address, payload)
        else:
            for message in amqp_messages.split(payload, link.first.message_format):
                self._entities.log(link.address).append(message)
        if not transfer.settled:
            number = link.first.delivery_id
            self._send(session.channel, DispositionFrame(RECEIVER, number, number, True, outcomes.Accepted(), None))

    def _message(self, session: Session, link: Outgoing, number: int, payload: bytes) -> None:
        delivery = session.next_outgoing
        session.next_outgoing += 1
        link.credit -= 1
        link.count += 1
        if not link.settled:
            link.unsettled[delivery] = number
        lock_token = uuid4().bytes
        room = self._largest_frame - 128
        for start in range(0, len(payload), room):
            part, more = payload[start : start + room], start + room < len(payload)
            self._send(
                session.channel,
                TransferFrame(link.handle, delivery, lock_token, 0, link.settled, more, payload=part),
            )

    def _disposition(self, session: Session, fields: list[Any]) -> None:
        disposition = DispositionFrame(*fields)
        if disposition.role == SENDER:
            return
        last = disposition.first if disposition.last is None else disposition.last
        outcome = next(iter(disposition.state or {"accepted": []}))
        for link in session.outgoing:
            for delivery in [one for one in link.unsettled if disposition.first <= one <= last]:
                number = link.unsettled.pop(delivery)
                if outcome in ("released", "modified"):
                    link.deliveries.give_back(number, failed=outcome == "modified")
        if not disposition.settled:  # the client waits until the service has settled, too
            answer = DispositionFrame(SENDER, disposition.first, last, True, OUTCOMES[outcome](), None)
            self._send(session.channel, answer)

    # -- tokens and management ---------------------------------------------------------------------------------------

    def _respond(self, session: Session, address: str, payload: bytes) -> None:
        request = amqp_messages.Request(payload)
        if address.endswith("/$cbs"):
            answer = self._put_token(request)
        elif request.operation == "READ":
            answer = self._read(request)
        else:
            answer = request.answer(501, f"Not implemented: {request.operation}")
        for link in session.outgoing:
            if link.address == address:
                assert isinstance(link.deliveries, Queue)
                link.deliveries.put(answer)

    def _put_token(self, request: amqp_messages.Request) -> bytes:
        audience = request["name"]
        reason = self._refusal(audience, request["type"], request.text)
        if reason:
            return request.answer(401, f"Unauthorized: {reason}")
        self._granted.add(self._full(audience))
        return request.answer(202, "Accepted")

    def _read(self, request: amqp_messages.Request) -> bytes:
        name = request["name"]
        if not self._may_use(self._full(name)):
            return request.answer(401, f"Unauthorized: no token was put for {name}")
        return request.answer(200, "OK", self._entities.log(self._full(name)).properties(request["type"], name))

    def _full(self, address: bytes | str) -> str:
        """`host/entity`, whether the client says it as a path or as a URL; names of entities have no case."""
        text = address.decode() if isinstance(address, bytes) else address
        return (text.partition("://")[2] or f"{self._host}/{text}").rstrip("/").lower()

    def _may_use(self, address: str) -> bool:
        if address == f"{self._host}/$cbs":
            return True
        if address == f"{self._host}/$management":  # of the namespace; requests name the entity
            return bool(self._granted)
        return any(f"{address}/".startswith(f"{granted}/") for granted in self._granted)

    def _send(self, channel: int, performative: Any, kind: int = 0) -> None:
        header, body = encode_frame(performative, frame_type=bytes([kind]))
        assert body is not None
        self._writer.write(header + channel.to_bytes(2, "big") + body)


def _is_service(address: str) -> bool:
    return address.endswith(("/$cbs", "/$management"))
