from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.coco.average_precision import average_precision
from engine.detection.coco.params import AREA_RANGES, IOUS
from engine.detection.detection import Detection
from engine.detection.metrics import detector_metrics
from tests.making import confidences, detection, detections, ious

BOX, FAR = (0, 0, 10, 10), (50, 50, 10, 10)
rules = st.sampled_from(MATCHINGS)


def coco_of(made):
    return average_precision(made.dataset.ground_truths, made.predictions, len(made.classes))


def metrics_of(made, iou=0.5, confidence=0.0, rule="class-first"):
    return detector_metrics(made, made.at_iou(iou, rule), confidence, coco_of(made))


@given(detections(), ious, confidences, rules)
@settings(max_examples=75, deadline=None)
def test_the_counts_are_those_of_the_matrix(made, iou, confidence, rule):
    at_iou = made.at_iou(iou, rule)
    metrics = detector_metrics(made, at_iou, confidence, coco_of(made))
    counts = at_iou.matrix(confidence).counts
    right = np.diagonal(counts)[:-1]
    assert metrics.ground_truths[:-1].tolist() == counts[:-1].sum(axis=1).tolist()
    assert metrics.predictions[:-1].tolist() == counts[:, :-1].sum(axis=0).tolist()
    assert metrics.true_positives[:-1].tolist() == right.tolist()
    assert np.array_equal(metrics.false_positives, metrics.predictions - metrics.true_positives)
    assert np.array_equal(metrics.not_detected, metrics.ground_truths - metrics.true_positives)
    assert metrics.never_shown.tolist() == [
        not counts[c].sum() and bool(counts[:, c].sum()) for c in range(len(made.classes))
    ]
    assert metrics.few.tolist() == (metrics.ground_truths < 20).tolist()
    assert metrics.point == OperatingPoint(iou, confidence, rule)


@given(detections(), ious, confidences, rules)
@settings(deadline=None)
def test_the_last_row_is_the_scorecard(made, iou, confidence, rule):
    metrics = metrics_of(made, iou, confidence, rule)
    card = made.at_iou(iou, rule).scorecard(confidence)
    for name in ("true_positives", "false_positives", "not_detected", "precision", "recall", "f1"):
        found, known = getattr(metrics, name)[-1], getattr(card, name)
        assert np.array_equal(found, known, equal_nan=True), name


@given(detections())
@settings(deadline=None)
def test_average_precision_is_coco_s(made):
    truths, found = made.dataset.ground_truths, made.predictions
    # Eight times as large, there are small, medium and large objects.
    large = replace(truths, box=truths.box * 8, area=truths.area * 64)
    dataset, found = replace(made.dataset, ground_truths=large), replace(found, box=found.box * 8)
    made = Detection(dataset, found)
    coco, metrics = coco_of(made), metrics_of(made)
    assert np.array_equal(metrics.ap[:-1], coco.ap, equal_nan=True)
    summary = coco.summary
    columns = ("ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large")
    last = [getattr(metrics, column)[-1] for column in columns]
    assert np.array_equal(last, summary[:6], equal_nan=True)
    for area, range_ in enumerate(AREA_RANGES[1:], start=1):
        column = getattr(metrics, f"ap_{range_.name}")[:-1]
        for class_ in range(len(made.classes)):
            expected = np.mean(coco.precision[area, :, :, class_])
            assert column[class_] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    for place, name in ((0, "ap50"), (5, "ap75"), (9, "ap95")):
        column = getattr(metrics, name)
        assert IOUS[place] == pytest.approx(int(name[2:]) / 100)
        assert np.array_equal(column, metrics.ap_by_iou[:, place], equal_nan=True)
        assert np.array_equal(column[:-1], coco.ap_by_iou[:, place], equal_nan=True)
        defined = column[:-1][~np.isnan(column[:-1])]
        mean = defined.mean() if len(defined) else np.nan
        assert column[-1] == pytest.approx(mean, abs=1e-12, nan_ok=True)


def test_false_positives_that_average_precision_hides():
    made = detection(
        # Image 0 has a bolt, image 1 nothing, image 2 only a crowd: something is drawn there.
        [(0, 0, BOX), (2, 0, BOX)],
        [(0, 0, 0.9, BOX), (0, 1, 0.8, FAR), (1, 0, 0.7, BOX), (1, 1, 0.2, BOX), (2, 0, 0.6, FAR)],
        images=3,
        classes=("bolt", "nut", "washer"),
        crowds=(1,),
    )
    metrics = metrics_of(made, confidence=0.5)
    assert metrics.false_positives_on_empty_images == 1
    assert metrics_of(made, confidence=0.0).false_positives_on_empty_images == 2
    assert metrics.never_shown.tolist() == [False, True, False]
    assert metrics.precision[:-1] == pytest.approx([1 / 3, 0, np.nan], nan_ok=True)
    assert metrics.recall[:-1] == pytest.approx([1, np.nan, np.nan], nan_ok=True)
    assert metrics.f1[:-1] == pytest.approx([0.5, 0, np.nan], nan_ok=True)


def test_a_false_alarm_is_on_no_object_of_any_class():
    made = detection(
        [(0, 0, BOX)],
        # Right, its duplicate, another class at its place, and nothing far away.
        [(0, 0, 0.9, BOX), (0, 0, 0.8, BOX), (0, 1, 0.7, FAR), (1, 1, 0.6, FAR), (1, 1, 0.1, FAR)],
        images=4,
        classes=("bolt", "nut"),
    )
    metrics = metrics_of(made, confidence=0.5)
    assert metrics.false_alarms.tolist() == [1, 2, 3]
    assert metrics.false_alarms_per_image.tolist() == [1 / 4, 2 / 4, 3 / 4]
    confused = metrics_of(detection([(0, 0, BOX)], [(0, 1, 0.9, BOX)]))
    assert (confused.false_positives[-1], confused.false_alarms[-1]) == (1, 0)
    empty = metrics_of(detection([], [], images=0))
    assert np.isnan(empty.false_alarms_per_image).all()


def test_every_column_has_a_row_for_each_class_and_one_for_all():
    metrics = metrics_of(detection([(0, 0, BOX)], [(0, 1, 0.9, BOX)]))
    shapes = {f.name: np.shape(getattr(metrics, f.name)) for f in fields(metrics)}
    assert shapes.pop("ap_by_iou") == (5, 10)
    assert shapes.pop("never_shown") == (4,)
    for single in ("false_positives_on_empty_images", "point", "images"):
        assert shapes.pop(single) == ()
    assert set(shapes.values()) == {(5,)}
