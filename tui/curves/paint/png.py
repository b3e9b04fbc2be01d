"""Plots as PNG: what is between the axes as on the screen, with words around it."""

import io
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.plots.curve_values import NOW, OPTIMAL
from engine.plots.file_layout import (
    NEAR,
    SAMPLE,
    SIDE,
    SIGNS,
    UNIT,
    PlotSheet,
    SheetPlot,
    SheetWords,
)
from engine.plots.frame import DASH, PlotFrame, Rgb, dashes, diamond, ink_of, rgb
from engine.plots.legend import LegendEntry
from engine.plots.plot_parts import DASHED, PlotDescription
from engine.plots.styles import SOLID, PlotStyles
from tui.curves.paint.pixels import PixelSheet, draw

SheetFont: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

SHARP: Final = 2
"""Pixels to a point."""


def plots_png(described: Sequence[PlotDescription], styles: PlotStyles) -> bytes:
    """Plots side by side, twice as sharp as their size in points."""
    sheet = PlotSheet.of(described)
    ground = styles.base.bgcolor
    assert ground is not None
    paper = rgb(ground)
    image = Image.new("RGB", (sheet.width * SHARP, sheet.height * SHARP), paper)
    pencil = ImageDraw.Draw(image)
    for plot in sheet.plots:
        image.paste(
            _inside(plot, styles, paper), (round(plot.left * SHARP), round(plot.top * SHARP))
        )
        _around(pencil, plot, styles)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _inside(plot: SheetPlot, styles: PlotStyles, paper: Rgb) -> Image.Image:
    """What is between the axes."""
    small = plot.frame
    frame = PlotFrame(
        small.width * SHARP,
        small.height * SHARP,
        small.beside * SHARP,
        small.above * SHARP,
        small.unit * SHARP,
        small.x,
        small.y,
    )
    sheet = PixelSheet(frame.width, frame.height, paper)
    draw(sheet, plot.described, frame, styles.grid)
    return sheet.image(levels=8).convert("RGB")


def _around(pencil: ImageDraw.ImageDraw, plot: SheetPlot, styles: PlotStyles) -> None:
    left, top = plot.left, plot.top
    sides = [(left, top), (left, top + SIDE), (left + SIDE, top + SIDE)]
    places = [(x * SHARP, y * SHARP) for x, y in sides]
    pencil.line(places, ink_of(styles.axis), SHARP)
    for x, y, entry in plot.samples():
        _sample(pencil, x, y, entry)
    fonts = {strong: ImageFont.load_default((15 if strong else 13) * SHARP) for strong in (0, 1)}
    for said in plot.words(styles):
        _say(pencil, said, fonts[said.strong], ink_of(styles.optimal))


def _sample(pencil: ImageDraw.ImageDraw, x: float, y: float, entry: LegendEntry) -> None:
    """A piece of a line, or of a bar."""
    ends = np.array([[x, y], [x + SAMPLE, y]]) * SHARP
    pattern = DASHED if "╌" in entry.sample else SOLID
    width = (9 if "█" in entry.sample else 2) * SHARP
    for piece in dashes(ends, pattern, DASH * UNIT * SHARP):
        pencil.line([tuple(each) for each in piece.tolist()], ink_of(entry.style), width)


def _say(pencil: ImageDraw.ImageDraw, said: SheetWords, font: SheetFont, best: Rgb) -> None:
    """Words from their anchor on, with the signs among them drawn."""
    pieces = [piece for piece in SIGNS.split(said.words) if piece]
    widths = [_width(piece, font) for piece in pieces]
    x = said.x * SHARP - sum(widths) * {"l": 0.0, "m": 0.5, "r": 1.0}[said.anchor]
    y, ink = said.y * SHARP, ink_of(said.style)
    for piece, width in zip(pieces, widths, strict=True):
        if SIGNS.fullmatch(piece):
            _sign(pencil, x + width / 2, y - 4.5 * SHARP, piece, best if piece == OPTIMAL else ink)
        else:
            pencil.text((x, y), piece, ink, font, anchor="ls")
        x += width


def _width(piece: str, font: SheetFont) -> float:
    return 12.0 * SHARP if SIGNS.fullmatch(piece) else font.getlength(piece)


def _sign(pencil: ImageDraw.ImageDraw, x: float, y: float, sign: str, ink: Rgb) -> None:
    radius = 4.5 * SHARP
    box = (x - radius, y - radius, x + radius, y + radius)
    if sign == NOW:
        pencil.ellipse(box, ink)
    elif sign == NEAR:
        pencil.rectangle(box, None, ink)
    else:
        corners = [tuple(each) for each in diamond(np.array([x, y]), 1.2 * radius).tolist()]
        pencil.polygon(corners, ink if sign == OPTIMAL else None, ink)
