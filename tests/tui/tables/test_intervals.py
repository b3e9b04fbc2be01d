import csv
import io
import math
from dataclasses import replace

import pytest
from hypothesis import given

from engine.core.intervals import Interval, wilson
from engine.detection.intervals import Intervals
from tests.tui.tables.test_painters import COLUMN, small, views
from tui.metrics.paint.detector_csv import detector_metrics_csv
from tui.tables.paint.words import interval_words

ENDS = ["precision_low", "precision_high", "recall_low", "recall_high"]


def lines_of(view):
    return list(csv.DictReader(io.StringIO(detector_metrics_csv(view))))


@given(views())
def test_the_interval_of_a_class_holds_its_rate_and_is_undefined_with_it(view):
    for metric in ("precision", "recall"):
        values = view.values(COLUMN[metric])
        for row in range(view.everything):
            found = view.interval(row, COLUMN[metric])
            assert (found is None) == math.isnan(values[row])
            if found is not None:
                assert 0 <= found.low <= values[row] <= found.high <= 1


def test_the_interval_of_a_class_is_that_of_its_counts():
    view = small()
    for metric, whole in (("precision", 50), ("recall", 80)):
        low, high = wilson(40, whole)
        assert view.interval(3, COLUMN[metric]) == Interval(low, high)
    assert view.interval(1, COLUMN["recall"]) is None
    assert view.interval(3, COLUMN["f1"]) is None
    assert view.interval(view.everything, COLUMN["recall"]) is None


@given(views())
def test_the_csv_reads_back_to_the_same_intervals(view):
    *classes, all_classes = lines_of(view)
    assert [all_classes[end] for end in ENDS] == [""] * 4
    for row, line in enumerate(classes):
        for metric in ("precision", "recall"):
            found = view.interval(row, COLUMN[metric])
            texts = (line[f"{metric}_low"], line[f"{metric}_high"])
            assert texts == (("", "") if found is None else (repr(found.low), repr(found.high)))


def test_the_csv_has_the_resampled_interval_of_all_classes_once_it_is_known():
    unknown = Interval(math.nan, math.nan)
    known = Intervals(*[unknown] * 3, Interval(0.79, 0.82), *[unknown] * 2, 200)
    line = lines_of(replace(small(), resampled=known))[-1]
    assert [line[end] for end in ENDS] == ["", "", "0.79", "0.82"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.7, 0.831, ("95 % interval .70 to .83", "95 % .70\N{EN DASH}.83")),
        (0.8012, 0.8179, ("95 % interval .801 to .818", "95 % .801\N{EN DASH}.818")),
        (0.2, 1, ("95 % interval .20 to 1.00", "95 % .20\N{EN DASH}1.00")),
    ],
)
def test_a_narrow_interval_has_a_digit_more(low, high, words):
    assert interval_words(Interval(low, high)) == words
    assert interval_words(None) == ("", "")
