"""The tables of a classifier's metrics."""

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.classification.one_vs_rest import ranking
from engine.classification.roc import roc
from engine.core.intervals import Interval, wilson
from engine.util.words import DASH
from tests.making_classes import classification, classifications
from tests.tui.tables.classifier_views import (
    by_hand,
    class_view,
    headline_view,
    lines_of,
    metrics_of,
)
from tui.curves.paint.glance import CELLS, COLUMNS, OWN, ROC, GlanceView, rates, sparkline
from tui.metrics.paint.classifier_csv import classifier_metrics_csv
from tui.tables.paint.classifier_columns import COLUMNS as CLASS_COLUMNS
from tui.tables.paint.classifier_columns import INTERVAL, MADE_AT, MEANING, VALUE
from tui.tables.paint.classifier_questions import answer
from tui.tables.paint.headline import HEADLINES
from tui.tables.paint.view import DATASET_ORDER, Order, rows
from tui.tables.paint.words import explained

COLUMN = {column.metric: column for column in CLASS_COLUMNS}


def test_the_table_of_classes_as_it_stands():
    assert lines_of(class_view(by_hand()), 86, 8) == [
        " 3 classes    │ counts ───────────── answers ──────────── one class against the rest",
        " class        │ images   pred  right      P      R     F1    AUC     AP  Brier    ECE",
        " all (mean)   │      8      8      6 █▌.733 █▎.600 █▏.533 █▉.928 █▉.925 ▎ .104 ▌ .242",
        " ─────────────┼──────────────────────────────────────────────────────────────────────",
        " bolt        !│      5      5      4 █▋.800 █▋.800 █▋.800 █▊.867 █▉.943 ▎ .155 ▊ .350",
        " nut         !│      2      3      2 █▍.667 ██1.00 █▋.800 █▉.917 █▋.833 ▎ .106 ▌ .263",
        f" washer      !│      1      0      0      {DASH}"
        "   .000   .000 ██1.00 ██1.00 ▏ .051 ▎ .113",
        "",
    ]


def test_the_headline_has_every_metric_once_with_its_interval_and_what_it_means():
    assert sorted(one.key for one in HEADLINES) == sorted(HEADLINE_METRICS)
    view = headline_view(by_hand(), intervals={"accuracy": Interval(0.5, 1.0)})
    drawn_lines = lines_of(view, 120, 22)
    assert drawn_lines[0].startswith(" 17 metrics")
    accuracy = next(line for line in drawn_lines if line.startswith(" accuracy"))
    assert ".750" in accuracy
    assert f".500{DASH}1.000" in accuracy
    assert accuracy.endswith("images answered with their label")
    for row, one in enumerate(view.metrics.headline):
        assert one in HEADLINE_METRICS
        assert view.words(row, MEANING, 200) == HEADLINES[row].meaning
        assert len(view.words(row, MEANING, 29)) <= 29


def test_the_headline_says_which_numbers_a_threshold_changes():
    view = headline_view(by_hand(), confidence=0.65)
    said = {one.key: view.words(row, MADE_AT) for row, one in enumerate(HEADLINES)}
    assert said["accuracy"] == said["f1_macro"] == said["mcc"] == "≥ .650"
    assert said["roc_auc_ovr"] == said["brier"] == said["log_loss"] == said["ece"] == "any"
    assert view.words(0, INTERVAL) == ""
    without = headline_view(by_hand(), intervals={})
    assert without.words(0, INTERVAL) == DASH
    assert without.remark(0, brief=True) == "no interval"
    assert view.remark(3, brief=True) == "defined for 2 of 3 classes"  # precision
    assert "p ≥ .650" in view.facts(120).plain
    assert "3 of 8 images without an answer" in view.facts(120).plain
    assert "Dataiku DSS" in HEADLINES[[o.key for o in HEADLINES].index("roc_auc_ovo")].meaning


@pytest.mark.parametrize("width", [60, 78, 118, 198])
@pytest.mark.parametrize("confidence", [0.0, 0.65])
def test_the_line_above_fits_and_says_the_rule(width, confidence):
    for view in (headline_view(by_hand(), confidence), class_view(by_hand(), confidence)):
        line = view.facts(width).plain
        assert len(line) <= width
        assert "probable class of 8 images" in line or "top class" in line or "p ≥" in line


def test_the_headline_sorts_and_filters_as_any_table():
    view = headline_view(by_hand())
    ranked = rows(view, DATASET_ORDER.then(VALUE))
    assert (np.diff(view.values(VALUE)[ranked]) >= 0).all()
    assert [view.classes[row] for row in rows(view, wanted="f1")] == ["F1, macro", "F1, weighted"]


def test_errors_sort_high_first_and_ratios_low_first():
    assert DATASET_ORDER.then(COLUMN["brier"]).descending
    assert not DATASET_ORDER.then(COLUMN["roc_auc"]).descending
    view = class_view(by_hand())
    assert rows(view, Order(COLUMN["precision"])).tolist() == [1, 0, 2]  # undefined comes last


def test_a_class_with_few_images_or_none_is_marked_and_undefined_is_a_dash():
    made = classification([0, 0], [[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]])
    view = class_view(made)
    assert view.marks == ("few", "never", "none", "")
    assert view.remark(0, brief=False) == "fewer than 20 images: no ranking by it"
    lines = lines_of(view, 82, 8)
    assert lines[5].startswith(f" nut          │   none      1      0   .000      {DASH}")
    assert lines[6].startswith(" washer       │   none      0      0" + f"      {DASH}" * 4)


def test_rates_of_a_class_have_wilsons_interval_and_means_the_resampled_one():
    known = {"precision_macro": Interval(0.6, 0.7), "ece": Interval(0.1, 0.2)}
    view = class_view(by_hand(), intervals=known)
    low, high = wilson(4, 5)
    assert view.interval(0, COLUMN["recall"]) == Interval(low, high)
    assert view.interval(2, COLUMN["precision"]) is None
    assert view.interval(3, COLUMN["precision"]) == Interval(0.6, 0.7)
    assert view.interval(3, COLUMN["ece"]) is None  # the mean of classes is not the headline


@settings(max_examples=30)
@given(classifications())
def test_every_number_of_every_table_is_explained(made):
    headline, classes, metrics = headline_view(made), class_view(made), metrics_of(made)
    glance = GlanceView.of(classes, {})
    for view in (headline, classes, glance):
        for row in range(view.everything + view.pinned):
            for column in view.columns:
                told = answer(view.question(row, column), metrics, row, made.classes)
                assert told.filled
                assert told.made_at
                assert explained(view, row, column, told, 80)[0].cell_len <= 80


def test_the_explanation_keeps_its_numbers_where_the_formula_has_no_room():
    view, metrics = class_view(by_hand()), metrics_of(by_hand())
    told = answer("roc_auc", metrics, 0, view.classes)
    assert explained(view, 0, COLUMN["roc_auc"], told, 200)[0].plain.startswith(
        "ROC AUC of bolt   pairs in the right order"
    )
    assert explained(view, 0, COLUMN["roc_auc"], told, 50)[0].plain == (
        "ROC AUC of bolt   13 / (5 x 3) = .867   few images"
    )


@settings(max_examples=50)
@given(classifications())
def test_the_csv_reads_back_to_the_same_numbers(made):
    headline, classes = headline_view(made), class_view(made)
    lines = list(csv.DictReader(io.StringIO(classifier_metrics_csv(headline, classes))))
    of_classes, together = lines[: len(made.classes)], lines[len(made.classes) :]
    assert [line["class"] for line in of_classes] == list(made.classes)
    for row, line in enumerate(of_classes):
        for column in CLASS_COLUMNS:
            value = float(line[column.metric]) if line[column.metric] else math.nan
            assert np.array_equal(value, classes.values(column)[row], equal_nan=True)
    found = {line["metric"]: float(line["value"] or "nan") for line in together}
    assert found == pytest.approx(dict(headline.metrics.headline), nan_ok=True, abs=0)
    assert {line["confidence"] for line in lines} == {"0.0"}


def test_sparklines_show_the_least_and_leave_out_nothing():
    assert sparkline(np.array([0, 0.01, 0.5, 1.0, np.nan])) == " ▁▄█ "
    view = GlanceView.of(class_view(by_hand()), {0: np.ones(CELLS)})
    assert view.words(0, ROC) == "█" * CELLS
    assert view.words(1, ROC) == ""
    assert view.words(0, OWN).count("█") >= 1
    assert len(view.words(0, OWN)) == 15
    assert view.words(view.everything, OWN) == ""
    assert [column.metric for column in COLUMNS][:2] == ["images", "roc_auc"]


def test_the_rates_of_a_sparkline_are_those_of_the_curve():
    curve = roc(ranking(by_hand(), 0))
    # Up to 1 / 3 of the others four bolts of five are found, then also the last of them.
    assert rates(curve).tolist() == pytest.approx([0.8] * 7 + [1.0] * 3)
    empty = roc(ranking(classification([0], [[0.9, 0.1]]), 1))
    assert np.isnan(rates(empty)).all()
    assert sparkline(rates(empty)) == " " * CELLS
