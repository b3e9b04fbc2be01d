"""The one way by which pictures reach the terminal, between the app's own frames."""

import asyncio
from collections import deque
from collections.abc import Sequence
from random import randrange
from typing import ClassVar, Final
from weakref import WeakKeyDictionary

from textual.app import App

BACKLOG: Final = 4  # writes that may wait in Textual's writer thread, which blocks at 30
PAUSE: Final = 0.005  # seconds


class Uplink:
    """Sends one image after the other: the protocol forbids to mix the pieces of two."""

    _of: ClassVar["WeakKeyDictionary[App[object], Uplink]"] = WeakKeyDictionary()

    def __init__(self, app: App[object]) -> None:
        self._app = app
        self._waiting: deque[tuple[Sequence[str], asyncio.Future[None]]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._sending = False
        self._late: list[str] = []
        self._number = randrange(0x10000, 0x7F0000)

    @classmethod
    def of(cls, app: App[object]) -> "Uplink":
        """The uplink of the app."""
        if app not in cls._of:
            cls._of[app] = cls(app)
        return cls._of[app]

    def next_number(self) -> int:
        """A name for an image: three bytes, since a colour carries it."""
        self._number = self._number % 0xFFFFFF + 1
        return self._number

    def write(self, sequence: str) -> None:
        """A whole sequence, now or when the image being sent is complete."""
        if self._sending:
            self._late.append(sequence)
        elif self._app._driver is not None:
            self._app._driver.write(sequence)

    def send(self, pieces: Sequence[str]) -> "asyncio.Future[None]":
        """Queues the pieces of one image; done when the last is written.

        A future that is cancelled in time sends nothing.
        """
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((pieces, sent))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._send_all())
        return sent

    async def _send_all(self) -> None:
        while self._waiting:
            pieces, sent = self._waiting.popleft()
            if sent.cancelled():
                continue
            self._sending = True
            for piece in pieces:
                while self._backlog() > BACKLOG:
                    await asyncio.sleep(PAUSE)
                if self._app._driver is not None:
                    self._app._driver.write(piece)
                await asyncio.sleep(0)
            self._sending = False
            late, self._late = self._late, []
            for sequence in late:
                self.write(sequence)
            if not sent.done():
                sent.set_result(None)

    def _backlog(self) -> int:
        thread = getattr(self._app._driver, "_writer_thread", None)
        return thread._queue.qsize() if thread is not None else 0
