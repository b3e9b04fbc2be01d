"""How a table of metrics shares out the room it is given."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from rich.cells import cell_len

from engine.util.visible import clean
from tui.tables.paint.view import ALL_CLASSES, MetricsView, TableColumn

RATIO: Final = 4  # .612
NUMBER: Final = 6  # -0.123, 12.345
COUNT: Final = 6  # missed; more where a count is longer
INTERVAL: Final = 9  # .601-.623
HEADING: Final = 2  # what a group of columns is about, then their names
WIDE: Final = 110
LONG: Final = 26
ROOMY: Final = 30  # lines from which the intervals have one of their own


@dataclass(frozen=True)
class TableLayout:
    """Sizes in terminal cells. A column is a gap, then what it says, its right end flush.

    From top to bottom: headings, the row of all, its intervals, a rule, the rows.
    From left to right: names, a rule, the columns in sight.
    """

    width: int
    height: int
    gutter: int
    gap: int
    count: int
    bar: int
    interval: int  # 1 with a line for the intervals, be they known or not: rows stay in place
    columns: tuple[TableColumn, ...]
    pinned: bool  # with the row of all
    heated: frozenset[TableColumn] = frozenset()  # those whose ratios have colours for bars

    @cached_property
    def contents(self) -> tuple[int, ...]:
        """[K] cells of each column without its gap; words at the end take all that is left."""
        cells = {
            "ratio": self.bar + (self.gap > 1) + RATIO,
            "heat": RATIO,
            "number": NUMBER,
            "change": NUMBER,
            "count": self.count,
        }
        kinds = ["heat" if column in self.heated else column.kind for column in self.columns]
        contents = [
            cells.get(kind, column.width) for kind, column in zip(kinds, self.columns, strict=True)
        ]
        if self.columns[-1].kind == "words":
            taken = self.left + sum(self.gaps) + sum(contents[:-1])
            contents[-1] = max(self.right - taken, contents[-1])
        return tuple(contents)

    @cached_property
    def gaps(self) -> tuple[int, ...]:
        """[K] cells before each column, one more where a group begins."""
        roomy = self.gap > 1
        groups = ["", *(column.group for column in self.columns)]
        return tuple(
            self.gap + (roomy and bool(before) and before != column.group)
            for before, column in zip(groups, self.columns, strict=False)
        )

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """[K] of each column with its gap."""
        return tuple(map(int.__add__, self.gaps, self.contents))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """[K + 1] where columns end, and the next begin, from the first on."""
        return (0, *accumulate(self.widths))

    @property
    def right(self) -> int:
        """Where all lines end: a margin as on the left."""
        return self.width - 1

    @property
    def left(self) -> int:
        """Where the columns begin."""
        return self.gutter + 1

    def seen(self, first: int) -> int:
        """How many columns are wholly in sight from this first one on; at least one."""
        room = self.right - self.left
        fitting = sum(end - self.ends[first] <= room for end in self.ends[first + 1 :])
        return max(fitting, 1)

    @cached_property
    def last_first(self) -> int:
        """The first column of those in sight where the last column ends the table."""
        count = len(self.columns)
        return next(first for first in range(count) if first + self.seen(first) == count)

    def first_showing(self, column: int, first: int) -> int:
        """The first column in sight after as little scrolling as brings this one into sight."""
        first = min(first, column)
        while first + self.seen(first) <= column:
            first += 1
        return min(first, self.last_first)

    @property
    def all_y(self) -> int:
        """The line of the row of all."""
        return HEADING

    @property
    def rule_y(self) -> int:
        """The rule above the rows."""
        return HEADING + self.pinned + self.interval

    @property
    def rows(self) -> int:
        """Lines for classes."""
        return max(self.height - self.rule_y - 1, 0)

    def span(self, first: int, column: int) -> tuple[int, int]:
        """Start and width of a column, when this is the first in sight."""
        return self.left + self.ends[column] - self.ends[first], self.widths[column]

    def column_at(self, first: int, x: int) -> int | None:
        """The column in sight at x; -1 over the names, None on the rule or beyond."""
        if x < self.gutter:
            return -1
        for column in range(first, first + self.seen(first)):
            start, width = self.span(first, column)
            if start <= x < start + width:
                return column
        return None


def fit(view: MetricsView, width: int, height: int) -> TableLayout | None:
    """The best use of the room, None where not even a few rows fit."""
    names = [cell_len(clean(name)) for name in view.classes]
    longest = max([*names, len(ALL_CLASSES) if view.pinned else 0])
    wide = width >= WIDE
    # Where words follow there are few columns, and the names are the rows' whole sense.
    most = max(LONG if view.columns[-1].kind == "words" else 16, width // 5)
    layout = TableLayout(
        width,
        height,
        gutter=min(longest + 3, most),
        gap=2 if wide else 1,
        count=max(COUNT, len(f"{view.largest:,}")),
        bar=4 if wide else 2,
        interval=int(wide and view.pinned and view.with_intervals and height >= ROOMY),
        columns=view.columns,
        pinned=view.pinned,
        heated=frozenset(column for column in view.columns if view.heated(column)),
    )
    return layout if layout.rows >= 1 and layout.right >= layout.left + layout.widths[0] else None
