"""How a matrix shares out the room it is given."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from rich.cells import cell_len

from tui.drawing.names import lines_for, longest
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
AXIS: Final = 11  # "predicted →", the longer of the two where each has a line
SHARE: Final = 6  # a blank, then 62.0% or <0.1%
PERCENT: Final = 4  # the number alone: 62.0, <0.1, 100
ROOMY: Final = 14  # lines from which on a rule and a legend take one each


@dataclass(frozen=True)
class MatrixLayout:
    """Sizes in terminal cells, and how many classes are in sight at once.

    From left to right: row names, cells, a rule, the end column. From top to bottom:
    headings, rows, a rule, the end row, a legend.
    """

    gutter: int
    cell: int
    columns: int
    column_rule: int  # 0 or 1
    end: int  # 0 without an end column
    heading: int
    turns: int  # lines over which names of columns take turns; 1: each stands above its cells
    row: int
    rows: int
    row_rule: int  # 0 or 1
    end_row: int  # 0 without an end row
    legend: int  # 0 or 1, and 2 with an empty line before it
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
    def bottom(self) -> int:
        """Where the end row ends."""
        return self.rule_y + self.row_rule + self.end_row

    @cached_property
    def height(self) -> int:
        """Everything together."""
        return self.bottom + self.legend

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

    def name_span(self, slot: int) -> tuple[int, int, int, int]:
        """Where the name of a column in sight may stand: x, y, width and height.

        Names that take turns may reach over the columns before theirs: the first stands on
        the lowest line, beside the shortest words of the corner.
        """
        x, width = self.column_span(slot)
        if self.turns == 1 or slot == self.columns:
            return x, 0, width, self.heading
        start = max(x + width - self.turns * self.cell, 0)
        return start, self.heading - 1 - slot % self.turns, x + width - start, 1

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
        return self.rows if self.rule_y + self.row_rule <= y < self.bottom else None


def fit(view: MatrixView, width: int, height: int) -> MatrixLayout | None:
    """The best use of the room, None where not even a few cells fit."""
    few = view.classes <= FEW_CLASSES
    numbers = number_width(view)
    width -= 1  # a margin as on the left
    end = 0 if view.column_end is None else min(max(9, numbers + 1), max(9, width // 6))
    gutter, cell, columns = shared_out(view, few, numbers, width - end - 1)
    if few and end and columns == view.classes:
        beside = numbers + SHARE + 2  # what count and share need in one line
        roomier = shared_out(view, few, numbers, width - max(end, beside) - 1)
        if text_width(roomier[1]) >= numbers + SHARE:
            end, (gutter, cell, columns) = max(end, beside), roomier
        end = max(end, min(cell, width - gutter - 1 - columns * cell))

    high = height >= ROOMY
    most = 4 if height >= 28 else 3
    lines = lines_for(view.shown_names, text_width(cell), most)
    turns = 1 if lines else min(most, max(-(-(longest(view.shown_names) + 1) // cell), 2))
    spare = width - gutter - columns * cell - 1 - end
    if lines == 1 and not view.notes and gutter < AXES + 2 <= gutter + spare:
        gutter = AXES + 2  # the axes in one line too
    spare = width - gutter - columns * cell - 1 - end
    gutter += spare if spare < cell else 0  # else the classes are too few to fill the room
    heading = max(
        lines or turns,
        lines_for((view.column_end or "",), text_width(end), 2) or 2,
        (1 if gutter > AXES + 1 and turns == 1 else 2) + bool(view.notes),
    )
    row_rule = int(high and (view.row_end is not None or columns < view.classes))
    free = height - heading - row_rule - high
    row = min(TALLEST_ROW, max(1, free // view.rows)) if few else 1
    says: Says = "count" if view.mode == "counts" else "share"
    if view.signed:
        says = "change"
    elif few and says == "count":
        if text_width(min(cell, end or cell)) >= numbers + SHARE:
            says = "both"
        elif row > 1 and text_width(cell) >= PERCENT:
            says = "both in two lines"
    end_row = row if view.row_end is not None else 0
    rows = min(view.classes, (free - end_row) // row)
    if columns < min(2, view.classes) or rows < min(2, view.classes):
        return None
    column_rule = int(end > 0 or rows < view.classes)
    legend = high + (high and free - end_row - rows * row > 0)
    return MatrixLayout(
        gutter=gutter,
        cell=cell,
        columns=columns,
        column_rule=column_rule,
        end=end,
        heading=heading,
        turns=turns,
        row=row,
        rows=rows,
        row_rule=row_rule,
        end_row=end_row,
        legend=legend,
        says=says,
    )


def shared_out(view: MatrixView, few: bool, numbers: int, room: int) -> tuple[int, int, int]:
    """The width of the row names, that of a cell, and how many columns are in sight.

    Names have what they need up to a third of the room, and give way down to a sixth where all
    columns are in sight then. What is left beside whole columns is theirs too.
    """
    wanted = max(longest(view.shown_names), cell_len(view.row_end or ""), AXIS) + 2
    gutter = min(wanted, max(8, room // 3))
    beside = room - view.classes * (numbers + 1)
    if min(gutter, max(8, room // 6)) <= beside < gutter:
        gutter = beside
    cell = cell_width(few, numbers, (room - gutter) // max(view.classes, 1))
    columns = min(view.classes, (room - gutter) // cell)
    return min(wanted, max(gutter, room - columns * cell)), cell, columns


def number_width(view: MatrixView) -> int:
    """Digits of the largest number in a cell, and room for a share.

    Ground truths count too, though no cell may hold so many: cells then keep their width
    when the threshold moves.
    """
    if view.mode != "counts":
        return PERCENT
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
