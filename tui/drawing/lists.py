"""What lists of rows share: the line below which rows do not count, and where one is."""

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.util.words import threshold
from tui.drawing.names import cut

RULE = "\u2500"


@dataclass(frozen=True)
class CutRows:
    """Rows as lines: one line more where a rule stands before a row."""

    count: int
    cut: int | None = None  # the row that the rule stands before; None without a rule

    @property
    def lines(self) -> int:
        """How many lines all of them take."""
        return self.count + (self.cut is not None)

    def line_of(self, row: int) -> int:
        """The line of a row."""
        return row + (self.cut is not None and row >= self.cut)

    def row_at(self, line: int) -> int | None:
        """The row at a line; None at the rule and where there is no row."""
        if line == self.cut:
            return None
        row = line - (self.cut is not None and line > self.cut)
        return row if 0 <= row < self.count else None

    def rows_in(self, first: int, room: int) -> range:
        """The rows among so many lines from the first on."""
        start = first - (self.cut is not None and first > self.cut)
        stop = first + room - (self.cut is not None and first + room > self.cut)
        return range(min(start, self.count), min(stop, self.count))


def below_words(confidence: float, nearest: float, count: int, *, own: bool) -> str:
    """`below .487: 20 not counted`; nearest is the highest confidence below it.

    own: each class has a threshold of its own.
    """
    limit = "the thresholds of the classes" if own else threshold(confidence, nearest)
    return f"below {limit}: {count:,} not counted"


def rule_line(words: str, width: int, style: Style) -> Strip:
    """Words in a rule across a list."""
    line = cut(f"{RULE}{RULE} {words}", width - 1) + " "
    return Strip([Segment(set_cell_size(line + RULE * width, width), style)], width)


def head_words(name: str, at: int | None, count: int, room: int) -> str:
    """`class 9 of 300`, in as much as fits: the column's name, and where one is in the list."""
    if not count:
        return name
    place = f"{count:,} in all" if at is None else f"{at + 1:,} of {count:,}"
    fitting = (each for each in (f"{name}  {place}", place) if cell_len(each) <= room)
    return next(fitting, name)


def numbers_width(count: int) -> int:
    """Cells for the numbers of so many rows: names stand alike at row 9 and at row 100."""
    return max(len(str(count)), 2)
