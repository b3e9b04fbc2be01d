"""The main screen as far as the app has to know it, which is there before its parts are."""

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.image.image import ImageScreen


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
