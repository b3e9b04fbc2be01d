from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.dataset import Predictions
from engine.detection.detection import Detection
from engine.detection.error_types.error_types import typed_errors
from engine.detection.error_types.names import (
    BACKGROUND,
    BOTH,
    CLASSIFICATION,
    DUPLICATE,
    ERROR_TYPES,
    LOCALISATION,
    MISSED,
    described,
    fixed,
)
from engine.detection.error_types.typed import TypedErrors
from tests.engine.detection.error_types.tide_by_loops import tide
from tests.making import confidences, detection, detections, ious

BOLT, NUT = 0, 1
OBJECT = (0, 0, 10, 10)


@given(detections(), ious)
def test_types_are_those_of_the_rule_said_plainly(made, iou):
    typed, said = typed_errors(made.at_iou(iou)), tide(made, iou)
    for number, error in enumerate(ERROR_TYPES[:-1]):
        assert sorted(typed.row[typed.type == number]) == sorted(said.errors[error]), error
    assert np.flatnonzero(typed.missed()).tolist() == sorted(said.errors["missed"])
    assert typed.counts().tolist() == [len(said.errors[error]) for error in ERROR_TYPES]


@given(detections(), ious)
def test_types_partition_the_predictions_that_found_nothing(made, iou):
    typed = typed_errors(made.at_iou(iou))
    assert np.array_equal(typed.type == NOTHING, typed.found)  # none is beyond the limit here
    assert typed.counts()[:MISSED].sum() + typed.found.sum() == len(made.predictions)
    assert (typed.type < MISSED).all()


@given(detections(), ious, confidences)
def test_what_counts_at_a_confidence_is_what_is_wrong_without_the_others(made, iou, confidence):
    typed = typed_errors(made.at_iou(iou))
    kept = replace(
        made, predictions=made.predictions.where(made.predictions.confidence >= confidence)
    )
    alone = typed_errors(kept.at_iou(iou))
    counted = typed.reaching(confidence)
    assert typed.counts(counted).tolist() == alone.counts().tolist()
    assert np.array_equal(typed.missed(counted), alone.missed())


@given(detections(), ious, confidences)
def test_a_confidence_takes_errors_of_predictions_away_and_adds_missed_objects(
    made, iou, confidence
):
    typed = typed_errors(made.at_iou(iou))
    at_point, over_all = typed.counts(typed.reaching(confidence)), typed.counts()
    assert (at_point[:MISSED] <= over_all[:MISSED]).all()
    assert at_point[MISSED] >= over_all[MISSED]


@given(detections(ties=False), ious, st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(made, iou, random):
    order = np.array(random.sample(range(len(made.predictions)), len(made.predictions)), np.intp)
    turned = typed_errors(replace(made, predictions=made.predictions.where(order)).at_iou(iou))
    typed = typed_errors(made.at_iou(iou))
    assert np.array_equal(order[turned.row], typed.row)
    assert np.array_equal(turned.type, typed.type)
    assert np.array_equal(turned.missed(), typed.missed())


@given(detections(), ious, confidences)
def test_outcomes_of_a_type_are_its_errors_but_for_those_on_crowds(made, iou, confidence):
    at_iou = made.at_iou(iou)
    typed, rows = typed_errors(at_iou), at_iou.outcomes(confidence)
    counted = typed.reaching(confidence)
    for error in range(MISSED):
        those = typed.row[counted & (typed.type == error)]
        expected = np.intersect1d(those, rows.prediction)
        assert sorted(typed.among(rows, error, counted).prediction) == expected.tolist()
    missed = typed.among(rows, MISSED, counted)
    assert sorted(missed.ground_truth) == np.flatnonzero(typed.missed(counted)).tolist()


def typed_of(*found: tuple[int, float, tuple[float, ...]], **more) -> TypedErrors:
    """One bolt, and predictions (class, confidence, box)."""
    truths = more.pop("truths", [(0, BOLT, OBJECT)])
    return typed_errors(detection(truths, [(0, *row) for row in found], **more).at_iou(0.5))


@pytest.mark.parametrize(
    ("class_", "width", "error"),
    [
        (BOLT, 4, LOCALISATION),
        (BOLT, 1, LOCALISATION),  # IoU .1 is near enough
        (NUT, 5, CLASSIFICATION),  # IoU .5 is enough
        (NUT, 4, BOTH),
        (NUT, 1, BACKGROUND),
        (BOLT, 0.9, BACKGROUND),
    ],
)
def test_a_prediction_of_one_object_is_of_one_type(class_, width, error):
    typed = typed_of((class_, 0.9, (0, 0, width, 10)))
    assert typed.type.tolist() == [error]
    assert typed.counts()[error] == 1


def test_what_a_correction_would_find_is_not_missed():
    for width, missed in ((4, 0), (0.9, 1)):
        assert typed_of((BOLT, 0.9, (0, 0, width, 10))).counts()[MISSED] == missed
    assert typed_of((NUT, 0.9, OBJECT)).counts()[MISSED] == 0
    assert typed_of((NUT, 0.9, (0, 0, 4, 10))).counts()[MISSED] == 1  # both are wrong


def test_who_comes_second_is_a_duplicate_unless_its_class_is_another_ones():
    again = (BOLT, 0.8, (0, 0, 9, 10))
    assert typed_of((BOLT, 0.9, OBJECT), again).type.tolist() == [NOTHING, DUPLICATE]
    two = [(0, BOLT, OBJECT), (0, NUT, OBJECT)]
    assert typed_of((BOLT, 0.9, OBJECT), again, truths=two).type[1] == CLASSIFICATION


def test_exactly_at_the_threshold_the_second_is_a_loose_box():
    half = (BOLT, 0.8, (0, 0, 5, 10))
    assert typed_of((BOLT, 0.9, OBJECT), half).type.tolist() == [NOTHING, LOCALISATION]


def test_on_a_crowd_an_error_has_a_type_and_costs_no_precision():
    crowd = [(0, BOLT, OBJECT), (0, BOLT, (50, 50, 40, 40))]
    typed = typed_of(
        (BOLT, 0.9, (60, 60, 5, 5)), (NUT, 0.8, (60, 60, 5, 5)), truths=crowd, crowds=(1,)
    )
    assert typed.type.tolist() == [BACKGROUND, BACKGROUND]
    assert typed.ignored.tolist() == [True, False]


def test_beyond_the_100_first_of_an_image_nothing_counts():
    boxes = [(BOLT, 0.9 - row / 1000, (50, 50, 10, 10)) for row in range(100)]
    typed = typed_of(*boxes, (BOLT, 0.1, OBJECT))
    assert typed.counts()[BACKGROUND] == 100
    assert typed.type[100] == NOTHING
    assert not typed.found[100]
    assert typed.counts()[MISSED] == 1


def test_of_two_objects_that_overlap_alike_the_earlier_is_found():
    typed = typed_of((BOLT, 0.9, OBJECT), truths=[(0, BOLT, OBJECT), (0, BOLT, OBJECT)])
    assert typed.object.tolist() == [0]


def test_a_confidence_is_reached_or_if_strict_exceeded():
    typed = typed_of((BOLT, 0.5, (50, 50, 9, 9)), (NUT, 0.4, (50, 50, 9, 9)))
    assert typed.counts(typed.reaching(0.4, strict=True))[BACKGROUND] == 1
    assert typed.counts(typed.reaching(0.4))[BACKGROUND] == 2


def test_without_predictions_every_object_is_missed():
    made = detection([(0, BOLT, OBJECT), (0, NUT, OBJECT)], [], crowds=(1,))
    assert typed_errors(made.at_iou(0.5)).counts().tolist() == [0, 0, 0, 0, 0, 1]
    nothing = Detection(made.dataset, Predictions.none())
    assert len(typed_errors(nothing.at_iou(0.5))) == 0


def test_types_are_worked_out_once_for_an_iou():
    at_iou = detection([(0, BOLT, OBJECT)], [(0, BOLT, 0.9, OBJECT)]).at_iou(0.5)
    assert typed_errors(at_iou) is typed_errors(at_iou)


def test_every_type_says_what_it_is_and_what_fixing_it_means():
    for error in ERROR_TYPES:
        assert fixed(error)
        assert described(error, 0.5)
    assert ".75" in described("classification", 0.75)
    assert ".10 to .75" in described("localisation", 0.75)
