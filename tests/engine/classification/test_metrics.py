"""The numbers by hand, and each place where tools disagree."""

import numpy as np
import pytest

from engine.classification.answer_counts import AnswerCounts, macro, weighted
from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.classification.image_values import ImageValues
from engine.classification.metrics import classification_metrics
from engine.classification.probability_bins import class_bins
from engine.classification.probability_metrics import probability_metrics
from tests.making_classes import classification


def headline(made, confidence=0.0):
    matrix = made.answers.matrix(confidence)
    return classification_metrics(matrix, confidence, probability_metrics(made)).headline


def counts(true_positives, images, predictions):
    return AnswerCounts(*(np.array(each) for each in (true_positives, images, predictions)))


def test_all_of_it_by_hand():
    made = classification([0, 0, 1, 1], [[0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.1, 0.9]])
    seen = headline(made)
    assert tuple(seen) == tuple(HEADLINE_METRICS)
    assert seen["accuracy"] == 3 / 4
    assert seen["balanced_accuracy"] == seen["recall_macro"] == (1 / 2 + 1) / 2
    assert seen["precision_macro"] == pytest.approx((1 + 2 / 3) / 2)
    assert seen["f1_macro"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert seen["log_loss"] == pytest.approx(-np.log([0.8, 0.4, 0.7, 0.9]).mean())
    assert seen["roc_auc_ovr"] == seen["roc_auc_ovo"] == 1
    assert seen["brier"] == pytest.approx((0.2**2 + 0.6**2 + 0.3**2 + 0.1**2) / 4)  # halved
    assert seen["mcc"] == pytest.approx((4 * 3 - 8) / np.sqrt((16 - 10) * (16 - 8)))
    assert seen["kappa"] == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    assert seen["ece"] == pytest.approx((0.2 + 0.6 + 0.3 + 0.1) / 4)
    assert seen["top5_accuracy"] == 1


def test_abstaining_changes_what_follows_from_answers_and_nothing_else():
    made = classification([0, 0, 1, 1], [[0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.1, 0.9]])
    every, sure = headline(made), headline(made, 0.65)
    assert sure["accuracy"] == 3 / 4  # an image without an answer is not right
    assert sure["precision_macro"] == 1
    assert sure["recall_macro"] == (1 / 2 + 1) / 2
    unchanged = ("top5_accuracy", "log_loss", "roc_auc_ovr", "roc_auc_ovo", "brier", "ece")
    assert [sure[name] for name in unchanged] == [every[name] for name in unchanged]


def test_a_class_without_images_is_left_out_of_the_areas_and_counted():
    made = classification([0, 1, 1], [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.5, 0.1, 0.4]])
    seen = classification_metrics(made.answers.matrix(0), 0, probability_metrics(made))
    assert np.isnan(seen.roc_auc).tolist() == [False, False, True]
    average = seen.averages["roc_auc_ovr"]
    assert (average.value, average.defined, average.classes) == (3 / 4, 2, 3)
    assert seen.headline["roc_auc_ovr"] == 3 / 4


def test_the_mean_of_pairs_knows_only_the_classes_that_have_images():
    # Bolt against nut: 1 of 1 pairs; against washer 0 of 2. Nobody has a gear.
    made = classification(
        [0, 1, 2, 2],
        [[0.5, 0.3, 0.1, 0], [0.4, 0.5, 0.1, 0], [0.6, 0.1, 0.9, 0], [0.7, 0.2, 0.8, 0]],
    )
    seen = probability_metrics(made).rank
    assert seen.pairwise == pytest.approx([1 / 2, 1, 1, np.nan], nan_ok=True)
    assert headline(made)["roc_auc_ovo"] == pytest.approx((1 / 2 + 1 + 1) / 3)
    assert seen.roc_auc[0] == pytest.approx(1 / 3)


def test_macro_f1_is_over_the_classes_that_are_true_or_predicted():
    seen = counts([2, 1, 0], [2, 2, 0], [2, 1, 1])
    assert macro(seen.f1).value == pytest.approx((1 + 2 / 3 + 0) / 3)  # .556, as the union
    assert macro(counts([2, 1, 0], [2, 2, 0], [2, 2, 0]).f1).defined == 2  # one never seen


def test_balanced_accuracy_is_over_the_classes_that_have_images():
    assert macro(counts([1, 0], [2, 0], [1, 1]).recall).value == 1 / 2


def test_a_class_with_images_that_is_never_predicted_has_no_precision_but_an_f1_of_0():
    seen = counts([2, 0], [2, 2], [4, 0])
    assert np.isnan(seen.precision[1])
    assert seen.f1[1] == 0
    assert weighted(seen.precision, seen.images).value == 1 / 2
    assert np.isnan(weighted(np.array([np.nan, 0.5]), np.array([3, 0])).value)


def test_one_single_class_has_no_kappa_and_a_correlation_of_0():
    seen = headline(classification([0, 0], [[1.0], [0.5]]))
    assert np.isnan(seen["kappa"])
    assert seen["mcc"] == 0
    assert np.isnan(seen["roc_auc_ovr"])
    assert np.isnan(seen["roc_auc_ovo"])
    assert seen["average_precision"] == 1


def test_a_million_images_do_not_overflow():
    many = counts([400_000, 400_000], [500_000, 500_000], [500_000, 500_000])
    assert many.mcc == pytest.approx(0.6)
    assert many.kappa == pytest.approx(0.6)


def test_rows_that_do_not_sum_to_1_are_taken_as_they_are():
    one = classification([0, 1], [[0.5, 0.3], [0.2, 0.3]])
    assert headline(one)["log_loss"] == pytest.approx(-np.log([0.5, 0.3]).mean())
    assert headline(one)["roc_auc_ovr"] == pytest.approx((1 + 0.5) / 2)


@pytest.mark.parametrize(
    ("dtype", "expected"), [(np.float64, 18.37), (np.float32, 8.32), (np.float16, 3.81)]
)
def test_a_0_at_the_label_costs_what_the_type_of_the_file_can_tell_from_0(dtype, expected):
    made = classification([0, 1], [[0.5, 0.5], [1.0, 0.0]], dtype=dtype)
    assert headline(made)["log_loss"] == pytest.approx(expected, abs=0.01)


def test_the_first_classes_win_ties_but_for_the_top_k_of_scikit_learn():
    value, truth = np.full((3, 3), 1 / 3), np.arange(3)
    made = classification(truth, value)
    assert made.top.class_.tolist() == [0, 0, 0]
    assert ImageValues(value, truth).in_top(1).tolist() == [False, False, True]
    assert ImageValues(value, truth).in_top(2).tolist() == [False, True, True]


def test_a_probability_on_an_edge_goes_to_the_lower_bin_compared_as_float64():
    edges = np.linspace(0, 1, 16)
    for k in range(1, 15):
        bins = class_bins(np.array([[edges[k]], [np.nextafter(edges[k], 1)]]), np.zeros(2, int))
        assert np.flatnonzero(bins.count[0]).tolist() == [k - 1, k]
    # The nearest float32 of 1/15 is above it.
    narrow = class_bins(np.array([[1 / 15]], np.float32), np.zeros(1, int))
    assert np.flatnonzero(narrow.count[0]).tolist() == [1]
    ends = class_bins(np.array([[0.0], [1.0]]), np.zeros(2, int))
    assert np.flatnonzero(ends.count[0]).tolist() == [0, 14]


def test_halves_and_doubles_of_the_same_numbers_agree():
    rng = np.random.default_rng(1)
    value = rng.dirichlet(np.ones(6), 50).astype(np.float16)
    label = rng.integers(0, 6, 50)
    half, double = (classification(label, value, dtype=d) for d in (np.float16, np.float64))
    one, two = headline(half), headline(double)
    for name in HEADLINE_METRICS:
        assert one[name] == pytest.approx(two[name], abs=1e-12), name
    assert np.array_equal(half.values.runner_up, double.values.runner_up)
    assert np.array_equal(half.values.best_other, double.values.best_other)


def test_one_bin_holds_everything():
    bins = class_bins(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([0, 1]), bins=1)
    assert bins.count.tolist() == [[2], [2]]
    assert bins.total[:, 0] == pytest.approx([0.8, 1.2])
    assert bins.right.tolist() == [[1], [1]]
