"""What every request passes: the token, the log, the measures, and a calm end for all errors."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.serving.limits import Refusal, accident
from engine.serving.service import Service, told
from engine.serving.tokens import knows_token

Log: TypeAlias = Callable[[str], None]

OPEN: Final = ("/v2/health/live", "/v2/health/ready")
GONE: Final = 499  # in the log: the client left before there was an answer
LINGER: Final = 1.0  # seconds to listen to a client that was refused in mid-sentence
LONGEST_PATH: Final = 200  # characters in the log


class Door:
    """An ASGI application around the routes; `log` gets a line a request."""

    def __init__(self, app: ASGIApp, service: Service, log: Log) -> None:
        self.app, self.service, self.log = app, service, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = _Visit(scope, receive, send, self.service.served.limits.seconds)
        began, problem = time.perf_counter(), ""
        try:
            self._check_token(scope)
            await self.app(scope, visit.receive, visit.send)
        except ClientDisconnect:
            visit.status = GONE
        except Refusal as refusal:
            await visit.answer(refusal)
        except TimeoutError:
            visit.status = GONE  # it takes nothing of its answer
        except Exception as error:  # noqa: BLE001  # nothing a client does may end the server
            problem = f" ({type(error).__name__}: {error})"
            await visit.answer(accident())
        finally:
            seconds = time.perf_counter() - began
            endpoint = getattr(scope.get("endpoint"), "__name__", "none")
            self.service.measures.answered(endpoint, visit.status, seconds)
            self.log(_line(scope, visit.status, seconds) + problem)

    def _check_token(self, scope: Scope) -> None:
        tokens = self.service.served.tokens
        if not tokens or scope["path"] in OPEN:
            return
        if not knows_token(Headers(scope=scope).get("authorization", ""), tokens):
            raise Refusal(
                401,
                "this server wants a token: send the header Authorization: Bearer TOKEN",
                {"WWW-Authenticate": "Bearer"},
            )


class _Visit:
    """One request: what was received of it, and what was sent."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        self.scope, self._receive, self._send, self.seconds = scope, receive, send, seconds
        headers = Headers(scope=scope)
        self.unread = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        self.status = GONE

    async def receive(self) -> Message:
        """Pass a message on, and note when the body is over."""
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.unread = False
        return message

    async def send(self, message: Message) -> None:
        """Pass a message on. Raises TimeoutError when the client does not take it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.unread:
                # The rest of the body would be taken for the next request.
                close = (b"connection", b"close")
                message = {**message, "headers": [*message.get("headers", []), close]}
        elif self.unread and not message.get("more_body", False):
            await self._pass({**message, "more_body": True})
            await self._linger()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._pass(message)

    async def answer(self, refusal: Refusal) -> None:
        """Say no, unless the answer has begun."""
        if self.status == GONE:
            await told(refusal)(self.scope, self.receive, self.send)

    async def _pass(self, message: Any) -> None:
        async with asyncio.timeout(self.seconds):
            await self._send(message)

    async def _linger(self) -> None:
        """A connection that is closed while data arrives loses the answer on its way."""
        try:
            async with asyncio.timeout(LINGER):
                while self.unread:
                    await self.receive()
        except TimeoutError:
            pass


def _line(scope: Scope, status: int, seconds: float) -> str:
    client = scope.get("client")
    path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")[:LONGEST_PATH]
    return (
        f"{client[0] if client else '-'} {scope['method']} {path} {status} {seconds * 1000:.1f} ms"
    )
