import numpy as np
import pytest
from hypothesis import given

from engine.detection.detection import Detection
from engine.detection.error_types.error_types import (
    error_types,
    growing_error_types,
    typed_errors,
)
from engine.detection.error_types.gains import ErrorGains
from engine.detection.error_types.names import (
    BACKGROUND,
    BOTH,
    CLASSIFICATION,
    DUPLICATE,
    ERROR_TYPES,
    LOCALISATION,
    MISSED,
)
from tests.engine.detection.error_types.tide_by_loops import tide
from tests.making import detection, detections, ious

BOLT, NUT = 0, 1
OBJECT, ELSEWHERE, BESIDE = (0, 0, 10, 10), (50, 50, 10, 10), (80, 0, 10, 10)
EXACT = 1e-12


def gains_of(made: Detection, iou: float = 0.5) -> ErrorGains:
    return error_types(made.at_iou(iou)).gains


@given(detections(), ious)
def test_average_precision_is_that_of_the_rule_said_plainly(made, iou):
    gains, said = gains_of(made, iou), tide(made, iou)
    plain = [said.ap, *said.fixed.values(), said.without_false_positives, said.without_misses]
    mine = [
        gains.ap,
        *gains.ap_fixed,
        gains.ap_without_false_positives,
        gains.ap_without_misses,
    ]
    expected = [np.nan if value is None else value for value in plain]
    assert mine == pytest.approx(expected, abs=EXACT, nan_ok=True)


@given(detections(ties=False), ious)
def test_fixing_a_type_never_lowers_average_precision(made, iou):
    gains = gains_of(made, iou)
    known = ~np.isnan(gains.ap_fixed)
    assert (gains.ap_fixed[known] >= gains.ap - EXACT).all()
    assert not gains.without_false_positives < -EXACT
    assert not gains.without_misses < -EXACT


@given(detections(ties=False), ious)
def test_a_type_without_errors_costs_nothing(made, iou):
    gains, counts = gains_of(made, iou), typed_errors(made.at_iou(iou)).counts()
    assert gains.ap_fixed[counts == 0] == pytest.approx(gains.ap, abs=EXACT, nan_ok=True)


@given(detections(ties=False), ious)
def test_the_order_of_the_file_changes_no_average_precision(made, iou):
    turned = Detection(made.dataset, made.predictions.where(np.arange(len(made.predictions))[::-1]))
    assert gains_of(turned, iou).ap_fixed == pytest.approx(
        gains_of(made, iou).ap_fixed, abs=EXACT, nan_ok=True
    )


def test_each_type_gives_back_what_it_cost():
    """Two bolts, one found; the other is looked for by one error of each type in turn."""
    truths = [(0, BOLT, OBJECT), (0, BOLT, ELSEWHERE)]
    right = (0, BOLT, 0.9, OBJECT)
    half = 51 / 101  # of the recalls are reached with one of two objects

    def gained(*found: tuple) -> np.ndarray:
        return gains_of(detection(truths, [right, *found])).gained

    assert gained()[MISSED] == pytest.approx(1 - half)
    assert gained((0, BOLT, 0.8, (50, 50, 4, 10)))[LOCALISATION] == pytest.approx(1 - half)
    # The class that no object has counts with an average precision of 0.
    wrong_class = gained((0, NUT, 0.8, ELSEWHERE))
    assert wrong_class[CLASSIFICATION] == pytest.approx(1 - half / 2)


def test_false_alarms_before_the_right_one_cost_precision():
    truths = [(0, BOLT, OBJECT), (0, NUT, BESIDE)]
    alarm = (0, BOLT, 0.95, ELSEWHERE)
    gains = gains_of(detection(truths, [alarm, (0, BOLT, 0.9, OBJECT), (0, NUT, 0.9, BESIDE)]))
    assert gains.ap == pytest.approx((0.5 + 1) / 2)
    assert gains.gained[BACKGROUND] == pytest.approx(0.25)
    assert gains.without_false_positives == pytest.approx(0.25)
    both = (0, BOLT, 0.95, (80, 0, 4, 10))
    gains = gains_of(detection(truths, [both, (0, BOLT, 0.9, OBJECT), (0, NUT, 0.9, BESIDE)]))
    assert gains.gained[BOTH] == pytest.approx(0.25)


def test_a_duplicate_costs_what_comes_after_it():
    truths = [(0, BOLT, OBJECT), (0, BOLT, ELSEWHERE)]
    found = [(0, BOLT, 0.9, OBJECT), (0, BOLT, 0.8, OBJECT), (0, BOLT, 0.7, ELSEWHERE)]
    gains = gains_of(detection(truths, found))
    assert gains.ap == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert gains.gained[DUPLICATE] == pytest.approx(1 - gains.ap)


def test_one_error_is_fixed_for_one_object():
    """A wrong class comes first: correcting boxes does not give the object to the loose box."""
    truths = [(0, BOLT, OBJECT)]
    found = [(0, NUT, 0.9, OBJECT), (0, BOLT, 0.8, (0, 0, 4, 10))]
    gains = gains_of(detection(truths, found))
    assert gains.ap == 0
    assert gains.gained[LOCALISATION] == 0
    assert gains.gained[CLASSIFICATION] == pytest.approx(1)


def test_an_error_on_a_crowd_may_be_the_one_that_is_fixed():
    truths = [(0, BOLT, OBJECT), (0, NUT, (0, 0, 40, 40))]
    gains = gains_of(detection(truths, [(0, NUT, 0.9, OBJECT)], crowds=(1,)))
    assert gains.ap == 0
    assert gains.gained[CLASSIFICATION] == pytest.approx(1)


def test_where_only_found_objects_are_asked_for_recall_is_perfect():
    truths = [(0, BOLT, OBJECT), (0, BOLT, ELSEWHERE)]
    gains = gains_of(detection(truths, [(0, BOLT, 0.9, OBJECT)]))
    assert gains.without_misses == pytest.approx(1 - 51 / 101)


def test_without_anything_all_is_undefined():
    gains = gains_of(detection([], []))
    assert np.isnan([gains.ap, *gains.gained, gains.without_misses]).all()


def test_who_stops_asking_has_what_is_known_so_far():
    at_iou = detection([(0, BOLT, OBJECT)], [(0, BOLT, 0.9, OBJECT)]).at_iou(0.5)
    so_far = [each.gains for each in growing_error_types(at_iou)]
    known = [int((~np.isnan(gains.ap_fixed)).sum()) for gains in so_far]
    assert known == [*range(len(ERROR_TYPES) + 1), len(ERROR_TYPES)]
    assert [gains.ap for gains in so_far] == [1] * len(so_far)
    assert np.isnan(so_far[-2].without_misses)
    assert so_far[-1].without_misses == 0
