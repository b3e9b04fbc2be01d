"""A plot as it is sent to a terminal that shows pictures: as fine as a few thousand bytes allow."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from PIL import Image
from rich.color import ColorType
from textual.geometry import Region

from engine.plots.frame import PlotFrame, rgb
from engine.plots.plot_parts import PlotArea, PlotDescription
from engine.plots.styles import PlotStyles
from tui.curves.paint.cells import Plot
from tui.curves.paint.pixels import PixelSheet, draw
from tui.curves.paint.theme_styles import in_terminal
from tui.pictures.paint.over_cells import ENCODERS
from tui.pictures.paint.sharpness import PATIENCE, Sharpness, is_slow
from tui.terminal import kitty
from tui.terminal.capabilities import Graphics
from tui.terminal.iterm import CELL

Made = TypeVar("Made")

MOST: Final = 8_000
"""Bytes on the line that a plot may have: what is larger stays in cells."""

UNSURE: Final = 1.1  # how far off a guess of a size may be
LEAST: Final = 16, 5  # columns and rows between the axes, below which dots do as well


@dataclass(frozen=True)
class PlotLook:
    """What a plot is cut down to."""

    levels: int  # in which a pixel is covered by a line
    scale: float = 1.0  # pixels sent for one of the screen, where the terminal scales
    uprights: bool = True  # of the grid, which cost Sixel something in every line
    areas: bool = True
    part: float = 1.0  # of the bytes of the finest look, about


SCALED: Final = (
    PlotLook(4),
    PlotLook(3, 0.75, part=0.65),
    PlotLook(3, 0.5, part=0.4),
    PlotLook(2, 0.35, part=0.25),
    PlotLook(2, 0.25, part=0.17),
)
"""The finest first, for terminals that scale an image to its cells."""

WHOLE: Final = (
    PlotLook(3),
    PlotLook(3, uprights=False),
    PlotLook(2, uprights=False),
    PlotLook(1, uprights=False),
    PlotLook(1, uprights=False),
    PlotLook(1, uprights=False, areas=False),
)
"""For Sixel, which fills its cells exactly."""


@dataclass(frozen=True)
class PlotFile:
    """A plot as the file that kitty gets; two of the same bytes are the same image."""

    data: bytes
    columns: int
    rows: int
    tmux: bool

    def upload(self, number: int) -> "PlotUpload":
        """What to send so that the image of this number shows the plot."""
        data, tmux = self.data, self.tmux
        return PlotUpload(kitty.upload_file(data, number, self.columns, self.rows, tmux))


@dataclass(frozen=True, eq=False)
class PlotUpload:
    """A plot as it is sent to kitty: anew with every change."""

    pieces: list[str]
    sharpness: Sharpness | None = None


def cells_in_pixels(plot: Plot, styles: PlotStyles, graphics: Graphics) -> Region | None:
    """The cells between the axes, where they may be shown in pixels; None where dots stay.

    A theme in the terminal's own colours does not know them, and without hue lines
    differ by their dots.
    """
    ground, cells = in_terminal(styles.base).bgcolor, plot.axes.cells
    own = ground is None or ground.type is not ColorType.TRUECOLOR
    pictures = graphics.protocol == "kitty" or graphics.protocol in ENCODERS
    if own or styles.plain or not pictures or plot.described.says:
        return None
    if cells.width < LEAST[0] or cells.height < LEAST[1] or max(cells.size) > kitty.LONGEST:
        return None
    return cells


def plot_image(
    described: PlotDescription,
    cells: Region,
    styles: PlotStyles,
    graphics: Graphics,
    look: PlotLook,
) -> Image.Image:
    """What is between the axes of a plot, with a palette."""
    across, down = graphics.cell_width * look.scale, graphics.cell_height * look.scale
    frame = PlotFrame(
        max(round(cells.width * across), 1),
        max(round(cells.height * down), 1),
        beside=across / 4,  # as the outermost dots of a cell
        above=down / 8,
        unit=across / 2,
        x=described.x if look.uprights else replace(described.x, at=()),
        y=described.y,
    )
    ground = styles.base.bgcolor
    assert ground is not None
    sheet = PixelSheet(frame.width, frame.height, rgb(ground))
    if not look.areas:
        parts = tuple(part for part in described.parts if not isinstance(part, PlotArea))
        described = replace(described, parts=parts)
    draw(sheet, described, frame, styles.grid)
    return sheet.image(look.levels)


def plot_file(
    plot: Plot, cells: Region, styles: PlotStyles, graphics: Graphics, rate: float | None
) -> PlotFile | None:
    """The plot for kitty, None where it is too much for the line of so many bytes/s."""

    def encode(look: PlotLook) -> PlotFile:
        image = plot_image(_on_axes(plot), cells, styles, graphics, look)
        return PlotFile(kitty.png(image), cells.width, cells.height, graphics.tmux)

    def size(file: PlotFile) -> int:
        return sum(map(len, file.upload(0xFFFFFF).pieces))

    return _finest(SCALED, encode, size, rate)


def plot_over_cells(
    plot: Plot, cells: Region, styles: PlotStyles, graphics: Graphics, rate: float | None
) -> str | None:
    """The plot as one sequence that fills its cells; None where the line is too slow for it."""
    protocol = graphics.protocol
    scaled = protocol == "iterm"
    if scaled:  # twice as fine as a photo, for lines are thinner than what is in one
        most = min(1.0, 2 * CELL / graphics.cell_width)
        looks = tuple(replace(look, scale=look.scale * most) for look in SCALED)

    def encode(look: PlotLook) -> str:
        image = plot_image(_on_axes(plot), cells, styles, graphics, look)
        return ENCODERS[protocol](image, cells.width, cells.height)

    return _finest(looks if scaled else WHOLE, encode, len, rate)


def _finest(
    looks: tuple[PlotLook, ...],
    encode: Callable[[PlotLook], Made],
    size: Callable[[Made], int],
    rate: float | None,
) -> Made | None:
    """What is small enough; a look that is likely to be too large is not tried."""
    allowed = min(MOST, PATIENCE * rate) if rate is not None and is_slow(rate) else MOST
    first, *others, last = looks
    if (finest := size(made := encode(first))) <= allowed:
        return made
    for look in (*(look for look in others if finest * look.part <= UNSURE * allowed), last):
        if size(made := encode(look)) <= allowed:
            return made
    return None


def _on_axes(plot: Plot) -> PlotDescription:
    """The plot with the ticks for which there is room."""
    return replace(plot.described, x=plot.axes.x, y=plot.axes.y)
