"""The rectangle between the axes: where numbers stand in it, and how thick lines and marks are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.plots.plot_parts import PlotArea, PlotBand, PlotBar, PlotLine, steps
from engine.plots.styles import Pattern, PlotColour, PlotStyle
from engine.plots.ticks import Ticks, Values

Rgb = tuple[int, int, int]
Points = NDArray[np.float64]  # [N, 2] pixels from the left and from the top

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


def diamond(at: Points, radius: float) -> Points:
    """The corners of one that stands on its tip."""
    corners: Points = np.array([[0, -radius], [radius, 0], [0, radius], [-radius, 0]]) + at
    return corners


def ink_of(style: PlotStyle) -> Rgb:
    """The colour of what a style draws."""
    assert style.color is not None
    return rgb(style.color)


def mark_ink(style: PlotStyle, paper: Rgb) -> Rgb:
    """The colour of a mark, which may be a letter on a ground of its own."""
    ground = None if style.bgcolor is None else rgb(style.bgcolor)
    return ink_of(style) if ground is None or ground == paper else ground


def rgb(colour: PlotColour) -> Rgb:
    """The channels of a colour, 0 to 255."""
    red, green, blue = colour.get_truecolor()
    return red, green, blue
