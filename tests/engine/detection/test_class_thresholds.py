"""Thresholds of classes, the best or those that a person gave, and how they are written down."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cards.operating_point import SavedPoint
from engine.cards.operating_point import given as one_confidence
from engine.core.goals import GOALS, Goal
from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.class_thresholds import at_own, class_optima, with_class_thresholds
from engine.detection.curves import ranking
from engine.report.saving import point_at
from tests.engine.core.test_goals import BOX, FAR, best_of_all, goals, measured
from tests.making import detection, detections, ious

confidences = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]) | st.floats(0, 0.999)


@given(detections(), ious, st.sampled_from(GOALS), confidences)
@settings(max_examples=60, deadline=None)
def test_the_optima_given_as_own_thresholds_are_worth_what_they_were(made, iou, goal, confidence):
    at_iou = made.at_iou(iou)
    best = class_optima(at_iou, goal, confidence, least_objects=1)
    own = [c if used else None for c, used in zip(best.confidence, best.used, strict=True)]
    told = at_own(at_iou, goal, confidence, own)
    assert np.array_equal(told.confidence, best.confidence)
    assert np.array_equal(told.used, best.used)
    # Beyond its limit a goal has no value, but the recall there has.
    assert np.allclose(told.value, best.value, equal_nan=True)
    assert np.allclose(told.gain, best.gain, equal_nan=True)


def test_a_class_without_its_own_follows_the_global_one():
    @given(detections(), confidences)
    @settings(max_examples=20, deadline=None)
    def holds(made, confidence):
        told = at_own(made.at_iou(0.5), GOALS[0], confidence, [None] * len(made.classes))
        assert set(told.confidence.tolist()) == {confidence}
        assert not told.used.any()
        assert not told.gain.any()

    holds()


@given(detections(), ious, st.sampled_from(MATCHINGS), confidences)
@settings(max_examples=100, deadline=None)
def test_scoring_keeps_at_a_saved_confidence_what_counted_at_the_point(made, iou, rule, confidence):
    at_iou = made.at_iou(iou, rule)
    point = OperatingPoint(iou, confidence, rule)
    saved = point_at(made.dataset, GOALS[0], at_iou.scorecard(confidence), point)
    back = saved.point_confidence
    if confidence < 1 or rule != "iou":  # nothing exceeds 1: no such point can be saved
        assert back == confidence
    found = made.predictions
    limits = one_confidence(saved.confidence, len(made.classes))
    kept = limits.kept(found.class_, found.confidence)
    assert kept.sum() == at_iou.counted(back)
    assert len(with_class_thresholds(made, limits.of_class).predictions) == kept.sum()


@pytest.mark.parametrize("classes", [{}, {"bolt": 0.3}])
def test_only_a_strict_point_for_all_classes_lies_below_what_it_counts(classes):
    saved = SavedPoint(0.5, classes, iou=0.5, matching="iou", data=str(Path("t.json")))
    assert (saved.point_confidence < 0.5) == (not classes)
    assert SavedPoint(0.5, classes, iou=0.5).point_confidence == 0.5


@given(detections(), ious, goals, st.floats(0, 1), st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_each_class_has_the_optimum_of_a_search_unless_it_is_small(made, iou, goal, common, least):
    at_iou, images = made.at_iou(iou), len(made.images)
    found = class_optima(at_iou, goal, common, least)
    for class_, truths in enumerate(made.truths_of_class.tolist()):

        def count(threshold, class_=class_):
            matrix = at_iou.matrix(threshold)
            right = int(matrix.true_positives[class_])
            return right, int(matrix.predictions[class_]) - right

        own = ranking(at_iou, class_).confidence
        scores = sorted(set(own.tolist()), reverse=True)
        best = (np.nan, np.nan)
        if truths >= max(least, 1):
            best = best_of_all(scores, count, goal, truths, images)
        assert found.used[class_] == (not np.isnan(best[0]))
        if not found.used[class_]:
            assert found.confidence[class_] == common
            assert found.gain[class_] == 0
            continue
        assert (found.confidence[class_], found.value[class_]) == best
        unlimited = Goal("recall") if goal.limit >= 0 else goal
        at_common = measured(unlimited, *count(common), truths, images)
        assert np.array_equal(found.gain[class_], best[1] - at_common, equal_nan=True)
        if unlimited is goal and not np.isnan(at_common) and own.size and common <= own.max():
            assert found.gain[class_] >= 0


def test_thresholds_of_classes_show_in_the_matrix():
    made = detection(
        [(0, 0, BOX), (0, 1, FAR)],
        [(0, 0, 0.9, BOX), (0, 0, 0.6, FAR), (0, 1, 0.3, FAR)],
        classes=("bolt", "nut"),
    )
    found = class_optima(made.at_iou(0.5), Goal("f1"), 0.5, least_objects=1)
    assert found.confidence.tolist() == [0.9, 0.3]
    assert found.gain == pytest.approx([1 - 2 / 3, 1])
    matrix = with_class_thresholds(made, found.confidence).at_iou(0.5).matrix(0.0)
    assert matrix.counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
