"""What a table of metrics shows: its columns, and its rows in the order they stand in."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from rich.text import Text

from engine.core.arrays import Indices, Ratios
from engine.core.intervals import Interval
from engine.core.metric import Metric

ALL_CLASSES: Final = "all classes"
Judgement = Literal["", "better", "worse"]


@dataclass(frozen=True)
class TableColumn:
    """One number, or a few words, of each row."""

    metric: str  # its name in the engine
    heading: str
    group: str
    kind: Literal["count", "ratio", "number", "change", "words"]
    width: int = 0  # cells of words; the last column of a table takes all that is left
    lower_is_better: bool = False
    short: str = ""  # the group in less room
    ranked: bool = False  # rows have an order by these words: see MetricsView.values

    @property
    def is_sortable(self) -> bool:
        """Whether rows can be sorted by it."""
        return self.kind != "words" or self.ranked

    @property
    def is_ratio(self) -> bool:
        """From 0 to 1, or undefined: drawn with a bar."""
        return self.kind == "ratio"

    @classmethod
    def of(cls, metric: Metric[Any]) -> "TableColumn":
        """The column of a metric of the engine."""
        return cls(
            metric.key,
            metric.heading,
            metric.group.name,
            "count" if metric.is_count else "ratio",
            lower_is_better=metric.lower_is_better,
            short=metric.group.brief,
        )


@dataclass(frozen=True)
class Order:
    """How rows are sorted. Without a column they stand as in the dataset."""

    column: TableColumn | None = None
    descending: bool = False

    def then(self, column: TableColumn) -> "Order":
        """The order after one asked to sort by this column: again turns it round.

        First come the rows that need a look: many objects, low ratios, high errors.
        """
        if column == self.column:
            return Order(column, not self.descending)
        return Order(column, column.kind == "count" or column.lower_is_better)


DATASET_ORDER: Final = Order()


@dataclass(frozen=True, eq=False)
class MetricsView(ABC):
    """Rows by name, and their numbers. The row of all of them has the index R."""

    classes: tuple[str, ...]  # [R] names of the rows

    pinned = True  # whether the row of all stands above the others
    with_intervals = True  # whether that row has a line for its intervals
    noun = ("class", "classes")  # what a row is

    @property
    @abstractmethod
    def columns(self) -> tuple[TableColumn, ...]:
        """[K] what stands in a row."""

    @abstractmethod
    def values(self, column: TableColumn) -> Ratios:
        """[R + 1] the numbers of a column; of words NaN, or of ranked ones their order."""

    @property
    @abstractmethod
    def marks(self) -> tuple[str, ...]:
        """[R + 1] what is not as usual with a row: never, none, few, or nothing."""

    @property
    def intervals(self) -> object | None:
        """Those of the row of all, None while they are not known."""
        return None

    def interval(self, row: int, column: TableColumn) -> Interval | None:
        """The 95 % interval of a number, where one is known."""
        return None

    def heated(self, column: TableColumn) -> bool:
        """Whether colours say how high a ratio is, and no bar beside it."""
        return False

    def provisional(self, row: int, column: TableColumn) -> bool:
        """Whether the interval of a number still moves, as more samples come."""
        return False

    def verdict(self, row: int, column: TableColumn) -> Judgement:
        """Whether a difference is for the better or the worse, where that is certain."""
        return ""

    def words(self, row: int, column: TableColumn, room: int = 0) -> str:
        """What stands in a column of words, shorter if that fits so many cells."""
        return ""

    def class_of(self, row: int) -> int | None:
        """The class that a row tells of, None for all of them."""
        return None if row == self.everything else row

    def question(self, row: int, column: TableColumn) -> str:
        """The name by which a number is explained."""
        return column.metric

    @abstractmethod
    def facts(self, width: int) -> Text:
        """One line on where the numbers come from."""

    def remark(self, row: int, brief: bool) -> str:
        """What a mark means, in words."""
        return ""

    @property
    def everything(self) -> int:
        """R, the index of the row of all."""
        return len(self.classes)

    def name(self, row: int) -> str:
        """What stands left of a row."""
        return ALL_CLASSES if row == self.everything else self.classes[row]

    @cached_property
    def table(self) -> Ratios:
        """[R + 1, K] the numbers of all columns."""
        return np.stack([self.values(column) for column in self.columns], axis=1)

    @cached_property
    def largest(self) -> int:
        """The largest count."""
        counts = [self.table[:, k] for k, one in enumerate(self.columns) if one.kind == "count"]
        return int(np.nanmax(counts)) if counts else 0


def rows(view: MetricsView, order: Order = DATASET_ORDER, wanted: str = "") -> Indices:
    """The rows with these words in their name, in this order. Undefined numbers come last."""
    there = filtered(view.classes, wanted)
    if order.column is None:
        return there
    values = view.values(order.column)[there]
    ranked: Indices = there[np.argsort(-values if order.descending else values, kind="stable")]
    return ranked


def filtered(classes: tuple[str, ...], wanted: str) -> Indices:
    """The classes whose name holds every word, in the dataset's order."""
    words = wanted.lower().split()
    found = [
        index
        for index, name in enumerate(classes)
        if not words or all(word in name.lower() for word in words)
    ]
    return np.array(found, np.intp)
