"""The server process: a socket, uvicorn, and an orderly end."""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from engine.core.errors import EngineError
from engine.serving.application import application
from engine.serving.service import Service
from engine.serving.tokens import is_loopback

BACKLOG: Final = 1024
KEEP_ALIVE: Final = 30  # seconds that a connection may rest between two requests


class ServeError(EngineError):
    """A server that cannot be started as it was asked for."""


def bound(host: str, port: int, *, has_tokens: bool) -> socket.socket:
    """A listening socket; port 0 takes a free one. ServeError when there can be none.

    Beyond this machine it is refused without tokens: whoever reaches it could use it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        if not (has_tokens or is_loopback(str(address[0]))):
            raise ServeError(
                f"{host} can be reached from other machines: give --token-file, or stay with "
                "--host 127.0.0.1"
            )
        made = socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
        # Only of a socket that says it is TCP does asyncio switch the delay of small packets
        # off, which costs 40 ms an answer.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, made.detach())
    except (OSError, UnicodeError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise ServeError(
            f"cannot listen at {host} port {port}: {reason}; choose another --host or --port"
        ) from None


class Server(uvicorn.Server):
    """Ends in order when asked once, at once when asked again; raises no signal afterwards."""

    asked_to_end_by: int | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT came."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self.asked_to_end_by = self.asked_to_end_by or sig


def server_of(service: Service, log: Callable[[str], None]) -> Server:
    """The server of a service, to be run with `run`."""
    limits = service.served.limits

    class PatientProtocol(_Protocol):
        head_seconds = limits.stall_seconds

    # What it has to say of a form, the client is told.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        application(service, log),
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(2 * limits.seconds) + 2,
    )
    return Server(config)


def run(server: Server, service: Service, listening: socket.socket) -> int | None:
    """Serve until a signal comes, and finish what was taken; returns the signal."""
    try:
        asyncio.run(server.serve(sockets=[listening]))
    finally:
        service.end(at_once=server.force_exit)
    return server.asked_to_end_by


class _Protocol(H11Protocol):
    """HTTP/1.1 that waits for the head of a request only so long."""

    head_seconds: float = 10.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """Part of a head, or of a body, or several requests."""
        super().data_received(data)
        resting = self.cycle is None or self.cycle.response_complete
        if resting and self.conn.their_state is h11.IDLE:
            self._arm()
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a sentence too."""
        content = b'{"error":"this is not a valid HTTP/1.1 request"}'
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
            (b"connection", b"close"),
        ]
        # Not possible when an answer is under way; the connection ends in any case.
        with suppress(h11.LocalProtocolError):
            answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            for event in (answer, h11.Data(data=content), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _arm(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        self.transport.close()
