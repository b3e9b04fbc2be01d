"""A line between two machines, on one: a relay that is as slow and as far as is wanted."""

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

PACKET = 1448  # bytes of data in one, on Ethernet
KERNEL = 1 << 16  # bytes that the kernel may hold for the relay on each side


@dataclass(frozen=True)
class Line:
    """How far and how fast; a rate of None is as fast as this machine."""

    round_trip: float = 0.0  # seconds
    rate: float | None = None  # bits a second, in each direction
    queue: int = 1 << 16  # bytes that wait in the router; what comes then waits at the sender

    def __str__(self) -> str:
        rate = f"{self.rate / 1e6:g} Mbit/s" if self.rate else "no limit"
        return f"{rate}, {self.round_trip * 1e3:g} ms"


@contextmanager
def relay(line: Line, port: int, host: str = "127.0.0.1") -> Iterator[int]:
    """The port of a relay to a port, until the end of the context."""
    ready = threading.Event()
    ports: list[int] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                there, back = await asyncio.open_connection(host, port, limit=PACKET)
                for each in (writer, back):
                    _small(each)
                await asyncio.gather(_carry(line, reader, back), _carry(line, there, writer))

        server = await asyncio.start_server(meet, "127.0.0.1", 0, limit=PACKET)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        serving = loop.create_task(serve())
        loop.stopping = serving  # type: ignore[attr-defined]
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serving)
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, name="line", daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stopping.cancel)  # type: ignore[attr-defined]
        thread.join(10)


def _small(writer: asyncio.StreamWriter) -> None:
    """No more is held than a router holds: else a slow line would look fast to its sender."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def _carry(line: Line, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """One direction: each packet leaves when the line is free and arrives half a trip later."""
    packets: deque[tuple[float, float, bytes]] = deque()  # when it has left, when it arrives
    changed = asyncio.Event()
    free = 0.0

    async def deliver() -> None:
        while True:
            while not packets:
                changed.clear()
                await changed.wait()
            _, arrives, packet = packets[0]
            if (early := arrives - monotonic()) > 0:
                await asyncio.sleep(early)
            packets.popleft()
            if not packet:
                return
            target.write(packet)
            await target.drain()

    async def take() -> None:
        nonlocal free
        while True:
            packet = await source.read(PACKET)
            now = monotonic()
            takes = len(packet) * 8 / line.rate if line.rate else 0.0
            free = max(free, now) + takes
            packets.append((free, free + line.round_trip / 2, packet))
            changed.set()
            if not packet:
                return
            if line.rate and (free - now) * line.rate / 8 > line.queue:
                await asyncio.sleep(free - now - line.queue * 8 / line.rate)

    try:
        await asyncio.gather(take(), deliver())
    except OSError:
        pass
    finally:
        with contextlib.suppress(OSError):
            target.close()
