"""What the tab says in words: where both sides stand, what one looks at, what a cell means."""

from collections.abc import Mapping
from typing import Final

from engine.compare.certainty import verdict
from engine.compare.comparison import Comparison
from engine.compare.numbers import ComparedNumbers
from engine.compare.points import SidePoint
from engine.compare.selecting import ChangeSelection, Kind
from engine.core.arrays import NOTHING
from engine.core.goals import Goal
from engine.core.outcomes import Selection
from engine.report.comparison_lines import why_names
from engine.util.visible import visible
from engine.util.words import iou_threshold, threshold
from tui.compare.paint.totals import fitting, judgement, samples_words
from tui.drawing.terms import Terms
from tui.tables.paint.words import SO_FAR

DOT: Final = " \N{MIDDLE DOT} "
KINDS: Final[Mapping[Kind, str]] = {
    "changed": "Fixed and broken",
    "fixed": "Fixed: A is wrong, B is right",
    "broken": "Broken: A is right, B is wrong",
    "both wrong": "Both wrong",
    "both right": "Both right",
    "new": "False alarms of B alone",
    "gone": "False alarms of A alone",
    "shared": "False alarms of both",
    "moved": "What another cell counts",
}


def point_words(comparison: Comparison, goal: Goal, moved: str, width: int) -> str:
    """Both sides with their confidences, the IoU and the rule; moved says what sliders move."""
    a, b = comparison.a, comparison.b
    matched = ""
    if comparison.is_detection:
        matched = f"IoU {iou_threshold(a.point.iou)}{DOT}{a.point.matching}"
    at_a, at_b = _at(a, b, goal), _at(b, a, goal)
    names = comparison.sides.a.name, comparison.sides.b.name
    parts = (f"A {names[0]} {at_a}", f"B {names[1]} {at_b}", matched, moved)
    # Of the IoU and the rule the line of the main screen tells as well.
    short, shortest = (f"A {at_a}", f"B {at_b}", matched, moved), (f"A {at_a}", f"B {at_b}", moved)
    return visible(fitting((_joined(parts), _joined(short), _joined(shortest)), width))


def _at(point: SidePoint, other: SidePoint, goal: Goal) -> str:
    if point.source == "top-1":
        return "always answers"
    source = {"optimal": f" best {goal.words}", "saved": " saved"}.get(point.source, "")
    return f"conf {threshold(point.point.confidence, other.point.confidence)}{source}"


def moved_words(follows: str, main: str, other: str) -> str:
    """What the sliders move."""
    return {
        "own": f"sliders move {main}",
        "both": "sliders move both",
        "other": f"sliders move {other}",
    }[follows]


def verdict_words(numbers: ComparedNumbers, width: int) -> str:
    """What is certain, and how it was found out."""
    tested = verdict(numbers) if numbers.samples else ""
    told = samples_words(numbers)
    if not tested:
        return fitting((told,), width)
    mark = "" if numbers.whole else SO_FAR
    sentence, short = f"{mark}{tested}", f"{mark}{counted_words(numbers)}"
    parts = (_joined((sentence, told)), sentence, _joined((short, told)), short)
    return visible(fitting(parts, width))


def notices_words(comparison: Comparison) -> str:
    """What is left out and what is alike, which stands before any number."""
    return visible(" ".join(comparison.sides.notices))


def counted_words(numbers: ComparedNumbers) -> str:
    """How many totals are better or worse for certain."""
    better, worse = (
        sum(judgement(each) == word for each in numbers.metrics) for word in ("better", "worse")
    )
    told = [f"{n} {word}" for n, word in ((better, "better"), (worse, "worse")) if n]
    return f"B: {' and '.join(told)} for certain, of {len(numbers.metrics)} totals"


def selection_words(selection: ChangeSelection, comparison: Comparison, terms: Terms) -> str:
    """What the feed is of: the kind, the class, the reason, the cell."""
    classes = comparison.sides.classes
    parts = [KINDS[selection.what]]
    if selection.cell is not None:
        parts = [f"Changed in {cell_name(selection.cell, classes, terms)}"]
    if selection.class_ is not None:
        parts.append(f"class {classes[selection.class_]}")
    if selection.why is not None:
        parts.append(why_names(comparison)[selection.why])
    return DOT.join(parts)


def cell_name(cell: Selection, classes: tuple[str, ...], terms: Terms) -> str:
    """A cell, a row or a column of the matrix by the names of its classes."""
    truth = None if cell.truth is None else _named(cell.truth, classes, "not an object")
    seen = None if cell.predicted is None else _named(cell.predicted, classes, terms.missed)
    if truth is None:
        return "all cells" if seen is None else f"the column {seen}"
    if seen is None:
        return f"the row {truth}"
    return f"{truth} \N{RIGHTWARDS ARROW} {seen}"


def delta_words(comparison: Comparison, cell: Selection, terms: Terms) -> str:
    """A cell of the delta matrix: what both count there, and whether that is better."""
    assert cell.truth is not None
    assert cell.predicted is not None
    at = cell.truth, cell.predicted
    a, b = int(comparison.matrix_a.counts[at]), int(comparison.matrix_b.counts[at])
    name = cell_name(cell, comparison.sides.classes, terms)
    if a == b:
        return f"{name}: {a:,} in A and in B"
    right = cell.truth == cell.predicted
    better = (b > a) == right
    return f"{name}: {a:,} in A, {b:,} in B ({b - a:+,}), {'better' if better else 'worse'}"


def _named(class_: int, classes: tuple[str, ...], nothing: str) -> str:
    return nothing if class_ == NOTHING else classes[class_]


def _joined(parts: tuple[str, ...]) -> str:
    return DOT.join(filter(None, parts))
