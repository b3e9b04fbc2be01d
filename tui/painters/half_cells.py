"""Pictures made of characters: two pixels a cell, box lines and labels as real glyphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from engine.assessment import Box
from tui.painters.boxes import HATCHED, TAG_COLOURS, Chip, Edges, Mark, Placement, Rgb

Pixels = NDArray[np.uint8]  # [H, W, 3] red, green, blue

HALF: Final = "▀"
RAMP: Final = " ·░▒▓█"  # from nothing to all of a cell
LEAST_CONTRAST: Final = 0.05  # of black to white, below which a picture is one shade
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green, blue: ITU-R BT.601
HATCH: Final = "\u2571"  # a diagonal from corner to corner of the cell
SOLID: Final = "┌─┐│└─┘"
DASHED: Final = "┌╌┐╎└╌┘"
FOCUSED: Final = "┏━┓┃┗━┛"
FOCUSED_DASHED: Final = "┏╍┓╏┗╍┛"
SMALL: Final = "\u25a1"  # a box that fills no more than a cell
SHADE: Final = 0.55  # of the picture's brightness behind a line, so that the line is seen
_LEVELS: Final = np.array([0, 95, 135, 175, 215, 255])  # of the 256-colour cube
_BORDERS: Final = (_LEVELS[1:] + _LEVELS[:-1]) // 2


@dataclass(frozen=True, eq=False)
class Canvas:
    """A grid of characters with the colour of each and of what is behind it."""

    glyph: NDArray[np.object_]  # [R, C] one character, empty where a wide one reaches over
    ink: Pixels  # [R, C, 3]
    paper: Pixels  # [R, C, 3]

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        """Two rows of pixels in each row of cells."""
        upper, lower = pixels[0::2].copy(), pixels[1::2].copy()
        return cls(np.full(upper.shape[:2], HALF, object), upper, lower)

    @classmethod
    def blank(cls, columns: int, rows: int) -> Self:
        """Nothing but room for lines and labels."""
        dark = np.zeros((rows, columns, 3), np.uint8)
        return cls(np.full((rows, columns), " ", object), dark, dark.copy())

    def put(self, x: int, y: int, glyph: str, ink: Rgb, shade: float = SHADE) -> None:
        """One character of a line, the picture darkened behind it."""
        rows, columns = self.glyph.shape
        if not (0 <= x < columns and 0 <= y < rows):
            return
        if self.glyph[y, x] == HALF:
            behind = (self.ink[y, x].astype(np.uint16) + self.paper[y, x]) / 2 * shade
            self.paper[y, x] = behind.astype(np.uint8)
        self.glyph[y, x] = glyph
        self.ink[y, x] = ink

    def write(self, chip: Chip) -> None:
        """A label."""
        ink, paper = chip_colours(chip.mark)
        x = chip.x
        for character in chip.text:
            self.glyph[chip.y, x] = character
            for step in range(max(cell_len(character), 1)):
                self.ink[chip.y, x + step], self.paper[chip.y, x + step] = ink, paper
                if step:
                    self.glyph[chip.y, x + step] = ""
            x += cell_len(character)


def chip_colours(mark: Mark) -> tuple[Rgb, Rgb]:
    """Ink and paper of a label: dark on the colour of the tag, the reverse while dimmed."""
    if mark.dimmed:
        return TAG_COLOURS[mark.tag], (28, 28, 28)
    return (12, 12, 12), mark.colour


def draw_boxes_in_cells(canvas: Canvas, marks: Sequence[Mark], window: Box) -> None:
    """Draws the lines of the boxes with box-drawing characters."""
    rows, columns = canvas.glyph.shape
    placement = Placement(window, columns, rows)
    for mark in sorted(marks, key=lambda mark: mark.focused):
        edges = placement.edges(mark.box)
        if edges is None:
            continue
        if mark.focused:
            glyphs = FOCUSED_DASHED if mark.dashed else FOCUSED
        else:
            glyphs = DASHED if mark.dashed else SOLID
        if mark.tag in HATCHED:
            for y in range(edges.top + 1, edges.bottom):
                for x in range(edges.left + 1 + y % 2, edges.right, 3):
                    canvas.put(x, y, HATCH, (96, 96, 96), 0.9)
        _outline(canvas, edges, glyphs, mark.colour)


def _outline(canvas: Canvas, edges: Edges, glyphs: str, ink: Rgb) -> None:
    top_left, across, top_right, down, bottom_left, _, bottom_right = tuple(glyphs)
    left, top, right, bottom = edges.left, edges.top, edges.right, edges.bottom
    for y, shown in ((top, edges.shows_top), (bottom, edges.shows_bottom)):
        for x in range(left, right + 1) if shown else ():
            canvas.put(x, y, across, ink)
    for x, shown in ((left, edges.shows_left), (right, edges.shows_right)):
        for y in range(top, bottom + 1) if shown else ():
            canvas.put(x, y, down, ink)
    for x, y, glyph, shown in (
        (left, top, top_left, edges.shows_left and edges.shows_top),
        (right, top, top_right, edges.shows_right and edges.shows_top),
        (left, bottom, bottom_left, edges.shows_left and edges.shows_bottom),
        (right, bottom, bottom_right, edges.shows_right and edges.shows_bottom),
    ):
        if shown and left < right and top < bottom:
            canvas.put(x, y, glyph, ink)
    if left == right and top == bottom:
        canvas.put(left, top, SMALL, ink)


def cube_index(colours: Pixels) -> NDArray[np.intp]:
    """[...] the nearest colour of the 6x6x6 cube in the 256-colour palette."""
    steps = np.digitize(colours, _BORDERS)
    index: NDArray[np.intp] = 16 + 36 * steps[..., 0] + 6 * steps[..., 1] + steps[..., 2]
    return index


def rgb_index(colours: Pixels) -> NDArray[np.intp]:
    """[...] 24-bit colours as one number, cut to 6 bits a channel: runs merge, no eye sees it."""
    wide = (colours & 0xFC).astype(np.intp)
    index: NDArray[np.intp] = wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
    return index


def rows_of(canvas: Canvas, truecolor: bool) -> list[list[Segment]]:
    """[R] each row as segments, neighbours of the same colours joined."""
    number = rgb_index if truecolor else cube_index
    inks, papers = number(canvas.ink).tolist(), number(canvas.paper).tolist()
    glyphs = canvas.glyph.tolist()
    rows = []
    for ink, paper, glyph in zip(inks, papers, glyphs, strict=True):
        cells = zip(ink, paper, glyph, strict=True)
        rows.append(
            [
                Segment("".join(cell[2] for cell in run), _style(*colours, truecolor))
                for colours, run in groupby(cells, key=lambda cell: cell[:2])
            ]
        )
    return rows


def ramp_rows(canvas: Canvas, coloured: bool, light: bool) -> list[list[Segment]]:
    """[R] each row where there are too few colours: shades of glyphs for the picture.

    Lines and labels keep theirs where there are any. light: the terminal's background
    is, so that a full block is the darkest.
    """
    both = (canvas.ink.astype(np.float32) + canvas.paper) @ LUMA / 510
    # Six shades are few: they are spread over what there is in this picture.
    dark, bright = np.percentile(both, (2, 98))
    if bright - dark > LEAST_CONTRAST:
        both = np.clip((both - dark) / (bright - dark), 0, 1)
    steps = np.minimum((both * len(RAMP)).astype(np.intp), len(RAMP) - 1)
    shades = np.array(list(RAMP))[len(RAMP) - 1 - steps if light else steps]
    glyphs = np.where(canvas.glyph == HALF, shades, canvas.glyph).tolist()
    drawn = (canvas.glyph != HALF) & coloured
    inks = np.where(drawn, cube_index(canvas.ink), -1).tolist()
    rows = []
    for glyph, ink in zip(glyphs, inks, strict=True):
        cells = groupby(zip(ink, glyph, strict=True), key=lambda cell: cell[0])
        rows.append(
            [
                Segment(
                    "".join(cell[1] for cell in run),
                    Style(color=Color.from_ansi(number)) if number >= 0 else Style.null(),
                )
                for number, run in cells
            ]
        )
    return rows


@lru_cache(maxsize=16_384)
def _style(ink: int, paper: int, truecolor: bool) -> Style:
    return Style(color=_colour(ink, truecolor), bgcolor=_colour(paper, truecolor))


def _colour(number: int, truecolor: bool) -> Color:
    if not truecolor:
        return Color.from_ansi(number)
    return Color.from_rgb(number >> 16, number >> 8 & 255, number & 255)
