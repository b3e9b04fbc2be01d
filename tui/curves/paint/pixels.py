"""A plot in pixels: thin smooth lines over faint areas, in few colours that compress well.

Ink is drawn on a sheet that is finer than the picture, by its number and not by its colour.
What part of a pixel its topmost ink covers is told in a few levels, so that a palette has
every colour exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from rich.color import Color
from rich.style import Style

from engine.core.arrays import Mask
from tui.curves.paint.curve_values import IN_MATRIX, OPTIMAL, Pattern
from tui.curves.paint.plot_parts import (
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
    steps,
)
from tui.curves.paint.ticks import Ticks, Values

Rgb = tuple[int, int, int]
Points = NDArray[np.float64]  # [N, 2] pixels from the left and from the top

FINE: Final = 4  # rows and columns of the sheet to a pixel
SHADE: Final = {2: 0.30, 4: 0.17}
"""How much of its colour an area has, by how many of its dots are drawn in cells."""

# In units of half a cell's width:
THIN, THICK, RADIUS, HALO, LETTERS, DASH = 0.3, 0.52, 0.95, 0.35, 2.7, 0.6


@dataclass(frozen=True)
class PlotFrame:
    """The rectangle between the axes, in pixels, and where in it their ends are."""

    width: int
    height: int
    beside: float  # pixels between a side and the end of the x axis
    above: float  # the same of the y axis
    unit: float  # half the width of a cell: what lines and marks are measured by
    x: Ticks
    y: Ticks

    def points(self, x: Values, y: Values) -> Points:
        """Where points stand; NaN for what is not on an axis."""
        return self.places(self.x.part(x), self.y.part(y))

    def places(self, across: Values, up: Values) -> Points:
        """Where points stand that are so far along the axes, from 0 to 1."""
        left = self.beside + across * (self.width - 2 * self.beside)
        top = self.above + (1 - up) * (self.height - 2 * self.above)
        return np.stack((left, top), axis=-1)

    def lines(self, line: PlotLine) -> list[Points]:
        """The pieces of a line, its dashes each for itself."""
        runs = [self.places(x, y) for x, y in line.runs(self.x, self.y)]
        return [dash for run in runs for dash in dashes(run, line.pen.pattern, DASH * self.unit)]

    def outline(self, area: PlotArea) -> Points:
        """The corners of an area."""
        x, y = steps(area.x, area.y) if area.stepped else (area.x, area.y)
        top = self.points(x, y)
        top = top[~np.isnan(top).any(axis=1)]
        if not len(top):
            return top
        ends = np.array([[top[-1, 0], self.height], [top[0, 0], self.height]])
        return np.concatenate((top, ends))

    def bar(self, bar: PlotBar) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a bar, with a gap to the next one."""
        ends = np.array([bar.low, bar.high])
        (left, top), (right, _) = self.points(ends, np.full(2, bar.value)).tolist()
        return left, top, max(right - 0.4 * self.unit, left + 1), float(self.height)

    def band(self, band: PlotBand) -> tuple[float, float]:
        """Left and right of a band."""
        ends = np.clip(np.array([band.low, band.high]), self.x.low, self.x.high)
        (left, _), (right, _) = self.points(ends, np.full(2, self.y.low)).tolist()
        return left, right

    def grid(self) -> Iterator[Points]:
        """Rules at the ticks, but those that are sides."""
        sides_x, sides_y = np.array([self.x.low, self.x.high]), np.array([self.y.low, self.y.high])
        for at, _ in self.y.at:
            if self.y.low < at:
                yield self.points(sides_x, np.full(2, at))
        for at, _ in self.x.at:
            if self.x.low < at:
                yield self.points(np.full(2, at), sides_y)


def dashes(run: Points, pattern: Pattern, unit: float) -> list[Points]:
    """The parts of a line that are drawn; the pattern counts dots of a unit."""
    drawn, left_out = pattern
    if not left_out or len(run) < 2:
        return [run]
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(run, axis=0).T)))
    found = []
    for start in np.arange(0.0, along[-1], (drawn + left_out) * unit):
        end = min(start + drawn * unit, along[-1])
        inside = run[(along > start) & (along < end)]
        ends = np.stack([np.interp((start, end), along, run[:, axis]) for axis in (0, 1)], axis=-1)
        found.append(np.concatenate((ends[:1], inside, ends[1:])))
    return found


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


def draw(sheet: PixelSheet, described: PlotDescription, frame: PlotFrame, grid: Style) -> None:
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


def diamond(at: Points, radius: float) -> Points:
    """The corners of one that stands on its tip."""
    corners: Points = np.array([[0, -radius], [radius, 0], [0, radius], [-radius, 0]]) + at
    return corners


def ink_of(style: Style) -> Rgb:
    """The colour of what a style draws."""
    assert style.color is not None
    return rgb(style.color)


def mark_ink(style: Style, paper: Rgb) -> Rgb:
    """The colour of a mark, which may be a letter on a ground of its own."""
    ground = None if style.bgcolor is None else rgb(style.bgcolor)
    return ink_of(style) if ground is None or ground == paper else ground


def rgb(colour: Color) -> Rgb:
    """The channels of a colour, 0 to 255."""
    red, green, blue = colour.get_truecolor()
    return red, green, blue
