"""The one way by which pictures reach the terminal, between the app's own frames."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import randrange
from time import monotonic
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

from textual.app import App

from tui.terminal import kitty
from tui.terminal.answered_frames import frames_of
from tui.terminal.placed import PlacedPictures
from tui.terminal.textual_private import write_to_terminal, writes_waiting

BACKLOG: Final = 4  # writes that may wait in Textual's writer thread, which blocks at 30
PAUSE: Final = 0.005  # seconds


@dataclass(frozen=True, eq=False)
class Parcel:
    """What belongs together."""

    pieces: Sequence[str]
    sent: "asyncio.Future[None]"
    begun: Callable[[], None]
    urgent: bool


class Uplink:
    """Sends one image after the other: the protocol forbids to mix the pieces of two."""

    _of: ClassVar["WeakKeyDictionary[App[Any], Uplink]"] = WeakKeyDictionary()

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Parcel] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._sending = False
        self._late: list[str] = []
        self.placed = PlacedPictures()
        self.there: set[int] = set()  # images that the terminal holds, or a part of them
        self._number = randrange(0x10000, 0x7F0000)

    @classmethod
    def of(cls, app: App[Any]) -> "Uplink":
        """The uplink of the app."""
        if app not in cls._of:
            cls._of[app] = cls(app)
        return cls._of[app]

    @property
    def rate(self) -> float | None:
        """What the line takes, in bytes a second; None where it is not known."""
        frames = frames_of(self._app)
        return None if frames is None else frames.wire.rate

    def next_number(self) -> int:
        """A name for an image: three bytes, since a colour carries it."""
        self._number = self._number % 0xFFFFFF + 1
        return self._number

    def write(self, sequence: str) -> None:
        """A whole sequence, now or when the image being sent is complete."""
        if self._sending:
            self._late.append(sequence)
        else:
            write_to_terminal(self._app, sequence)

    def free(self, numbers: Iterable[int], tmux: bool) -> None:
        """The terminal may forget these images, as far as anything of them was sent."""
        gone = [number for number in numbers if number in self.there]
        self.there.difference_update(gone)
        if gone:
            self.write("".join(kitty.free(number, tmux) for number in gone))

    def free_all(self, tmux: bool) -> None:
        """The terminal may forget everything; what waits is not sent any more."""
        for parcel in self._waiting:
            parcel.sent.cancel()
        if self._sending and self._pump is not None:
            self._pump.cancel()  # between two pieces, which are whole commands
            self._sending, self._late = False, []
        self.placed.forget()
        self.free(tuple(self.there), tmux)

    def upload(self, number: int, pieces: Sequence[str]) -> "asyncio.Future[None]":
        """Queues the pieces of an image with a name, which is there from its first piece on."""
        return self.send(pieces, lambda: self.there.add(number))

    def send(
        self,
        pieces: Sequence[str],
        begun: Callable[[], None] = lambda: None,
        *,
        urgent: bool = False,
    ) -> "asyncio.Future[None]":
        """Queues the pieces of one image; done when the last is written.

        A future that is cancelled in time sends nothing. begun is called before the first
        piece is written, after which all are. Urgent is what answers a key, and small: it
        waits for no frame.
        """
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Parcel(pieces, sent, begun, urgent))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._send_all())
        return sent

    async def _send_all(self) -> None:
        while self._waiting:
            parcel = self._waiting[0]
            first = len(parcel.pieces[0]) if parcel.pieces else 0
            if not parcel.sent.cancelled() and not self._may_go(first, parcel.urgent):
                await asyncio.sleep(PAUSE)
                continue
            self._waiting.popleft()
            if parcel.sent.cancelled():
                continue
            self._sending = True
            parcel.begun()
            for piece in parcel.pieces:
                while not self._may_go(len(piece), parcel.urgent):
                    await asyncio.sleep(PAUSE)
                write_to_terminal(self._app, piece)
                if (frames := frames_of(self._app)) is not None:
                    frames.ask(len(piece), frame=False)
                await asyncio.sleep(0)
            self._sending = False
            late, self._late = self._late, []
            for sequence in late:
                self.write(sequence)
            if not parcel.sent.done():
                parcel.sent.set_result(None)

    def _may_go(self, size: int, urgent: bool) -> bool:
        """Whether a piece can be written without a queue before the next frame."""
        if writes_waiting(self._app) > BACKLOG:
            return False
        frames = frames_of(self._app)
        if frames is None:
            return True
        wire, now = frames.wire, monotonic()
        return wire.patch_may_go(now, size) if urgent else wire.piece_may_go(now, size)
