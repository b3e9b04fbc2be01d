"""What saving an operating point changes: the counts before and now, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from rich.table import Table
from rich.text import Text

from engine.cards.operating_point import SavedPoint
from engine.core.goals import Goal
from engine.core.thresholds import OperatingPoint, Scorecard
from engine.util.words import iou_threshold, number, share, threshold


@dataclass(frozen=True)
class PointColumn:
    """A point and what counts there."""

    title: str  # "optimal", "saved 2026-11-20", "now"
    point: OperatingPoint
    card: Scorecard
    own: int = 0  # classes with a threshold of their own


def comparison(columns: Sequence[PointColumn], *, boxes: bool, goal: Goal) -> Table:
    """A column for each point, with what the last one changes of the first; boxes have an IoU.

    A goal that is another F than F1 has a row of its own, as what the points were chosen by.
    """
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_row("", *(Text(column.title, "bold") for column in columns))
    points = [column.point for column in columns]
    shown = [point.confidence for point in points]
    table.add_row("confidence", *(_confidence(column, shown) for column in columns))
    if boxes:
        table.add_row("IoU", *(iou_threshold(point.iou) for point in points))
        table.add_row("matching", *(point.matching for point in points))
    before, now = columns[0].card, columns[-1].card
    for name, old, new in (
        ("true positives" if boxes else "right answers", before.true_positives, now.true_positives),
        (
            "false positives" if boxes else "wrong answers",
            before.false_positives,
            now.false_positives,
        ),
        (
            "not found as their class" if boxes else "not answered rightly",
            before.not_detected,
            now.not_detected,
        ),
    ):
        change = f" ({new - old:+,})" if len(columns) > 1 else ""
        table.add_row(name, *([f"{old:,}"] if len(columns) > 1 else []), f"{new:,}{change}")
    for name in ("precision", "recall", "f1"):
        title = "F1" if name == "f1" else name
        table.add_row(title, *(share(getattr(column.card, name), 3) for column in columns))
    if goal.f_measure == goal and goal.kind != "f1":
        table.add_row(goal.words, *(share(goal.f_of(column.card), 3) for column in columns))
    return table


def _confidence(column: PointColumn, beside: Sequence[float]) -> str:
    confidence = (
        "0: top-1" if column.point.confidence == 0 else threshold(column.point.confidence, *beside)
    )
    own = number(column.own, "class", "classes")
    return f"{confidence}, {own} at their own" if column.own else confidence


def saving_words(
    card: Path, goal: str, value: float, low: float, high: float, *, named: bool = False
) -> str:
    """Where it goes and what it means; named is a card that was given with --card."""
    within = "" if isnan(low) else f" (95 % from {share(low, 3)} to {share(high, 3)})"
    return f"Goal {goal}: {share(value, 3)}{within} at this point.\n{_where(card, named)}"


def by_hand(before: SavedPoint | None, now: SavedPoint) -> Table:
    """What a card holds and what it will: a confidence for which nothing was measured."""
    table = Table.grid(padding=(0, 3, 0, 0))
    points = [now] if before is None else [before, now]
    shown = [point.confidence for point in points]
    titles = ["now"] if before is None else [f"saved {before.date[:10]}".rstrip(), "now"]
    table.add_row("", *(Text(title, "bold") for title in titles))
    table.add_row("confidence", *(_chosen(point, shown) for point in points))
    table.add_row("chosen", *(_reason(point) for point in points))
    return table


def _chosen(point: SavedPoint, beside: Sequence[float]) -> str:
    own = number(len(point.classes), "class", "classes")
    told = threshold(point.confidence, *beside)
    return f"{told}, {own} at their own" if point.classes else told


def _reason(point: SavedPoint) -> str:
    if not point.goal:
        return "by hand"
    value = "" if isnan(point.value) else f", {share(point.value, 3)}"
    return f"best for {point.goal_words}{value}" + (f" on {point.data}" if point.data else "")


def by_hand_words(card: Path, before: SavedPoint | None, stale: bool) -> str:
    """Where a confidence goes that was chosen by hand, and what it takes the place of."""
    lost = ""
    if stale:
        lost = "What is saved now was found for another model file, or another way to run it.\n"
    elif before is not None and before.classes:
        lost = (
            "The thresholds of single classes go: the confidence then holds for all.\n"
            "k keeps them, and the confidence holds for the other classes.\n"
        )
    told = "Chosen by hand: without a dataset nothing is measured, so it comes with no metric.\n"
    return f"{told}{lost}{_where(card)}"


def _where(card: Path, named: bool = False) -> str:
    return (
        f"Goes into {card}, under [operating_point]; everything else in it stays.\n"
        f"offdiag score and offdiag serve will apply it{' with --card' * named}, "
        "and the app will begin there."
    )
