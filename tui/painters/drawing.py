"""From what is to be seen to what is written: the steps a picture's worker takes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.assessment import Box
from engine.pixels import UNKNOWN_SIZE, Size
from tui.painters import kitty, sixel
from tui.painters.boxes import Chip, Mark, draw_boxes, place_chips
from tui.painters.crops import DecodedImages, crop_around, cut, fitted
from tui.painters.half_cells import Canvas, draw_boxes_in_cells, ramp_rows, rows_of
from tui.terminal import Graphics

COLOURS: Final = 128  # of the picture; the boxes have their own besides
LINE: Final = 5  # lines to the width of a cell
KITTY_CELL: Final = 5.0  # pixels sent for the width of a cell: the terminal scales, smoothly


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
    def few_colours(self) -> bool:
        """Whether glyphs have to say what is light and what is dark, and nothing sharper comes."""
        sixteen = self.colours is ColorSystem.STANDARD and self.graphics.protocol == "cells"
        return self.no_color or sixteen


@dataclass(frozen=True, eq=False)
class Sketch:
    """A picture in half cells, and what a sharper one needs to know."""

    window: Box
    columns: int
    rows: int
    chips: tuple[Chip, ...]
    lines: list[list[Segment]]  # [rows] of half cells


class PictureStrip(Strip):
    """A row of a picture, written as it is; any part of it alone is half cells."""

    __slots__ = ["uncovered", "whole"]

    def __init__(
        self,
        segments: list[Segment],
        cell_length: int,
        whole: str,
        uncovered: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(segments, cell_length)
        self.whole = whole
        self.uncovered = uncovered

    def render(self, console: Console) -> str:
        if self.uncovered is None or self.uncovered():
            return self.whole
        return super().render(console)

    def looks_like(self, other: Strip) -> bool:
        """Whether writing the other changes nothing on the screen; of Sixel that is not known."""
        if not isinstance(other, PictureStrip) or self.uncovered or other.uncovered:
            return False
        return other.whole == self.whole

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Textual crops a row to the part that changed; all of it is written again, and sharp."""
        part = super().crop(start, end)
        if part is self or not part.cell_length:
            return part
        back = f"\x1b[{start}D" if start > 0 else ""
        return PictureStrip(list(part), part.cell_length, back + self.whole, self.uncovered)


def sketch(subject: Subject, area: Area, images: DecodedImages, sharp: bool = False) -> Sketch:
    """The half-cell picture, in 256 colours when a sharper one follows."""
    assert subject.path is not None
    cell = (area.graphics.cell_width, area.graphics.cell_height)
    target = max(area.columns * cell[0], area.rows * cell[1])
    off = area.graphics.protocol == "off"
    size = subject.size
    if not off:
        decoded = images.open(subject.path, _detail(subject, target, images), subject.size)
        size = decoded.size
    window: Box = (0.0, 0.0, float(size[0]), float(size[1]))
    if subject.around is not None:
        aspect = area.columns * cell[0] / (area.rows * cell[1])
        window = crop_around(subject.around, size, subject.context, aspect)
    columns, rows = fitted(window, area.columns, area.rows, cell)
    if off:
        canvas = Canvas.blank(columns, rows)
    else:
        canvas = Canvas.of(np.asarray(cut(decoded, window, (columns, rows * 2), smooth=False)))
    draw_boxes_in_cells(canvas, subject.marks, window)
    chips: tuple[Chip, ...] = ()
    if subject.labels:
        chips = place_chips(subject.marks, window, columns, rows, on_line=not sharp)
    for chip in chips:
        canvas.write(chip)
    if off or area.few_colours:
        light = bool(area.graphics.answers.light)
        lines = ramp_rows(canvas, not area.no_color, light)
        return Sketch(window, columns, rows, chips, lines)
    truecolor = not sharp and area.colours is ColorSystem.TRUECOLOR
    return Sketch(window, columns, rows, chips, rows_of(canvas, truecolor))


def _detail(subject: Subject, target: int, images: DecodedImages) -> float:
    """How much of the file's resolution is worth decoding."""
    assert subject.path is not None
    longest = float(max(images.size(subject.path, subject.size)))
    if subject.around is not None:
        longest = min(longest, max(subject.around[2], subject.around[3], 32) * subject.context)
    return min(1.0, target / max(longest, 1))


def kitty_upload(
    subject: Subject, sketch: Sketch, area: Area, images: DecodedImages, number: int
) -> list[str]:
    """What to send so that image number shows the picture."""
    scale = min(1.0, KITTY_CELL / area.graphics.cell_width)
    image = _sharp(subject, sketch, _pixels(sketch, area, scale), images)
    return kitty.upload(image, number, sketch.columns, sketch.rows, area.graphics.tmux)


def sixel_picture(subject: Subject, sketch: Sketch, area: Area, images: DecodedImages) -> str:
    """The picture as one Sixel sequence that fills its cells exactly."""
    return sixel.encode(_sharp(subject, sketch, _pixels(sketch, area, 1.0), images))


def _pixels(sketch: Sketch, area: Area, scale: float) -> Size:
    return (
        max(1, round(sketch.columns * area.graphics.cell_width * scale)),
        max(1, round(sketch.rows * area.graphics.cell_height * scale)),
    )


def _sharp(subject: Subject, sketch: Sketch, size: Size, images: DecodedImages) -> Image.Image:
    """The window at its final size, in few colours.

    Boxes are drawn last: no scaling blurs them, and their colours stay what they are.
    """
    assert subject.path is not None
    decoded = images.open(subject.path, _detail(subject, max(size), images), subject.size)
    image = cut(decoded, sketch.window, size).quantize(COLOURS, Image.Quantize.FASTOCTREE)
    thin = max(1, round(size[0] / sketch.columns / LINE))
    draw_boxes(image, subject.marks, sketch.window, thin)
    return image


def cell_strips(sketch: Sketch, area: Area) -> list[Strip]:
    """The half-cell picture in the middle of its area."""
    return _centred(sketch, area, [_ansi(line, area.colours) for line in sketch.lines], None)


def kitty_strips(sketch: Sketch, area: Area, number: int) -> list[Strip]:
    """Placeholders for an image that was sent, with the labels as text between them."""
    rows = []
    for row in range(sketch.rows):
        text, x = "", 0
        for chip in sorted((c for c in sketch.chips if c.y == row), key=lambda chip: chip.x):
            text += kitty.placeholders(number, row, x, chip.x) + sixel.chip_ansi(chip)
            x = chip.x + cell_len(chip.text)
        rows.append(text + kitty.placeholders(number, row, x, sketch.columns))
    return _centred(sketch, area, rows, None)


def sixel_strips(sketch: Sketch, area: Area, uncovered: Callable[[], bool]) -> list[Strip]:
    """Rows that leave alone the cells which the Sixel picture is written over."""
    return _centred(sketch, area, [f"\x1b[{sketch.columns}C"] * sketch.rows, uncovered)


def origin(sketch: Sketch, area: Area) -> tuple[int, int]:
    """The cell of the area where the picture begins."""
    return (area.columns - sketch.columns) // 2, (area.rows - sketch.rows) // 2


def _centred(
    sketch: Sketch, area: Area, rows: list[str], uncovered: Callable[[], bool] | None
) -> list[Strip]:
    x, y = origin(sketch, area)
    left, right = " " * x, " " * (area.columns - sketch.columns - x)
    before, after = Segment(left, area.style), Segment(right, area.style)
    blank = Strip([Segment(" " * area.columns, area.style)], area.columns)
    around = _ansi([before], area.colours), _ansi([after], area.colours)
    strips: list[Strip] = [
        PictureStrip([before, *line, after], area.columns, around[0] + row + around[1], uncovered)
        for line, row in zip(sketch.lines, rows, strict=True)
    ]
    return [blank] * y + strips + [blank] * (area.rows - sketch.rows - y)


def _ansi(line: list[Segment], colours: ColorSystem) -> str:
    """The row as Textual would write it, with one reset at its end instead of one a cell."""
    written = "".join(
        f"\x1b[{Strip.render_ansi(style or Style.null(), colours)}m{text}"
        for text, style, _ in line
        if text
    )
    return f"{written}\x1b[0m" if written else ""
