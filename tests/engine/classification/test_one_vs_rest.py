import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classification.kernel_density import densities, quantile, smoothed
from engine.classification.one_vs_rest import ranking, top_ranking
from engine.classification.probability_metrics import probability_metrics
from engine.classification.roc import roc
from engine.core.calibration import reliability
from engine.core.ranked import Ranking
from tests.making_classes import classification, classifications

numbers = st.integers(0, 6)


def ranked(confidence, hit) -> Ranking:
    return Ranking(np.array(hit, bool), np.array(confidence, float), int(sum(hit)))


def test_the_roc_curve_by_hand():
    seen = roc(ranked([0.9, 0.8, 0.8, 0.3, 0.1], [1, 1, 0, 0, 1]))
    assert seen.confidence.tolist() == [np.inf, 0.9, 0.8, 0.3, 0.1]
    assert seen.true_positive_rate == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3, 1])
    assert seen.false_positive_rate.tolist() == [0, 0, 0.5, 1, 1]
    assert seen.auc == pytest.approx((1 / 3 + 2 / 3) / 2 / 2 + 2 / 3 / 2)
    assert [seen.at(c) for c in (0.95, 0.9, 0.85, 0.8, 0)] == [0, 1, 1, 2, 4]


def test_a_side_without_images_leaves_its_rate_undefined():
    seen = roc(ranked([0.9, 0.8], [1, 1]))
    assert np.isnan(seen.auc)
    assert np.isnan(seen.false_positive_rate).all()
    assert len(roc(ranked([], []))) == 1


@given(classifications(), numbers)
def test_the_curve_and_the_table_have_the_same_area(made, number):
    class_ = number % len(made.classes)
    area = probability_metrics(made).rank.roc_auc[class_]
    assert roc(ranking(made, class_)).auc == pytest.approx(area, abs=1e-12, nan_ok=True)


@given(classifications(), numbers)
def test_corners_draw_the_same_line_with_fewer_points(made, number):
    every = roc(ranking(made, number % len(made.classes)))
    kept = every.corners
    assert kept.auc == pytest.approx(every.auc, nan_ok=True)
    assert set(kept.confidence) <= set(every.confidence)
    assert (kept.confidence[0], kept.confidence[-1]) == (every.confidence[0], every.confidence[-1])
    wrong, right = np.diff(kept.false_positives), np.diff(kept.true_positives)
    assert (wrong[1:] * right[:-1] != wrong[:-1] * right[1:]).all()


@given(classifications(), numbers)
def test_the_calibration_of_a_class_is_that_of_the_table(made, number):
    class_ = number % len(made.classes)
    of_all = probability_metrics(made).bins
    seen = reliability(ranking(made, class_), 15)
    assert np.array_equal(seen.count, of_all.count[class_])
    assert seen.ece == pytest.approx(of_all.ece[class_], abs=1e-12)


def test_top_calibration_is_of_answers():
    made = classification([0, 1], [[0.9, 0.1], [0.8, 0.2]])
    seen = reliability(top_ranking(made), 15)
    assert seen.count.sum() == 2
    assert seen.ece == pytest.approx((0.1 + 0.8) / 2)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_a_density_has_an_area_of_1_and_is_never_negative(values):
    density = smoothed(np.sort(np.array(values)))
    assert np.trapezoid(density, dx=1 / (len(density) - 1)) == pytest.approx(1)
    assert (density >= 0).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_turning_the_numbers_round_turns_the_density_round(values):
    rising = np.sort(np.array(values))
    turned = smoothed((1 - rising)[::-1])
    assert np.allclose(turned, smoothed(rising)[::-1], rtol=1e-6, atol=1e-6)


def test_the_density_is_the_kernel_summed_number_by_number():
    rng = np.random.default_rng(3)
    rising = np.sort(rng.beta(2, 5, 400))
    quartiles = np.quantile(rising, 0.75) - np.quantile(rising, 0.25)
    width = 0.9 * min(rising.std(), quartiles / 1.34) * 400**-0.2
    at = np.linspace(0, 1, 513)
    exact = np.zeros(513)
    for shifted in (rising, -rising, 2 - rising):  # reflected at both ends
        exact += np.exp(-(((at[:, None] - shifted) / width) ** 2) / 2).sum(axis=1)
    exact /= 400 * width * np.sqrt(2 * np.pi)
    assert smoothed(rising) == pytest.approx(exact, abs=0.002 * exact.max())


def test_the_two_densities_and_their_medians():
    seen = densities(ranked([0.9, 0.8, 0.7, 0.2, 0.1], [1, 1, 0, 0, 0]))
    assert (seen.own_median, seen.others_median) == (pytest.approx(0.85), 0.2)
    assert (seen.own_images, seen.other_images) == (2, 3)
    assert 0.75 < seen.at[seen.own.argmax()] < 0.95
    alone = densities(ranked([0.9], [1]))
    assert np.isnan(alone.others).all()
    assert np.isnan(alone.others_median)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0, 1))
def test_quantiles_are_numpys(values, share):
    rising = np.sort(np.array(values))
    assert quantile(rising, share) == pytest.approx(np.quantile(rising, share))
