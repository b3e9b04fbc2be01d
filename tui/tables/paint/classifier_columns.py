"""The tables of a classifier's metrics: the headline, and a row for each class."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.metrics import FEW_IMAGES, ClassificationMetrics
from engine.core.arrays import Ratios
from engine.core.intervals import Interval
from engine.core.metric import rate_intervals
from engine.util.words import DASH, number, share, threshold
from tui.tables.paint.headline import HEADLINES
from tui.tables.paint.lines import FEW
from tui.tables.paint.view import MetricsView, TableColumn
from tui.tables.paint.words import BETWEEN, SO_FAR

MARKS: Final = {
    "few": (f"fewer than {FEW_IMAGES} images: no ranking by it", "few images"),
    "never": ("no image has this label: each answer is wrong", "no image"),
    "none": ("no image has this label and none is predicted so", "no image"),
}
COLUMNS: Final = tuple(map(TableColumn.of, CLASS_METRICS.values()))

TOGETHER: Final = "all classes together"
VALUE: Final = TableColumn("value", "value", TOGETHER, "number")
INTERVAL: Final = TableColumn("interval", "95 %", TOGETHER, "words", width=11)
MADE_AT: Final = TableColumn("made_at", "at p", TOGETHER, "words", width=6)
MEANING: Final = TableColumn("meaning", "what it means", TOGETHER, "words", width=20)

HEADLINE_PREFIX: Final = "headline."
"""Before the name of a headline, because some are called as a column is."""

AT_LEAST: Final = "\N{GREATER-THAN OR EQUAL TO}"
NO_INTERVAL: Final = "no interval: each sample would have to sort every class again"

KnownIntervals = Mapping[str, Interval]  # 95 % intervals by the name of a headline


@dataclass(frozen=True, eq=False)
class ClassifierMetricsView(MetricsView):
    """A row for each class; that of all holds sums of counts and means of ratios."""

    metrics: ClassificationMetrics
    resampled: KnownIntervals | None = None
    whole: bool = True  # the intervals are of all samples

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return COLUMNS

    @property
    def intervals(self) -> KnownIntervals | None:
        return self.resampled

    def name(self, row: int) -> str:
        return "all (mean)" if row == self.everything else self.classes[row]

    def values(self, column: TableColumn) -> Ratios:
        of_classes = np.asarray(CLASS_METRICS[column.metric].values(self.metrics), np.float64)
        if column.kind == "count":
            return np.append(of_classes, of_classes.sum())
        defined = of_classes[~np.isnan(of_classes)]
        return np.append(of_classes, defined.mean() if len(defined) else np.nan)

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """[C + 1] never a label, not there at all, few images, or nothing."""
        made = self.metrics
        return (
            *(
                "never" if unshown else "none" if not images else "few" if rare else ""
                for unshown, images, rare in zip(
                    made.never_shown.tolist(), made.images.tolist(), made.few.tolist(), strict=True
                )
            ),
            "",
        )

    @cached_property
    def rate_intervals(self) -> dict[str, tuple[Ratios, Ratios]]:
        """By rate the lower and the upper ends, [C] each, from the counts alone."""
        return rate_intervals(CLASS_METRICS.values(), self.metrics)

    def interval(self, row: int, column: TableColumn) -> Interval | None:
        """Of a class Wilson's; of the means that of resampled images."""
        if row == self.everything:
            metric = CLASS_METRICS.get(column.metric)  # None for words
            found = (self.resampled or {}).get(metric.mean_key) if metric else None
        elif (ends := self.rate_intervals.get(column.metric)) is not None:
            found = Interval(float(ends[0][row]), float(ends[1][row]))
        else:
            found = None
        return found if found is not None and found.defined else None

    def provisional(self, row: int, column: TableColumn) -> bool:
        return row == self.everything and not self.whole

    def remark(self, row: int, brief: bool) -> str:
        return MARKS.get(self.marks[row], ("", ""))[brief]

    def facts(self, width: int) -> Text:
        return facts(self.metrics, width, "few" in self.marks)


@dataclass(frozen=True, eq=False)
class HeadlineView(MetricsView):
    """One number a row: of all classes together."""

    metrics: ClassificationMetrics
    resampled: KnownIntervals | None = None
    whole: bool = True  # the intervals are of all samples

    pinned = False
    noun = ("metric", "metrics")

    @classmethod
    def of(
        cls,
        metrics: ClassificationMetrics,
        resampled: KnownIntervals | None,
        whole: bool = True,
    ) -> "HeadlineView":
        """The headline in the order of a page."""
        return cls(tuple(one.heading for one in HEADLINES), metrics, resampled, whole)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return VALUE, INTERVAL, MADE_AT, MEANING

    @property
    def intervals(self) -> KnownIntervals | None:
        return self.resampled

    def values(self, column: TableColumn) -> Ratios:
        if column != VALUE:
            return np.full(len(HEADLINES) + 1, np.nan)
        return np.array([*(self.metrics.headline[one.key] for one in HEADLINES), np.nan])

    @property
    def marks(self) -> tuple[str, ...]:
        return ("",) * (len(HEADLINES) + 1)

    def interval(self, row: int, column: TableColumn) -> Interval | None:
        if row == self.everything:
            return None
        found = (self.resampled or {}).get(HEADLINES[row].key)
        return found if found is not None and found.defined else None

    def provisional(self, row: int, column: TableColumn) -> bool:
        return column in (VALUE, INTERVAL) and not self.whole

    def words(self, row: int, column: TableColumn, room: int = 0) -> str:
        one = HEADLINES[row]
        if column == INTERVAL:
            found = self.interval(row, column)
            unknown = "" if self.resampled is None else DASH
            mark = "" if self.whole else SO_FAR
            return f"{mark}{share(found.low, 3)}{DASH}{share(found.high, 3)}" if found else unknown
        if column == MADE_AT:
            return f"{AT_LEAST} {threshold(self.metrics.confidence)}" if one.from_answers else "any"
        return one.meaning if cell_len(one.meaning) <= room else one.brief

    def class_of(self, row: int) -> None:
        return None

    def question(self, row: int, column: TableColumn) -> str:
        return HEADLINE_PREFIX + HEADLINES[row].key if row < self.everything else ""

    def remark(self, row: int, brief: bool) -> str:
        """How many classes a mean is of, and where there is no interval."""
        if row == self.everything:
            return ""
        metric, said = HEADLINES[row].key, ""
        average = self.metrics.averages.get(metric)
        if average is not None and average.defined < average.classes:
            said = (
                f"defined for {average.defined:,} of {number(average.classes, 'class', 'classes')}"
            )
        if self.resampled is None or metric in self.resampled:
            return said
        return ", ".join(filter(None, (said, "no interval" if brief else NO_INTERVAL)))

    def facts(self, width: int) -> Text:
        return facts(self.metrics, width, few=False)


def facts(metrics: ClassificationMetrics, width: int, few: bool) -> Text:
    """At which confidence and by which rule the numbers were made."""
    counts, at = metrics.counts, threshold(metrics.confidence)
    images = number(counts.total, "image")
    if metrics.confidence > 0:
        without = f"{counts.withheld:,} of {images} without an answer"
        answers = f"answers: the most probable class if p {AT_LEAST} {at}, {without}"
        short = f"top class if p {AT_LEAST} {at}, {counts.withheld:,} of {images} withheld"
    else:
        answers = f"answers: the most probable class of {images}, at any p"
        short = f"top class of {images}"
    rest = "AUC, AP, Brier, ECE, log loss, top-5: probabilities, no threshold"
    brief = "AUC, AP, Brier, ECE at any p"
    legend = f"{FEW} fewer than {FEW_IMAGES} images" if few else ""
    line = ""
    for parts in ((answers, rest, legend), (answers, rest), (answers, brief), (short, brief)):
        line = BETWEEN.join(filter(None, parts))
        if cell_len(line) <= width:
            return Text(line, no_wrap=True, overflow="ellipsis")
    return Text(short, no_wrap=True, overflow="ellipsis")
