"""A CONNECT proxy on loopback: production host names lead to the servers of the test."""

from __future__ import annotations

import socket
import socketserver
import threading
from fnmatch import fnmatch


class Proxy:
    """`routes` are pairs of a host pattern and a local port; other hosts are refused, so nothing leaves the machine."""

    def __init__(self, routes: list[tuple[str, int]]) -> None:
        self.routes = routes
        self.refused: list[str] = []
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                method, target, *_ = self.rfile.readline().decode("latin-1").split()
                while self.rfile.readline().strip():
                    pass
                host = target.rpartition(":")[0].lower()
                port = next((port for pattern, port in proxy.routes if fnmatch(host, pattern)), None)
                if method != "CONNECT" or port is None:
                    proxy.refused.append(host)
                    self.wfile.write(b"HTTP/1.1 502 No route\r\n\r\n")
                    return
                with socket.create_connection(("127.0.0.1", port)) as server:
                    self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    back = threading.Thread(target=_pump, args=(server, self.connection), daemon=True)
                    back.start()
                    _pump(self.connection, server)
                    back.join()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Either side may hang up at any time."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Copy until the source ends; then tell the target."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
