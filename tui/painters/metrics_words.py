"""What stands above and below the table of metrics, in words."""

from typing import Final

from rich.cells import cell_len
from rich.text import Text

from engine.class_metrics import FEW_OBJECTS
from engine.explain import Explanation
from engine.intervals import Interval
from engine.words import DASH, number, share
from tui.painters.metrics_lines import FEW
from tui.painters.metrics_view import Column, MetricsView
from tui.painters.sentences import point_words

MARKS: Final = {
    "few": f"fewer than {FEW_OBJECTS} objects: no ranking by it",
    "never": "never in the ground truth: each prediction is a false positive",
    "none": "neither in the ground truth nor predicted",
}
SHORT: Final = {"few": "few objects", "never": "never in the truth", "none": "not in the truth"}
BETWEEN: Final = "   "


def facts(view: MetricsView, width: int) -> Text:
    """At which point the numbers were made, and the false positives that AP does not show."""
    metrics = view.metrics
    empty = metrics.false_positives_on_empty_images
    unshown = int(metrics.false_positives[:-1][metrics.never_shown].sum())
    classes = int(metrics.never_shown.sum())
    point = metrics.point
    at = f"at {point_words(point)}"
    full = (
        f"{number(empty, 'false positive')} on images without objects · "
        f"{unshown:,} on {number(classes, 'class', 'classes')} that the truth never shows"
    )
    short = f"FP {empty:,} on images without objects, {unshown:,} on classes never shown"
    legend = f"{FEW} fewer than {FEW_OBJECTS} objects" if "few" in view.marks else ""
    shortest = f"FP {empty:,} on empty images, {unshown:,} never shown"
    narrow = f"IoU {share(point.iou)} · conf {share(point.confidence, 3)} · {point.matching}"
    line = ""
    for parts in ((at, full, legend), (at, full), (at, short), (narrow, shortest), (narrow,)):
        line = BETWEEN.join(filter(None, parts))
        if cell_len(line) <= width:
            break
    return Text(line, no_wrap=True, overflow="ellipsis")


def interval_words(interval: Interval | None) -> tuple[str, str]:
    """At length and in brief: a wide interval has two digits, a narrow one three."""
    if interval is None:
        return "", ""
    digits = 2 if interval.high - interval.low >= 0.1 else 3
    low, high = share(interval.low, digits), share(interval.high, digits)
    return f"95 % interval {low} to {high}", f"95 % {low}{DASH}{high}"


def explained(
    view: MetricsView, row: int, column: Column, explanation: Explanation | None, width: int
) -> list[Text]:
    """The number in focus: its title and formula with the counts, then what it is."""
    first, second = Text(no_wrap=True, overflow="ellipsis"), Text(no_wrap=True, overflow="ellipsis")
    if explanation is None:
        first.append(MARKS.get(view.marks[row], ""))
        return [first, second]
    first.append(explanation.title, "bold")
    first.append(BETWEEN + explanation.filled)
    mark, brief_mark = MARKS.get(view.marks[row], ""), SHORT.get(view.marks[row], "")
    between, brief = interval_words(view.interval(row, column))
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
