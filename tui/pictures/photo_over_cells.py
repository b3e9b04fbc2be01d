"""A photo that is written over cells: whole, and then the parts that its boxes change."""

from textual.geometry import Region

from tui.pictures.overlaid import Overlaid, WrittenPicture
from tui.pictures.paint.drawing import Area, Sketch, Subject
from tui.pictures.paint.over_cells import Tile, chips_over
from tui.pictures.paint.raster import Overlay, PictureRaster, over_cells, overlay, overlay_patch
from tui.pictures.paint.strips import origin
from tui.pictures.picture_threads import IMAGES, elsewhere
from tui.terminal.uplink import Uplink


class PhotoOverCells:
    """Knows what is in the pixels that lie over the cells."""

    def __init__(self, over: Overlaid) -> None:
        self.over = over
        self._shown: tuple[Sketch, Area, PictureRaster] | None = None

    async def make(self, subject: Subject, seen: Sketch, area: Area) -> Overlay | None:
        """The picture, None where the line is too slow for it."""
        rate = Uplink.of(self.over.owner.app).rate
        return await elsewhere(lambda: overlay(subject, seen, area, IMAGES, rate))

    def show(self, seen: Sketch, area: Area, made: Overlay) -> None:
        """This belongs over the cells from now on."""
        self._shown = seen, area, made.raster
        self.over.show(WrittenPicture(_cells(seen, area), made.sequence, seen.chips))

    def hide(self) -> None:
        """Nothing does."""
        self._shown = None
        self.over.hide()

    async def change(self, subject: Subject, seen: Sketch) -> bool:
        """Write what the boxes change of the picture; False where it cannot be seen so."""
        if self._shown is None:
            return False
        before, area, raster = self._shown

        def patch() -> tuple[PictureRaster, list[Tile]]:
            marked = raster.marked(subject, seen)
            return marked, overlay_patch(raster, marked, before.chips, seen, area)

        now, tiles = await elsewhere(patch)
        self._shown = seen, area, now
        there = set(before.chips) - set(chips_over(before.chips, tiles))
        chips = [chip for chip in seen.chips if chip not in there]
        written = WrittenPicture(
            _cells(seen, area), "", seen.chips, lambda: over_cells(now, seen, area)
        )
        return self.over.change(written, tiles, chips)


def _cells(seen: Sketch, area: Area) -> Region:
    return Region(*origin(seen, area), seen.columns, seen.rows)
