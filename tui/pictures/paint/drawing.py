"""From what is to be seen to what is written: the steps a picture's worker takes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from engine.core.assessment import Box
from engine.images.cropping import crop_around
from engine.images.pixels import UNKNOWN_SIZE, Size
from tui.pictures.paint.boxes import Chip, Mark, place_chips
from tui.pictures.paint.cell_canvas import CellCanvas, draw_boxes_in_cells
from tui.pictures.paint.cell_colours import Pixels
from tui.pictures.paint.cell_rows import ASCII_RAMP, RAMP, ramp_rows, rows_of
from tui.pictures.paint.crops import DecodedImages, fitted, in_few_pixels
from tui.pictures.paint.over_cells import is_written_over
from tui.pictures.paint.quadrants import (
    HALVES,
    QUADRANTS,
    QuadrantCells,
    QuadrantShapes,
    in_one_colour,
    in_two_colours,
)
from tui.terminal.ascii_glyphs import segments_in_ascii
from tui.terminal.capabilities import Graphics


@dataclass(frozen=True)
class Subject:
    """What a picture shows."""

    path: Path | None
    around: Box | None = None  # only this and a little of what is around it; None: all
    context: float = 1.5
    marks: tuple[Mark, ...] = ()
    labels: bool = True
    facts: str = ""  # said where no picture is shown
    size: Size = UNKNOWN_SIZE  # width, height as the dataset says: it decides which way is up


@dataclass(frozen=True)
class Area:
    """The place for a picture."""

    columns: int
    rows: int
    graphics: Graphics
    colours: ColorSystem
    style: Style  # of the cells that the picture leaves free
    no_color: bool = False

    @property
    def in_pixels(self) -> bool:
        """Whether something sharper than characters follows."""
        return self.graphics.protocol == "kitty" or is_written_over(self.graphics.protocol)

    @property
    def few_colours(self) -> bool:
        """Whether glyphs have to say what is light and what is dark."""
        sixteen = self.colours is ColorSystem.STANDARD and self.graphics.protocol == "cells"
        return self.no_color or sixteen


@dataclass(frozen=True, eq=False)
class Sketch:
    """A picture made of characters, and what a sharper one needs to know."""

    window: Box
    columns: int
    rows: int
    chips: tuple[Chip, ...]
    lines: list[list[Segment]]  # [rows]
    photo: "Photo | None" = None


@dataclass(frozen=True, eq=False)
class Photo:
    """What no box changes."""

    pixels: Pixels  # [2 rows, 2 columns, 3]
    cells: QuadrantCells | None = None  # in the colours in which they are written


def sketch(
    subject: Subject,
    area: Area,
    images: DecodedImages,
    truecolor: bool = False,
    before: Sketch | None = None,
) -> Sketch:
    """The picture made of characters, in 256 colours or in all.

    before is a sketch of the same picture for the same area in as many colours, but for
    its boxes.
    """
    if before is None or before.photo is None:
        window, columns, rows, photo = _photo(subject, area, images, truecolor)
    else:
        window, columns, rows = before.window, before.columns, before.rows
        photo = before.photo
    off = area.graphics.protocol == "off"
    canvas = CellCanvas.blank(columns, rows) if off else CellCanvas.of(photo.pixels)
    draw_boxes_in_cells(canvas, subject.marks, window)
    chips: tuple[Chip, ...] = ()
    if subject.labels:
        chips = place_chips(subject.marks, window, columns, rows, on_line=not area.in_pixels)
    for chip in chips:
        canvas.write(chip)
    if photo.cells is None:
        light = bool(area.graphics.answers.light)
        ramp = ASCII_RAMP if area.graphics.ascii else RAMP
        lines = ramp_rows(canvas, not area.no_color, light, ramp)
    else:
        lines = rows_of(canvas, photo.cells, truecolor)
    if area.graphics.ascii:
        lines = [segments_in_ascii(line) for line in lines]
    return Sketch(window, columns, rows, chips, lines, photo)


def _photo(
    subject: Subject, area: Area, images: DecodedImages, truecolor: bool
) -> tuple[Box, int, int, Photo]:
    """What is seen of the image, in how many cells, and its pixels there."""
    assert subject.path is not None
    cell = (area.graphics.cell_width, area.graphics.cell_height)
    target = max(area.columns * cell[0], area.rows * cell[1])
    off = area.graphics.protocol == "off"
    size = subject.size
    if not off:
        decoded = images.open(subject.path, detail(subject, target, images), subject.size)
        size = decoded.size
    window: Box = (0.0, 0.0, float(size[0]), float(size[1]))
    if subject.around is not None:
        aspect = area.columns * cell[0] / (area.rows * cell[1])
        window = crop_around(subject.around, size, subject.context, aspect)
    columns, rows = fitted(window, area.columns, area.rows, cell)
    if off:
        return window, columns, rows, Photo(np.zeros((0, 0, 3), np.uint8))
    pixels = np.asarray(in_few_pixels(decoded, window, (columns * 2, rows * 2)))
    if area.few_colours:
        return window, columns, rows, Photo(pixels)
    if area.graphics.ascii:
        cells = in_one_colour(pixels, truecolor)
    else:
        cells = in_two_colours(pixels, truecolor, _shapes(area))
    return window, columns, rows, Photo(pixels, cells)


def _shapes(area: Area) -> QuadrantShapes:
    return QUADRANTS if area.graphics.quadrants else HALVES


def detail(subject: Subject, target: int, images: DecodedImages) -> float:
    """How much of the file's resolution is worth decoding."""
    assert subject.path is not None
    longest = float(max(images.size(subject.path, subject.size)))
    if subject.around is not None:
        longest = min(longest, max(subject.around[2], subject.around[3], 32) * subject.context)
    return min(1.0, target / max(longest, 1))
