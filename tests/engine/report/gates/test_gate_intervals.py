"""The intervals of limits come from the drawings of the report, and count as its numbers do."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from engine.classification.intervals import answer_intervals
from engine.detection.asked_intervals import (
    ClassCounts,
    class_ap_intervals,
    class_intervals,
    coco_intervals,
)
from engine.detection.intervals import bootstrap
from engine.opening import Inputs, Opened
from engine.report.gates.intervals import intervals_of
from engine.report.gates.numbers import OF_CLASSIFIERS, OF_DETECTORS, NumberName, value_of
from engine.report.reporting import reported
from tests.engine.compare.pairs import simulated
from tests.making import confidences, detection, detections
from tests.making_classes import NAMES as CLASSES
from tests.making_classes import classification, classifications

COUNTS = {
    *("images", "ground_truths", "predictions", "crowds", "answers", "unanswered"),
    *("true_positives", "false_positives", "not_detected", "false_positives_on_empty_images"),
}


def report(made, confidence=0.4, **changes):
    inputs = Inputs(data=Path("truth"), predictions=Path("found"), **changes)
    return reported(Opened(inputs, made, "found", (), (), ()), 0.5, confidence, with_intervals=True)


@given(detections(), confidences)
@settings(max_examples=40)
def test_each_image_once_is_the_row_of_a_class(made, confidence):
    told = reported(
        Opened(Inputs(data=Path("t"), predictions=Path("p")), made, "p", (), (), ()),
        0.5,
        confidence,
        with_intervals=False,
    ).values()["per_class"]
    for class_, row in enumerate(told):
        counts = ClassCounts.of(made.at_iou(0.5), confidence, class_)
        once = counts.rates(np.ones((1, len(made.images)), np.int64))
        for key, value in once.items():
            expected = np.nan if row[key] is None else row[key]
            assert value[0] == pytest.approx(expected, nan_ok=True), key


@given(detections(ties=False))
@settings(max_examples=10)
def test_summaries_are_drawn_as_the_report_draws_them(made):
    *_, seen = bootstrap(made, made.at_iou(0.5), 0.4, samples=20)
    found = coco_intervals(made, samples=20)
    for key, interval in (("AP", seen.ap), ("AP50", seen.ap50)):
        for end in ("low", "high"):
            expected = getattr(interval, end)
            assert getattr(found[key], end) == pytest.approx(expected, abs=1e-5, nan_ok=True)


def test_one_class_alone_has_the_intervals_of_all_together():
    made, _ = simulated(60, 1)
    *_, seen = bootstrap(made, made.at_iou(0.5), 0.4)
    found = class_intervals(made, made.at_iou(0.5), 0.4, 0)
    for key in ("precision", "recall", "f1", "false_alarms_per_image"):
        assert found[key] == seen.of_metrics[key], key
    (averages,) = class_ap_intervals(made, np.array([0]))
    assert averages["AP"].low == pytest.approx(seen.ap.low, abs=1e-12)
    assert averages["AP50"].high == pytest.approx(seen.ap50.high, abs=1e-12)
    assert averages["AP95"].low <= averages["AP"].low


def test_the_interval_of_a_class_does_not_depend_on_the_others():
    made, _ = simulated(60, 2, classes=3)
    of_one = class_ap_intervals(made, np.array([2]), samples=20)[0]
    assert class_ap_intervals(made, np.array([0, 2]), samples=20)[1] == of_one


def test_nothing_is_drawn_without_images():
    empty = detection([], [], images=0)
    assert coco_intervals(empty) == class_intervals(empty, empty.at_iou(0.5), 0.5, 0) == {}
    assert class_ap_intervals(empty, np.array([0, 1])) == [{}, {}]
    assert answer_intervals(classification((), np.zeros((0, 2))), 0.5) == {}


def test_a_detectors_rates_have_intervals_that_hold_them_and_counts_have_none():
    made, _ = simulated(80, 3, classes=2)
    told = report(made)
    every = [
        NumberName(each.key, made.classes[1] if each.of_class else None) for each in OF_DETECTORS
    ]
    found = intervals_of(told.facts, every)
    assert not {str(name) for name in found if name.key in COUNTS}
    by_size = {NumberName(f"AP{size}", made.classes[1]) for size in "sml"}
    places = {NumberName(key) for key in ("iou", "confidence", "optimal.value")}
    inner = {name for name in every if "." in name.key and name.key != "optimal.confidence"}
    without = {name for name in every if name.key in COUNTS} | by_size | places | inner
    assert {*every} - {*found} == without
    values = told.values()
    for name, interval in found.items():
        if interval.defined:
            value = value_of(name, values)
            assert interval.low - 1e-6 <= value <= interval.high + 1e-6, name
    for key, ends in values["intervals"].items():
        if NumberName(key) in found:
            assert [found[NumberName(key)].low, found[NumberName(key)].high] == ends


def test_a_classifiers_answers_have_intervals_and_its_rankings_have_none():
    rng = np.random.default_rng(2)
    label = rng.integers(0, 3, 200)
    value = rng.random((200, 3)) + 0.6 * np.eye(3)[label]
    made = classification(label, value / value.sum(axis=1, keepdims=True))
    told = report(made, None)
    every = [NumberName(each.key, CLASSES[1] if each.of_class else None) for each in OF_CLASSIFIERS]
    found = intervals_of(told.facts, every)
    ranked = ("roc_auc", "roc_auc_ovr", "roc_auc_ovo", "average_precision")
    assert not {name for name in found if name.key in (*ranked, *COUNTS)}
    of_class = {name.key for name in found if name.class_ is not None}
    assert of_class == {"precision", "recall", "f1"}
    together = {NumberName(key) for key in ("precision", "recall", "f1", "accuracy", "mcc")}
    assert together <= {*found}
    values = told.values()
    for name in (*together, NumberName("recall", CLASSES[1])):
        assert found[name].low < value_of(name, values) < found[name].high


@given(classifications())
@settings(max_examples=6)
def test_answers_are_drawn_as_the_headline_is(made):
    """Without a threshold recall of all answers is accuracy, drawing by drawing."""
    told = report(made, None)
    found = intervals_of(told.facts, [NumberName("recall"), NumberName("accuracy")])
    assert found[NumberName("recall")] == found[NumberName("accuracy")]


def test_no_intervals_are_made_where_the_report_has_none():
    made, _ = simulated(10, 1)
    opened = Opened(Inputs(data=Path("t"), predictions=Path("p")), made, "p", (), (), ())
    told = reported(opened, 0.5, 0.4, with_intervals=False)
    assert intervals_of(told.facts, [NumberName("AP"), NumberName("AR1")]) == {}


def test_with_a_threshold_precision_and_recall_of_answers_lie_apart():
    rng = np.random.default_rng(4)
    label = rng.integers(0, 3, 300)
    value = rng.random((300, 3)) + np.eye(3)[label]
    made = classification(label, value / value.sum(axis=1, keepdims=True))
    told = report(made, 0.65)
    names = [NumberName(key, of) for key in ("precision", "recall", "f1") for of in (None, "nut")]
    found, values = intervals_of(told.facts, names), told.values()
    for name in names:
        assert found[name].low <= value_of(name, values) <= found[name].high, name
    for of in (None, "nut"):
        assert found[NumberName("recall", of)].high < found[NumberName("precision", of)].low
