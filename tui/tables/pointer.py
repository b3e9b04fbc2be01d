"""The pointer over a widget: where it is, and when it rests there."""

from collections.abc import Callable
from typing import Final

from textual.geometry import Offset
from textual.message_pump import MessagePump

from tui.controls.pause import Pause

REST: Final = 0.15  # seconds without a move before the pointer rests


class RestingPointer:
    """Calls back when the pointer rests, and draws nothing for it."""

    def __init__(self, owner: MessagePump, rested: Callable[[], object]) -> None:
        self.at: Offset | None = None  # in cells of the owner; None until it moves there
        self.rest = Pause(owner, REST, rested)

    def move(self, there: Offset) -> None:
        """Of many moves only the place where they end is looked at."""
        if there != self.at:
            self.at = there
            self.rest.begin()

    def passed_over(self) -> None:
        """Something else has come under the pointer."""
        if self.at is not None:
            self.rest.begin()
