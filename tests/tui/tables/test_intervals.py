import csv
import io
import math
from dataclasses import replace

import pytest
from hypothesis import given
from rich.style import Style

from engine.core.intervals import Interval, wilson
from engine.detection.intervals import Intervals
from engine.detection.table_metrics import explain
from tests.tui.tables.test_painters import COLUMN, INK, small, views
from tui.metrics.paint.detector_csv import detector_metrics_csv
from tui.tables.paint.layout import fit
from tui.tables.paint.lines import paint
from tui.tables.paint.scene import ALL_ROW, TableScene
from tui.tables.paint.view import rows
from tui.tables.paint.words import explained, interval_words

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
    known = Intervals(*[unknown] * 3, Interval(0.79, 0.82), *[unknown] * 3, 200)
    line = lines_of(replace(small(), resampled=known))[-1]
    assert [line[end] for end in ENDS] == ["", "", "0.79", "0.82"]


@pytest.mark.parametrize(("samples", "mark", "dim"), [(20, "~", True), (200, "", False)])
def test_an_interval_that_still_moves_is_dim_and_marked_until_it_is_whole(samples, mark, dim):
    found = Interval(0.79, 0.82)
    view = replace(small(), resampled=Intervals(*[found] * 7, samples))
    quiet = Style(dim=True)
    ink = replace(INK, quiet=quiet)
    line = paint(TableScene(view, fit(view, 120, 40), rows(view), (0, 0), (ALL_ROW, 0)), ink, 3)
    (style,) = {segment.style for segment in line if ".790" in segment.text}
    assert ("~.790" in line.text, style == quiet) == (dim, dim)
    told = explain("precision", view.metrics, 5, view.classes)
    first = explained(view, 5, COLUMN["precision"], told, 100)[0].plain
    assert f"95 % interval {mark}.790 to {mark}.820" in first
    csv_end = lines_of(view)[-1]["precision_low"]
    assert csv_end == ("" if dim else "0.79"), "what leaves the app is final"
    of_class = explained(view, 3, COLUMN["precision"], told, 100)[0].plain
    assert "~" not in of_class, "Wilson's needs no samples"


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
