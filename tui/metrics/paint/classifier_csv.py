"""The tables of a classifier's metrics as CSV."""

import csv
import io
import math
from typing import Final

from engine.classification.class_metrics import CLASS_METRICS
from tui.metrics.paint.detector_csv import cell
from tui.tables.paint.classifier_columns import (
    COLUMNS,
    TOGETHER,
    ClassifierMetricsView,
    HeadlineView,
)
from tui.tables.paint.headline import HEADLINES

RATES: Final = tuple(column for column in COLUMNS if CLASS_METRICS[column.metric].rate_of)
ENDS: Final = tuple(f"{column.metric}_{end}" for column in RATES for end in ("low", "high"))


def classifier_metrics_csv(headline: HeadlineView, classes: ClassifierMetricsView) -> str:
    """A line for each class in the dataset's order, then one for each number of the headline.

    Numbers have all their digits, what is undefined is empty. Precision and recall of a class
    come with the ends of their 95 % intervals; of the headline the value and its interval
    stand in columns of their own. confidence is that below which there is no answer.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = [column.metric for column in COLUMNS]
    last = ["metric", "value", "low", "high", "confidence"]
    writer.writerow(["class", *names, *ENDS, "few", *last])
    confidence = repr(float(classes.metrics.confidence))
    for row in range(classes.everything):
        numbers = zip(COLUMNS, classes.table[row].tolist(), strict=True)
        few = str(bool(classes.metrics.few[row])).lower()
        cells = [cell(column, value) for column, value in numbers]
        writer.writerow(
            [classes.name(row), *cells, *_ends(classes, row), few, *[""] * 4, confidence]
        )
    empty = [""] * (len(names) + len(ENDS) + 1)
    for row, one in enumerate(HEADLINES):
        value = headline.metrics.headline[one.key]
        value_of = headline.columns[0]
        moves = headline.provisional(row, value_of)
        found = None if moves else headline.interval(row, value_of)
        ends = (repr(found.low), repr(found.high)) if found else ("", "")
        said = "" if math.isnan(value) else repr(float(value))
        writer.writerow([TOGETHER, *empty, one.key, said, *ends, confidence])
    return written.getvalue()


def _ends(view: ClassifierMetricsView, row: int) -> list[str]:
    """The ends of the intervals of a row, empty where they are not known."""
    found = [view.interval(row, column) for column in RATES]
    return [
        text for one in found for text in ((repr(one.low), repr(one.high)) if one else ("", ""))
    ]
