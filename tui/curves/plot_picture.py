"""The pixels of a plot: made in a thread, shown by kitty's image or over the cells."""

from rich.color import ColorSystem
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from engine.plots.styles import PlotStyles
from tui.curves.paint.cells import Plot
from tui.curves.paint.plot_images import plot_file, plot_over_cells
from tui.pictures.kitty_image import KittyImage
from tui.pictures.overlaid import Overlaid, WrittenPicture
from tui.pictures.paint.cell_runs import Beneath, Characters, Placeholders, Run
from tui.pictures.paint.strips import Cover, PictureStrip
from tui.pictures.picture_threads import elsewhere
from tui.terminal.capabilities import Graphics
from tui.terminal.textual_private import colour_system
from tui.terminal.uplink import Uplink


class PlotPicture:
    """Holds what the terminal has of the plot of a widget."""

    def __init__(self, owner: Widget, tmux: bool) -> None:
        self.owner = owner
        self.strips: list[Strip] = []  # all lines of the plot; none where it is in dots
        self._cells = Region()  # that are shown in pixels
        self._image = KittyImage(owner, tmux)
        self._over = Overlaid(owner)

    @property
    def number(self) -> int | None:
        """Of kitty's image that is shown."""
        return self._image.number

    async def show(
        self, plot: Plot, cells: Region, styles: PlotStyles, graphics: Graphics
    ) -> list[Region]:
        """Make the pixels and have them shown: the cells to draw anew, none where none are."""
        rate = Uplink.of(self.owner.app).rate
        if graphics.protocol == "kitty":
            file = await elsewhere(lambda: plot_file(plot, cells, styles, graphics, rate))
            if file is None:
                return []
            number = self._image.known(file)
            if number is None:
                number = await self._image.send(file, lambda number, _: file.upload(number))
            runs: list[Run] = [
                Placeholders(number, row, 0, cells.width) for row in range(cells.height)
            ]
            self._image.show(number)
            return self._put(plot, cells, runs)
        whole = await elsewhere(lambda: plot_over_cells(plot, cells, styles, graphics, rate))
        if whole is None:
            return []
        drawn = self._put(plot, cells, [Beneath(cells.width)] * cells.height, self._over)
        self._over.show(WrittenPicture(cells, whole))
        return drawn

    def hide(self) -> list[Region]:
        """Dots from now on: the cells to draw anew."""
        if not self.strips:
            return []
        self.strips = []
        self._over.hide()
        self._image.show(None)
        return _rows(self._cells)

    def spoil(self) -> None:
        """The terminal may have lost what was written over the cells."""
        self._over.spoil()

    def out_of_sight(self) -> None:
        """The widget is hidden: its cells are drawn by others."""
        self.spoil()
        self._over.uncovered()  # told late it may be in sight again, and its frame drawn already

    def release(self) -> None:
        """The terminal may forget the image."""
        self._image.release(self._image.number)

    def _put(
        self, plot: Plot, cells: Region, runs: list[Run], cover: Cover | None = None
    ) -> list[Region]:
        self._cells = cells
        colours = colour_system(self.owner.app)
        strips = list(plot.raster.strips)
        for y, run in zip(range(cells.y, cells.bottom), runs, strict=True):
            strips[y] = _beside(strips[y], cells, run, colours, cover)
        self.strips = strips
        return _rows(cells)


def _beside(
    strip: Strip, cells: Region, run: Run, colours: ColorSystem, cover: Cover | None
) -> PictureStrip:
    """A line of a plot with pixels between its words."""
    left, _, right = strip.divide([cells.x, cells.right, strip.cell_length])
    before, after = (Characters(list(part), part.cell_length, colours) for part in (left, right))
    return PictureStrip(list(strip), [before, run, after], cover)


def _rows(cells: Region) -> list[Region]:
    return [Region(cells.x, y, cells.width, 1) for y in range(cells.y, cells.bottom)]
