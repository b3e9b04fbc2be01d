"""What is on its way to the terminal: one frame at most, and no more of a picture than arrives.

What an app writes over SSH is taken at once and queued out of its sight: a slider held
down on a slow line would go on moving for seconds after its release. So each frame, and
each piece of a picture, ends with a question that the terminal answers in turn, and the
next frame waits for the answer. The screen then shows the newest state instead of all.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

LATE: Final = 1.5  # seconds for an answer; after it nothing waits for what it ends
LOST: Final = 10.0  # seconds after which an answer will not come any more
SILENT: Final = 3  # questions: a terminal that answered none of them is asked no more
SMALLEST: Final = 16_384  # characters of pictures on their way: the least that is allowed
LARGEST: Final = 262_144
PROMPT: Final = 0.05  # seconds over the fastest answer so far that are no queue yet
WEIGHTY: Final = 4_096  # characters from which the time for them says something of the line
INSTANT: Final = 0.001  # seconds: what takes less is not told apart
SAMPLES: Final = 5  # of the line's speed, of which the middle one counts


@dataclass(frozen=True)
class Sent:
    """Something on its way, with the question that ends it."""

    at: float  # seconds, of any clock that only goes forward
    size: int  # characters
    frame: bool


class Wire:
    """Counts what was sent and not answered. Knows no clock: each call says the time."""

    def __init__(self, question: str = "") -> None:
        self.question = question  # empty where the terminal answers none: nothing ever waits
        self.window = 2 * SMALLEST
        self._open: deque[Sent] = deque()
        self._fastest = float("inf")
        self._took = 0.0
        self._heard = False
        self._answered_at = float("-inf")
        self._rates: deque[float] = deque(maxlen=SAMPLES)

    @property
    def rate(self) -> float | None:
        """What the line takes, in characters a second; None until it is known."""
        if len(self._rates) < 2:
            return None
        return sorted(self._rates)[(len(self._rates) - 1) // 2]

    def sent(self, now: float, size: int, frame: bool) -> None:
        """A frame or a piece of a picture was written, and the question after it."""
        if self.question:
            self._open.append(Sent(now, size, frame))

    def answered(self, now: float) -> None:
        """The terminal has read everything up to its oldest open question."""
        self._heard = True
        if not self._open:
            return
        oldest = self._open.popleft()
        took = now - oldest.at
        self._weigh(oldest, now)
        self._took = took
        self._fastest = min(self._fastest, took)
        if oldest.frame:
            return
        if took < 1.5 * self._fastest + PROMPT:
            self.window = min(2 * self.window, LARGEST)
        elif took > 2 * self._fastest + 2 * PROMPT:
            self.window = SMALLEST

    def _weigh(self, sent: Sent, now: float) -> None:
        """What the time for this alone says of the line.

        It is no more than the time since the answer before, and no more than all of it less
        what the smallest takes: the one is near where the line was busy, the other where not.
        """
        spent = now - max(self._answered_at, sent.at + self._fastest)
        self._answered_at = now
        if sent.size >= WEIGHTY and spent > 0:
            self._rates.append(sent.size / max(spent, INSTANT))

    def frame_may_go(self, now: float) -> bool:
        """Whether no frame is on its way."""
        return not any(sent.frame for sent in self._waited_for(now))

    def piece_may_go(self, now: float, size: int) -> bool:
        """Whether a piece of a picture fits in what the line takes without a queue.

        Pictures wait for frames, so that what a key does is never behind them.
        """
        waited_for = self._waited_for(now)
        if not waited_for:
            return True
        if any(sent.frame for sent in waited_for):
            return False
        return sum(sent.size for sent in waited_for) + size <= self.window

    def patch_may_go(self, now: float, size: int) -> bool:
        """Whether a small part of a picture can go at once: it is the answer to a key.

        It waits for no frame, only for other parts, so that a held key leaves most of them out.
        """
        under_way = [sent.size for sent in self._waited_for(now) if not sent.frame]
        return not under_way or sum(under_way) + size <= SMALLEST

    def still_coming(self, now: float) -> float:
        """Seconds until the last answer is likely to be there, 0 where none is open."""
        waited_for = self._waited_for(now)
        if not waited_for:
            return 0.0
        return min(max(waited_for[-1].at + 1.5 * self._took + PROMPT - now, PROMPT), LATE)

    def _waited_for(self, now: float) -> list[Sent]:
        """What is on its way, as far as it is not late."""
        while self._open and now - self._open[0].at > LOST:
            self._open.popleft()
        on_time = [sent for sent in self._open if now - sent.at <= LATE]
        if not self._heard and len(self._open) - len(on_time) >= SILENT:
            self.question = ""
            self._open.clear()
            return []
        return on_time
