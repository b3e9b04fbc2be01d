"""How the table of metrics shares out the room it is given."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from rich.cells import cell_len

from tui.painters.metrics_view import ALL_CLASSES, COLUMNS, MetricsView
from tui.painters.names import clean

RATIO: Final = 4  # .612
COUNT: Final = 6  # missed; more where a count is longer
INTERVAL: Final = 9  # .601-.623
HEADING: Final = 2  # what a group of columns is about, then their names
WIDE: Final = 110
ROOMY: Final = 30  # lines from which the intervals have one of their own


@dataclass(frozen=True)
class Layout:
    """Sizes in terminal cells. A column is a gap, then what it says, its right end flush.

    From top to bottom: headings, the row of all classes, its intervals, a rule, the rows.
    From left to right: names, a rule, the columns in sight.
    """

    width: int
    height: int
    gutter: int
    gap: int
    count: int
    bar: int
    interval: int  # 1 with a line for the intervals, be they known or not: rows stay in place

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """[K] of each column with its gap, and one more where a group begins."""
        roomy = self.gap > 1
        ratio = self.bar + roomy + RATIO
        groups = ["", *(column.group for column in COLUMNS)]
        return tuple(
            self.gap
            + (ratio if column.is_ratio else self.count)
            + (roomy and bool(before) and before != column.group)
            for before, column in zip(groups, COLUMNS, strict=False)
        )

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """[K + 1] where columns end, and the next begin, from the first on."""
        return (0, *accumulate(self.widths))

    @property
    def left(self) -> int:
        """Where the columns begin."""
        return self.gutter + 1

    def seen(self, first: int) -> int:
        """How many columns are wholly in sight from this first one on; at least one."""
        room = self.width - self.left
        fitting = sum(end - self.ends[first] <= room for end in self.ends[first + 1 :])
        return max(fitting, 1)

    @cached_property
    def last_first(self) -> int:
        """The first column of those in sight where the last column ends the table."""
        return next(
            first for first in range(len(COLUMNS)) if first + self.seen(first) == len(COLUMNS)
        )

    def first_showing(self, column: int, first: int) -> int:
        """The first column in sight after as little scrolling as brings this one into sight."""
        first = min(first, column)
        while first + self.seen(first) <= column:
            first += 1
        return min(first, self.last_first)

    @property
    def all_y(self) -> int:
        """The line of the row of all classes."""
        return HEADING

    @property
    def rule_y(self) -> int:
        """The rule below the row of all classes."""
        return HEADING + 1 + self.interval

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


def fit(view: MetricsView, width: int, height: int) -> Layout | None:
    """The best use of the room, None where not even a few rows fit."""
    names = [cell_len(clean(name)) for name in view.classes]
    longest = max([*names, len(ALL_CLASSES)])
    wide = width >= WIDE
    most = width // 5 if wide else max(16, width // 5)
    gutter = min(longest + 3, most)
    largest = max(int(view.metrics.ground_truths.max()), int(view.metrics.predictions.max()))
    count = max(COUNT, len(f"{largest:,}"))
    layout = Layout(
        width,
        height,
        gutter,
        gap=2 if wide else 1,
        count=count,
        bar=4 if wide else 2,
        interval=int(wide and height >= ROOMY),
    )
    return layout if layout.rows >= 1 and width >= layout.left + layout.widths[0] else None
