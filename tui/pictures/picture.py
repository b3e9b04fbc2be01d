"""A picture in its cells: rough at once, sharp a moment later, never on the event loop's time."""

import asyncio
from dataclasses import dataclass
from typing import Final, Literal

from rich.color import ColorSystem
from rich.style import Style
from textual import work
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.images.pixels import UnreadableImage
from tui.drawing.frame import words_frame
from tui.pictures.kitty_image import KittyImage, photo_upload
from tui.pictures.overlaid import Overlaid
from tui.pictures.paint.drawing import Area, Sketch, Subject, sketch
from tui.pictures.paint.rules import (
    changed_cells,
    changed_rows,
    photo_key,
    picture_key,
    why_not,
    without_colour,
)
from tui.pictures.paint.sharpness import in_all_colours
from tui.pictures.paint.strips import cell_strips, kitty_strips, strips_under
from tui.pictures.photo_over_cells import PhotoOverCells
from tui.pictures.picture_threads import (
    IMAGES,
    PictureLook,
    elsewhere,
    in_cells,
    out_of_sight,
    read_ahead,
)
from tui.terminal.capabilities import Graphics
from tui.terminal.textual_private import colour_system
from tui.terminal.uplink import Uplink

PictureStage = Literal["empty", "words", "cells", "sharp"]

STALE_AFTER: Final = 0.1  # seconds that the picture before may stay
SETTLE: Final = 0.12  # seconds without a new subject before sharpening is worth the bytes


class Picture(Widget):
    """Shows its subject as sharp as the terminal can."""

    DEFAULT_CSS = "Picture { width: 1fr; height: 1fr; }"

    subject: reactive[Subject | None] = reactive(None, init=False, repaint=False)

    @dataclass
    class Shown(Message):
        """Another stage of the picture is on the screen."""

        picture: "Picture"
        stage: PictureStage

    def __init__(self, graphics: Graphics, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.stage: PictureStage = "empty"
        self.words = ""  # what the frame says while there is no picture
        self._strips: list[Strip] = []
        self._look: PictureLook | None = None
        self._due = False  # to begin once no screen is over this one
        self._image = KittyImage(self, graphics.tmux)
        self._over = Overlaid(self)
        self._photo_over = PhotoOverCells(self._over)

    def watch_subject(self) -> None:
        self.begin()

    def on_resize(self) -> None:
        self.begin()

    def on_hide(self) -> None:
        self.spoil()
        self._over.uncovered()  # told late it may be in sight again, and its frame drawn already

    def spoil(self) -> None:
        """The terminal may have lost what was written over the cells."""
        self._over.spoil()

    def on_unmount(self) -> None:
        self._image.release(self._image.number)

    @property
    def base(self) -> Style:
        """The cells around the picture."""
        return Style.null() if self.app.no_color else self.rich_style

    @property
    def area(self) -> Area:
        """Its place, and what can be shown there."""
        colours = colour_system(self.app)
        plain = self.app.no_color
        graphics = without_colour(self.graphics) if plain else self.graphics
        return Area(*self.size, graphics, colours, self.base, plain)

    def begin(self, *, anew: bool = False) -> None:
        """Starts on the subject; what was begun before is dropped.

        anew: the terminal has nothing of it any more.
        """
        subject = self.subject
        if anew:
            self._look = None
            self.spoil()
        if not self.is_attached or not self.size:
            return
        self._due = out_of_sight(self.screen)
        if self._due:
            self.workers.cancel_group(self, "picture")
        elif subject is None:
            self.workers.cancel_group(self, "picture")
            if self.stage != "empty":
                self._show("empty", [])
        elif reason := why_not(subject, self.graphics):
            self.workers.cancel_group(self, "picture")
            self._say(subject, reason)
        else:
            self._draw(subject, self.area)

    def expect(self, subject: Subject) -> None:
        """This is likely to be shown next: its file is read meanwhile."""
        if self.is_attached and self.size and not why_not(subject, self.graphics):
            read_ahead(subject, self.area)

    @work(group="picture", exclusive=True)
    async def _draw(self, subject: Subject, area: Area) -> None:
        """The boxes anew, or another picture: first in cells, then as sharp as can be."""
        try:
            before = self._look
            if before is not None and before.photo == photo_key(subject, area):
                await self._mark(subject, before)
            elif not await self._place_again(subject, area):
                await self._sketch(subject, area)
            await self._sharpen()
        except UnreadableImage as error:
            self._say(subject, str(error))

    async def _sketch(self, subject: Subject, area: Area) -> None:
        rough = elsewhere(lambda: in_cells(subject, area))
        done, _ = await asyncio.wait({rough}, timeout=STALE_AFTER)
        if not done and self.stage != "empty":
            self._show("empty", [])
        seen, strips = await rough
        self._show("cells", strips)
        self._look = PictureLook(subject, area, seen)

    async def _mark(self, subject: Subject, before: PictureLook) -> None:
        """Other boxes over the same photo; where it is sharp they are sent in pixels."""
        area, truecolor, old = before.area, before.truecolor, self._strips
        written = True
        seen = await elsewhere(lambda: sketch(subject, area, IMAGES, truecolor, before.seen))
        if self.stage == "cells":
            strips = cell_strips(seen, area)
        elif self._image.number is not None:
            if not await self._image.edit(subject, seen, area, before.subject):
                await self._send_again(subject, seen, area)
                return
            strips = kitty_strips(seen, area, self._image.number)
        else:
            written = await self._photo_over.change(subject, seen)
            strips = strips_under(seen, area, self._over)
        regions = await elsewhere(lambda: changed_cells(old, strips, area.columns))
        self._strips, self._look = strips, PictureLook(subject, area, seen, truecolor)
        if regions or not written:
            self.refresh(*(regions if written else ()))
        self.post_message(self.Shown(self, self.stage))

    async def _sharpen(self) -> None:
        """What is in cells, after a rest."""
        if (look := self._look) is None:
            return
        subject, area, seen = look.subject, look.area, look.seen
        if self.stage == "sharp":
            await self._over.renew(area.graphics)
        elif not area.in_pixels:
            await self._colour(look)
        elif area.graphics.protocol == "kitty":
            await asyncio.sleep(SETTLE)
            self._show_image(subject, seen, area, await self._send(subject, seen, area))
        else:
            await asyncio.sleep(SETTLE)
            if (made := await self._photo_over.make(subject, seen, area)) is not None:
                self._show("sharp", strips_under(seen, area, self._over))
                self._photo_over.show(seen, area, made)
                self._look = look

    async def _colour(self, look: PictureLook) -> None:
        """Characters in all colours, where that is worth the bytes."""
        subject, area = look.subject, look.area
        truecolor = area.colours is ColorSystem.TRUECOLOR and not area.few_colours
        if look.truecolor or not in_all_colours(truecolor, Uplink.of(self.app).rate):
            return
        await asyncio.sleep(SETTLE)
        seen, strips = await elsewhere(lambda: in_cells(subject, area, truecolor=True))
        old, self._strips = self._strips, strips
        self._look = PictureLook(subject, area, seen, truecolor=True)
        self.refresh(*changed_rows(old, strips, area.columns))

    async def _place_again(self, subject: Subject, area: Area) -> bool:
        """Show an image that the terminal still holds, if it does: nothing has to be sent."""
        if area.graphics.protocol != "kitty":
            return False
        number = self._image.known(picture_key(subject, area))
        if number is None:
            return False
        try:
            seen = await elsewhere(lambda: sketch(subject, area, IMAGES))
        except BaseException:
            self._image.release(number)
            raise
        self._show_image(subject, seen, area, number)
        return True

    async def _send_again(self, subject: Subject, seen: Sketch, area: Area) -> None:
        """The whole of an image that cannot be edited; the one before stays until it is there."""
        number = self._image.known(picture_key(subject, area))
        if number is None:
            await asyncio.sleep(SETTLE)
            number = await self._send(subject, seen, area)
        self._show_image(subject, seen, area, number)

    async def _send(self, subject: Subject, seen: Sketch, area: Area) -> int:
        """Send kitty an image: its number."""
        upload = photo_upload(subject, seen, area)
        return await self._image.send(picture_key(subject, area), upload)

    def _show_image(self, subject: Subject, seen: Sketch, area: Area, number: int) -> None:
        self._show("sharp", kitty_strips(seen, area, number), number)
        self._look = PictureLook(subject, area, seen)

    def _say(self, subject: Subject, reason: str) -> None:
        self.words = f"{subject.facts}\n{reason}"
        self._show("words", words_frame(self.words, *self.size, self.base, self.graphics.ascii))

    def _show(self, stage: PictureStage, strips: list[Strip], number: int | None = None) -> None:
        """Puts a stage on the screen, and lets go of what the one before needed."""
        before, self.stage, self._strips = self._strips, stage, strips
        self._look = None
        self._photo_over.hide()
        self._image.show(number)
        self.refresh(*changed_rows(before, strips, self.size.width))
        self.post_message(self.Shown(self, stage))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as the worker made them: no style cache, no filter, nothing left to compute."""
        if self._due:
            self._due = False
            self.call_later(self.begin)
        blank = Strip.blank(self.size.width, self.base)
        rows = (self._strips + [blank] * crop.bottom)[crop.y : crop.bottom]
        if crop.x == 0 and crop.width == self.size.width:
            return rows
        return [Strip(row).crop(crop.x, crop.right) for row in rows]

    def render_line(self, y: int) -> Strip:
        """One row, for those who ask about a single one."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]
