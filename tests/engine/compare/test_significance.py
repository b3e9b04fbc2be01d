import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control, permutation_test

from engine.compare.image_counts import RATES
from engine.compare.significance import (
    PairedCounts,
    benjamini_hochberg,
    heads,
    holm,
    mcnemar,
)
from engine.core.rates import f_beta

p_values = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.05, 1.0, np.nan])), max_size=30
)


def counts(images: int, seed: int, better: float = 0.0) -> tuple[np.ndarray, np.ndarray, int]:
    """[I, 2] true positives and predictions of A and of B, and the ground truths."""
    rng = np.random.default_rng(seed)
    truths = rng.integers(1, 5, images)
    sides = []
    for more in (0.0, better):
        right = rng.binomial(truths, 0.6 + more)
        sides.append(np.stack([right, right + rng.binomial(truths, 0.3 - more)], axis=1))
    return sides[0], sides[1], int(truths.sum())


def p_of(a, b, truths, statistic=f_beta, **options) -> float:
    paired = PairedCounts.of(a, b, truths)
    return paired.p(statistic, paired.exchanged(**options))


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_p_is_that_of_all_exchanges_within_the_noise(name, seed):
    a, b, truths = counts(10, seed, better=0.15)
    both = np.concatenate([a, b])

    def difference(x, y):
        of_a, of_b = (both[rows.astype(int)].sum(axis=0) for rows in (x, y))
        rates = [RATES[name](*sums, truths) for sums in (of_a, of_b)]
        return rates[1] - rates[0]

    rows = np.arange(10.0)
    exact = permutation_test(
        (rows, rows + 10), difference, permutation_type="samples", n_resamples=np.inf
    ).pvalue
    p = p_of(a, b, truths, RATES[name])
    noise = np.sqrt(exact * (1 - exact) / 100_000)
    assert p == pytest.approx(exact, abs=4 * noise + 2e-5)


@given(st.integers(1, 30), st.integers(0, 2**32 - 1), st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_neither_the_names_of_the_sides_nor_the_order_of_images_matter(images, seed, better):
    a, b, truths = counts(images, seed, better / 20)
    order = np.random.default_rng(seed).permutation(images)
    for rate in RATES.values():
        p = p_of(a, b, truths, rate, exchanges=500)
        swapped = p_of(b, a, truths, rate, exchanges=500)
        mixed = p_of(a[order], b[order], truths, rate, exchanges=500)
        assert np.array_equal([swapped, mixed], [p, p], equal_nan=True)
        assert p_of(a, a, truths, rate, exchanges=500) in (1, pytest.approx(np.nan, nan_ok=True))


def test_images_where_both_count_alike_change_nothing():
    a, b, truths = counts(20, 1, better=0.1)
    alike = np.full((50, 2), 3)
    paired = PairedCounts.of(np.concatenate([a, alike]), np.concatenate([b, alike]), truths + 150)
    without = PairedCounts.of(a, b, truths)
    assert paired.images == without.images
    assert np.array_equal(paired.exchanged(100), without.exchanged(100))


def test_three_images_in_favour_of_b_are_a_quarter_by_hand():
    # Of eight exchanges the two in which all three are on one side differ as much.
    a, b = np.zeros((3, 2), int), np.ones((3, 2), int)
    assert p_of(a, b, 3) == pytest.approx(0.25, abs=0.005)


def test_an_undefined_rate_has_no_p_and_an_exchange_that_is_undefined_counts_against_b():
    # A predicts nothing: its precision is undefined.
    assert np.isnan(p_of(np.zeros((1, 2), int), np.ones((1, 2), int), 1, RATES["precision"]))
    # Half of the exchanges give one side all predictions, the others one each.
    a, b = np.array([[1, 1], [0, 0]]), np.array([[0, 0], [0, 1]])
    assert p_of(a, b, 1, RATES["precision"], exchanges=1000) == 1


def test_p_is_never_0():
    a, b = np.zeros((60, 2), int), np.ones((60, 2), int)
    assert p_of(a, b, 60, exchanges=999) == 0.001


@pytest.mark.parametrize("coins", [0, 1, 5, 63, 64, 65, 128, 200])
def test_heads_are_those_of_fair_coins(coins):
    shown = heads(coins, 40_000, np.random.default_rng(3))
    share = np.bincount(shown, minlength=coins + 1) / 40_000
    assert np.abs(share - binom.pmf(np.arange(coins + 1), coins, 0.5)).max() < 0.015
    assert abs(shown.mean() - coins / 2) <= 4 * np.sqrt(coins / 4 / 40_000)
    assert shown.var() == pytest.approx(coins / 4, rel=0.05)


def test_of_models_that_do_not_differ_one_in_twenty_is_called_different():
    below = [p_of(*counts(40, seed), exchanges=400) for seed in range(1500)]
    shares = [np.mean(np.array(below) <= level) for level in (0.05, 0.2, 0.5)]
    assert shares == pytest.approx([0.05, 0.2, 0.5], abs=0.035)
    assert shares[0] < 0.065


def test_of_twenty_classes_without_a_difference_none_is_certain_in_nineteen_of_twenty_comparisons():
    p = np.array(
        [[p_of(*counts(30, 20 * row + k), exchanges=2000) for k in range(20)] for row in range(60)]
    )
    certain = np.array([(benjamini_hochberg(row) <= 0.05).any() for row in p])
    assert certain.mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert (p <= 0.05).any(axis=1).mean() > 0.4  # what the correction is for


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_equals_statsmodels(only_a, only_b):
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    expected = tables.mcnemar([[7, only_a], [only_b, 9]], exact=True).pvalue
    assert mcnemar(only_a, only_b) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(only_a, only_b) == mcnemar(only_b, only_a)


def test_mcnemar_of_nothing_is_1_and_of_very_many_keeps_its_digits():
    assert mcnemar(0, 0) == 1
    expected = 2 * binom.cdf(20_000, 41_000, 0.5)
    assert mcnemar(20_000, 21_000) == pytest.approx(expected, rel=1e-8)


@given(p_values)
def test_adjusted_p_values_equal_statsmodels(p):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.array([each for each in p if not np.isnan(each)] or [0.5])
    for adjust, method in ((benjamini_hochberg, "fdr_bh"), (holm, "holm")):
        _, expected, _, _ = multitest.multipletests(p, 0.05, method)
        assert adjust(p) == pytest.approx(expected, abs=1e-12)


@given(p_values)
def test_undefined_p_values_are_left_out_of_the_family(p):
    p = np.array(p)
    defined = ~np.isnan(p)
    for adjust in (benjamini_hochberg, holm):
        assert np.isnan(adjust(p)[~defined]).all()
        assert np.array_equal(adjust(p)[defined], adjust(p[defined]))
    if defined.any():
        expected = false_discovery_control(p[defined])
        assert benjamini_hochberg(p)[defined] == pytest.approx(expected, abs=1e-12)


def test_holm_by_hand():
    assert holm(np.array([0.03, 0.01, 0.04])) == pytest.approx([0.06, 0.03, 0.06])
