"""A plot in pixels: thin smooth lines over faint areas, in few colours that compress well.

Ink is drawn on a sheet that is finer than the picture, by its number and not by its colour.
What part of a pixel its topmost ink covers is told in a few levels, so that a palette has
every colour exactly.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.core.arrays import Mask
from engine.plots.curve_values import IN_MATRIX, OPTIMAL
from engine.plots.frame import (
    HALO,
    LETTERS,
    RADIUS,
    SHADE,
    THICK,
    THIN,
    PlotFrame,
    Points,
    Rgb,
    diamond,
    ink_of,
    mark_ink,
    rgb,
)
from engine.plots.plot_parts import (
    CURSOR,
    POINT,
    PlotArea,
    PlotBand,
    PlotBar,
    PlotDescription,
    PlotLine,
    PlotMark,
    PlotPart,
    PlotWords,
)
from engine.plots.styles import PlotStyle

FINE: Final = 4  # rows and columns of the sheet to a pixel


@dataclass(eq=False)
class PixelSheet:
    """Takes fills, strokes and words; `image` is how it looks."""

    width: int
    height: int
    paper: Rgb
    _fills: list[tuple[Rgb, float]] = field(default_factory=list)  # colour and strength
    _inks: list[Rgb] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ground = np.zeros((self.height, self.width), np.uint8)  # a bit for each fill
        self._sheet = Image.new("L", (self.width * FINE, self.height * FINE), 0)
        self._pencil = ImageDraw.Draw(self._sheet)
        self._pencil.fontmode = "1"

    def fill(self, corners: Points, colour: Rgb, strength: float) -> None:
        """The inside of a polygon; at full strength it hides the fills before it."""
        mask = Image.new("1", (self.width, self.height), 0)
        ImageDraw.Draw(mask).polygon([tuple(each) for each in corners.tolist()], 1)
        self._cover(np.asarray(mask, np.bool_), colour, strength)

    def block(self, left: float, top: float, right: float, bottom: float, colour: Rgb) -> None:
        """A rectangle of whole pixels that hides the fills before it."""
        mask = np.zeros((self.height, self.width), np.bool_)
        mask[max(round(top), 0) : round(bottom), max(round(left), 0) : round(right)] = True
        self._cover(mask, colour, 1.0)

    def _cover(self, mask: Mask, colour: Rgb, strength: float) -> None:
        fill = colour, strength
        if fill not in self._fills:
            self._fills.append(fill)
        bit = 1 << self._fills.index(fill)
        self._ground[mask] = bit if strength == 1 else self._ground[mask] | bit

    def stroke(self, points: Points, colour: Rgb, width: float) -> None:
        """A line, its corners rounded."""
        places = [tuple(each) for each in (points * FINE).tolist()]
        if len(places) == 1:
            (x, y), half = places[0], width * FINE / 2
            self._pencil.ellipse((x - half, y - half, x + half, y + half), self._ink(colour))
        elif places:
            wide = max(round(width * FINE), 1)
            self._pencil.line(places, self._ink(colour), wide, joint="curve")

    def rule(self, points: Points, colour: Rgb, width: int) -> None:
        """A line along an axis, on whole pixels."""
        (left, top), (right, bottom) = np.floor(points[[0, -1]]).tolist()
        left, right = sorted((min(left, self.width - width), min(right, self.width - width)))
        top, bottom = sorted((min(top, self.height - width), min(bottom, self.height - width)))
        box = (left, top, right + width, bottom + width)
        left, top, right, bottom = (edge * FINE for edge in box)
        self._pencil.rectangle((left, top, right - 1, bottom - 1), self._ink(colour))

    def shape(self, corners: Points, colour: Rgb) -> None:
        """A filled polygon with smooth sides."""
        places = [tuple(each) for each in (corners * FINE).tolist()]
        self._pencil.polygon(places, self._ink(colour))

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A filled circle."""
        box = ((x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE)
        self._pencil.ellipse(box, self._ink(colour))

    def words(self, x: float, y: float, said: str, colour: Rgb, size: float, anchor: str) -> None:
        """Words of so many pixels, with a rim of paper; the anchor is Pillow's."""
        font, place = ImageFont.load_default(size * FINE), (x * FINE, y * FINE)
        rim, paper = round(size * FINE / 6), self._ink(self.paper)
        self._pencil.text(place, said, paper, font, anchor, stroke_width=rim)
        self._pencil.text(place, said, self._ink(colour), font, anchor)

    def _ink(self, colour: Rgb) -> int:
        if colour not in self._inks:
            self._inks.append(colour)
        return self._inks.index(colour) + 1

    def image(self, levels: int = 4) -> Image.Image:
        """The picture with a palette; a pixel is covered in so many levels."""
        ink, covered = _reduced(np.asarray(self._sheet))
        level = -(-covered.astype(np.int32) * levels // (FINE * FINE))
        inks, ground = len(self._inks) + 1, self._ground.astype(np.int32)
        code = (ground * inks + ink) * (levels + 1) + level
        used = np.flatnonzero(np.bincount(code.ravel()))
        places = np.zeros(int(used[-1]) + 1, np.uint8)
        palette: dict[Rgb, int] = {}
        for each in used.tolist():
            places[each] = palette.setdefault(self._colour(each, inks, levels), len(palette))
        image = Image.fromarray(places[code], "P")
        image.putpalette([channel for colour in palette for channel in colour])
        return image

    def _colour(self, code: int, inks: int, levels: int) -> Rgb:
        rest, level = divmod(code, levels + 1)
        ground, ink = divmod(rest, inks)
        colour = self.paper
        for place, (fill, strength) in enumerate(self._fills):
            if ground >> place & 1:
                colour = _blend(colour, fill, strength)
        return _blend(colour, self._inks[ink - 1], level / levels) if ink else colour


def _reduced(fine: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """[H, W] the topmost ink of each pixel, and how much of the sheet there it covers."""
    rows = [fine[row::FINE] for row in range(FINE)]
    ink = np.maximum.reduce(rows)
    ink = np.maximum.reduce([ink[:, column::FINE] for column in range(FINE)])
    wide = np.repeat(ink, FINE, axis=1)
    same = np.zeros_like(wide)
    for row in rows:
        same += row == wide
    covered = same[:, 0::FINE] + same[:, 1::FINE] + same[:, 2::FINE] + same[:, 3::FINE]
    covered[ink == 0] = 0
    return ink, covered


def _blend(under: Rgb, over: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(under, over, strict=True))
    return red, green, blue


def draw(sheet: PixelSheet, described: PlotDescription, frame: PlotFrame, grid: PlotStyle) -> None:
    """Everything between the axes."""
    thin = max(round(0.2 * frame.unit), 1)
    for rule in frame.grid():
        sheet.rule(rule, ink_of(grid), thin)
    for part in described.parts:
        _draw_part(sheet, part, frame, thin)


def _draw_part(sheet: PixelSheet, part: PlotPart, frame: PlotFrame, thin: int) -> None:
    match part:
        case PlotLine():
            flat = len(part.x) == 2 and (part.x[0] == part.x[1] or part.y[0] == part.y[1])
            width = (THICK if part.pen.thick else THIN) * frame.unit
            for points in frame.lines(part):
                if flat:
                    sheet.rule(points, ink_of(part.pen.style), thin * (1 + part.pen.thick))
                else:
                    sheet.stroke(points, ink_of(part.pen.style), width)
        case PlotArea():
            corners = frame.outline(part)
            if len(corners):
                sheet.fill(corners, ink_of(part.style), SHADE[part.every])
        case PlotBand():
            left, right = frame.band(part)
            assert part.style.bgcolor is not None
            sheet.block(left, 0, right, frame.height, rgb(part.style.bgcolor))
        case PlotBar():
            sheet.block(*frame.bar(part), ink_of(part.style))
        case PlotMark():
            (place,) = frame.points(np.array([part.x]), np.array([part.y]))
            if not np.isnan(place).any():
                draw_mark(sheet, place, part.letter, mark_ink(part.style, sheet.paper), frame.unit)
        case PlotWords():
            ((x, y),) = frame.points(np.array([frame.x.high]), np.array([part.y])).tolist()
            size = LETTERS * frame.unit
            y = min(max(y, size / 2), frame.height - size / 2)
            sheet.words(x, y, part.words.strip(), ink_of(part.style), size, "rm")


def draw_mark(sheet: PixelSheet, at: Points, letter: str, ink: Rgb, unit: float) -> None:
    """A mark on a point, with a rim in the colour of the paper around it."""
    x, y = at.tolist()
    radius, rim = RADIUS * unit, HALO * unit
    if letter in (OPTIMAL, IN_MATRIX):
        sheet.shape(diamond(at, 1.25 * radius + rim), sheet.paper)
        sheet.shape(diamond(at, 1.25 * radius), ink)
        if letter == IN_MATRIX:
            sheet.shape(diamond(at, 1.25 * radius - 1.3 * rim), sheet.paper)
    elif letter == CURSOR:
        arms = np.array([[1.0, 0.0], [0.0, 1.0]]) * 1.4 * radius
        for width, colour in ((THICK * unit + 2 * rim, sheet.paper), (THICK * unit, ink)):
            for arm in arms:
                sheet.stroke(np.stack((at - arm, at + arm)), colour, width)
    else:
        radius *= 0.6 if letter == POINT else 1.0
        sheet.disc(x, y, radius + rim, sheet.paper)
        sheet.disc(x, y, radius, ink)
