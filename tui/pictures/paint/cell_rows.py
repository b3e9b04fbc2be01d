"""From a canvas of characters to what is written to the terminal."""

from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tui.pictures.paint.cell_canvas import CellCanvas
from tui.pictures.paint.cell_colours import NONE, Numbers, numbers_of
from tui.pictures.paint.quadrants import QuadrantCells

RAMP: Final = " ·░▒▓█"  # from nothing to all of a cell
ASCII_RAMP: Final = " .:-=+*#%@"
LEAST_CONTRAST: Final = 0.05  # of black to white, below which a picture is one shade
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green, blue: ITU-R BT.601
FULL: Final = "█"


def rows_of(canvas: CellCanvas, cells: QuadrantCells, truecolor: bool) -> list[list[Segment]]:
    """[R] the lines and labels of the canvas over the cells of its picture.

    Where one of two colours alone is seen, in a space or a full block, the other stays.
    """
    drawn = canvas.drawn
    glyph = np.where(drawn, canvas.glyph, cells.glyph)
    ink, paper = cells.ink.copy(), cells.paper.copy()
    ink[drawn] = numbers_of(canvas.ink[drawn], truecolor)
    paper[drawn] = numbers_of(canvas.paper[drawn], truecolor)
    ink, paper = _seen(ink, glyph != " "), _seen(paper, glyph != FULL)
    rows = zip(glyph.tolist(), ink.tolist(), paper.tolist(), strict=True)
    return [_runs(*row, truecolor) for row in rows]


def _seen(numbers: Numbers, seen: NDArray[np.bool_]) -> Numbers:
    """[R, C] the colour that is set at each cell: where none is seen, the one before."""
    since = np.maximum.accumulate(np.where(seen, np.arange(numbers.shape[1]), -1), axis=1)
    return np.where(since < 0, NONE, np.take_along_axis(numbers, since, 1))


def _runs(glyphs: list[str], inks: list[int], papers: list[int], truecolor: bool) -> list[Segment]:
    """The cells of a row, neighbours of the same colours joined."""
    segments, start = [], 0
    for colours, run in groupby(zip(inks, papers, strict=True)):
        end = start + len(list(run))
        segments.append(Segment("".join(glyphs[start:end]), _style(*colours, truecolor)))
        start = end
    return segments


@lru_cache(maxsize=16_384)
def _style(ink: int, paper: int, truecolor: bool) -> Style:
    return Style(color=_colour(ink, truecolor), bgcolor=_colour(paper, truecolor))


def _colour(number: int, truecolor: bool) -> Color | None:
    if number == NONE:
        return None
    if truecolor:
        return Color.from_rgb(number >> 16, number >> 8 & 255, number & 255)
    return Color.from_ansi(number)


def ramp_rows(
    canvas: CellCanvas, coloured: bool, light: bool, ramp: str = RAMP
) -> list[list[Segment]]:
    """[R] each row where there are too few colours: shades of glyphs for the picture.

    Lines and labels keep theirs where there are any. light: the terminal's background
    is, so that a full block is the darkest.
    """
    shade = canvas.behind.astype(np.float32) @ LUMA / 255
    # The shades are few: they are spread over what there is in this picture.
    dark, bright = np.percentile(shade, (2, 98))
    if bright - dark > LEAST_CONTRAST:
        shade = np.clip((shade - dark) / (bright - dark), 0, 1)
    steps = np.minimum((shade * len(ramp)).astype(np.intp), len(ramp) - 1)
    shades = np.array(list(ramp))[len(ramp) - 1 - steps if light else steps]
    glyphs = np.where(canvas.drawn, canvas.glyph, shades).tolist()
    inked = canvas.drawn & (canvas.glyph != " ") & coloured
    inks = np.where(inked, numbers_of(canvas.ink, False), NONE).tolist()
    rows = []
    for glyph, ink in zip(glyphs, inks, strict=True):
        cells = groupby(zip(ink, glyph, strict=True), key=lambda cell: cell[0])
        rows.append(
            [
                Segment(
                    "".join(cell[1] for cell in run),
                    Style.null() if number == NONE else Style(color=Color.from_ansi(number)),
                )
                for number, run in cells
            ]
        )
    return rows
