"""A picture in pixels: the photo once, its boxes as often as they change."""

from dataclasses import dataclass
from math import ceil
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.cells import cell_len

from engine.images.cropping import cut
from engine.images.pixels import Size
from tui.pictures.paint.boxes import Chip, draw_boxes
from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.drawing import Area, Sketch, Subject, detail
from tui.pictures.paint.over_cells import ANY_COLOURS, CELL_WIDTHS, ENCODERS, Tile
from tui.pictures.paint.sharpness import Sharpness, allowance
from tui.terminal import kitty
from tui.terminal.patches import Cost, difference, in_cells, rectangles

LINE: Final = 5  # lines to the width of a cell
EDIT: Final = Cost(80, 1.0)  # bytes: of the command, of a pixel
OVERWRITE: Final = Cost(400, 80)  # bytes: of the colours' definitions, of a cell
LEAST_CELL: Final = 2.5  # pixels for the width of a cell: lines of boxes are thin at any zoom


@dataclass(frozen=True, eq=False)
class PictureRaster:
    """The window of a picture at the size at which it is sent, in few colours."""

    photo: Image.Image  # without boxes
    image: Image.Image  # with them

    def marked(self, subject: Subject, sketch: Sketch) -> Self:
        """The same photo with the boxes of the subject.

        Boxes are drawn last: no scaling blurs them, and their colours stay what they are.
        """
        image = self.photo.copy()
        thin = max(1, round(image.width / sketch.columns / LINE))
        draw_boxes(image, subject.marks, sketch.window, thin)
        return type(self)(self.photo, image)


def raster(
    subject: Subject, sketch: Sketch, area: Area, images: DecodedImages, sharpness: Sharpness
) -> PictureRaster:
    """The picture that is sent to a terminal that shows pixels."""
    assert subject.path is not None
    protocol = area.graphics.protocol
    if protocol == "kitty":
        size = scaled_size(sketch, area, sharpness.cell_width)
    else:
        size = cell_size(area)
        size = size[0] * sketch.columns, size[1] * sketch.rows
    decoded = images.open(subject.path, detail(subject, max(size), images), subject.size)
    photo = cut(decoded, sketch.window, size)
    if protocol not in ANY_COLOURS:
        photo = photo.quantize(sharpness.colours, Image.Quantize.FASTOCTREE)
    return PictureRaster(photo, photo).marked(subject, sketch)


@dataclass(frozen=True, eq=False)
class PictureUpload:
    """An image as it is sent."""

    pieces: list[str]
    raster: PictureRaster
    sharpness: Sharpness


def kitty_upload(
    subject: Subject,
    sketch: Sketch,
    area: Area,
    images: DecodedImages,
    number: int,
    rate: float | None = None,
) -> PictureUpload:
    """What to send so that image number shows the picture; rate is the line's in bytes/s."""
    columns, rows, tmux = sketch.columns, sketch.rows, area.graphics.tmux
    allowed = allowance("kitty", columns, rows, rate)
    for choice in allowed.choices:
        made = raster(subject, sketch, area, images, choice)
        upload = PictureUpload(kitty.upload(made.image, number, columns, rows, tmux), made, choice)
        if sum(map(len, upload.pieces)) <= allowed.enough:
            break
    return upload


def kitty_patch(before: PictureRaster, now: PictureRaster, number: int, tmux: bool) -> list[str]:
    """What to send so that image number, which shows before, shows now."""
    parts = rectangles(difference(before.image, now.image), EDIT)
    return kitty.edits(now.image, parts, number, tmux)


@dataclass(frozen=True, eq=False)
class Overlay:
    """A picture over cells as it is sent."""

    sequence: str
    raster: PictureRaster


def overlay(
    subject: Subject,
    sketch: Sketch,
    area: Area,
    images: DecodedImages,
    rate: float | None = None,
) -> Overlay | None:
    """The picture that fills its cells exactly; None where the line is too slow for it."""
    allowed = allowance(area.graphics.protocol, sketch.columns, sketch.rows, rate)
    for choice in allowed.choices:
        made = raster(subject, sketch, area, images, choice)
        if len(sequence := over_cells(made, sketch, area)) <= allowed.enough:
            break
    return Overlay(sequence, made) if len(sequence) <= allowed.most else None


def over_cells(made: PictureRaster, sketch: Sketch, area: Area) -> str:
    """All of a picture as one sequence."""
    return ENCODERS[area.graphics.protocol](made.image, sketch.columns, sketch.rows)


def overlay_patch(
    before: PictureRaster, now: PictureRaster, chips: tuple[Chip, ...], sketch: Sketch, area: Area
) -> list[Tile]:
    """The parts of a picture over cells that differ, as whole cells.

    chips are the labels over the one before: where they go the picture comes out again.
    """
    wide, tall = cell_size(area)
    differs = in_cells(difference(before.image, now.image), sketch.columns, sketch.rows)
    differs |= _under(chips, sketch) & ~_under(sketch.chips, sketch)
    encode = ENCODERS[area.graphics.protocol]
    return [
        Tile(
            (x, y, width, height),
            encode(
                now.image.crop((x * wide, y * tall, (x + width) * wide, (y + height) * tall)),
                width,
                height,
            ),
        )
        for x, y, width, height in rectangles(differs, OVERWRITE)
    ]


def _under(chips: tuple[Chip, ...], sketch: Sketch) -> NDArray[np.bool_]:
    """[rows, columns] the cells with a label."""
    under = np.zeros((sketch.rows, sketch.columns), np.bool_)
    for chip in chips:
        under[chip.y, chip.x : chip.x + cell_len(chip.text)] = True
    return under


def cell_size(area: Area) -> Size:
    """Pixels in a cell, where a picture is sent that fills its cells exactly."""
    width, height = area.graphics.cell_width, area.graphics.cell_height
    scale = min(1.0, CELL_WIDTHS.get(area.graphics.protocol, width) / width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def scaled_size(sketch: Sketch, area: Area, cell_width: float) -> Size:
    """Pixels to send where the terminal scales: no more than the file has in the window.

    Only so many that the lines of the boxes are thin are always sent.
    """
    width, height = area.graphics.cell_width, area.graphics.cell_height
    most = max(sketch.window[2] / sketch.columns, LEAST_CELL)
    wide = min(cell_width, most, width)
    tall = wide * height / width
    return max(1, ceil(sketch.columns * wide)), max(1, ceil(sketch.rows * tall))
