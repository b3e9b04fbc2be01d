"""What stands below a table of metrics, in words."""

from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from engine.core.explanation import Explanation
from engine.core.intervals import Interval
from engine.util.words import DASH, share
from tui.tables.paint.view import MetricsView, TableColumn

BETWEEN: Final = "   "


SO_FAR: Final = "~"  # before what still moves


def interval_words(interval: Interval | None, provisional: bool = False) -> tuple[str, str]:
    """At length and in brief: a wide interval has two digits, a narrow one three."""
    if interval is None:
        return "", ""
    digits = 2 if interval.high - interval.low >= 0.1 else 3
    low, high = share(interval.low, digits), share(interval.high, digits)
    mark = SO_FAR if provisional else ""
    return f"95 % interval {mark}{low} to {mark}{high}", f"95 % {mark}{low}{DASH}{high}"


def with_its_end(filled: str, room: int) -> str:
    """A calculation cut between two terms, so that what it comes to stays in sight."""
    terms, equals, result = filled.rpartition(" = ")
    kept = room - cell_len(end := f" … = {result}")
    if cell_len(filled) <= room or not equals or kept < 1:
        return filled
    return set_cell_size(terms, kept).rpartition(" ")[0].removesuffix(" +") + end


def explained(
    view: MetricsView, row: int, column: TableColumn, explanation: Explanation | None, width: int
) -> list[Text]:
    """The number in focus: its title and formula with the counts, then what it is."""
    first, second = Text(no_wrap=True, overflow="ellipsis"), Text(no_wrap=True, overflow="ellipsis")
    mark, brief_mark = view.remark(row, brief=False), view.remark(row, brief=True)
    if explanation is None:
        first.append(mark)
        return [first, second]
    first.append(explanation.title, "bold")
    filled = explanation.filled
    if cell_len(filled) > width - first.cell_len - len(BETWEEN):
        filled = filled.removeprefix(f"{explanation.formula} = ")
    first.append(BETWEEN + with_its_end(filled, width - first.cell_len - len(BETWEEN)))
    between, brief = interval_words(view.interval(row, column), view.provisional(row, column))
    room = width - first.cell_len
    for parts in ((between, mark), (between, brief_mark), (brief, brief_mark), (brief,)):
        more = "".join(BETWEEN + part for part in parts if part)
        if cell_len(more) <= room:
            first.append(more, "dim")
            break
    first.truncate(width, overflow="ellipsis")
    second.append(explanation.what, "dim")
    second.truncate(width, overflow="ellipsis")
    return [first, second]
