"""What is in sight of a matrix at one moment, and which cells of the terminal show what."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
from textual.geometry import Region

from engine.core.arrays import Mask
from tui.drawing.names import cut, cut_apart
from tui.drawing.runs import first_showing, stretches
from tui.grids.paint.layout import MatrixLayout
from tui.grids.paint.view import Block, MatrixView, block

MatrixCell = tuple[int, int]  # position of row and column; S, the number of classes, is the end


@dataclass(frozen=True, eq=False)
class MatrixScene:
    """A view in a layout, scrolled to a place, with a cursor."""

    view: MatrixView
    layout: MatrixLayout
    first_row: int
    first_column: int
    cursor: MatrixCell
    block: Block

    @classmethod
    def of(
        cls, view: MatrixView, layout: MatrixLayout, first: MatrixCell, cursor: MatrixCell
    ) -> Self:
        """The scene from this first row and column on, as far as there is so much to see."""
        row = min(max(first[0], 0), view.classes - layout.rows)
        column = min(max(first[1], 0), view.classes - layout.columns)
        rows, columns = (
            np.arange(row, row + layout.rows),
            np.arange(column, column + layout.columns),
        )
        if layout.end_row:
            rows = np.append(rows, view.classes)
        if layout.end:
            columns = np.append(columns, view.classes)
        return cls(
            view,
            layout,
            row,
            column,
            cursor,
            block(view, rows, columns, layout.says not in ("count", "change")),
        )

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """[S + 1] what stands left of each row, as far as there is room."""
        room = self.layout.gutter - 2
        return (*cut_apart(self.view.shown_names, room), cut(self.view.row_end or "", room))

    @cached_property
    def turned_names(self) -> tuple[str, ...]:
        """[S] what stands above each column where names take turns."""
        return cut_apart(self.view.shown_names, self.layout.turns * self.layout.cell - 1)

    @property
    def first(self) -> MatrixCell:
        """The first row and column in sight."""
        return self.first_row, self.first_column

    def row_at(self, slot: int) -> int:
        """The position of a row in sight."""
        return self.view.classes if slot == self.layout.rows else self.first_row + slot

    def column_at(self, slot: int) -> int:
        """The position of a column in sight."""
        return self.view.classes if slot == self.layout.columns else self.first_column + slot

    def row_slot(self, row: int) -> int:
        """Where a row is in sight; out of range where it is not."""
        return self.layout.rows if row == self.view.classes else row - self.first_row

    def column_slot(self, column: int) -> int:
        """Where a column is in sight; out of range where it is not."""
        return self.layout.columns if column == self.view.classes else column - self.first_column

    def first_at_bar(self, bar: Literal["rows", "columns"], x: int, y: int) -> MatrixCell:
        """The first row and column once a scroll bar is pulled to a cell of the terminal."""
        layout, (row, column) = self.layout, self.first
        if bar == "rows":
            place = (y - layout.heading) / max(layout.rows * layout.row - 1, 1)
            row = round(place * (self.view.classes - layout.rows))
        else:
            place = (x - layout.gutter) / max(layout.columns * layout.cell - 1, 1)
            column = round(place * (self.view.classes - layout.columns))
        return row, column

    def same_frame(self, other: Self) -> bool:
        """Whether names, places and sizes agree, so that only cells can differ."""
        return (
            (self.layout, self.first, self.cursor) == (other.layout, other.first, other.cursor)
            and (self.view.mode, self.view.order) == (other.view.mode, other.view.order)
            and self.view.names == other.view.names
            and np.array_equal(self.view.shown, other.view.shown)
        )


def first_around(position: int, first: int, seen: int, total: int) -> int:
    """The same while it is in sight, else with it in the middle.

    So a walk scrolls once in half a window: a step that scrolls costs twenty that do not.
    """
    if position < total and not first <= position < first + seen:
        first = position - seen // 2
    return first_showing(position, first, seen, total)


def first_with_cursor(
    layout: MatrixLayout, cursor: MatrixCell, first: MatrixCell, total: int
) -> MatrixCell:
    """The first row and column in sight, of so many, once the cursor is in sight too."""
    return (
        first_around(cursor[0], first[0], layout.rows, total),
        first_around(cursor[1], first[1], layout.columns, total),
    )


def cursor_regions(scene: MatrixScene, other: MatrixCell) -> list[Region]:
    """What is in sight and looks different when the cursor goes from here to there, or back."""
    layout, regions = scene.layout, []
    row, column = scene.row_slot(scene.cursor[0]), scene.column_slot(scene.cursor[1])
    if row in layout.row_slots and column in layout.column_slots:
        regions.append(slots_region(scene, row, column))
    if scene.cursor[0] != other[0] and row in layout.row_slots:
        y, height = layout.row_span(row)
        regions.append(Region(0, y, layout.gutter, height))
    if scene.cursor[1] != other[1] and column in layout.column_slots:
        regions.append(Region(*layout.name_span(column)))
    return regions


def scrolled_regions(before: MatrixScene, after: MatrixScene) -> list[Region]:
    """What looks different in the same layout after scrolling; empty cells often do not."""
    layout = after.layout
    regions = changed_regions(after, after.block.changed_since(before.block))
    if before.first_row != after.first_row:
        height = layout.rule_y - layout.heading
        regions.append(Region(0, layout.heading, layout.gutter, height))
        regions.append(Region(layout.rule_x, layout.heading, layout.column_rule, height))
    if before.first_column != after.first_column:
        # Names that take turns reach over the corner.
        start = layout.gutter if layout.turns == 1 else 0
        regions.append(Region(start, 0, layout.rule_x - start, layout.heading))
        regions.append(Region(layout.gutter, layout.rule_y, layout.width, layout.row_rule))
    return [
        *(region for region in regions if region),
        *cursor_regions(before, after.cursor),
        *cursor_regions(after, before.cursor),
    ]


def slots_region(scene: MatrixScene, row: int, first: int, last: int | None = None) -> Region:
    """The cells of a row from a first to a last column in sight."""
    y, height = scene.layout.row_span(row)
    x, _ = scene.layout.column_span(first)
    start, width = scene.layout.column_span(first if last is None else last)
    return Region(x, y, start + width - x, height)


def changed_regions(scene: MatrixScene, changed: Mask) -> list[Region]:
    """Cells that changed, near ones of a row in one region; rows are whole when many did."""
    if changed.mean() > 0.3:
        last = changed.shape[1] - 1
        rows = np.flatnonzero(changed.any(axis=1)).tolist()
        return [slots_region(scene, row, 0, last) for row in rows]
    return [
        slots_region(scene, row, first, last)
        for row, line in enumerate(changed)
        for first, last in stretches(line)
    ]
