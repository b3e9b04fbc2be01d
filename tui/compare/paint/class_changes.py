"""A row for each class: what changed in it from A to B, and whether that is certain."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from rich.text import Text

from engine.compare.comparison import Comparison
from engine.compare.numbers import ClassDifferences, ComparedNumbers, Difference
from engine.compare.status import ObjectStatus
from engine.core.arrays import Counts, Ratios
from engine.util.words import DASH
from tui.compare.paint.totals import judgement, samples_words
from tui.tables.paint.view import Judgement, MetricsView, Order, TableColumn
from tui.tables.paint.words import SO_FAR

OBJECTS, F1, OTHERS, TEST = "objects", "F1", "B \N{MINUS SIGN} A", "tested"
TRUTHS: Final = TableColumn("truths", "truths", OBJECTS, "count")
FIXED: Final = TableColumn("fixed", "fixed", OBJECTS, "count")
BROKEN: Final = TableColumn("broken", "broken", OBJECTS, "count")
F1_A: Final = TableColumn("f1_a", "A", F1, "number")
F1_B: Final = TableColumn("f1_b", "B", F1, "number")
F1_CHANGE: Final = TableColumn("f1", "B \N{MINUS SIGN} A", F1, "change")
RECALL: Final = TableColumn("recall", "recall", OTHERS, "change")
AP: Final = TableColumn("AP", "AP", OTHERS, "change")
P: Final = TableColumn("p", "p", TEST, "words", width=6, ranked=True)
CHANGED: Final = TableColumn("changed", "certain", TEST, "words", width=8, ranked=True)
COLUMNS: Final = (F1_A, F1_B, F1_CHANGE, CHANGED, P, FIXED, BROKEN, TRUTHS, RECALL, AP)
MOST_CERTAIN_FIRST: Final = Order(CHANGED)
LEAST_P: Final = 0.001  # what is below is written as less than this
FEW: Final = 20  # ground truths: with fewer a class is marked


@dataclass(frozen=True, eq=False)
class ClassChangesView(MetricsView):
    """The classes in the order of the dataset; who sorts them sees what changed first."""

    numbers: ComparedNumbers
    truths: Counts  # [C]
    fixed: Counts  # [C]
    broken: Counts  # [C]

    with_intervals = False

    @classmethod
    def of(cls, comparison: Comparison, numbers: ComparedNumbers) -> Self:
        """Both sides at their points."""
        names, objects = comparison.sides.classes, comparison.objects
        every = len(names)
        return cls(
            names,
            numbers,
            comparison.matrix_a.ground_truths,
            objects.of_class(ObjectStatus.FIXED, every),
            objects.of_class(ObjectStatus.BROKEN, every),
        )

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return COLUMNS

    @cached_property
    def totals(self) -> dict[str, Difference]:
        """By name the numbers of all classes together."""
        return {each.name: each for each in self.numbers.metrics}

    def difference(self, row: int, name: str) -> Difference | None:
        """AP, recall or f1 of a row; None where the totals do not have it."""
        if row == self.everything:
            return self.totals.get(name)
        of_class = self.numbers.per_class[row]
        return {"AP": of_class.ap, "recall": of_class.recall, "f1": of_class.f1}[name]

    def told_of(self, row: int, column: TableColumn) -> Difference | None:
        """What a column says of a row, or what was tested of it; None for counts."""
        if column in (TRUTHS, FIXED, BROKEN):
            return None
        return self.difference(row, {RECALL: "recall", AP: "AP"}.get(column, "f1"))

    def values(self, column: TableColumn) -> Ratios:
        counts = {TRUTHS: self.truths, FIXED: self.fixed, BROKEN: self.broken}
        if column in counts:
            return np.append(counts[column], counts[column].sum()).astype(np.float64)
        if column == P:
            return np.array([*(each.p for each in self.numbers.per_class), np.nan])
        if column == CHANGED:
            return np.array([*map(_rank, self.numbers.per_class), np.nan])
        name = {F1_A: "f1", F1_B: "f1", F1_CHANGE: "f1", RECALL: "recall", AP: "AP"}[column]
        side = {F1_A: "a", F1_B: "b"}.get(column, "delta")
        found = [self.difference(row, name) for row in range(self.everything + 1)]
        return np.array([np.nan if each is None else getattr(each, side) for each in found])

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """[C + 1] none without ground truth, few with little of it."""
        truths = self.truths.tolist()
        return (*("none" if not n else "few" if n < FEW else "" for n in truths), "")

    def provisional(self, row: int, column: TableColumn) -> bool:
        return column == CHANGED and bool(self.numbers.samples) and not self.numbers.whole

    def verdict(self, row: int, column: TableColumn) -> Judgement:
        name = {F1_CHANGE: "f1", RECALL: "recall", AP: "AP", CHANGED: "f1"}.get(column)
        if name is None or not self.numbers.whole:
            return ""
        if column == CHANGED and row < self.everything:
            return _change(self.numbers.per_class[row])
        found = self.difference(row, name)
        return "" if found is None or column == CHANGED else judgement(found)

    def words(self, row: int, column: TableColumn, room: int = 0) -> str:
        if row == self.everything:
            return ""
        each = self.numbers.per_class[row]
        if column == P:
            if each.p != each.p:
                return DASH if self.numbers.samples else ""
            return f"<{LEAST_P:g}".replace("0.", ".") if each.p < LEAST_P else _short(each.p)
        mark = SO_FAR if self.provisional(row, column) else ""
        said = _change(each)
        return f"{mark}{said}" if said else ""

    def remark(self, row: int, brief: bool) -> str:
        if row < self.everything and self.marks[row] == "few":
            return "few objects" if brief else f"fewer than {FEW} objects"
        return ""

    def facts(self, width: int) -> Text:
        return Text(samples_words(self.numbers))


def _change(each: ClassDifferences) -> Judgement:
    """Whether the class is better or worse for certain."""
    if not each.certain:
        return ""
    tested = each.f1.delta or each.recall.delta
    return "better" if tested > 0 else "worse"


def _rank(each: ClassDifferences) -> float:
    """The lowest for what changed most: certain classes first, then by F1."""
    size = abs(each.f1.delta)
    return np.nan if size != size else -size - 10 * each.certain


def _short(p: float) -> str:
    return f"{p:.3f}".removeprefix("0")
