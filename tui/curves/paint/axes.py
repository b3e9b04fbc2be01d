"""The axes of a plot: where a number stands on the canvas, ticks and their words, grid."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region

from engine.core.arrays import Indices
from tui.curves.paint.curve_values import (
    SOLID,
    CurvesState,
    CurvesView,
    Pattern,
    Pen,
    PlotStyles,
)
from tui.drawing.canvas import ACROSS, DOWN, LetterGrid, PlotCanvas, every_other, path, unbroken

Values = NDArray[np.float64]  # [N] along one axis

MARGIN: Final = 4
"""Cells left of the plot: a tick's word and the axis."""

FOOT: Final = 2
"""Lines below the plot: the axis and its ticks' words."""

NARROW, LOW = 28, 9  # cells, below which every other tick is left out
DOTTED: Final = (1, 3)
SPARSE: Final = (1, 7)
"""One dot in every other line: each change of colour costs a line fifty bytes."""


@dataclass(frozen=True)
class Ticks:
    """Numbers along an axis from its low to its high end, and their words."""

    low: float
    high: float
    at: tuple[tuple[float, str], ...]

    def few(self) -> "Ticks":
        """Every other of them."""
        return Ticks(self.low, self.high, self.at[::2])

    def part(self, values: Values) -> Values:
        """How far along the axis they stand, from 0 to 1; NaN for what is not on it."""
        part = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        with np.errstate(invalid="ignore"):
            return np.where((part >= 0) & (part <= 1), part, np.nan)


RATIOS: Final = Ticks(0.0, 1.0, ((0.0, "0"), (0.25, ".25"), (0.5, ".5"), (0.75, ".75"), (1.0, "1")))


def confidence_ticks(lowest: float, highest: float) -> Ticks:
    """From 0 to 1, unless a model has confidences of its own kind."""
    low, high = min(lowest, 0.0), max(highest, 1.0)
    if (low, high) == (0.0, 1.0) or not np.isfinite(low + high):
        return RATIOS
    return Ticks(low, high, tuple((float(at), f"{at:.3g}") for at in np.linspace(low, high, 5)))


@dataclass(frozen=True, eq=False)
class Axes:
    """The plot's part of a canvas, and what its sides stand for."""

    canvas: PlotCanvas
    cells: Region
    x: Ticks
    y: Ticks
    styles: PlotStyles

    @classmethod
    def on(
        cls, canvas: PlotCanvas, top: int, x: Ticks, y: Ticks, styles: PlotStyles, below: int = 0
    ) -> "Axes":
        """The rest of the canvas below its first lines and above its last ones."""
        width, height = canvas.width - MARGIN - 1, canvas.height - top - FOOT - below
        cells = Region(MARGIN, top, max(width, 2), max(height, 2))
        x = x.few() if cells.width < NARROW else x
        return cls(canvas, cells, x, y.few() if cells.height < LOW else y, styles)

    def column(self, values: Values) -> Indices:
        """Dots from the left; -1 for what is not on the axis."""
        part = self.x.part(values) * (self.cells.width * ACROSS - 1)
        return np.where(np.isnan(part), -1, self.cells.x * ACROSS + np.rint(part)).astype(np.intp)

    def row(self, values: Values) -> Indices:
        """Dots from the top; -1 for what is not on the axis."""
        part = (1 - self.y.part(values)) * (self.cells.height * DOWN - 1)
        return np.where(np.isnan(part), -1, self.cells.y * DOWN + np.rint(part)).astype(np.intp)

    def line(self, x: Values, y: Values, pen: Pen) -> None:
        """A line through points, broken where one is undefined."""
        columns, rows = self.column(x), self.row(y)
        for run in unbroken((columns >= 0) & (rows >= 0)):
            self._line(columns[run], rows[run], pen)

    def _line(self, columns: Indices, rows: Indices, pen: Pen) -> None:
        columns, rows = every_other(*path(columns, rows), pen.pattern)
        if pen.thick:
            right, bottom = self.cells.right * ACROSS - 1, self.cells.bottom * DOWN - 1
            beside, below = np.minimum(columns + 1, right), np.minimum(rows + 1, bottom)
            columns = np.concatenate((columns, beside, columns))
            rows = np.concatenate((rows, rows, below))
        self.canvas.draw(columns, rows, pen.style)

    def steps(self, x: Values, y: Values, pen: Pen) -> None:
        """Each value holds from its point to the next one."""
        self.line(np.repeat(x, 2)[1:], np.repeat(y, 2)[: max(2 * len(y) - 1, 0)], pen)

    def area(self, x: Values, y: Values, style: Style, every: int = 1) -> None:
        """What lies below a line of steps."""
        columns, rows = (
            self.column(np.repeat(x, 2)[1:]),
            self.row(np.repeat(y, 2)[: 2 * len(y) - 1]),
        )
        columns, rows = path(columns, rows)
        begins = np.flatnonzero(np.append(True, columns[1:] != columns[:-1])[: len(columns)])
        columns, rows = columns[begins], np.minimum.reduceat(rows, begins)
        bottom = self.cells.bottom * DOWN - 1
        self.canvas.area(columns, rows, bottom, style, every)

    def upright(self, value: float, style: Style, pattern: Pattern = SOLID) -> None:
        """A rule from the bottom to the top."""
        ends = np.array([self.y.low, self.y.high])
        self.line(np.full(2, value), ends, Pen(style, pattern))

    def level(self, value: float, style: Style, pattern: Pattern = SOLID) -> None:
        """A rule from the left to the right."""
        ends = np.array([self.x.low, self.x.high])
        self.line(ends, np.full(2, value), Pen(style, pattern))

    def mark(self, x: float, y: float, letter: str, style: Style) -> None:
        """A letter on a point."""
        column, row = int(self.column(np.array(x))), int(self.row(np.array(y)))
        if column >= 0 and row >= 0:
            self.canvas.text(column // ACROSS, row // DOWN, letter, style)

    def span(self, low: float, high: float) -> Region:
        """The cells over a part of the x axis."""
        ends = np.clip(np.array([low, high]), self.x.low, self.x.high)
        left, right = (self.column(ends) // ACROSS).tolist()
        return Region(left, self.cells.y, right - left + 1, self.cells.height)

    def values(self, column: int, line: int) -> tuple[float, float]:
        """What a cell stands for on both axes."""
        x = (column - self.cells.x + 0.5) / self.cells.width
        y = (self.cells.bottom - line - 0.5) / self.cells.height
        return _between(self.x, x), _between(self.y, y)

    def grid(self) -> None:
        """Faint rules at the ticks, but those that are sides."""
        for at, _ in self.y.at:
            if self.y.low < at:
                self.level(at, self.styles.grid, DOTTED)
        for at, _ in self.x.at:
            if self.x.low < at:
                self.upright(at, self.styles.grid, SPARSE)

    def frame(self, name: str) -> None:
        """The two sides with ticks and their words, and what the lower one is."""
        canvas, cells, axis, label = self.canvas, self.cells, self.styles.axis, self.styles.label
        canvas.fill(Region(cells.x - 1, cells.y, 1, cells.height), "│", axis)
        canvas.text(cells.x - 1, cells.bottom, "└" + "─" * cells.width, axis)
        for value, words in self.y.at:
            y = int(self.row(np.array(value))) // DOWN
            canvas.text(cells.x - 1, y, "┤" if y < cells.bottom - 1 else "│", axis)
            canvas.text(cells.x - 1 - cell_len(words), y, words, label)
        for value, words in self.x.at:
            x = int(self.column(np.array(value))) // ACROSS
            canvas.text(x, cells.bottom, "┴" if value > self.x.low else "─", axis)
            left = min(x - (cell_len(words) - 1) // 2, canvas.width - cell_len(words))
            canvas.text(max(left, 0), cells.bottom + 1, words, label)
        canvas.text(cells.right - cell_len(name) - 3, cells.bottom, f" {name} ", label)

    def words_at_end(self, value: float, words: str, style: Style) -> None:
        """Words inside the right side, at a value of the y axis."""
        y = int(self.row(np.array(value))) // DOWN
        self.canvas.text(self.cells.right - cell_len(words), y, words, style)

    def say(self, words: str) -> None:
        """Words in the middle, where there is nothing to draw."""
        x = self.cells.x + max((self.cells.width - cell_len(words)) // 2, 0)
        self.canvas.text(x, self.cells.y + self.cells.height // 2, words, self.styles.note)


def _between(ticks: Ticks, part: float) -> float:
    return ticks.low + min(max(part, 0.0), 1.0) * (ticks.high - ticks.low)


@dataclass(frozen=True, eq=False)
class Plot:
    """What a painter returns: the picture, and what its places stand for."""

    raster: LetterGrid
    axes: Axes


View = TypeVar("View", bound=CurvesView)
Painter: TypeAlias = Callable[[int, int, View, CurvesState, PlotStyles], Plot]
