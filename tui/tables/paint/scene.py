"""What is in sight of a table of metrics at one moment, and what looks different in the next."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from textual.geometry import Region

from engine.core.arrays import Indices, Mask, Ratios
from tui.drawing.runs import first_showing, stretches
from tui.tables.paint.layout import HEADING, TableLayout
from tui.tables.paint.view import DATASET_ORDER, MetricsView, Order, rows

TableCell = tuple[int, int]  # position of row and column; -1 is the row of all
ALL_ROW = -1


@dataclass(frozen=True, eq=False)
class TableScene:
    """A view in a layout, its rows in an order, scrolled to a place, with a cursor."""

    view: MetricsView
    layout: TableLayout
    rows: Indices  # in the order in which they stand
    first: TableCell
    cursor: TableCell
    order: Order = DATASET_ORDER
    wanted: str = ""  # what names are filtered by
    typing: bool = field(default=False)

    @classmethod
    def of(
        cls,
        view: MetricsView,
        layout: TableLayout,
        order: Order,
        wanted: str,
        typing: bool,
        on: tuple[int | None, int],
    ) -> Self:
        """The head of the table, the cursor on a row of the metrics and a column.

        None is the row of all, as is a row that the filter hides; where none is pinned, it is
        the first one.
        """
        there = rows(view, order, wanted)
        row, column = on
        nowhere = ALL_ROW if view.pinned or not len(there) else 0
        position = there.tolist().index(row) if row in there else nowhere
        cursor = position, min(column, len(view.columns) - 1)
        return cls(view, layout, there, (0, 0), cursor, order, wanted, typing)

    def scrolled_as(self, before: Self | None, top: bool) -> Self:
        """The same as far down and to the right as before, or at the top.

        The cursor is in sight, but of someone who has scrolled away from it.
        """
        row, column = before.first if before is not None else (0, 0)
        scene = replace(self, first=self.within((0 if top else row, column)))
        if before is None or top or (before.layout, before.cursor) != (self.layout, self.cursor):
            return replace(scene, first=scene.showing(self.cursor))
        return scene

    @property
    def seen(self) -> int:
        """How many rows are in sight, without that of all."""
        return min(self.layout.rows, len(self.rows))

    @cached_property
    def columns(self) -> range:
        """The columns in sight."""
        return range(self.first[1], self.first[1] + self.layout.seen(self.first[1]))

    @property
    def lines(self) -> range:
        """Positions of the rows in sight, without that of all."""
        return range(self.first[0], self.first[0] + self.seen)

    @cached_property
    def numbers(self) -> Ratios:
        """[1 + R, K] what the cells in sight say, the row of all first."""
        index = np.append(self.view.everything, self.rows[self.lines.start : self.lines.stop])
        numbers: Ratios = self.view.table[index][:, self.columns.start : self.columns.stop]
        return numbers

    @property
    def top(self) -> int:
        """The position of the first row that one can stand on."""
        return ALL_ROW if self.layout.pinned else 0

    def row(self, position: int) -> int:
        """The index of a row by its position."""
        return self.view.everything if position == ALL_ROW else int(self.rows[position])

    def line_of(self, position: int) -> int | None:
        """The line of a row, None where it is out of sight."""
        if position == ALL_ROW:
            return self.layout.all_y if self.layout.pinned else None
        if position in self.lines:
            return self.layout.rule_y + 1 + position - self.first[0]
        return None

    def position_at(self, y: int) -> int | None:
        """The position of the row on a line, None on headings, the rule or beyond."""
        if HEADING <= y < self.layout.rule_y:  # never where none is pinned
            return ALL_ROW
        position = self.first[0] + y - self.layout.rule_y - 1
        return position if y > self.layout.rule_y and position in self.lines else None

    def cell_at(self, x: int, y: int) -> TableCell | None:
        """Row of the metrics and index of the column of the number there, None beside numbers."""
        position, column = self.position_at(y), self.layout.column_at(self.first[1], x)
        if position is None or column is None or column < 0:
            return None
        return self.row(position), column

    def same_frame(self, other: "TableScene") -> bool:
        """Whether names, places and sizes agree, so that only cells can differ."""
        return (
            (self.layout, self.first, self.cursor, self.order, self.wanted, self.typing)
            == (other.layout, other.first, other.cursor, other.order, other.wanted, other.typing)
            and self.view.classes == other.view.classes
            and np.array_equal(self.rows, other.rows)
        )

    def changed_since(self, before: "TableScene") -> list[Region]:
        """The cells that say something else, in the same frame."""
        same = (self.numbers == before.numbers) | (
            np.isnan(self.numbers) & np.isnan(before.numbers)
        )
        regions = []
        if self.layout.interval and self.view.intervals != before.view.intervals:
            regions.append(Region(0, self.layout.all_y + 1, self.layout.width, 1))
        for index, line in enumerate(~same | self._reworded(before)):
            position = self.lines.start + index - 1 if index else ALL_ROW
            regions += self._line_regions(position, line, before)
        return regions

    def _reworded(self, before: "TableScene") -> Mask:
        """[1 + R, K] which of the cells in sight say or judge something else in words."""
        changed, view, old = np.zeros(self.numbers.shape, np.bool_), self.view, before.view
        positions = (*((ALL_ROW,) if self.layout.pinned else ()), *self.lines)
        first = 0 if self.layout.pinned else 1
        for slot, index in enumerate(self.columns):
            column = self.layout.columns[index]
            for line, row in enumerate(map(self.row, positions), start=first):
                reworded = column.kind == "words" and view.words(row, column) != old.words(
                    row, column
                )
                changed[line, slot] = reworded or view.verdict(row, column) != old.verdict(
                    row, column
                )
        return changed

    def _line_regions(self, position: int, changed: Mask, before: "TableScene") -> list[Region]:
        y, row = self.line_of(position), self.row(position)
        if y is None:
            return []
        regions = []
        if self.view.marks[row] != before.view.marks[row]:
            regions.append(Region(0, y, self.layout.width, 1))
        for first, last in stretches(changed):
            start, _ = self._span(self.columns[first])
            last_start, width = self._span(self.columns[last])
            regions.append(Region(start, y, last_start + width - start, 1))
        return regions

    def _span(self, column: int) -> tuple[int, int]:
        return self.layout.span(self.first[1], column)

    def cursor_regions(self, other: TableCell) -> list[Region]:
        """What looks different when the cursor goes from here to there, or back."""
        regions, (position, column) = [], self.cursor
        y = self.line_of(position)
        start, width = self._span(column)
        in_sight = column in self.columns
        if y is not None and in_sight:
            regions.append(Region(start, y, width, 1))
        if y is not None and other[0] != position:
            regions.append(Region(0, y, self.layout.gutter, 1))
        if in_sight and other[1] != column:
            regions.append(Region(start, HEADING - 1, width, 1))
        return regions

    def showing(self, cursor: TableCell) -> TableCell:
        """The first row and column after as little scrolling as brings this cell into sight."""
        row = self.first[0]
        if cursor[0] != ALL_ROW:
            row = first_showing(cursor[0], row, self.layout.rows, len(self.rows))
        return row, self.layout.first_showing(cursor[1], self.first[1])

    def within(self, first: TableCell) -> TableCell:
        """The nearest place that it can be scrolled to."""
        row = min(max(first[0], 0), max(len(self.rows) - self.layout.rows, 0))
        return row, min(max(first[1], 0), self.layout.last_first)

    def step(self, cursor: TableCell, rows: int, columns: int) -> TableCell:
        """So many rows down and columns to the right, or as far as it goes."""
        row = min(max(cursor[0] + rows, self.top), len(self.rows) - 1)
        return row, min(max(cursor[1] + columns, 0), len(self.layout.columns) - 1)
