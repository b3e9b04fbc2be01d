"""The main screen as far as the app has to know it, which is there before its parts are."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from engine.compare.sides import SideBegun
    from engine.opening import Event
    from tui.desk.comparing import ComparedWith
    from tui.desk.desk import Desk
    from tui.image.image import ImageScreen

OpeningEvent: TypeAlias = "Event | SideBegun | ComparedWith"
"""How far an opening is; its last is an Opened, or ComparedWith where two are compared."""

Opener = Callable[[Callable[[], bool]], Iterator[OpeningEvent]]
"""Opens the files, telling how far it is, until its argument says that nobody waits any more."""


@runtime_checkable
class MainScreen(Protocol):
    """A screen that shows one assessment. To ask for it imports nothing of such a screen."""

    desk: "Desk[Any]"

    def text_to_copy(self) -> str:
        """What is in focus, as text."""
        ...

    def move_threshold(self, message: "ImageScreen.ThresholdMoved") -> None:
        """An image on top of this screen, which has no thresholds of its own, wants another."""
        ...
