"""A leading part of the predictions answers as the whole detection does."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.goals import GOALS, Goal, best_point, optimum
from engine.core.thresholds import MATCHINGS
from engine.detection.detection import RULES, Detection, DetectionAtIou
from engine.detection.leading import GROWTH, Leading
from engine.detection.matched import Matched
from engine.util.once import once
from tests.engine.detection import oracle
from tests.making import confidences, detection, detections, ious

rules = st.sampled_from(MATCHINGS)
goals = st.sampled_from(
    [*GOALS, Goal("recall at precision", 0.6), Goal("false positives per image", 1.5)]
)


def matched(made: Detection, floor: float, iou: float, rule: str) -> Matched:
    part = Leading.of(made.dataset, made.predictions, floor)
    return Matched.of(part, RULES[rule], iou, made.truths_of_class)


@given(detections(), ious, confidences, confidences, rules)
@settings(max_examples=120)
def test_filtering_first_changes_nothing_above_the_filter(made, iou, one, other, rule):
    floor, threshold = sorted((one, other))
    part, whole = (matched(made, at, iou, rule) for at in (floor, -np.inf))
    assert len(part.leading) == int((made.predictions.confidence >= floor).sum())
    few, all_ = part.matrix(threshold), whole.matrix(threshold)
    assert np.array_equal(few.counts, all_.counts)
    assert few.ignored == all_.ignored
    assert part.scorecard(threshold) == whole.scorecard(threshold)
    for a, b in zip(*(vars(m.outcomes(threshold)).values() for m in (part, whole)), strict=True):
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


@given(detections(), ious, rules)
@settings(max_examples=120)
def test_no_longer_part_counts_fewer_predictions(made, iou, rule):
    floors = [*sorted(set(made.predictions.confidence.tolist()), reverse=True), -np.inf]
    counted = [matched(made, floor, iou, rule).counted_in_all() for floor in floors]
    assert counted == sorted(counted)


@given(detections(), ious, rules, goals)
@settings(max_examples=150)
def test_stopping_early_finds_the_optimum_of_all_points(made, iou, rule, goal):
    at_iou, images = made.at_iou(iou, rule), len(made.images)
    found = optimum(at_iou, goal, images)
    every = best_point(made.at_iou(iou, rule).points, goal, images)
    for name in ("confidence", "value", "flat"):
        assert np.array_equal(getattr(found, name), getattr(every, name), equal_nan=True)


@given(detections(), ious, st.lists(confidences, max_size=6), rules)
def test_the_order_of_questions_does_not_matter(made, iou, thresholds, rule):
    at_iou = made.at_iou(iou, rule)
    for threshold in thresholds:
        table = at_iou.outcomes(threshold)
        rows = zip(table.truth, table.predicted, table.prediction, table.ground_truth, strict=True)
        expected = oracle.outcomes(made, iou, threshold, rule)
        assert sorted(tuple(map(int, row)) for row in rows) == expected


@given(detections(), ious, confidences, rules)
def test_the_boxes_of_an_image_are_those_of_the_whole_detection(made, iou, threshold, rule):
    whole = made.at_iou(iou, rule)
    whole.complete()
    for image in range(len(made.images)):
        few, all_ = (one.detail(image, threshold) for one in (made.at_iou(iou, rule), whole))
        assert repr(few) == repr(all_)  # NaN equals itself there
        assert sum(not row.is_truth for row in all_) == int((made.predictions.image == image).sum())


def long_tail() -> Detection:
    """Ten right predictions, and then a thousand on nothing."""
    boxes = [(0, 0, (20.0 * i, 0, 10, 10)) for i in range(10)]
    right = [(0, 0, 0.9 - i / 100, box) for i, (_, _, box) in enumerate(boxes)]
    wrong = [(0, 1, 0.5 - i / 4000, (0, 500, 9, 9)) for i in range(1000)]
    return detection(boxes, right + wrong)


def by_rank(right: list[bool], truths: int) -> Detection:
    """Predictions of falling confidence that find an object of their own, or nothing."""
    boxes = [(0, 0, (20.0 * i, 0, 10, 10)) for i in range(truths)]
    objects = iter(box for _, _, box in boxes)
    found = [
        (0, 0, 1 - i / 1000, next(objects) if hit else (0, 500, 9, 9))
        for i, hit in enumerate(right)
    ]
    return detection(boxes, found)


def test_an_optimum_just_behind_the_first_part_is_found():
    """After 20 predictions F1 is 2 9 / 30 = .6, as after 10; the next one makes it 20 / 31."""
    right = [place in (2, 4, 6, 7, 9, 10, 14, 17, 20, 21) for place in range(1, 61)]
    at_iou = by_rank(right, truths=10).at_iou(0.5)
    best = optimum(at_iou, Goal("f1"), 1)
    assert best.value == at_iou.optimum.value == 20 / 31
    assert best.confidence == at_iou.optimum.confidence == 0.98
    assert looked_at(at_iou) == [20, 60]


def test_the_flat_around_the_optimum_may_reach_beyond_the_first_part():
    """F1 is 2 / 3 where all 100 are found among 200, and 200 / 302 two predictions later."""
    made = by_rank([False, True] * 100 + [False] * 800, truths=100)
    best = optimum(made.at_iou(0.5), Goal("f1"), 1)
    assert best.value == pytest.approx(2 / 3)
    assert best.confidence == pytest.approx(1 - 0.199)
    assert best.flat[0] == pytest.approx(1 - 0.202)


def looked_at(at_iou: DetectionAtIou) -> list[int]:
    return sorted(len(part) for part in at_iou._made)


def test_the_optimum_looks_at_no_more_predictions_than_it_must():
    made = long_tail()
    at_iou = made.at_iou(0.5)
    assert optimum(at_iou, Goal("f1"), 1).value == 1
    assert at_iou.optimum.confidence == pytest.approx(0.81)
    assert looked_at(at_iou) == [20]


def test_a_matrix_needs_the_predictions_that_reach_its_confidence_and_is_then_a_look_up():
    at_iou = long_tail().at_iou(0.5)
    assert not at_iou.knows(0.6)
    assert at_iou.matrix(0.6).true_positives.sum() == 10
    assert at_iou.knows(0.6)
    assert not at_iou.knows(0.4)
    at_iou.matrix(0.499)
    assert looked_at(at_iou) == [10, int(10 * GROWTH)]
    at_iou.complete()
    assert at_iou.knows(-1)
    assert looked_at(at_iou)[-1] == 1010


def test_no_confidence_counts_nothing():
    at_iou = long_tail().at_iou(0.5)
    for confidence in (np.nan, np.inf, 0.95):
        assert at_iou.scorecard(confidence).true_positives == 0
    empty = replace(long_tail(), predictions=long_tail().predictions.where(np.zeros(0, np.intp)))
    assert empty.at_iou(0.5).matrix(0.5).counts.sum() == 10
    assert np.isnan(empty.at_iou(0.5).optimum.confidence)


def test_who_asks_while_it_is_worked_on_waits_and_other_objects_do_not():
    begun, go_on, works = threading.Event(), threading.Event(), []

    class Slow:
        @once
        def result(self) -> object:
            works.append(self)
            if len(works) == 1:
                begun.set()
                assert go_on.wait(10)
            return object()

    slow, quick, answers = Slow(), Slow(), []
    askers = [threading.Thread(target=lambda: answers.append(slow.result)) for _ in range(2)]
    for asker in askers:
        asker.start()
    assert begun.wait(10)
    assert quick.result is quick.result
    assert answers == []
    go_on.set()
    for asker in askers:
        asker.join()
    assert answers[0] is answers[1]
    assert works == [slow, quick]
