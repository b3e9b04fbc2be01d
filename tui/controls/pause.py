"""Work that waits until the person holds still."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer


class Pause:
    """Calls back once nothing has begun for so many seconds."""

    def __init__(self, owner: MessagePump, seconds: float, then: Callable[[], object]) -> None:
        self.owner = owner
        self.seconds = seconds
        self.then = then
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Wait from now on."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.owner.set_timer(self.seconds, self.then)
