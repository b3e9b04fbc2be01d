import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detection.coco.average_precision import Ranked
from engine.detection.curves import (
    at,
    class_average_precision,
    class_curves,
    curve,
    mean_curve,
    ranking,
    sampled,
)
from tests.making import confidences, detection, detections, ious

BOX, FAR = (0, 0, 10, 10), (50, 50, 10, 10)
rules = st.sampled_from(["class-first", "agnostic"])


@given(detections(), ious, rules)
def test_recall_never_falls_as_the_threshold_falls(made, iou, rule):
    points = curve(ranking(made.at_iou(iou, rule), None))
    assert (np.diff(points.confidence) < 0).all()
    assert (np.diff(points.true_positives) >= 0).all()
    assert not (np.diff(points.recall) < 0).any()


@given(detections(), ious, confidences, rules)
@settings(max_examples=200)
def test_the_curve_at_a_threshold_is_the_scorecard_there(made, iou, confidence, rule):
    at_iou = made.at_iou(iou, rule)
    points, card = curve(ranking(at_iou, None)), at_iou.scorecard(confidence)
    place = at(points, confidence)
    if place == -1:
        assert card.true_positives + card.false_positives == 0
        return
    assert points.true_positives[place] == card.true_positives
    assert points.predictions[place] == card.true_positives + card.false_positives
    found = (points.precision[place], points.recall[place], points.f1[place])
    assert np.array_equal(found, (card.precision, card.recall, card.f1), equal_nan=True)


@given(detections(), ious, confidences, rules)
def test_the_curve_of_a_class_is_its_row_and_column_of_the_matrix(made, iou, confidence, rule):
    at_iou = made.at_iou(iou, rule)
    matrix = at_iou.matrix(confidence)
    for class_, of_class in enumerate(class_curves(at_iou)):
        points = curve(ranking(at_iou, class_))
        place = at(points, confidence)
        right, counted = 0, 0
        if place >= 0:
            right, counted = points.true_positives[place], points.predictions[place]
        assert right == matrix.true_positives[class_]
        assert counted == matrix.predictions[class_]
        assert points.ground_truths == matrix.ground_truths[class_] == of_class.ground_truths
        assert np.array_equal(points.confidence, of_class.confidence)
        assert np.array_equal(points.true_positives, of_class.true_positives)
        assert np.array_equal(points.predictions, of_class.predictions)


@given(detections(), ious)
def test_a_rule_without_a_ranking_has_the_curve_of_class_first(made, iou):
    one = curve(ranking(made.at_iou(iou, "iou"), None))
    other = curve(ranking(made.at_iou(iou), None))
    assert np.array_equal(one.confidence, other.confidence)
    assert np.array_equal(one.true_positives, other.true_positives)


def test_three_predictions_by_hand():
    made = detection(
        [(0, 0, BOX), (0, 1, FAR)],
        [(0, 0, 0.9, BOX), (0, 0, 0.6, FAR), (0, 1, 0.6, FAR)],
    )
    points = curve(ranking(made.at_iou(0.5), None))
    assert points.confidence.tolist() == [0.9, 0.6]  # equal confidences share a point
    assert points.precision.tolist() == [1, 2 / 3]
    assert points.recall.tolist() == [0.5, 1]
    assert points.f1.tolist() == [2 / 3, 4 / 5]
    assert [at(points, threshold) for threshold in (0.95, 0.9, 0.7, 0.6, 0)] == [-1, 0, 0, 1, 1]


def test_nothing_found_and_nothing_to_find():
    nothing = curve(ranking(detection([(0, 0, BOX)], []).at_iou(0.5), None))
    assert len(nothing) == 0
    assert at(nothing, 0.0) == -1
    no_truth = detection([], [(0, 0, 0.5, BOX)])
    points = curve(ranking(no_truth.at_iou(0.5), 0))
    assert np.isnan(points.recall).all()
    assert points.precision.tolist() == [0]
    assert np.isnan(mean_curve(no_truth.at_iou(0.5)).precision).all()
    assert len(sampled(nothing, 10)) == 0


def long_curve(seed: int, predictions: int = 4_000):
    random = np.random.default_rng(seed)
    at_x = np.arange(predictions) * 20.0
    truths = [(0, 0, (x, 0, 10, 10)) for x in at_x]
    found = [
        (0, 0, float(score), (x, 0 if random.random() < score else 15, 10, 10))
        for x, score in zip(at_x, random.random(predictions), strict=True)
    ]
    return curve(ranking(detection(truths, found).at_iou(0.5), None))


@pytest.mark.parametrize("points", [3, 10, 100, 400])
def test_a_sample_has_real_points_the_ends_and_the_optimum(points):
    whole = long_curve(points)
    part = sampled(whole, points)
    assert 3 <= len(part) <= points
    rows = np.searchsorted(-whole.confidence, -part.confidence)
    assert np.array_equal(whole.confidence[rows], part.confidence)
    assert np.array_equal(whole.precision[rows], part.precision)
    assert (part.confidence[0], part.confidence[-1]) == tuple(whole.confidence[[0, -1]])
    assert part.f1.max() == whole.f1.max()
    assert sampled(whole, len(whole)) is whole


def test_a_sample_keeps_the_shape():
    whole = long_curve(1)
    part = sampled(whole, 400)
    for along in ("recall", "confidence"):
        x, rough = getattr(whole, along), getattr(part, along)
        order = slice(None) if along == "recall" else slice(None, None, -1)
        for across in ("precision", "recall", "f1"):
            drawn = np.interp(x, rough[order], getattr(part, across)[order])
            off = np.abs(drawn - getattr(whole, across))[whole.recall > 0.02]
            assert off.max() < 0.02


@given(detections(crowds=False), ious)
@settings(max_examples=50)
def test_the_average_precision_of_a_class_is_what_the_ranked_predictions_give(made, iou):
    truths, found = made.dataset.ground_truths, made.predictions
    expected = Ranked.of(truths, found, len(made.classes)).at_iou(iou)
    assert np.allclose(class_average_precision(made.at_iou(iou)), expected, equal_nan=True)
