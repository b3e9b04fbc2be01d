"""Pictures that are written over the cells which they cover, once the frame is drawn.

Sixel is such a protocol; another one needs an encoder here and nothing anywhere else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image
from rich.cells import cell_len

from tui.pictures.paint.boxes import Chip
from tui.pictures.paint.cell_canvas import chip_colours
from tui.terminal import iterm, sixel
from tui.terminal.patches import Rectangle

Encode = Callable[[Image.Image, int, int], str]
"""A picture, with the columns and rows of cells that it has to fill, as
the sequence that draws it from the cursor on. It must not matter where the cursor is left."""

ENCODERS: Final[Mapping[str, Encode]] = {  # by protocol
    "sixel": lambda image, columns, rows: sixel.encode(image),
    "iterm": iterm.encode,
}
CELL_WIDTHS: Final[Mapping[str, int]] = {"iterm": iterm.CELL}
"""Pixels sent for the width of a cell, where the terminal scales a picture to its cells."""

ANY_COLOURS: Final = frozenset({"iterm"})
"""Those that take a picture without a palette."""


@dataclass(frozen=True)
class Tile:
    """A part of a picture over cells."""

    cells: Rectangle  # of the picture
    sequence: str


def written_at(x: int, y: int, tiles: Iterable[Tile], chips: Iterable[Chip]) -> str:
    """What to write to see parts of a picture whose corner is at a cell, then labels over them."""
    pictures = "".join(
        _move(x + tile.cells[0], y + tile.cells[1]) + tile.sequence for tile in tiles
    )
    labels = "".join(_move(x + chip.x, y + chip.y) + chip_ansi(chip) for chip in chips)
    return f"\x1b7{pictures}{labels}\x1b8"  # 7 and 8 keep the cursor


def chips_over(chips: Iterable[Chip], tiles: Iterable[Tile]) -> list[Chip]:
    """The labels that are covered where these parts are written."""
    rectangles = [tile.cells for tile in tiles]
    return [
        chip
        for chip in chips
        if any(
            top <= chip.y < top + height
            and left < chip.x + cell_len(chip.text)
            and chip.x < left + width
            for left, top, width, height in rectangles
        )
    ]


def chip_ansi(chip: Chip) -> str:
    """A label as it is written over a picture."""
    ink, paper = chip_colours(chip.mark)
    return (
        f"\x1b[38;2;{ink[0]};{ink[1]};{ink[2]};48;2;{paper[0]};{paper[1]};{paper[2]}m"
        f"{chip.text}\x1b[0m"
    )


def _move(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def is_written_over(protocol: str) -> bool:
    """Whether the protocol's pictures are written over the cells."""
    return protocol in ENCODERS
