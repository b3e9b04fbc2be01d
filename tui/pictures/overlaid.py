"""A picture that is written over the cells of a widget, once the frame is drawn."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from textual.geometry import Region
from textual.widget import Widget

from tui.pictures.paint.boxes import Chip
from tui.pictures.paint.over_cells import Tile, written_at
from tui.pictures.picture_threads import elsewhere
from tui.terminal.capabilities import Graphics, forgets_pictures
from tui.terminal.textual_private import visible_widgets
from tui.terminal.uplink import Uplink

TILES: Final = 6  # over one picture, where the terminal keeps only the last 16 that were written
REST: Final = 0.6  # seconds without a change before all is written in one piece again


@dataclass(frozen=True, eq=False)
class WrittenPicture:
    """What belongs over some cells of a widget."""

    cells: Region  # of the widget
    whole: str  # all of it as one sequence; empty where only parts of it were written so far
    chips: tuple[Chip, ...] = ()  # labels, by the cells of the picture
    encode: Callable[[], str] = str  # makes the whole, in a thread


class Overlaid:
    """Writes a picture again whenever the cells under it were drawn."""

    def __init__(self, owner: Widget) -> None:
        self.owner = owner
        self._shown: WrittenPicture | None = None
        self._tiles = 0  # written since the whole was
        self._due = False
        self._there: tuple[object, ...] = ()  # where the whole was written; empty: no more

    def show(self, picture: WrittenPicture) -> None:
        """This belongs over the cells from now on."""
        self._shown, self._tiles = picture, 0
        self.spoil()

    def spoil(self) -> None:
        """Something else was drawn there, so all is written again with the next frame."""
        self._there = ()

    def hide(self) -> None:
        """Nothing does."""
        self._shown = None

    def change(self, now: WrittenPicture, tiles: list[Tile], chips: list[Chip]) -> bool:
        """Write the parts in which another picture differs; False where they cannot be seen."""
        self._shown = now
        self._tiles += len(tiles)
        if self.covered():
            self.spoil()
            return False
        if tiles or chips:
            self._write(tiles, chips)
        return True

    async def renew(self, graphics: Graphics) -> None:
        """After a rest: the whole, where the terminal would lose it to the parts."""
        if self._shown is not None and self._tiles > TILES and forgets_pictures(graphics):
            await asyncio.sleep(REST)
            if not self.covered():
                await self.write_whole()

    def uncovered(self) -> bool:
        """Whether the cells may be left alone, for the picture is written after the frame."""
        if self._shown is None or self.covered():
            self.spoil()
            return False
        if self._there != self._place():
            self._want_whole()
        return True

    def _want_whole(self) -> None:
        if not self._due:
            self._due = True
            self.owner.call_later(self.write_whole)

    def _place(self) -> tuple[object, ...]:
        """What makes a picture that was written be still there, as far as that can be known."""
        app, screen = self.owner.app, self.owner.screen
        return self._region(), app.size, screen.stack_updates

    async def write_whole(self) -> None:
        """Write all of the picture, or have it drawn again: what covers it is gone one day."""
        self._due = False
        if (shown := self._shown) is None or not self.owner.is_attached:
            return
        if not shown.whole:
            sequence = await elsewhere(shown.encode)
            if self._shown is not shown:
                self._want_whole()  # of what came meanwhile
                return
            self._shown = shown = replace(shown, whole=sequence)
        if self.covered():
            # The frame left the cells alone, in which another picture may be seen.
            self.spoil()
            self.owner.refresh()
            return
        self._tiles, self._there = 0, self._place()
        whole = Tile((0, 0, *shown.cells.size), shown.whole)
        self._write([whole], shown.chips)

    def _write(self, tiles: Iterable[Tile], chips: Iterable[Chip]) -> None:
        x, y = self._region().offset
        Uplink.of(self.owner.app).write(written_at(x, y, tiles, chips))

    def covered(self) -> bool:
        """Whether anything lies over the picture, or part of it is out of sight."""
        owner = self.owner
        if owner.app.screen is not owner.screen:
            return True
        for widget, (region, clip) in visible_widgets(owner.screen):
            if widget is owner:
                return not clip.contains_region(region)
            if widget.visible and region.intersection(clip).overlaps(self._region()):
                return True
        return True

    def _region(self) -> Region:
        """The cells of the screen that the picture covers."""
        assert self._shown is not None
        return self._shown.cells.translate(self.owner.region.offset)
