import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import fbeta_score

from engine.core.ranked import Curve
from engine.core.rates import f_beta, precision, ratio, recall
from engine.core.thresholds import Scorecard, optimal_f1

counts = st.integers(0, 10**6)


def labels(right: int, wrong: int, missed: int) -> tuple[list[int], list[int]]:
    """True and predicted labels that count so."""
    return [1] * right + [0] * wrong + [1] * missed, [1] * (right + wrong) + [0] * missed


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.5, 1, 2]))
def test_f_beta_is_that_of_scikit_learn(right, wrong, missed, beta):
    expected = fbeta_score(*labels(right, wrong, missed), beta=beta)
    assert float(f_beta(right, right + wrong, right + missed, beta)) == pytest.approx(expected)


@given(counts, counts, counts)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(right, wrong, missed):
    p, r = precision(right, right + wrong), recall(right, right + missed)
    f1 = float(f_beta(right, right + wrong, right + missed))
    if right:
        assert f1 == pytest.approx(2 * p * r / (p + r))
    else:
        assert f1 == 0 or not (wrong or missed)


@given(counts, counts, counts)
def test_every_f1_is_the_same_to_the_last_bit(right, wrong, missed):
    found, truths = right + wrong, right + missed
    card = Scorecard(right, wrong, missed)
    rights, founds = np.array([right]), np.array([found])
    of_curve = Curve.of(np.array([0.5]), rights, founds, truths)
    pairs = [(card.f1, of_curve.f1[0]), (card.f1, f_beta(rights, founds, np.array([truths]))[0])]
    pairs += [(card.precision, of_curve.precision[0]), (card.recall, of_curve.recall[0])]
    pairs += [(card.f1, f_beta(right, found, truths, 1.0))]
    if truths:
        pairs += [(card.f1, optimal_f1(np.array([0.5]), rights, founds, truths).value)]
    for one, other in pairs:
        assert np.array_equal(one, other, equal_nan=True)
    assert (card.predictions, card.ground_truths) == (found, truths)


def test_rates_by_hand():
    assert float(precision(3, 4)) == 0.75
    assert recall(np.array([3, 0]), 6).tolist() == [0.5, 0]
    assert float(f_beta(3, 4, 6)) == 6 / 10
    assert float(f_beta(3, 4, 6, beta=2)) == 15 / 28


def test_a_rate_of_nothing_is_undefined_and_not_zero():
    undefined = ratio(np.array([[0, 2], [0, 0]]), np.array([[2], [0]]))
    assert np.isnan(undefined[1]).all()
    assert undefined[0].tolist() == [0, 1]
    assert np.isnan([precision(0, 0), recall(0, 0), f_beta(0, 0, 0)]).all()
    assert float(f_beta(0, 0, 3)) == 0
