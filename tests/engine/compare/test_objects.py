"""Objects of two detectors: laws, a script with loops, and scenes worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare.alarms import AlarmStatus
from engine.compare.objects import ComparedObjects, compared_objects
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import NOTHING
from engine.core.dataset import Predictions
from engine.core.thresholds import MATCHINGS
from engine.detection.detection import Detection
from tests.engine.compare import oracle
from tests.engine.compare.making import detection_pairs
from tests.making import confidences, detection, ious

BOLT, NUT = 0, 1
matchings = st.sampled_from(MATCHINGS)


def between(
    a: Detection, at_a: float, b: Detection, at_b: float, iou: float = 0.5, matching="class-first"
) -> ComparedObjects:
    return compared_objects(a.at_iou(iou, matching), at_a, b.at_iou(iou, matching), at_b)


def rows(made: ComparedObjects) -> list[tuple[int, ...]]:
    columns = (made.ground_truth, made.status, made.why_a, made.why_b, made.found_a, made.found_b)
    return list(
        zip(
            *(each.tolist() for each in (*columns, made.predicted_a, made.predicted_b)), strict=True
        )
    )


def alarms(made: ComparedObjects) -> set[tuple[int, int, int]]:
    seen = made.alarms
    columns = seen.status.tolist(), seen.prediction_a.tolist(), seen.prediction_b.tolist()
    return set(zip(*columns, strict=True))


@settings(max_examples=60)
@given(detection_pairs(), ious, confidences, confidences, matchings)
def test_every_object_is_what_a_script_with_loops_says(pair, iou, at_a, at_b, matching):
    a, b = pair
    made = between(a, at_a, b, at_b, iou, matching)
    assert rows(made) == oracle.objects(a, at_a, b, at_b, iou, matching)


@settings(max_examples=60)
@given(detection_pairs(ties=False), ious, confidences, confidences, matchings)
def test_every_false_alarm_is_what_a_script_with_loops_says(pair, iou, at_a, at_b, matching):
    a, b = pair
    made = between(a, at_a, b, at_b, iou, matching)
    expected = oracle.alarms(a, at_a, b, at_b, iou, matching)
    seen = alarms(made)
    # Of equal confidences on both sides either may choose first: then the pairs may differ.
    if not set(a.predictions.confidence) & set(b.predictions.confidence):
        assert seen == expected
    assert {p for _, p, _ in seen} == {p for _, p, _ in expected}
    assert {p for _, _, p in seen} == {p for _, _, p in expected}


@settings(max_examples=60)
@given(detection_pairs(), ious, confidences, matchings)
def test_a_side_compared_with_itself_changes_nothing(pair, iou, confidence, matching):
    a, _ = pair
    made = between(a, confidence, replace(a), confidence, iou, matching)
    assert made.count(ObjectStatus.FIXED) == made.count(ObjectStatus.BROKEN) == 0
    assert np.array_equal(made.why_a, made.why_b)
    assert np.array_equal(made.found_a, made.found_b)
    assert made.alarms.count(AlarmStatus.GONE) == made.alarms.count(AlarmStatus.NEW) == 0


@settings(max_examples=60)
@given(detection_pairs(), ious, confidences, confidences, matchings)
def test_swapping_the_sides_exchanges_fixed_and_broken(pair, iou, at_a, at_b, matching):
    a, b = pair
    one, other = between(a, at_a, b, at_b, iou, matching), between(b, at_b, a, at_a, iou, matching)
    swapped = {
        ObjectStatus.FIXED: ObjectStatus.BROKEN,
        ObjectStatus.BROKEN: ObjectStatus.FIXED,
    }
    for status in ObjectStatus:
        assert np.array_equal(one.status == status, other.status == swapped.get(status, status))
    for ours, theirs in (
        ("why_a", "why_b"),
        ("found_a", "found_b"),
        ("predicted_a", "predicted_b"),
    ):
        assert np.array_equal(getattr(one, ours), getattr(other, theirs))
    back = {AlarmStatus.SHARED: AlarmStatus.SHARED, AlarmStatus.GONE: AlarmStatus.NEW}
    back[AlarmStatus.NEW] = AlarmStatus.GONE
    assert alarms(one) == {(back[s], p, q) for s, q, p in alarms(other)}


@settings(max_examples=60)
@given(detection_pairs(), ious, confidences, confidences, matchings)
def test_totals_are_those_of_two_single_reports(pair, iou, at_a, at_b, matching):
    a, b = pair
    made = between(a, at_a, b, at_b, iou, matching)
    card_a = a.at_iou(iou, matching).scorecard(at_a)
    card_b = b.at_iou(iou, matching).scorecard(at_b)
    both, fixed, broken, wrong = (made.count(status) for status in ObjectStatus)
    assert both + broken == card_a.true_positives
    assert both + fixed == card_b.true_positives
    assert both + fixed + broken + wrong == card_a.ground_truths == len(made)
    for side, matrix in (
        ("predicted_a", a.at_iou(iou, matching).matrix(at_a)),
        ("predicted_b", b.at_iou(iou, matching).matrix(at_b)),
    ):
        counts = np.zeros_like(matrix.counts)
        np.add.at(counts, (made.class_, getattr(made, side)), 1)
        assert np.array_equal(counts[:-1], matrix.counts[:-1])
        seen = made.alarms.prediction_a if side == "predicted_a" else made.alarms.prediction_b
        of_class = made.alarms.class_[seen != NOTHING]
        alone = np.bincount(of_class, minlength=matrix.classes)
        assert np.array_equal(alone, matrix.counts[-1, :-1])


@settings(max_examples=60)
@given(detection_pairs(ties=False), ious, confidences, matchings, st.randoms())
def test_renaming_the_classes_changes_no_status(pair, iou, confidence, matching, random):
    order = list(range(len(pair[0].classes)))
    random.shuffle(order)
    name = np.array(order, np.intp)

    def renamed(made: Detection) -> Detection:
        truths, found = made.dataset.ground_truths, made.predictions
        dataset = replace(made.dataset, ground_truths=replace(truths, class_=name[truths.class_]))
        return Detection(dataset, replace(found, class_=name[found.class_]))

    one = between(*_both(pair, confidence), iou, matching)
    other = between(*_both(tuple(map(renamed, pair)), confidence), iou, matching)
    for column in ("status", "why_a", "why_b", "found_a", "found_b"):
        assert np.array_equal(getattr(one, column), getattr(other, column))
    assert np.array_equal(name[one.class_], other.class_)
    assert alarms(one) == alarms(other)


def _both(pair, confidence):
    a, b = pair
    return a, confidence, b, confidence


@settings(max_examples=30)
@given(detection_pairs(), st.lists(confidences, min_size=2, max_size=4), matchings)
def test_what_is_remembered_of_another_confidence_changes_nothing(pair, walk, matching):
    a, b = pair
    one, other = a.at_iou(0.5, matching), b.at_iou(0.5, matching)
    for confidence in walk:
        made = compared_objects(one, confidence, other, confidence)
        fresh = [Detection(each.dataset, replace(each.predictions)) for each in pair]
        expected = between(fresh[0], confidence, fresh[1], confidence, 0.5, matching)
        assert rows(made) == rows(expected)
        assert alarms(made) == alarms(expected)


WHY_SCENE = [
    (Why.BELOW_THRESHOLD, [(0, BOLT, 0.3, (0, 0, 10, 10)), (0, NUT, 0.9, (0, 0, 10, 10))], 0),
    (Why.WRONG_CLASS, [(0, BOLT, 0.9, (0, 6, 10, 10)), (0, NUT, 0.9, (0, 0, 10, 10))], 1),
    (Why.BOX_MOVED, [(0, BOLT, 0.8, (0, 7, 10, 10)), (0, BOLT, 0.7, (0, 6, 10, 10))], 1),
    (Why.MISSED, [(0, BOLT, 0.9, (0, 9, 10, 10)), (0, BOLT, 0.3, (0, 6, 10, 10))], NOTHING),
]


@pytest.mark.parametrize(("why", "found", "explains"), WHY_SCENE)
def test_the_first_reason_that_holds_is_told(why, found, explains):
    truth = [(0, BOLT, (0, 0, 10, 10))]
    right = detection(truth, [(0, BOLT, 0.9, (0, 0, 10, 10))])
    wrong = Detection(right.dataset, detection([], found).predictions)
    made = between(right, 0.5, wrong, 0.5)
    assert rows(made)[0][1:6] == (ObjectStatus.BROKEN, NOTHING, why, 0, explains)
    assert made.whys(ObjectStatus.BROKEN)[why] == 1
    back = between(wrong, 0.5, right, 0.5)
    assert rows(back)[0][1:4] == (ObjectStatus.FIXED, why, NOTHING)
    assert back.whys(ObjectStatus.FIXED)[why] == 1


def test_a_box_that_went_to_another_object_is_taken():
    truths = [(0, BOLT, (0, 0, 10, 10)), (0, BOLT, (0, 2, 10, 10))]
    both = detection(truths, [(0, BOLT, 0.9, row[2]) for row in truths])
    one = Detection(both.dataset, detection([], [(0, BOLT, 0.9, (0, 2, 10, 10))]).predictions)
    made = between(both, 0.5, one, 0.5)
    assert made.status.tolist() == [ObjectStatus.BROKEN, ObjectStatus.BOTH_RIGHT]
    assert made.why_b.tolist() == [Why.TAKEN, NOTHING]
    assert made.found_b.tolist() == [0, 0]


def test_a_crowd_is_no_row_and_what_lies_on_it_no_false_alarm():
    truths = [(0, BOLT, (0, 0, 40, 40)), (0, BOLT, (60, 60, 10, 10))]
    found = [(0, BOLT, 0.9, (5, 5, 10, 10)), (0, BOLT, 0.8, (60, 60, 10, 10))]
    a = detection(truths, found, crowds=(0,))
    made = between(a, 0.5, Detection(a.dataset, Predictions.none()), 0.5)
    assert made.ground_truth.tolist() == [1]
    assert not len(made.alarms)


def test_false_alarms_of_both_are_paired_by_class_place_and_confidence():
    a = detection(
        [],
        [
            (0, BOLT, 0.9, (0, 0, 10, 10)),
            (0, BOLT, 0.8, (0, 2, 10, 10)),
            (0, NUT, 0.7, (50, 50, 10, 10)),
        ],
        images=2,
    )
    found = [
        (0, BOLT, 0.6, (0, 1, 10, 10)),  # between the two of A: the surer one has it
        (0, BOLT, 0.7, (50, 50, 10, 10)),  # another class
        (1, NUT, 0.7, (50, 50, 10, 10)),  # another image
    ]
    b = Detection(a.dataset, detection([], found).predictions)
    made = between(a, 0.5, b, 0.5)
    assert alarms(made) == {
        (AlarmStatus.SHARED, 0, 0),
        (AlarmStatus.GONE, 1, NOTHING),
        (AlarmStatus.GONE, 2, NOTHING),
        (AlarmStatus.NEW, NOTHING, 1),
        (AlarmStatus.NEW, NOTHING, 2),
    }
    assert made.alarms.confidence_b[0] == 0.6
    assert np.isnan(made.alarms.confidence_b[1])
