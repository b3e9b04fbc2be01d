"""What the table of metrics shows: its columns, and its rows in the order they stand in."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from engine.arrays import Indices
from engine.class_metrics import ClassMetrics
from engine.coco_rules import IOUS
from engine.intervals import Interval, Intervals, wilson
from engine.matrix import Ratios
from engine.words import share

ALL_CLASSES: Final = "all classes"


@dataclass(frozen=True)
class Column:
    """One number of each class, by the name it has in `ClassMetrics`."""

    metric: str
    heading: str
    group: str
    kind: Literal["count", "ratio"]
    step: int = -1  # of the ten IoU thresholds

    @property
    def is_ratio(self) -> bool:
        """From 0 to 1, or undefined; else a count."""
        return self.kind == "ratio"

    @property
    def asked(self) -> str:
        """The name by which it is explained."""
        return self.metric if self.step < 0 else f"{self.metric}[{self.step}]"


def _columns() -> tuple[Column, ...]:
    counts = (
        ("ground_truths", "truth"),
        ("predictions", "pred"),
        ("true_positives", "TP"),
        ("false_positives", "FP"),
        ("not_detected", "missed"),
    )
    rates = (("precision", "P"), ("recall", "R"), ("f1", "F1"))
    average = (("ap", "AP"), ("ap50", "AP50"), ("ap75", "AP75"), ("ap95", "AP95"))
    sizes = (("ap_small", "APs"), ("ap_medium", "APm"), ("ap_large", "APl"))
    return (
        *(Column(metric, heading, "objects and boxes", "count") for metric, heading in counts),
        *(Column(metric, heading, "rates", "ratio") for metric, heading in rates),
        *(Column(metric, heading, "average precision", "ratio") for metric, heading in average),
        *(Column(metric, heading, "AP by size", "ratio") for metric, heading in sizes),
        *(
            Column("ap_by_iou", share(iou), "AP at IoU", "ratio", step)
            for step, iou in enumerate(IOUS.tolist())
        ),
    )


COLUMNS: Final = _columns()


@dataclass(frozen=True)
class Order:
    """How rows are sorted. Without a column they stand as in the dataset."""

    column: Column | None = None
    descending: bool = False

    def then(self, column: Column) -> "Order":
        """The order after one asked to sort by this column: again turns it round.

        First come the rows that need a look: many objects, low ratios.
        """
        again = column == self.column
        return Order(column, not self.descending if again else not column.is_ratio)


DATASET_ORDER: Final = Order()


@dataclass(frozen=True, eq=False)
class MetricsView:
    """The metrics of classes by name. The row of all classes has the index C."""

    classes: tuple[str, ...]  # [C]
    metrics: ClassMetrics
    intervals: Intervals | None = None  # of the row of all classes

    @property
    def everything(self) -> int:
        """C, the index of the row of all classes."""
        return len(self.classes)

    def name(self, row: int) -> str:
        """What stands left of a row."""
        return ALL_CLASSES if row == self.everything else self.classes[row]

    def values(self, column: Column) -> Ratios:
        """[C + 1] the numbers of a column."""
        found = getattr(self.metrics, column.metric)
        values: Ratios = np.asarray(found if column.step < 0 else found[:, column.step], np.float64)
        return values

    @cached_property
    def table(self) -> Ratios:
        """[C + 1, K] the numbers of all columns."""
        return np.stack([self.values(column) for column in COLUMNS], axis=1)

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """[C + 1] what is not as usual with a row: never shown, few objects, or nothing."""
        few, never = self.metrics.few.tolist(), [*self.metrics.never_shown.tolist(), False]
        truths = self.metrics.ground_truths.tolist()
        return tuple(
            "never" if unshown else "none" if not truth else "few" if rare else ""
            for unshown, truth, rare in zip(never, truths, few, strict=True)
        )

    @cached_property
    def rate_intervals(self) -> dict[str, tuple[Ratios, Ratios]]:
        """By rate the lower and the upper ends, [C + 1] each, from the counts alone."""
        metrics = self.metrics
        return {
            "precision": wilson(metrics.true_positives, metrics.predictions),
            "recall": wilson(metrics.true_positives, metrics.ground_truths),
        }

    def interval(self, row: int, column: Column) -> Interval | None:
        """The 95 % interval of a number, where one is known.

        Of a class it is Wilson's. Of all classes it comes from resampled images, because
        boxes of one image depend on each other.
        """
        if row != self.everything:
            ends = self.rate_intervals.get(column.metric)
            found = None if ends is None else Interval(float(ends[0][row]), float(ends[1][row]))
        elif column.metric in WITH_INTERVAL:
            found = getattr(self.intervals, column.metric, None)
        else:
            found = None
        return None if found is None or np.isnan((found.low, found.high)).any() else found


WITH_INTERVAL: Final = ("ap", "ap50", "precision", "recall", "f1")


def rows(view: MetricsView, order: Order = DATASET_ORDER, wanted: str = "") -> Indices:
    """The classes with these words in their name, in this order. Undefined numbers come last."""
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
