import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from engine.core.explanation import Explanation
from engine.core.intervals import Interval
from engine.core.thresholds import OperatingPoint
from engine.detection.intervals import Intervals
from engine.detection.metrics import DetectorMetrics
from engine.detection.table_metrics import TABLE_METRICS, explain
from tui.metrics.paint.detector_csv import detector_metrics_csv
from tui.tables.paint.detector_columns import COLUMNS, DetectionMetricsView
from tui.tables.paint.layout import fit
from tui.tables.paint.lines import TableInk, bar_text, paint, ratio_text
from tui.tables.paint.scene import ALL_ROW, TableScene
from tui.tables.paint.view import DATASET_ORDER, Order, filtered, rows
from tui.tables.paint.words import explained

BLANK = Style()
INK = TableInk(
    *[Style(bold=True) if field == "cursor" else BLANK for field in TableInk.__match_args__]
)
COLUMN = {column.metric: column for column in COLUMNS}


def view_of(classes, true_positives, false_positives, not_detected, intervals=None, **changes):
    """Metrics whose AP is the recall at each IoU: simple, and defined where there are objects."""
    right, wrong, missed = (
        np.append(counts, np.sum(counts)).astype(np.int64)
        for counts in (true_positives, false_positives, not_detected)
    )
    truths, found = right + missed, right + wrong
    with np.errstate(invalid="ignore"):
        recall, precision = right / truths, right / found
        f1 = 2 * right / (2 * right + wrong + missed)
    fields = {
        "ground_truths": truths,
        "predictions": found,
        "true_positives": right,
        "false_positives": wrong,
        "not_detected": missed,
        "false_alarms": wrong,
        "images": 100,
        "false_alarms_per_image": wrong / 100,
        "precision": precision,
        "recall": recall,
        "f1": f1,
        **{f"ap{at}": recall for at in ("", "50", "75", "95", "_small", "_medium", "_large")},
        "ap_by_iou": np.outer(recall, np.linspace(1, 0.1, 10)),
        "few": truths < 20,
        "never_shown": (truths[:-1] == 0) & (found[:-1] > 0),
        "false_positives_on_empty_images": 1204,
    }
    metrics = DetectorMetrics(OperatingPoint(0.5, 0.412), **fields | changes)
    return DetectionMetricsView(tuple(classes), metrics, intervals)


def small():
    return view_of(
        ("car", "bus", "cart", "kite", "boat"),
        (918, 0, 3, 40, 0),
        (206, 14, 1, 10, 0),
        (100, 0, 6, 40, 0),
    )


@st.composite
def views(draw):
    classes = draw(st.lists(st.text("abc d", max_size=5), min_size=1, max_size=12))
    counts = st.lists(st.integers(0, 5), min_size=len(classes), max_size=len(classes))
    return view_of(classes, draw(counts), draw(counts), draw(counts))


@given(views(), st.sampled_from(COLUMNS), st.booleans())
def test_sorting_permutes_the_classes_and_undefined_numbers_come_last(view, column, descending):
    ranked = rows(view, Order(column, descending))
    assert sorted(ranked.tolist()) == list(range(len(view.classes)))
    values = view.values(column)[ranked]
    defined = values[~np.isnan(values)]
    assert np.isnan(values[len(defined) :]).all()
    steps = np.diff(defined)
    assert (steps <= 0).all() if descending else (steps >= 0).all()


@given(views(), st.text("ABCabc ", max_size=3))
def test_a_filter_leaves_a_part_of_the_classes_in_their_order(view, wanted):
    left = filtered(view.classes, wanted).tolist()
    assert left == sorted(set(left))
    for index, name in enumerate(view.classes):
        assert (index in left) == all(word in name.lower() for word in wanted.lower().split())


@given(views(), st.integers(1, 230), st.integers(1, 60), st.data())
def test_every_line_is_as_wide_as_the_widget_and_nothing_is_cut(view, width, height, data):
    layout = fit(view, width, height)
    if layout is None:
        return
    cursor = (
        data.draw(st.integers(ALL_ROW, len(view.classes) - 1)),
        data.draw(st.integers(0, len(COLUMNS) - 1)),
    )
    scene = TableScene(view, layout, rows(view), (0, 0), cursor)
    row, column = scene.showing(cursor)
    scene = TableScene(view, layout, rows(view), (row, column), cursor)
    assert scene.line_of(cursor[0]) in range(height)
    assert cursor[1] in scene.columns
    start, cells = layout.span(column, scene.columns[-1])
    assert start + cells <= width
    for y in range(height):
        strip = paint(scene, INK, y)
        assert strip.cell_length == sum(cell_len(part.text) for part in strip) == width
    y = scene.line_of(cursor[0])
    start, cells = layout.span(column, cursor[1])
    assert scene.position_at(y) == cursor[0]
    assert layout.column_at(column, start + cells - 1) == cursor[1]
    under = "".join(part.text for part in paint(scene, INK, y) if part.style and part.style.bold)
    assert under.strip() == paint(scene, INK, y).text[start : start + cells].strip()


def test_ratios_sort_worst_first_and_counts_largest_first_then_turn_round():
    view = small()
    recall = DATASET_ORDER.then(COLUMN["recall"])
    assert rows(view, recall).tolist() == [2, 3, 0, 1, 4]
    assert rows(view, recall.then(COLUMN["recall"])).tolist() == [0, 3, 2, 1, 4]
    assert rows(view, recall.then(COLUMN["ground_truths"])).tolist() == [0, 3, 2, 1, 4]


def test_rows_say_what_is_not_as_usual():
    assert small().marks == ("", "never", "few", "", "none", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.nan, "\N{EN DASH}"),
        (0, ".000"),
        (0.4567, ".457"),
        (0.9994, ".999"),
        (1 - 2e-16, "1.00"),
        (1, "1.00"),
    ],
)
def test_a_ratio_has_four_cells_and_is_the_nearest_that_they_can_say(value, text):
    assert ratio_text(value) == text


def test_a_bar_grows_in_eighths_and_shows_the_least():
    assert bar_text(0.5, 4) == "██  "
    assert bar_text(1, 2) == "██"
    assert bar_text(0.0001, 2) == "▏ "
    assert bar_text(0.3125, 2) == "▋ "
    assert bar_text(math.nan, 2) == bar_text(0, 2) == "  "


def test_the_table_as_it_stands():
    view = small()
    layout = fit(view, 60, 10)
    scene = TableScene(view, layout, rows(view), (0, 0), (ALL_ROW, 0))
    drawn = [paint(scene, INK, y).text.rstrip() for y in range(10)]
    assert drawn == [
        " 5 classes    │ objects and boxes ──────────────── rates",
        " class        │  truth   pred     TP     FP missed      P",
        " all classes  │  1,107  1,192    961    231    146 █▋.806",
        " ─────────────┼━━━━━━━━━━━" + "─" * 33,
        " car          │  1,018  1,124    918    206    100 █▋.817",
        " bus          │   none     14      0     14      0   .000",
        " cart        !│      9      4      3      1      6 █▌.750",
        " kite         │     80     50     40     10     40 █▋.800",
        " boat         │   none      0      0      0      0      \N{EN DASH}",
        "",
    ]


def test_intervals_stand_below_all_classes_where_there_is_room():
    found = Interval(0.79, 0.82)
    undefined = Interval(math.nan, math.nan)
    given_ = Intervals(undefined, *[found] * 6, 200)
    view = DetectionMetricsView(small().classes, small().metrics, given_)
    scene = TableScene(view, fit(view, 120, 40), rows(view), (0, 0), (ALL_ROW, 0))
    assert paint(scene, INK, 3).text.count(".790\N{EN DASH}.820") == 4  # AP has none
    assert fit(view, 80, 24).interval == 0
    told = explain("precision", view.metrics, 5, view.classes)
    first = explained(view, 5, COLUMN["precision"], told, 100)[0].plain
    assert "95 % interval .790 to .820" in first
    first = explained(view, 5, COLUMN["precision"], told, 86)[0].plain
    assert "95 % .790\N{EN DASH}.820" in first


@pytest.mark.parametrize("width", [78, 118, 198])
def test_the_line_above_says_what_ap_is_over_and_hidden_false_positives(width):
    line = small().facts(width).plain
    assert len(line) <= width
    assert "IoU .50 to .95" in line
    assert "1,204" in line
    assert "14" in line
    for view, ap in (("iou", True), ("size", True), ("counts", False)):
        line = small().showing(view).facts(width).plain
        assert ("over all confidences; IoU .50 to .95" in line) == ap
        assert ("1,204" in line) != ap
        assert ".412" not in line  # no view's AP depends on the sliders, and they stand above


def test_the_line_below_fills_the_formula_and_warns():
    view = small()
    told = explain("precision", view.metrics, 2, view.classes)
    first, second = explained(view, 2, COLUMN["precision"], told, 118)
    assert first.plain == (
        "Precision of cart   TP / (TP + FP) = 3 / (3 + 1) = .750   "
        "95 % interval .30 to .95   few objects"
    )
    whole = explained(view, 2, COLUMN["precision"], told, 140)[0].plain
    assert whole.endswith("95 % interval .30 to .95   fewer than 20 objects: no ranking by it")
    assert second.plain == told.what
    assert explained(view, 2, COLUMN["precision"], told, 30)[0].cell_len <= 30


def test_the_table_has_each_metric_of_the_engine_as_a_column():
    assert [column.metric for column in COLUMNS] == list(TABLE_METRICS)
    assert COLUMN["precision"].is_ratio
    assert not COLUMN["true_positives"].is_ratio
    assert COLUMN["ap_by_iou_65"].heading == ".65"


def test_a_calculation_that_is_too_long_keeps_what_it_comes_to():
    told = Explanation("AP of nut", "what", "mean", "(.717 + .714 + .709) / 3 = .713", "at")
    first = [explained(small(), 0, COLUMN["precision"], told, width)[0].plain for width in (36, 90)]
    assert first[0] == "AP of nut   (.717 + .714 … = .713"
    assert first[1].startswith("AP of nut   (.717 + .714 + .709) / 3 = .713")


def test_every_column_can_be_explained():
    view = small()
    for column in COLUMNS:
        for row in range(len(view.classes) + 1):
            assert explain(column.metric, view.metrics, row, view.classes).filled


@given(views())
def test_the_csv_reads_back_to_the_same_numbers(view):
    lines = list(csv.DictReader(io.StringIO(detector_metrics_csv(view))))
    assert [line["class"] for line in lines] == [*view.classes, "all classes"]
    for row, line in enumerate(lines):
        for column in COLUMNS:
            text = line[column.metric]
            value = float(text) if text else math.nan
            assert np.array_equal(value, view.values(column)[row], equal_nan=True)
        assert (line["iou"], line["confidence"], line["matching"]) == (
            "0.5",
            "0.412",
            "class-first",
        )
