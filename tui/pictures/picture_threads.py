"""Where pictures are made: two threads, and the images that were decoded last."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from textual.screen import Screen
from textual.strip import Strip

from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.drawing import Area, Sketch, Subject, sketch
from tui.pictures.paint.rules import photo_key
from tui.pictures.paint.strips import cell_strips

Result = TypeVar("Result")

IMAGES: Final = DecodedImages(192 << 20)
_THREADS: Final = ThreadPoolExecutor(2, thread_name_prefix="picture")


def elsewhere(work: Callable[[], Result]) -> "asyncio.Future[Result]":
    """What comes of it, worked out in a thread."""
    return asyncio.get_running_loop().run_in_executor(_THREADS, work)


@dataclass(frozen=True, eq=False)
class PictureLook:
    """What a picture shows, and how."""

    subject: Subject
    area: Area
    seen: Sketch
    truecolor: bool = False

    @property
    def photo(self) -> Hashable:
        """What no box changes."""
        return photo_key(self.subject, self.area)


def in_cells(subject: Subject, area: Area, truecolor: bool = False) -> tuple[Sketch, list[Strip]]:
    """The picture made of characters."""
    seen = sketch(subject, area, IMAGES, truecolor)
    return seen, cell_strips(seen, area)


def out_of_sight(screen: Screen[Any]) -> bool:
    """Whether another screen hides this one, not just a dialog."""
    top = screen.app.screen
    return top is not screen and (top.styles.background.a == 1 or not screen.is_current)


def read_ahead(subject: Subject, area: Area) -> None:
    """Have the file's pixels at hand; what is wrong with it is said once it is shown."""
    elsewhere(lambda: sketch(subject, area, IMAGES)).add_done_callback(_whatever_came)


def _whatever_came(done: "asyncio.Future[Sketch]") -> None:
    if not done.cancelled():
        done.exception()
