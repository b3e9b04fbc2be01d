"""Bodies of requests, received within limits of size, memory and time."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from engine.serving.limits import MIB, Limits, Refusal, full

MOST_FIELDS: Final = 20  # of a form, which are no files and not looked at
FIELD_BYTES: Final = 64 * 1024
TRY_AGAIN: Final = 2  # seconds, where memory is short


class Memory:
    """The bytes of all requests under way."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0

    @contextmanager
    def guest(self) -> Iterator["Guest"]:
        """The share of one request, which ends with it."""
        guest = Guest(self)
        try:
            yield guest
        finally:
            self.used -= guest.bytes


class Guest:
    """The share of one request."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.bytes = 0

    def take(self, count: int) -> None:
        """Take so many bytes more, or refuse with 429."""
        if self.memory.used + count > self.memory.most:
            raise full(TRY_AGAIN)
        self.memory.used += count
        self.bytes += count


async def chunks(request: Request, limits: Limits, guest: Guest) -> AsyncGenerator[bytes, None]:
    """The body as it comes. Raises Refusal: 413, 429 or 408; ClientDisconnect if it ends early."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > limits.request_bytes:
        raise _too_large(limits)
    received, more = 0, True
    until = asyncio.get_running_loop().time() + limits.seconds
    while more:
        stall = asyncio.get_running_loop().time() + limits.stall_seconds
        try:
            async with asyncio.timeout_at(min(until, stall)):
                message = await request.receive()
        except TimeoutError:
            raise Refusal(
                408, f"the request did not arrive within {limits.seconds:g} s: send it faster"
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        if content := message.get("body", b""):
            received += len(content)
            if received > limits.request_bytes:
                raise _too_large(limits)
            guest.take(len(content))
            yield content


async def body(request: Request, limits: Limits, guest: Guest) -> bytes:
    """The whole body; raises as `chunks`."""
    async with aclosing(chunks(request, limits, guest)) as parts:
        return b"".join([part async for part in parts])


async def form_files(request: Request, limits: Limits, guest: Guest) -> list[tuple[str, bytes]]:
    """Name and content of each file in a multipart form; raises as `chunks`, and 400 or 422."""
    async with aclosing(chunks(request, limits, guest)) as parts:
        parser = _InMemory(
            request.headers,
            parts,
            max_files=limits.images,
            max_fields=MOST_FIELDS,
            max_part_size=FIELD_BYTES,
        )
        try:
            form = await parser.parse()
        except MultiPartException as error:
            raise Refusal(400, f"the multipart form cannot be read: {error.message}") from None
        except (KeyError, ValueError, UnicodeError):
            raise Refusal(400, "the multipart form cannot be read: it is damaged") from None
    try:
        files = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
        return [(file.filename or "", await file.read()) for file in files]
    finally:
        await form.close()


class _InMemory(MultiPartParser):
    """Nothing goes to the disk: the memory is counted."""

    spool_max_size = 1024 * MIB


def _too_large(limits: Limits) -> Refusal:
    most = limits.request_bytes / MIB
    return Refusal(413, f"the request is larger than {most:g} MiB: send fewer or smaller images")
