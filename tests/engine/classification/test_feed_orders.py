import numpy as np
import pytest
from hypothesis import given

from engine.classification.feed_orders import FEED_ORDERS, row_order
from engine.classification.label_errors import label_suspicion
from tests.making_classes import classification, classifications

#        right, sure  right, close  wrong, sure  wrong, unsure  right, unsure
LABEL = (0, 1, 0, 1, 0)
VALUE = ((0.9, 0.1), (0.4, 0.6), (0.2, 0.8), (0.55, 0.45), (0.52, 0.48))


def images(by, confidence=0.0, descending=True):
    made = classification(LABEL, VALUE)
    rows = made.answers.outcomes(confidence)
    return rows.image[row_order(rows, made, by, descending)].tolist()


def test_by_probability_both_ways():
    assert images("probability") == [0, 2, 1, 3, 4]
    assert images("probability", descending=False) == [4, 3, 1, 2, 0]


def test_by_margin_both_ways():
    assert images("margin") == [0, 2, 1, 3, 4]
    assert images("margin", descending=False) == [4, 3, 1, 2, 0]


def test_the_margin_is_over_the_second_class():
    made = classification([0, 0], [[0.6, 0.4, 0], [0.5, 0.2, 0.2]])
    rows = made.answers.outcomes(0)
    assert rows.image[row_order(rows, made, "margin")].tolist() == [1, 0]
    assert rows.image[row_order(rows, made, "margin", descending=False)].tolist() == [0, 1]
    assert rows.image[row_order(rows, made, "probability")].tolist() == [0, 1]


def test_the_most_confident_and_wrong_first_then_no_answer_then_right_ones():
    assert images("confident and wrong") == [2, 3, 4, 1, 0]
    assert images("confident and wrong", confidence=0.54) == [2, 3, 4, 1, 0]
    assert images("confident and wrong", confidence=0.58) == [2, 3, 4, 1, 0]
    assert images("confident and wrong", descending=False) == [0, 1, 4, 3, 2]


def test_the_label_that_the_model_contradicts_most_comes_first():
    assert images("suspected label") == [2, 3, 4, 1, 0]
    assert images("suspected label", descending=False) == [0, 1, 4, 3, 2]


def test_the_thresholds_of_confident_learning_by_hand():
    # Mean probability of their class: .54 of class 0, .525 of class 1.
    seen = label_suspicion(classification(LABEL, VALUE))
    assert seen.margin == pytest.approx([0.8, 0.2, -0.6, -0.1, 0.04])
    assert seen.self_confidence == pytest.approx([0.9, 0.6, 0.2, 0.45, 0.52])
    assert seen.suggested.tolist() == [0, 1, 1, 0, -1]
    assert seen.suspected.tolist() == [False, False, True, True, False]
    assert seen.order.tolist() == [2, 3, 4, 1, 0]


def test_a_label_that_is_the_most_probable_class_is_not_suspected():
    # Class 1 is believed from .3 on, class 0 from .775 on: class 1 is suggested for image 1.
    seen = label_suspicion(classification([0, 0, 1], [[0.95, 0.05], [0.6, 0.4], [0.7, 0.3]]))
    assert seen.suggested.tolist() == [0, 1, 1]
    assert not seen.suspected.any()


def test_a_class_that_no_label_names_is_never_believed():
    seen = label_suspicion(classification([0, 0], [[0.4, 0.6], [0.2, 0.8]]))
    assert seen.suggested.tolist() == [0, -1]
    assert not seen.suspected.any()


def test_the_margin_decides_before_the_probability_of_the_label():
    made = classification([0, 0], [[0.3, 0.2, 0.2], [0.45, 0.55, 0]])
    assert label_suspicion(made).order.tolist() == [1, 0]


def test_of_equal_margins_the_less_probable_label_comes_first():
    made = classification([0, 0], [[0.5, 0.25, 0.25], [0.375, 0.125, 0.125]])
    assert label_suspicion(made).margin.tolist() == [0.25, 0.25]
    assert label_suspicion(made).order.tolist() == [1, 0]


def test_a_single_class_contradicts_no_label():
    made = classification([0, 0], [[0.9], [0.4]])
    rows = made.answers.outcomes(0)
    assert not label_suspicion(made).suspected.any()
    assert rows.image[row_order(rows, made, "suspected label")].tolist() == [1, 0]
    assert rows.image[row_order(rows, made, "margin")].tolist() == [0, 1]


@given(classifications())
def test_every_order_shows_every_row_once(made):
    rows = made.answers.outcomes(0.5)
    for by in FEED_ORDERS:
        for descending in (True, False):
            order = row_order(rows, made, by, descending)
            assert sorted(order.tolist()) == list(range(len(rows)))


@given(classifications(least_classes=2))
def test_runners_up_and_rivals_are_those_of_a_sort(made):
    value = np.sort(made.probabilities.value, axis=1)
    assert np.array_equal(made.values.runner_up, value[:, -2])
    others = made.probabilities.value.astype(np.float64)
    others[np.arange(len(others)), made.truth] = -1
    assert np.array_equal(made.values.best_other, others.max(axis=1))
