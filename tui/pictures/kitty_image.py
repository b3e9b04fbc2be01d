"""The image of kitty's that a picture shows: sent, edited in place, kept and let go."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Protocol

from textual.widget import Widget

from tui.pictures.paint.drawing import Area, Sketch, Subject
from tui.pictures.paint.raster import (
    PictureRaster,
    PictureUpload,
    kitty_patch,
    kitty_upload,
    raster,
)
from tui.pictures.paint.rules import picture_key
from tui.pictures.paint.sharpness import Sharpness
from tui.pictures.picture_threads import IMAGES, elsewhere
from tui.terminal.capabilities import edits_images
from tui.terminal.flow import SMALLEST
from tui.terminal.uplink import Uplink


class Upload(Protocol):
    """An image as it is sent."""

    @property
    def pieces(self) -> list[str]: ...
    @property
    def sharpness(self) -> Sharpness | None:
        """What a photo was cut down to, so that it can be edited; None for what is sent anew."""


class KittyImage:
    """One at a time; the terminal frees it once nothing on the screen is made of it."""

    def __init__(self, owner: Widget, tmux: bool) -> None:
        self.owner, self.tmux = owner, tmux
        self.number: int | None = None
        self._raster: PictureRaster | None = None  # what the terminal has under the number

    @property
    def _uplink(self) -> Uplink:
        return Uplink.of(self.owner.app)

    def known(self, key: Hashable) -> int | None:
        """The number of an image of this that the terminal still holds, in use from now on."""
        return self._uplink.placed.take(key)

    async def send(self, key: Hashable, make: Callable[[int, float | None], Upload]) -> int:
        """Send another image of this: its number, in use from now on.

        make is called in a thread with that number and with the line's rate in bytes/s.
        """
        uplink = self._uplink
        number, rate = uplink.next_number(), uplink.rate
        made = await elsewhere(lambda: make(number, rate))
        try:
            await uplink.upload(number, made.pieces)
        except asyncio.CancelledError:
            uplink.free([number], self.tmux)
            raise
        uplink.free(uplink.placed.keep(key, number, made.sharpness), self.tmux)
        return number

    async def edit(self, subject: Subject, seen: Sketch, area: Area, before: Subject) -> bool:
        """Send what the boxes change of the image that is shown; whether that can be done."""
        number, placed = self.number, self._uplink.placed
        if number is None or not placed.alone(number) or not edits_images(area.graphics):
            return False
        has, sharpness = self._raster, placed.made(number)
        if not isinstance(sharpness, Sharpness):
            return False

        def patch(old: PictureRaster) -> tuple[PictureRaster, list[str]]:
            now = old.marked(subject, seen)
            return now, kitty_patch(old, now, number, self.tmux)

        if has is None:
            has = await elsewhere(lambda: raster(before, seen, area, IMAGES, sharpness))
            self._raster = has
        now, pieces = await elsewhere(lambda: patch(has))
        size = sum(map(len, pieces))

        def begun() -> None:
            self._raster = now
            self._uplink.free(placed.rename(number, picture_key(subject, area)), self.tmux)

        if pieces:
            await self._uplink.send(pieces, begun, urgent=size <= SMALLEST)
        else:
            begun()
        return True

    def show(self, number: int | None) -> None:
        """From the next frame on the screen shows this image, or none."""
        before, self.number, self._raster = self.number, number, None
        if before is not None:
            self.owner.call_after_refresh(self.release, before)

    def release(self, number: int | None) -> None:
        """The terminal may need its room for other images now."""
        if number is not None:
            self._uplink.free(self._uplink.placed.release(number), self.tmux)


def photo_upload(
    subject: Subject, seen: Sketch, area: Area
) -> Callable[[int, float | None], PictureUpload]:
    """What makes a photo to send as the image of a number, at a rate of the line."""
    return lambda number, rate: kitty_upload(subject, seen, area, IMAGES, number, rate)
