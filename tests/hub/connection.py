"""Reads requests from sockets and writes answers to them, in whatever broken way a fault wants it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.hub.faults import Fault
from tests.hub.wire import Answer, Logged, Request

if TYPE_CHECKING:
    from tests.hub.server import LoopbackHub


class Server(ThreadingHTTPServer):
    """Knows its connections, so that none outlives it."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, hub: LoopbackHub, port: int) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.hub = hub
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - inherited
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - inherited
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Wake every thread that waits for a client."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - inherited
        self.hub.failures.append(traceback.format_exc())


class Connection(BaseHTTPRequestHandler):
    """One client's connection: reads requests, writes answers."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "LoopbackHub"
    sys_version = ""
    # Head and body of an answer are two writes: without this the second waits for the first's receipt.
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
        """Say nothing: the log is `LoopbackHub.requests`."""

    def do_GET(self) -> None:
        host, _, port = self.headers.get("Host", "").partition(":")
        if port != str(self.server.server_port):
            host = "localhost"
        request = Request(
            self.command,
            self.path,
            host,
            {name.lower(): value for name, value in self.headers.items()},
            b"".join(self._read_body()),
            self.server.hub.endpoint,
        )
        self.server.hub.serve(request, self)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - inherited names

    def _read_body(self) -> Iterator[bytes]:
        """The body; a client that dies before it has sent all of it was never heard.

        Raises:
            ConnectionError: the body ends too early.
        """
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self._read_line().split(b";")[0], 16):
                yield self._read_exactly(size)
                self._read_line()
            self._read_line()
        elif length := int(self.headers.get("Content-Length", 0)):
            yield self._read_exactly(length)

    def _read_exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise ConnectionError("the client has gone")
        return data

    def _read_line(self) -> bytes:
        line = self.rfile.readline()
        if not line:
            raise ConnectionError("the client has gone")
        return line

    def send(self, request: Request, answer: Answer, logged: Logged, fault: Fault) -> None:
        """Write an answer as it is, or as the fault wants it to arrive."""
        if fault.lie_bytes or fault.keep is not None:
            self.close_connection = True
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(max(0, answer.length + fault.lie_bytes)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if request.method == "HEAD":
            return
        left = answer.length if fault.keep is None else int(answer.length * fault.keep)
        for piece in self._pieces(answer, fault):
            self.wfile.write(piece[:left])
            logged.sent += len(piece[:left])
            left -= len(piece[:left])
            if left == 0:
                break

    def _pieces(self, answer: Answer, fault: Fault) -> Iterator[bytes]:
        if fault.pieces == 1:
            yield from answer.read()
            return
        size = -(-answer.length // fault.pieces)
        for piece in answer.read():
            for start in range(0, len(piece), size):
                yield piece[start : start + size]
                self.server.hub.closing.wait(fault.pause_s)

    def cut(self, *, reset: bool) -> None:
        """End the connection without another byte; with `reset`, as if the machine had gone."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # Files made from the socket hold it open; and a shutdown first would be a polite end.
        os.close(self.connection.detach())
