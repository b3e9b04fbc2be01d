"""All classes at a glance: ranked by a number of their curves, with sparklines of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from rich.text import Text

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.metrics import ClassificationMetrics
from engine.classification.roc import Roc
from engine.core.arrays import Ratios
from engine.core.intervals import Interval
from tui.tables.paint.classifier_columns import ClassifierMetricsView
from tui.tables.paint.view import MetricsView, Order, TableColumn

LEVELS: Final = " ▁▂▃▄▅▆▇█"
CELLS: Final = 10
"""Of the sparkline of a ROC curve."""

ROC: Final = TableColumn("roc", "ROC 0-1", "curves", "words", width=CELLS)
OWN: Final = TableColumn("own", "this class p 0-1", "curves", "words", width=15)
OTHERS: Final = TableColumn("others", "others p 0-1", "curves", "words", width=15)
_OF: Final = {key: TableColumn.of(metric) for key, metric in CLASS_METRICS.items()}
COLUMNS: Final = (
    _OF["images"],
    _OF["roc_auc"],
    _OF["average_precision"],
    _OF["ece"],
    ROC,
    OWN,
    OTHERS,
)
WORST_FIRST: Final = Order(_OF["roc_auc"])

Rates = Mapping[int, Ratios]  # by class the true positive rates [CELLS] at even steps


@dataclass(frozen=True, eq=False)
class GlanceView(MetricsView):
    """A row for each class; a sparkline of ROC is empty until it is worked out."""

    numbers: ClassifierMetricsView  # of the same classes
    rates: Rates = field(default_factory=dict)

    with_intervals = False

    @classmethod
    def of(cls, numbers: ClassifierMetricsView, rates: Rates) -> Self:
        """The rows of a table of metrics, with these sparklines."""
        return cls(numbers.classes, numbers, rates)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return COLUMNS

    @property
    def metrics(self) -> ClassificationMetrics:
        """What the numbers are read from."""
        return self.numbers.metrics

    def values(self, column: TableColumn) -> Ratios:
        if column.kind == "words":
            return np.full(self.everything + 1, np.nan)
        return self.numbers.values(column)

    def words(self, row: int, column: TableColumn, room: int = 0) -> str:
        if row == self.everything:
            return ""
        if column == ROC:
            found = self.rates.get(row)
            return "" if found is None else sparkline(found)
        bins = self.metrics.probability.bins
        own = bins.right[row]
        counts = own if column == OWN else bins.count[row] - own
        return sparkline(np.log1p(counts) / max(float(np.log1p(counts.max())), 1e-9))

    @property
    def marks(self) -> tuple[str, ...]:
        return self.numbers.marks

    def remark(self, row: int, brief: bool) -> str:
        return self.numbers.remark(row, brief)

    def interval(self, row: int, column: TableColumn) -> Interval | None:
        return self.numbers.interval(row, column)

    def name(self, row: int) -> str:
        return self.numbers.name(row)

    def facts(self, width: int) -> Text:
        words = "Enter shows the curves of a class · probabilities, no threshold"
        longer = f"{words} · sparklines: true by false positive rate, logarithmic counts"
        return Text(longer if len(longer) <= width else words, no_wrap=True, overflow="ellipsis")


def rates(roc: Roc) -> Ratios:
    """[CELLS] the true positive rate at even steps of the false positive rate; NaN without one."""
    if not roc.negatives or not roc.positives:
        return np.full(CELLS, np.nan)
    steps = (np.arange(CELLS) + 0.5) / CELLS
    places = np.searchsorted(roc.false_positive_rate, steps, side="right") - 1
    return roc.true_positive_rate.take(places)


def sparkline(values: Ratios) -> str:
    """A letter for each value from 0 to 1, one dot high at the least for what is not 0."""
    levels = np.clip(np.ceil(values * 8), 0, 8)
    return "".join(LEVELS[int(level)] if level == level else " " for level in levels.tolist())
