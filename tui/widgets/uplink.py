"""The one way by which pictures reach the terminal, between the app's own frames."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from random import randrange
from time import monotonic
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

from textual.app import App

from tui.painters import kitty
from tui.painters.redraw import AnsweredApp, writes_waiting
from tui.widgets.placed import Placed

BACKLOG: Final = 4  # writes that may wait in Textual's writer thread, which blocks at 30
PAUSE: Final = 0.005  # seconds


class Uplink:
    """Sends one image after the other: the protocol forbids to mix the pieces of two."""

    _of: ClassVar["WeakKeyDictionary[App[Any], Uplink]"] = WeakKeyDictionary()

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[tuple[Sequence[str], asyncio.Future[None]]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._sending = False
        self._late: list[str] = []
        self.placed = Placed()
        self._number = randrange(0x10000, 0x7F0000)

    @classmethod
    def of(cls, app: App[Any]) -> "Uplink":
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

    def free(self, numbers: Iterable[int], tmux: bool) -> None:
        """The terminal may forget these images."""
        if written := "".join(kitty.free(number, tmux) for number in numbers):
            self.write(written)

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
                while not self._may_go(len(piece)):
                    await asyncio.sleep(PAUSE)
                if self._app._driver is not None:
                    self._app._driver.write(piece)
                if isinstance(self._app, AnsweredApp):
                    self._app.ask(len(piece), frame=False)
                await asyncio.sleep(0)
            self._sending = False
            late, self._late = self._late, []
            for sequence in late:
                self.write(sequence)
            if not sent.done():
                sent.set_result(None)

    def _may_go(self, size: int) -> bool:
        """Whether a piece can be written without a queue before the next frame."""
        if writes_waiting(self._app) > BACKLOG:
            return False
        return not isinstance(self._app, AnsweredApp) or self._app.wire.piece_may_go(
            monotonic(), size
        )
