"""How a matrix shares out the room it is given."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from rich.cells import cell_len

from tui.drawing.names import clean, lines_for
from tui.grids.paint.view import MatrixView

FEW_CLASSES: Final = 12
"""Up to here cells are wide and tall, and say count and share together."""

SCROLLED_CELL: Final = 5
"""What does not fit at once gets cells no wider than this: 1204, then 12k."""

MANY_CELL: Final = 8
WIDEST_CELL: Final = 18
TALLEST_ROW: Final = 5
Says = Literal["count", "share", "both", "both in two lines", "change"]
"""What a cell has room for."""

AXES: Final = 20  # "truth ↓  predicted →"
SHARE: Final = 5  # a blank, then 62% or <.1%


@dataclass(frozen=True)
class MatrixLayout:
    """Sizes in terminal cells, and how many classes are in sight at once.

    From left to right: row names, cells, a rule, the end column. From top to bottom:
    headings, rows, a rule, the end row.
    """

    gutter: int
    cell: int
    columns: int
    column_rule: int  # 0 or 1
    end: int  # 0 without an end column
    heading: int
    row: int
    rows: int
    row_rule: int  # 0 or 1
    end_row: int  # 0 without an end row
    says: Says

    @cached_property
    def rule_x(self) -> int:
        """Where the cells end."""
        return self.gutter + self.columns * self.cell

    @cached_property
    def rule_y(self) -> int:
        """Where the rows end."""
        return self.heading + self.rows * self.row

    @cached_property
    def width(self) -> int:
        """Everything together."""
        return self.rule_x + self.column_rule + self.end

    @cached_property
    def height(self) -> int:
        """Everything together."""
        return self.rule_y + self.row_rule + self.end_row

    @cached_property
    def column_slots(self) -> range:
        """The columns in sight, the end column last."""
        return range(self.columns + (self.end > 0))

    @cached_property
    def row_slots(self) -> range:
        """The rows in sight, the end row last."""
        return range(self.rows + (self.end_row > 0))

    def column_span(self, slot: int) -> tuple[int, int]:
        """Start and width of a column in sight; slot `columns` is the end column."""
        if slot == self.columns:
            return self.rule_x + self.column_rule, self.end
        return self.gutter + slot * self.cell, self.cell

    def row_span(self, slot: int) -> tuple[int, int]:
        """Start and height of a row in sight; slot `rows` is the end row."""
        if slot == self.rows:
            return self.rule_y + self.row_rule, self.end_row
        return self.heading + slot * self.row, self.row

    def column_slot(self, x: int) -> int | None:
        """The column in sight at x; -1 over the row names, None on the rule or beyond."""
        if x < self.gutter:
            return -1
        if x < self.rule_x:
            return (x - self.gutter) // self.cell
        return self.columns if self.rule_x + self.column_rule <= x < self.width else None

    def row_slot(self, y: int) -> int | None:
        """The row in sight at y; -1 over the headings, None on the rule or beyond."""
        if y < self.heading:
            return -1
        if y < self.rule_y:
            return (y - self.heading) // self.row
        return self.rows if self.rule_y + self.row_rule <= y < self.height else None


def fit(view: MatrixView, width: int, height: int) -> MatrixLayout | None:
    """The best use of the room, None where not even a few cells fit."""
    few = view.classes <= FEW_CLASSES
    names = view.shown_names[:width]
    longest = max((cell_len(clean(name)) for name in names), default=1)
    numbers = number_width(view)

    end = max(9, numbers + 1)
    if few and text_width(end) < numbers + SHARE:
        end = numbers + SHARE + 2
    end = 0 if view.column_end is None else min(end, max(9, width // 6))
    most = max(8, width // 4 if few else min(32, width // 6))
    for axes in (AXES, 7):  # "truth ↓  predicted →" in one line, unless columns suffer for it
        gutter = min(max(longest, cell_len(view.row_end or ""), axes) + 2, most)
        room = width - gutter - end - 1
        cell = cell_width(few, numbers, room // max(view.classes, 1))
        columns = min(view.classes, room // cell)
        if columns == view.classes:
            break
    if columns < view.classes:  # what is left beside whole columns goes to the names
        left = width - end - 1 - columns * cell
        gutter = max(gutter, min(max(longest, AXES) + 2, left))
    elif few and end:
        end = max(end, min(cell, width - gutter - 1 - columns * cell))

    heading = max(
        lines_for(names[: columns * 2], text_width(cell), 4 if height >= 28 else 3),
        lines_for((view.column_end or "",), text_width(end), 2),
        (1 if gutter > AXES + 1 else 2) + bool(view.notes),
    )
    row_rule = int(height >= 14 and (view.row_end is not None or columns < view.classes))
    free = height - heading - row_rule
    row = min(TALLEST_ROW, max(1, free // view.rows)) if few else 1
    says: Says = "change" if view.signed else "count"
    if view.signed:
        pass
    elif few and text_width(min(cell, end or cell)) >= numbers + SHARE:
        says = "both"
    elif few and row > 1 and text_width(cell) >= SHARE:
        says, row = "both in two lines", 2
    end_row = row if view.row_end is not None else 0
    rows = min(view.classes, (free - end_row) // row)
    if columns < min(2, view.classes) or rows < min(2, view.classes):
        return None
    column_rule = int(end > 0 or rows < view.classes)
    return MatrixLayout(
        gutter, cell, columns, column_rule, end, heading, row, rows, row_rule, end_row, says
    )


def number_width(view: MatrixView) -> int:
    """Digits of the largest number in a cell, and room for a share.

    Ground truths count too, though no cell may hold so many: cells then keep their width
    when the threshold moves.
    """
    largest = max(view.most_correct, view.most_wrong, int(view.matrix.ground_truths.max(initial=0)))
    return max(3, len(str(largest)) + view.signed)


def cell_width(few: bool, numbers: int, each: int) -> int:
    """The width of a cell where each class could have this much."""
    needed = numbers + 1
    if each < needed:
        return min(needed, SCROLLED_CELL)
    return min(each, WIDEST_CELL if few else max(needed, MANY_CELL))


def text_width(cell: int) -> int:
    """What a cell has for text: a blank keeps neighbours apart, wide cells have two."""
    return cell - 1 - (cell >= 10)
