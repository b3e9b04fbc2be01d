"""The table of a detector's metrics: a row for each class, at one operating point."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from engine.core.arrays import Ratios
from engine.core.intervals import Interval
from engine.core.metric import rate_intervals
from engine.detection.intervals import Intervals
from engine.detection.metrics import FEW_OBJECTS, DetectorMetrics
from engine.detection.table_metrics import TABLE_METRICS
from engine.util.words import number
from tui.tables.paint.lines import FEW
from tui.tables.paint.view import MetricsView, TableColumn
from tui.tables.paint.words import BETWEEN

MARKS: Final = {
    "few": (f"fewer than {FEW_OBJECTS} objects: no ranking by it", "few objects"),
    "never": (
        "never in the ground truth: each prediction is a false positive",
        "never in the truth",
    ),
    "none": ("neither in the ground truth nor predicted", "not in the truth"),
}


COLUMNS: Final = tuple(map(TableColumn.of, TABLE_METRICS.values()))
AP_BY_IOU: Final = frozenset(
    key for key in TABLE_METRICS if key == "ap" or key.startswith("ap_by_iou")
)
COUNTED: Final = frozenset(
    key for key, metric in TABLE_METRICS.items() if metric.is_count or metric.in_report
) - {"ap", "ap50"}
VIEWS: Final = {
    "iou": tuple(column for column in COLUMNS if column.metric in AP_BY_IOU),
    "counts": tuple(column for column in COLUMNS if column.metric in COUNTED),
    "size": tuple(
        column for column in COLUMNS if column.metric not in COUNTED | AP_BY_IOU - {"ap"}
    ),
}
"""By its name what a view shows, each metric in one of them but AP."""

AP_FACTS: Final = (
    "AP is over all confidences; IoU .50 to .95, whatever the sliders say",
    "AP is over all confidences; IoU .50 to .95",
    "AP: any confidence, IoU .50 to .95",
)
"""What average precision depends on, at length and then in less room."""


@dataclass(frozen=True, eq=False)
class DetectionMetricsView(MetricsView):
    """The metrics of classes by name."""

    metrics: DetectorMetrics
    resampled: Intervals | None = None  # of the row of all classes
    shown: tuple[TableColumn, ...] = COLUMNS

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        return self.shown

    def showing(self, *views: str) -> Self:
        """The same numbers in these views, each column once."""
        return replace(self, shown=tuple(dict.fromkeys(sum((VIEWS[each] for each in views), ()))))

    def heated(self, column: TableColumn) -> bool:
        """Where AP goes along the IoUs colours say more than a bar has room for."""
        return column.metric != "ap" and column.metric in AP_BY_IOU and self.shown != COLUMNS

    @property
    def intervals(self) -> Intervals | None:
        return self.resampled

    def values(self, column: TableColumn) -> Ratios:
        return np.asarray(TABLE_METRICS[column.metric].values(self.metrics), np.float64)

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """[C + 1] never shown, not there at all, few objects, or nothing."""
        few, never = self.metrics.few.tolist(), [*self.metrics.never_shown.tolist(), False]
        truths = self.metrics.ground_truths.tolist()
        return tuple(
            "never" if unshown else "none" if not truth else "few" if rare else ""
            for unshown, truth, rare in zip(never, truths, few, strict=True)
        )

    @cached_property
    def rate_intervals(self) -> dict[str, tuple[Ratios, Ratios]]:
        """By rate the lower and the upper ends, [C + 1] each, from the counts alone."""
        return rate_intervals(TABLE_METRICS.values(), self.metrics)

    def interval(self, row: int, column: TableColumn) -> Interval | None:
        """Of a class it is Wilson's.

        Of all classes it comes from resampled images, because boxes of one image depend
        on each other.
        """
        if row != self.everything:
            ends = self.rate_intervals.get(column.metric)
            found = None if ends is None else Interval(float(ends[0][row]), float(ends[1][row]))
        else:
            found = self.resampled.of_metrics.get(column.metric) if self.resampled else None
        return found if found is not None and found.defined else None

    def provisional(self, row: int, column: TableColumn) -> bool:
        made = self.resampled
        return row == self.everything and made is not None and not made.whole

    def remark(self, row: int, brief: bool) -> str:
        return MARKS.get(self.marks[row], ("", ""))[brief]

    def facts(self, width: int) -> Text:
        """What AP is over, and of counts the false positives that AP does not show."""
        keys = {column.metric for column in self.shown}
        precision = AP_FACTS if keys - COUNTED else ("",)
        counted = self._unseen if keys & COUNTED else ("",)
        legend = f"{FEW} fewer than {FEW_OBJECTS} objects" if "few" in self.marks else ""
        tried = [
            (precision[0], counted[0], legend),
            *((precision[0], each) for each in counted),
            *((precision[-1], each) for each in counted),
        ]
        lines = [BETWEEN.join(filter(None, parts)) for parts in tried]
        line = next((each for each in lines if cell_len(each) <= width), precision[-1])
        return Text(line or counted[-1], no_wrap=True, overflow="ellipsis")

    @property
    def _unseen(self) -> tuple[str, ...]:
        """False positives that no class with objects has, at length and then in less room."""
        metrics = self.metrics
        empty = metrics.false_positives_on_empty_images
        unshown = int(metrics.false_positives[:-1][metrics.never_shown].sum())
        classes = number(int(metrics.never_shown.sum()), "class", "classes")
        return (
            f"{number(empty, 'false positive')} on images without objects · "
            f"{unshown:,} on {classes} that the truth never shows",
            f"FP {empty:,} on images without objects, {unshown:,} on classes never shown",
            f"FP {empty:,} on empty images, {unshown:,} never shown",
        )
