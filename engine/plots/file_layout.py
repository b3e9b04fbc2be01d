"""Plots side by side as a file has them: where each stands, and the words around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from engine.plots.curve_values import IN_MATRIX, NOW, OPTIMAL
from engine.plots.frame import PlotFrame
from engine.plots.legend import LegendEntry
from engine.plots.plot_parts import PlotDescription
from engine.plots.styles import PlotStyle, PlotStyles

SIDE: Final = 480  # points of a plot
EDGE: Final = 60  # points around it
SAMPLE: Final = 24  # points of a line in a legend
LINE: Final = 18  # points from one line of words to the next
INSET: Final = 3  # points between a side and the end of its axis
UNIT: Final = 5.0  # points: half of a cell's width
NEAR: Final = "▒"
SIGNS: Final = re.compile(f"([{NOW}{OPTIMAL}{IN_MATRIX}{NEAR}])")
"""Letters that few fonts have: they are drawn."""


@dataclass(frozen=True)
class SheetWords:
    """Words on the sheet."""

    x: float  # points from the left
    y: float  # from the top to their base line
    words: str
    style: PlotStyle
    anchor: str = "l"  # l, m or r: which part of them stands at x
    strong: bool = False


@dataclass(frozen=True)
class SheetPlot:
    """One plot on the sheet."""

    described: PlotDescription
    left: float

    @property
    def top(self) -> float:
        """Points above the rectangle between the axes."""
        return float(EDGE)

    @cached_property
    def frame(self) -> PlotFrame:
        """The rectangle between the axes, from its own corner."""
        return PlotFrame(SIDE, SIDE, INSET, INSET, UNIT, self.described.x, self.described.y)

    def words(self, styles: PlotStyles) -> Iterator[SheetWords]:
        """Title, ticks, names of the axes, and below them the legend."""
        plot, left, bottom = self.described, self.left, EDGE + SIDE
        yield SheetWords(left, EDGE - 34, plot.title, styles.title, strong=True)
        more = " · ".join(filter(None, (plot.more, plot.numbers)))
        yield SheetWords(left, EDGE - 14, more, styles.note)
        for value, said in plot.y.at:
            y = self.place(plot.x.low, value)[1] + 4
            yield SheetWords(left - 8, y, said, styles.label, "r")
        for value, said in plot.x.at:
            yield SheetWords(self.place(value, plot.y.low)[0], bottom + 18, said, styles.label, "m")
        yield SheetWords(left + SIDE / 2, bottom + 38, plot.across, styles.label, "m")
        if plot.says:
            yield SheetWords(left + SIDE / 2, EDGE + SIDE / 2, plot.says, styles.note, "m")
        for at, entry in enumerate(plot.entries, start=1):
            said = f"{entry.name} {entry.value}".rstrip()
            yield SheetWords(left + SAMPLE + 8, bottom + 40 + LINE * at, said, styles.label)
        if plot.remark:
            y = bottom + 40 + LINE * (len(plot.entries) + 1)
            yield SheetWords(left, y, plot.remark, styles.note)

    def samples(self) -> Iterator[tuple[float, float, LegendEntry]]:
        """For each line of the legend the left end and the middle of its sample."""
        for at, entry in enumerate(self.described.entries, start=1):
            yield self.left, EDGE + SIDE + 35.0 + LINE * at, entry

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the axes on the sheet."""
        ((across, down),) = self.frame.points(np.array([x]), np.array([y])).tolist()
        return self.left + across, self.top + down


@dataclass(frozen=True)
class PlotSheet:
    """All plots."""

    plots: tuple[SheetPlot, ...]

    @classmethod
    def of(cls, described: Sequence[PlotDescription]) -> Self:
        """Side by side, in their order."""
        whole = SIDE + 2 * EDGE
        return cls(tuple(SheetPlot(one, EDGE + at * whole) for at, one in enumerate(described)))

    @property
    def width(self) -> int:
        """Points."""
        return (SIDE + 2 * EDGE) * max(len(self.plots), 1)

    @property
    def height(self) -> int:
        """Points, with room for the longest legend."""
        lines = max((len(plot.described.entries) for plot in self.plots), default=0) + 2
        return EDGE + SIDE + 40 + LINE * lines
