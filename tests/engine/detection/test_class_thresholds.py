"""Thresholds that a person gave to classes, and how they are written down."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cards.operating_point import SavedPoint
from engine.cards.operating_point import given as one_confidence
from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.class_thresholds import at_own
from engine.detection.goals import GOALS, class_optima, with_class_thresholds
from engine.report.saving import confidence_of, point_at
from tests.making import detections, ious

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
    back = confidence_of(saved)
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
    assert (confidence_of(saved) < 0.5) == (not classes)
    assert confidence_of(SavedPoint(0.5, classes, iou=0.5)) == 0.5
