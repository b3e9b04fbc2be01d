"""The axes of a plot: where a number stands on the canvas, ticks and their words, grid."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region

from engine.core.arrays import Indices
from engine.plots.plot_parts import DOTTED, PlotArea, PlotLine, level, steps, upright
from engine.plots.styles import Pen, PlotStyles
from engine.plots.ticks import Ticks, Values
from tui.curves.paint.theme_styles import in_terminal
from tui.drawing.canvas import ACROSS, DOWN, PlotCanvas, every_other, path

MARGIN: Final = 4
"""Cells left of the plot: a tick's word and the axis."""

FOOT: Final = 2
"""Lines below the plot: the axis and its ticks' words."""

NARROW, LOW = 28, 9  # cells, below which every other tick is left out
SPARSE: Final = (1, 7)
"""One dot in every other line: each change of colour costs a line fifty bytes."""


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
        part = self.x.part(values)
        return np.where(np.isnan(part), -1, self._columns(np.nan_to_num(part)))

    def row(self, values: Values) -> Indices:
        """Dots from the top; -1 for what is not on the axis."""
        part = self.y.part(values)
        return np.where(np.isnan(part), -1, self._rows(np.nan_to_num(part)))

    def _columns(self, part: Values) -> Indices:
        dots = part * (self.cells.width * ACROSS - 1)
        return (self.cells.x * ACROSS + np.rint(dots)).astype(np.intp)

    def _rows(self, part: Values) -> Indices:
        dots = (1 - part) * (self.cells.height * DOWN - 1)
        return (self.cells.y * DOWN + np.rint(dots)).astype(np.intp)

    def line(self, line: PlotLine) -> None:
        """A line through points, broken where one is undefined."""
        for x, y in line.runs(self.x, self.y):
            self._line(self._columns(x), self._rows(y), line.pen)

    def _line(self, columns: Indices, rows: Indices, pen: Pen) -> None:
        columns, rows = every_other(*path(columns, rows), pen.pattern)
        if pen.thick:
            right, bottom = self.cells.right * ACROSS - 1, self.cells.bottom * DOWN - 1
            beside, below = np.minimum(columns + 1, right), np.minimum(rows + 1, bottom)
            columns = np.concatenate((columns, beside, columns))
            rows = np.concatenate((rows, rows, below))
        self.canvas.draw(columns, rows, in_terminal(pen.style))

    def area(self, area: PlotArea) -> None:
        """What lies below a line: dots are too few for it to differ from steps."""
        x, y = steps(area.x, area.y)
        columns, rows = path(self.column(x), self.row(y))
        begins = np.flatnonzero(np.append(True, columns[1:] != columns[:-1])[: len(columns)])
        columns, rows = columns[begins], np.minimum.reduceat(rows, begins)
        bottom = self.cells.bottom * DOWN - 1
        self.canvas.area(columns, rows, bottom, in_terminal(area.style), area.every)

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
        return self.x.between(x), self.y.between(y)

    def grid(self) -> None:
        """Faint rules at the ticks, but those that are sides."""
        for at, _ in self.y.at:
            if self.y.low < at:
                self.line(level(at, self.x, self.styles.grid, DOTTED))
        for at, _ in self.x.at:
            if self.x.low < at:
                self.line(upright(at, self.y, self.styles.grid, SPARSE))

    def frame(self, name: str) -> None:
        """The two sides with ticks and their words, and what the lower one is."""
        canvas, cells = self.canvas, self.cells
        axis, label = in_terminal(self.styles.axis), in_terminal(self.styles.label)
        canvas.fill(Region(cells.x - 1, cells.y, 1, cells.height), "│", axis)
        canvas.text(cells.x - 1, cells.bottom, "└" + "─" * cells.width, axis)
        for value, words in self.y.at:
            y = int(self.row(np.array(value))) // DOWN
            canvas.text(cells.x - 1, y, "┤" if y < cells.bottom - 1 else "│", axis)
            canvas.text(cells.x - 1 - cell_len(words), y, words, label)
        for value, words in self.x.at:
            x = int(self.column(np.array(value))) // ACROSS
            canvas.text(x, cells.bottom, "┴" if value > self.x.low else "─", axis)
            left = min(x - (cell_len(words) - 1) // 2, canvas.width - 1 - cell_len(words))
            canvas.text(max(left, 0), cells.bottom + 1, words, label)
        canvas.text(cells.right - cell_len(name) - 3, cells.bottom, f" {name} ", label)

    def words_at_end(self, value: float, words: str, style: Style) -> None:
        """Words inside the right side, at a value of the y axis."""
        y = int(self.row(np.array(value))) // DOWN
        self.canvas.text(self.cells.right - cell_len(words), y, words, style)

    def say(self, words: str) -> None:
        """Words in the middle, where there is nothing to draw."""
        x = self.cells.x + max((self.cells.width - cell_len(words)) // 2, 0)
        y = self.cells.y + self.cells.height // 2
        self.canvas.text(x, y, words, in_terminal(self.styles.note))
