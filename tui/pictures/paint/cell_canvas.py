"""Pictures made of characters: four pixels a cell, box lines and labels as real glyphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from engine.core.assessment import Box
from engine.images.drawing import TAG_COLOURS
from tui.pictures.paint.boxes import HATCHED, Chip, Edges, Mark, Placement, Rgb
from tui.pictures.paint.cell_colours import Pixels

HATCH: Final = "\u2571"  # a diagonal from corner to corner of the cell
SOLID: Final = "┌─┐│└─┘"
DASHED: Final = "┌╌┐╎└╌┘"
FOCUSED: Final = "┏━┓┃┗━┛"
FOCUSED_DASHED: Final = "┏╍┓╏┗╍┛"
DOTTED: Final = "┌┈┐┊└┈┘"
FOCUSED_DOTTED: Final = "┏┉┓┋┗┉┛"
DOUBLE: Final = "╔═╗║╚═╝"
SMALL: Final = "\u25a1"  # a box that fills no more than a cell
SHADE: Final = 0.55  # of the picture's brightness behind a line, so that the line is seen


@dataclass(frozen=True, eq=False)
class CellCanvas:
    """A picture of four pixels a cell, and the lines and labels over it."""

    pixels: Pixels  # [2R, 2C, 3]
    drawn: NDArray[np.bool_]  # [R, C] where a line or a label stands; the rest counts only there
    glyph: NDArray[np.object_]  # [R, C] one character, empty where a wide one reaches over
    ink: Pixels  # [R, C, 3]
    paper: Pixels  # [R, C, 3]

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        """Nothing over the picture yet."""
        rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
        dark = np.zeros((rows, columns, 3), np.uint8)
        glyph = np.full((rows, columns), " ", object)
        return cls(pixels, np.zeros((rows, columns), np.bool_), glyph, dark, dark.copy())

    @classmethod
    def blank(cls, columns: int, rows: int) -> Self:
        """Nothing but room for lines and labels."""
        canvas = cls.of(np.zeros((2 * rows, 2 * columns, 3), np.uint8))
        canvas.drawn[:] = True
        return canvas

    @cached_property
    def behind(self) -> Pixels:
        """[R, C, 3] the colour of the picture in each cell."""
        rows, columns = self.drawn.shape
        quarters = self.pixels.reshape(rows, 2, columns, 2, 3)
        mean: Pixels = (quarters.sum(axis=(1, 3), dtype=np.uint16) >> 2).astype(np.uint8)
        return mean

    def put(self, x: int, y: int, glyph: str, ink: Rgb, shade: float = SHADE) -> None:
        """One character of a line, the picture darkened behind it."""
        rows, columns = self.glyph.shape
        if not (0 <= x < columns and 0 <= y < rows):
            return
        if not self.drawn[y, x]:
            self.paper[y, x] = (self.behind[y, x] * shade).astype(np.uint8)
            self.drawn[y, x] = True
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
                self.drawn[chip.y, x + step] = True
                if step:
                    self.glyph[chip.y, x + step] = ""
            x += cell_len(character)


def chip_colours(mark: Mark) -> tuple[Rgb, Rgb]:
    """Ink and paper of a label: dark on the colour of the tag, the reverse while dimmed."""
    if mark.dimmed:
        return TAG_COLOURS[mark.tag], (28, 28, 28)
    return (12, 12, 12), mark.colour


def draw_boxes_in_cells(canvas: CellCanvas, marks: Sequence[Mark], window: Box) -> None:
    """Draws the lines of the boxes with box-drawing characters."""
    rows, columns = canvas.glyph.shape
    placement = Placement(window, columns, rows)
    for mark in sorted(marks, key=lambda mark: mark.focused):
        edges = placement.edges(mark.box)
        if edges is None:
            continue
        if mark.tag in HATCHED:
            for y in range(edges.top + 1, edges.bottom):
                for x in range(edges.left + 1 + y % 2, edges.right, 3):
                    canvas.put(x, y, HATCH, (96, 96, 96), 0.9)
        _outline(canvas, edges, _glyphs(mark), mark.colour)


def _glyphs(mark: Mark) -> str:
    if mark.dotted:
        return FOCUSED_DOTTED if mark.focused else DOTTED
    if mark.double:  # there are none that are thick as well: who is not in focus is dimmed
        return DOUBLE
    if mark.dashed:
        return FOCUSED_DASHED if mark.focused else DASHED
    return FOCUSED if mark.focused else SOLID


def _outline(canvas: CellCanvas, edges: Edges, glyphs: str, ink: Rgb) -> None:
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
