"""A picture that is written over the cells of a widget, once the frame is drawn."""

import asyncio
from collections.abc import Iterable
from typing import Final

from textual.geometry import Region
from textual.widget import Widget

from tui.pictures.paint.boxes import Chip
from tui.pictures.paint.drawing import Area, Sketch, Subject
from tui.pictures.paint.over_cells import Tile, chips_over, written_at
from tui.pictures.paint.raster import Overlay, over_cells, overlay, overlay_patch
from tui.pictures.paint.strips import origin
from tui.pictures.picture_threads import IMAGES, elsewhere
from tui.terminal.capabilities import forgets_pictures
from tui.terminal.textual_private import visible_widgets
from tui.terminal.uplink import Uplink

TILES: Final = 6  # over one picture, where the terminal keeps only the last 16 that were written
REST: Final = 0.6  # seconds without a change before all is written in one piece again


class Overlaid:
    """Writes a picture again whenever the cells under it were drawn."""

    def __init__(self, owner: Widget) -> None:
        self.owner = owner
        self._shown: tuple[Sketch, Area, Overlay] | None = None
        self._stale = False  # the sequence is of other boxes
        self._tiles = 0  # written since the whole was
        self._due = False
        self._there: tuple[object, ...] = ()  # where the whole was written; empty: no more

    async def make(self, subject: Subject, seen: Sketch, area: Area) -> Overlay | None:
        """The picture, None where the line is too slow for it."""
        rate = Uplink.of(self.owner.app).rate
        return await elsewhere(lambda: overlay(subject, seen, area, IMAGES, rate))

    def show(self, seen: Sketch, area: Area, made: Overlay) -> None:
        """This belongs over the cells from now on."""
        self._shown, self._stale, self._tiles = (seen, area, made), False, 0
        self.spoil()

    def spoil(self) -> None:
        """Something else was drawn there, so all is written again with the next frame."""
        self._there = ()

    def hide(self) -> None:
        """Nothing does."""
        self._shown = None

    async def change(self, subject: Subject, seen: Sketch) -> bool:
        """Write what the boxes change of the picture; False where it cannot be seen so."""
        if self._shown is None:
            return False
        before, area, made = self._shown

        def patch() -> tuple[Overlay, list[Tile]]:
            raster = made.raster.marked(subject, seen)
            tiles = overlay_patch(made.raster, raster, before.chips, seen, area)
            return Overlay("", raster), tiles

        now, tiles = await elsewhere(patch)
        self._shown, self._stale = (seen, area, now), True
        self._tiles += len(tiles)
        if self.covered():
            self.spoil()
            return False
        there = set(before.chips) - set(chips_over(before.chips, tiles))
        chips = [chip for chip in seen.chips if chip not in there]
        if tiles or chips:
            self._write(tiles, chips)
        return True

    async def renew(self) -> None:
        """After a rest: the whole, where the terminal would lose it to the parts."""
        if (
            self._shown is not None
            and self._tiles > TILES
            and forgets_pictures(self._shown[1].graphics)
        ):
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
        seen, area, made = shown
        if self._stale:
            sequence = await elsewhere(lambda: over_cells(made.raster, seen, area))
            if self._shown is not shown:
                self._want_whole()  # of the boxes that came meanwhile
                return
            made = Overlay(sequence, made.raster)
            self._shown, self._stale = (seen, area, made), False
        if self.covered():
            # The frame left the cells alone, in which another picture may be seen.
            self.spoil()
            self.owner.refresh()
            return
        self._tiles, self._there = 0, self._place()
        whole = Tile((0, 0, seen.columns, seen.rows), made.sequence)
        self._write([whole], seen.chips)

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
        seen, area, _ = self._shown
        x, y = origin(seen, area)
        return Region(self.owner.region.x + x, self.owner.region.y + y, seen.columns, seen.rows)
