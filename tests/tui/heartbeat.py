"""How long one turn of the event loop keeps the processor."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Seconds of processor time of the loop's own thread between beats, as they come.

    Processor time and not the clock, so that a busy machine does not fail a test. A
    beat comes every millisecond, or after the turn of the loop that took longer.
    """
    beats: list[float] = []

    async def beat() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            beats.append(now - last)
            last = now

    beating = asyncio.create_task(beat())
    try:
        yield beats
    finally:
        beating.cancel()
