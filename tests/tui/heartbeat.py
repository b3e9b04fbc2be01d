"""How long one turn of the event loop keeps the processor."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

NEVER: Final = 1_000_000  # rounds of the collector


@asynccontextmanager
async def heartbeat() -> AsyncIterator[list[float]]:
    """Seconds of processor time of the loop's own thread between beats, as they come.

    Processor time and not the clock, so that a busy machine does not fail a test. A
    beat comes every millisecond, or after the turn of the loop that took longer. The
    garbage collector does not look through all that other tests have left: the app keeps
    it from what was there at its start.
    """
    beats: list[float] = []

    async def beat() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            beats.append(now - last)
            last = now

    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    beating = asyncio.create_task(beat())
    try:
        yield beats
    finally:
        beating.cancel()
        gc.set_threshold(young, middle, old)
