"""How far two sides agree: laws, and scenes worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare.exports.agreement import AnswerAgreement, box_agreement
from engine.core.dataset import Probabilities
from tests.engine.compare.exports.rounded import shuffled
from tests.making import confidences, detection, detections


def agreed(a, b, from_a=0.25, from_b=0.25):
    images = len(a.dataset.images)
    return box_agreement(images, a.predictions, b.predictions, from_a, from_b)


@given(detections(), confidences)
def test_a_side_agrees_with_itself_in_every_box(made, least):
    found = agreed(made, made, least, least)
    assert found.boxes_a == found.boxes_b == (made.predictions.confidence >= least).sum()
    if found.boxes_a:
        assert found.share == 1
        assert found.distance == 0
        assert found.largest_score_difference == 0
        assert found.largest_iou_loss <= 1e-9
    assert not found.crossed_difference.size
    assert not found.alone.size


@given(detections(), st.integers(0, 2**32 - 1), confidences, confidences)
def test_every_box_that_counts_agrees_or_has_crossed_or_is_alone(made, seed, from_a, from_b):
    rng = np.random.default_rng(seed)
    other = replace(made, predictions=shuffled(made.predictions, rng))
    found = agreed(made, other, from_a, from_b)
    apart = len(found.crossed_difference) + len(found.alone)
    assert found.boxes_a + found.boxes_b == 2 * found.agreed + apart
    assert len(found.score_difference) == len(found.iou_loss) == found.agreed
    assert (found.iou_loss <= 0.5).all()
    assert (found.agreed_in <= np.minimum(found.counts_a, found.counts_b)).all()


@given(detections(), st.integers(0, 2**32 - 1), confidences)
def test_swapping_the_sides_negates_the_differences(made, seed, least):
    rng = np.random.default_rng(seed)
    other = replace(made, predictions=shuffled(made.predictions, rng))
    one, swapped = agreed(made, other, least, least), agreed(other, made, least, least)
    assert (one.boxes_a, one.boxes_b, one.agreed) == (
        swapped.boxes_b,
        swapped.boxes_a,
        swapped.agreed,
    )
    assert np.allclose(np.sort(one.score_difference), np.sort(-swapped.score_difference))


@given(detections(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(made, seed):
    order = np.random.default_rng(seed).permutation(len(made.predictions))
    other = replace(made, predictions=made.predictions.where(order))
    found = agreed(made, other)
    assert found.boxes_a == found.boxes_b
    # Boxes of one class that lie on one another alike may change partners, never their number.
    assert found.agreed == found.boxes_a


def test_boxes_agree_by_class_and_iou_and_the_rest_is_told_apart():
    a = detection(
        [],
        [
            (0, 0, 0.9, (0, 0, 10, 10)),  # agrees, IoU 1
            (0, 1, 0.8, (20, 0, 10, 10)),  # B calls it another class
            (1, 0, 0.26, (0, 0, 10, 10)),  # of B it is there, at .24
            (1, 0, 0.7, (40, 40, 10, 10)),  # agrees, moved by 2 of 10: IoU 8 / 12
            (2, 3, 0.2, (50, 50, 10, 10)),  # does not count, of B it does
        ],
        images=3,
    )
    b = detection(
        [],
        [
            (0, 0, 0.85, (0, 0, 10, 10)),
            (0, 2, 0.8, (20, 0, 10, 10)),
            (1, 0, 0.24, (0, 0, 10, 10)),
            (1, 0, 0.7, (42, 40, 10, 10)),
            (2, 3, 0.5, (0, 0, 10, 10)),  # alone
            (2, 3, 0.3, (50, 50, 10, 10)),
        ],
        images=3,
    )
    found = agreed(a, b)
    assert (found.boxes_a, found.boxes_b, found.agreed) == (4, 5, 2)
    assert found.share == pytest.approx(4 / 9)
    assert found.share_allowing(0.021) == pytest.approx(5 / 9)
    assert found.share_allowing(0.11) == pytest.approx(6 / 9)
    assert np.allclose(found.crossed_difference, [-0.02, 0.1])
    assert sorted(found.alone.tolist()) == [0.5, 0.8, 0.8]
    assert found.largest_score_difference == pytest.approx(0.05)
    assert found.median_score_difference == pytest.approx(0.025)
    assert found.largest_iou_loss == pytest.approx(1 / 3)
    assert found.distance == pytest.approx((2 * 0.05 + 0.02 + 0.1 + 0.8 + 0.8 + 0.5) / 9)
    assert found.disagreeing.tolist() == [0, 2, 1]


def test_images_that_differ_most_come_first_and_equal_ones_not_at_all():
    box = (0, 0, 10, 10)
    a = detection([], [(0, 0, 0.9, box), (1, 0, 0.9, box), (2, 0, 0.9, box)], images=4)
    b = detection([], [(0, 0, 0.9, box), (1, 0, 0.8, box), (3, 0, 0.5, box)], images=4)
    assert agreed(a, b).disagreeing.tolist() == [2, 3, 1]


def test_a_confidence_may_be_one_for_each_class():
    rows = [(0, 0, 0.5, (0, 0, 10, 10)), (0, 1, 0.5, (20, 20, 10, 10))]
    made = detection([], rows)
    own = np.array([0.4, 0.6, 0.0, 0.0])
    assert agreed(made, made, own, own).boxes_a == 1


def test_nothing_on_either_side_is_no_share():
    none = detection([], [])
    found = agreed(none, none)
    assert np.isnan(found.share)
    assert np.isnan(found.distance)
    assert np.isnan(found.largest_score_difference)


def answers(rows, images=None):
    value = np.array(rows, float)
    return Probabilities(np.arange(len(value)) if images is None else np.array(images), value)


def test_answers_agree_by_the_top_class():
    a = answers([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]])
    b = answers([[0.8, 0.2], [0.4, 0.6], [0.5, 0.5]])
    found = AnswerAgreement.of(a, b)
    assert (found.agreed, found.share) == (2, pytest.approx(2 / 3))
    assert found.largest_difference == pytest.approx(0.2)
    assert found.median_difference == pytest.approx(0.1)
    assert found.distance == pytest.approx(0.1)
    assert found.disagreeing.tolist() == [1, 0]


def test_only_images_that_both_answered_are_compared():
    a = answers([[0.9, 0.1], [0.1, 0.9]], images=[4, 2])
    b = answers([[0.1, 0.9], [0.9, 0.1]], images=[2, 7])
    found = AnswerAgreement.of(a, b)
    assert found.images.tolist() == [2]
    assert found.largest_difference == 0


def test_no_answers_are_no_share():
    none = Probabilities(np.zeros(0, np.intp), np.zeros((0, 2)))
    assert np.isnan(AnswerAgreement.of(none, none).share)
