"""A picture in its cells: rough at once, sharp a moment later, never on the event loop's time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from rich.color import ColorSystem
from rich.style import Style
from textual import work
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.pixels import UnreadableImage
from tui.painters import sixel
from tui.painters.crops import DecodedImages
from tui.painters.drawing import (
    Area,
    Sketch,
    Subject,
    cell_strips,
    kitty_strips,
    kitty_upload,
    origin,
    sixel_picture,
    sixel_strips,
    sketch,
)
from tui.painters.picture_rules import changed_rows, picture_key, why_not, without_colour
from tui.painters.words import words_frame
from tui.terminal import Graphics
from tui.widgets.uplink import Uplink

Stage = Literal["empty", "words", "cells", "sharp"]
Result = TypeVar("Result")

IMAGES: Final = DecodedImages(192 << 20)
_THREADS: Final = ThreadPoolExecutor(2, thread_name_prefix="picture")
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
        stage: Stage

    def __init__(self, graphics: Graphics, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.stage: Stage = "empty"
        self.words = ""  # what the frame says while there is no picture
        self._strips: list[Strip] = []
        self._sharp_of: tuple[object, ...] | None = None  # the picture but for its boxes
        self._number: int | None = None  # kitty's name of the image on the screen
        self._sixels: tuple[Sketch, Area, str] | None = None
        self._sixels_due = False

    def watch_subject(self) -> None:
        self.begin()

    def on_resize(self) -> None:
        self.begin()

    def on_unmount(self) -> None:
        self._forget(self._number)

    @property
    def base(self) -> Style:
        """The cells around the picture."""
        return Style.null() if self.app.no_color else self.rich_style

    def begin(self) -> None:
        """Starts on the subject; what was begun before is dropped."""
        subject = self.subject
        if not self.is_attached or not self.size:
            return
        if subject is None:
            self.workers.cancel_group(self, "picture")
            if self.stage != "empty":
                self._show("empty", [])
        elif reason := why_not(subject, self.graphics):
            self.workers.cancel_group(self, "picture")
            self._say(subject, reason)
        else:
            colours = self.app.console._color_system or ColorSystem.TRUECOLOR
            plain = self.app.no_color
            graphics = without_colour(self.graphics) if plain else self.graphics
            self._draw(subject, Area(*self.size, graphics, colours, self.base, plain))

    @work(group="picture", exclusive=True)
    async def _draw(self, subject: Subject, area: Area) -> None:
        try:
            await self._sketch_then_sharpen(subject, area)
        except UnreadableImage as error:
            self._say(subject, str(error))

    async def _sketch_then_sharpen(self, subject: Subject, area: Area) -> None:
        sharpens = area.graphics.protocol in ("kitty", "sixel")
        if area.graphics.protocol == "kitty" and await self._place_again(subject, area):
            return
        same = (subject.path, subject.around, area)
        rough = self._elsewhere(lambda: _sketched(subject, area, sharpens))
        if self._sharp_of != same:
            done, _ = await asyncio.wait({rough}, timeout=STALE_AFTER)
            if not done and self.stage != "empty":
                self._show("empty", [])
        seen, strips = await rough
        if not sharpens or self._sharp_of != same:
            self._show("cells", strips)
        if not sharpens:
            return
        await asyncio.sleep(SETTLE)
        if area.graphics.protocol == "kitty":
            await self._sharpen_by_kitty(subject, seen, area)
        else:
            await self._sharpen_by_sixel(subject, seen, area)
        self._sharp_of = same

    async def _place_again(self, subject: Subject, area: Area) -> bool:
        """Show an image that the terminal still holds, if it does: nothing has to be sent."""
        placed = Uplink.of(self.app).placed
        number = placed.take(picture_key(subject, area))
        if number is None:
            return False
        try:
            seen, _ = await self._elsewhere(lambda: _sketched(subject, area, True))
        except BaseException:
            self._forget(number)
            raise
        self._show_placed(number, kitty_strips(seen, area, number))
        self._sharp_of = (subject.path, subject.around, area)
        return True

    def _show_placed(self, number: int, strips: list[Strip]) -> None:
        before = self._number
        self._show("sharp", strips)
        self._number = number
        self.call_after_refresh(self._forget, before)

    async def _sharpen_by_kitty(self, subject: Subject, seen: Sketch, area: Area) -> None:
        uplink = Uplink.of(self.app)
        number = uplink.next_number()
        pieces, strips = await self._elsewhere(
            lambda: (
                kitty_upload(subject, seen, area, IMAGES, number),
                kitty_strips(seen, area, number),
            )
        )
        try:
            await uplink.send(pieces)
        except asyncio.CancelledError:
            uplink.free([number], self.graphics.tmux)
            raise
        uplink.free(uplink.placed.keep(picture_key(subject, area), number), self.graphics.tmux)
        self._show_placed(number, strips)

    async def _sharpen_by_sixel(self, subject: Subject, seen: Sketch, area: Area) -> None:
        sixels = await self._elsewhere(lambda: sixel_picture(subject, seen, area, IMAGES))
        strips = sixel_strips(seen, area, self._sixels_uncovered)
        self._show("sharp", strips)
        self._sixels = (seen, area, sixels)

    def _elsewhere(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(_THREADS, work)

    def _say(self, subject: Subject, reason: str) -> None:
        self.words = f"{subject.facts}\n{reason}"
        self._show("words", words_frame(self.words, *self.size, self.base))

    def _show(self, stage: Stage, strips: list[Strip]) -> None:
        """Puts a stage on the screen, and lets go of what the one before needed."""
        before, self.stage, self._strips = self._strips, stage, strips
        self._sharp_of, self._sixels = None, None
        if stage != "sharp" and self._number is not None:
            self.call_after_refresh(self._forget, self._number)
            self._number = None
        self.refresh(*changed_rows(before, strips, self.size.width))
        self.post_message(self.Shown(self, stage))

    def _forget(self, number: int | None) -> None:
        """The terminal may need its room for other images now."""
        if number is not None:
            uplink = Uplink.of(self.app)
            uplink.free(uplink.placed.release(number), self.graphics.tmux)

    def _sixels_uncovered(self) -> bool:
        """Whether the picture may be written over its cells, which is then done after the frame."""
        if self._sixels is None or self._covered():
            return False
        if not self._sixels_due:
            self._sixels_due = True
            self.call_later(self._write_sixels)
        return True

    def _covered(self) -> bool:
        """Whether anything lies over the picture, or part of it is out of sight."""
        if self.app.screen is not self.screen:
            return True
        for widget, (region, clip) in self.screen._compositor.visible_widgets.items():
            if widget is self:
                return not clip.contains_region(region)
            if widget.visible and region.intersection(clip).overlaps(self._picture_region()):
                return True
        return True

    def _picture_region(self) -> Region:
        """The cells of the screen that the Sixel picture covers."""
        assert self._sixels is not None
        seen, area, _ = self._sixels
        x, y = origin(seen, area)
        return Region(self.region.x + x, self.region.y + y, seen.columns, seen.rows)

    def _write_sixels(self) -> None:
        self._sixels_due = False
        if self._sixels is not None and self.is_attached and not self._covered():
            seen, _, sixels = self._sixels
            x, y = self._picture_region().offset
            Uplink.of(self.app).write(sixel.picture_at(x, y, sixels, seen.chips))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as the worker made them: no style cache, no filter, nothing left to compute."""
        blank = Strip.blank(self.size.width, self.base)
        rows = (self._strips + [blank] * crop.bottom)[crop.y : crop.bottom]
        if crop.x == 0 and crop.width == self.size.width:
            return rows
        return [Strip(row).crop(crop.x, crop.right) for row in rows]

    def render_line(self, y: int) -> Strip:
        """One row, for those who ask about a single one."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]


def _sketched(subject: Subject, area: Area, sharpens: bool) -> tuple[Sketch, list[Strip]]:
    seen = sketch(subject, area, IMAGES, sharpens)
    return seen, cell_strips(seen, area)
