"""The main screen as far as the app has to know it, which is there before its parts are."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from engine.opening import Event
    from tui.desk.desk import Desk
    from tui.image.image import ImageScreen

Opener = Callable[[Callable[[], bool]], Iterator["Event"]]
"""Opens the files, telling how far it is, until its argument says that nobody waits any more."""


class MainScreen(Screen[None]):
    """Shows one assessment."""

    desk: "Desk[Any]"

    @property
    def to_copy(self) -> str:
        """What is in focus, as text."""
        raise NotImplementedError

    def move_threshold(self, message: "ImageScreen.ThresholdMoved") -> None:
        """An image on top of this screen, which has no thresholds of its own, wants another."""
        raise NotImplementedError
