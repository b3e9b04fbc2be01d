"""The numbers of all classes together: of A, of B, and how certain their difference is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from engine.compare.certainty import LOWER_IS_BETTER, gain, title
from engine.compare.numbers import ComparedNumbers, Difference
from engine.core.arrays import Ratios
from engine.core.explanation import Explanation
from engine.report.comparison_lines import interval
from engine.util.words import change, number, share
from tui.compare.paint.interval_bar import interval_bar
from tui.tables.paint.view import Judgement, MetricsView, TableColumn
from tui.tables.paint.words import SO_FAR

TOGETHER: Final = "all classes together"
A: Final = TableColumn("a", "A", TOGETHER, "number")
B: Final = TableColumn("b", "B", TOGETHER, "number")
CHANGE: Final = TableColumn("change", "B \N{MINUS SIGN} A", TOGETHER, "change")
INTERVAL: Final = TableColumn("interval", "95 % interval", TOGETHER, "words", width=15)
VERDICT: Final = TableColumn("verdict", "", TOGETHER, "words", width=8)
FIRST: Final = {
    name: place
    for place, name in enumerate(("AP", "AP50", "AP75", "accuracy", "f1", "precision", "recall"))
}
WORD: Final = 8  # cells of better, worse, unclear with a blank


@dataclass(frozen=True, eq=False)
class TotalsView(MetricsView):
    """A row for each total."""

    numbers: ComparedNumbers
    metrics: tuple[Difference, ...]  # [R] of the numbers

    pinned = False
    noun = ("metric", "metrics")

    @classmethod
    def of(cls, numbers: ComparedNumbers) -> Self:
        """What people ask for first stands first, the rest in the order of the report."""
        metrics = sorted(numbers.metrics, key=lambda each: FIRST.get(each.name, len(FIRST)))
        return cls(tuple(title(each.name) for each in metrics), numbers, tuple(metrics))

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return A, B, CHANGE, INTERVAL, VERDICT

    def values(self, column: TableColumn) -> Ratios:
        metrics = self.metrics
        if column == A:
            found = [each.a for each in metrics]
        elif column == B:
            found = [each.b for each in metrics]
        else:
            found = [each.delta if column == CHANGE else np.nan for each in metrics]
        return np.array([*found, np.nan], np.float64)

    @property
    def marks(self) -> tuple[str, ...]:
        return ("",) * (len(self.classes) + 1)

    @cached_property
    def reach(self) -> float:
        """The largest end of an interval, else the largest difference: where bars end."""
        ends = [
            abs(value)
            for each in self.metrics
            for value in (each.low, each.high, each.delta)
            if value == value
        ]
        return max(ends, default=0.0)

    def provisional(self, row: int, column: TableColumn) -> bool:
        moves = bool(self.numbers.samples) and not self.numbers.whole
        return column in (INTERVAL, VERDICT) and moves

    def verdict(self, row: int, column: TableColumn) -> Judgement:
        if column not in (CHANGE, VERDICT) or not self.numbers.whole:
            return ""
        return judgement(self.metrics[row])

    def words(self, row: int, column: TableColumn, room: int = 0) -> str:
        each = self.metrics[row]
        mark = SO_FAR if self.provisional(row, INTERVAL) else ""
        if column == INTERVAL:
            return f"{mark}{interval(each)}" if self.numbers.samples else ""
        if not self.numbers.samples:
            return ""
        word = judgement(each) or ("same" if each.delta == 0 else "unclear")
        said = f"{mark}{word}" if each.low == each.low else ""
        bar = interval_bar(each.low, each.high, each.delta, self.reach, min(room - WORD - 1, 41))
        return f"{bar} {said}" if bar else said

    def class_of(self, row: int) -> None:
        return None

    def question(self, row: int, column: TableColumn) -> str:
        return self.metrics[row].name if row < self.everything else ""

    def facts(self, width: int) -> Text:
        return Text(samples_words(self.numbers))


def judgement(each: Difference) -> Judgement:
    """Whether B is better or worse, where that is certain."""
    if not each.certain or not gain(each):
        return ""
    return "better" if gain(each) > 0 else "worse"


def samples_words(numbers: ComparedNumbers) -> str:
    """How the intervals were made, or that they are still being made."""
    if not numbers.samples:
        return "intervals come when the sliders rest"
    told = f"95 % intervals of B \N{MINUS SIGN} A from {number(numbers.samples, 'resample')}"
    return told if numbers.whole else f"{told} so far"


def explanation_of(each: Difference, of: str, made_at: str) -> Explanation:
    """A difference in words; of is what it is a number of."""
    name = title(each.name)
    lower = " Lower is better." if each.name in LOWER_IS_BETTER else ""
    known = each.low == each.low
    test = "certain" if each.certain else "not certain"
    between = f"95 % interval {interval(each)}: {test}" if known else "No interval"
    return Explanation(
        title=f"{name} of {of}: B less A",
        what=f"{between}, from resampled images that are the same ones for both.{lower}",
        formula="B \N{MINUS SIGN} A",
        filled=f"{share(each.b, 3)} \N{MINUS SIGN} {share(each.a, 3)} = {change(each.delta)}",
        made_at=made_at,
    )


def fitting(parts: tuple[str, ...], width: int) -> str:
    """The longest of these that fits, else the last."""
    return next((part for part in parts if cell_len(part) <= width), parts[-1])
