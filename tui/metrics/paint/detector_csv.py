"""The table of a detector's metrics as CSV."""

import csv
import io
import math
from typing import Final

from engine.detection.table_metrics import TABLE_METRICS
from tui.tables.paint.detector_columns import COLUMNS, DetectionMetricsView
from tui.tables.paint.view import TableColumn

RATES: Final = tuple(column for column in COLUMNS if TABLE_METRICS[column.metric].rate_of)
ENDS: Final = tuple(f"{column.metric}_{end}" for column in RATES for end in ("low", "high"))


def detector_metrics_csv(view: DetectionMetricsView) -> str:
    """A line for each class in the dataset's order, the last for all classes together.

    Numbers have all their digits, what is undefined is empty, and each line says at which
    operating point its counts were made. Rates come with the ends of their 95 % intervals:
    those that the table shows.
    """
    point = view.metrics.point
    made_at = [repr(point.iou), repr(point.confidence), point.matching]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = [column.metric for column in COLUMNS]
    writer.writerow(["class", *names, *ENDS, "few", "iou", "confidence", "matching"])
    for row, numbers in enumerate(view.table.tolist()):
        cells = [cell(column, value) for column, value in zip(COLUMNS, numbers, strict=True)]
        few = str(bool(view.metrics.few[row])).lower()
        writer.writerow([view.name(row), *cells, *ends(view, row), few, *made_at])
    return written.getvalue()


def ends(view: DetectionMetricsView, row: int) -> list[str]:
    """The ends of the intervals of a row, empty until they are known and whole."""
    found = [
        None if view.provisional(row, column) else view.interval(row, column) for column in RATES
    ]
    return [
        text for one in found for text in ((repr(one.low), repr(one.high)) if one else ("", ""))
    ]


def cell(column: TableColumn, value: float) -> str:
    """A number that reads back as the same number."""
    if math.isnan(value):
        return ""
    return repr(value) if column.is_ratio else str(int(value))
