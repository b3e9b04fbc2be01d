"""What a plot is made of, whoever draws it: in cells, in pixels, or into a file.

Numbers are in the units of the axes. Parts are drawn in their order, later ones on top.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import numpy as np

from engine.core.arrays import Mask
from engine.plots.curve_values import CurvesState, CurvesView
from engine.plots.legend import LegendEntry
from engine.plots.styles import SOLID, Pattern, Pen, PlotStyle, PlotStyles
from engine.plots.ticks import Ticks, Values

CURSOR, POINT = "┼", "•"
DOTTED: Final[Pattern] = (1, 3)
DASHED: Final[Pattern] = (4, 3)


@dataclass(frozen=True, eq=False)
class PlotLine:
    """A line through points, broken where one is undefined or beyond the axes."""

    x: Values  # [N]
    y: Values  # [N]
    pen: Pen

    def runs(self, x: Ticks, y: Ticks) -> Iterator[tuple[Values, Values]]:
        """The pieces without a break: how far along each axis their points are, from 0 to 1."""
        across, up = x.part(self.x), y.part(self.y)
        for run in unbroken(_known(across) & _known(up)):
            yield across[run], up[run]


@dataclass(frozen=True, eq=False)
class PlotArea:
    """What lies below a line. In cells it is one dot of so many, in both directions."""

    x: Values  # [N]
    y: Values  # [N]
    style: PlotStyle
    every: int
    stepped: bool  # each value holds from its point to the next one


@dataclass(frozen=True)
class PlotBand:
    """A part of the x axis, from the bottom to the top."""

    low: float
    high: float
    style: PlotStyle  # of which the background counts


@dataclass(frozen=True)
class PlotBar:
    """A bar over a part of the x axis, up to a value of the y axis."""

    low: float
    high: float
    value: float
    style: PlotStyle


@dataclass(frozen=True)
class PlotMark:
    """A sign on a point: NOW, OPTIMAL, IN_MATRIX, CURSOR or POINT."""

    x: float
    y: float
    letter: str
    style: PlotStyle


@dataclass(frozen=True)
class PlotWords:
    """Words inside the right side, at a value of the y axis."""

    y: float
    words: str
    style: PlotStyle


PlotPart: TypeAlias = PlotLine | PlotArea | PlotBand | PlotBar | PlotMark | PlotWords


@dataclass(frozen=True)
class BinCount:
    """How many there are over a part of the x axis."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, eq=False)
class PlotDescription:
    """A plot: two axes, what is drawn between them, and the words around."""

    title: str
    across: str  # what the x axis is
    x: Ticks
    y: Ticks
    more: str = ""  # after the title: what it is made of
    numbers: str = ""  # right of the title
    entries: tuple[LegendEntry, ...] = ()
    remark: str = ""  # right of the legend
    parts: tuple[PlotPart, ...] = ()
    says: str = ""  # in the middle, where there is nothing to draw
    counts: tuple[BinCount, ...] = ()  # below the x axis, where there is room
    paragraphs: tuple[str, ...] = ()  # below it: how to read the plot


View = TypeVar("View", bound=CurvesView)
PlotMaker: TypeAlias = Callable[[View, CurvesState, PlotStyles], PlotDescription]


def upright(value: float, y: Ticks, style: PlotStyle, pattern: Pattern = SOLID) -> PlotLine:
    """A rule from the bottom to the top."""
    return PlotLine(np.full(2, value), np.array([y.low, y.high]), Pen(style, pattern))


def level(value: float, x: Ticks, style: PlotStyle, pattern: Pattern = SOLID) -> PlotLine:
    """A rule from the left to the right."""
    return PlotLine(np.array([x.low, x.high]), np.full(2, value), Pen(style, pattern))


def steps(x: Values, y: Values) -> tuple[Values, Values]:
    """The points of a line in which each value holds from its point to the next one."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[: max(2 * len(y) - 1, 0)]


def unbroken(known: Mask) -> list[slice]:
    """The runs of what is known, between what is not."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [slice(left, right) for left, right in edges.reshape(-1, 2).tolist()]


def _known(part: Values) -> Mask:
    known: Mask = ~np.isnan(part)
    return known
