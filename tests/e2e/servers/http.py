"""What the small HTTP servers share: a server in a thread, and requests and answers as plain values."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """`target` is path and query as they were sent; header names are in lower case."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body; None gives an empty body."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpServer:
    """Serves one function on a free loopback port, over TLS if a context is given."""

    def __init__(self, answer: Callable[[Request], Answer], context: ssl.SSLContext | None = None) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                host = headers.get("host", "").partition(":")[0].lower()
                request = Request(self.command, host, self.path, headers, self.rfile.read(length))
                answered = answer(request)
                data = b"" if answered.body is None else json.dumps(answered.body).encode()
                self.send_response(answered.status)
                for name, value in {"Content-Type": "application/json", **answered.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                """Keep the output of the tests clean."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Clients may hang up; whatever matters shows in the client."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if context is not None:
            # The handshake happens in the thread of the connection, so that a slow client holds up nobody.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
