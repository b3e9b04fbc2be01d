import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from engine.classification.metrics import classification_metrics
from engine.classification.one_vs_rest import ranking
from engine.classification.probability_metrics import probability_metrics
from engine.classification.roc import roc
from engine.core.arrays import NOTHING
from engine.core.ranked import curve
from tests.making_classes import classification, classifications

FEW = 50  # examples: scikit-learn takes its time for each
EXACT = {"rel": 0, "abs": 1e-12, "nan_ok": True}
thresholds = st.sampled_from([0.0, 0.3, 0.6, 0.95])
doubles = classifications(dtypes=[np.float64])


@pytest.fixture(autouse=True)
def _as_they_warn():
    """scikit-learn warns of all that is undefined: here the value counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def measured(made, confidence=0.0):
    matrix = made.answers.matrix(confidence)
    return classification_metrics(matrix, confidence, probability_metrics(made))


def mean_of_defined(values):
    values = np.array(values)
    return values[~np.isnan(values)].mean() if not np.isnan(values).all() else np.nan


@settings(max_examples=FEW)
@given(classifications(), thresholds)
def test_the_matrix_and_all_that_follows_from_it(made, confidence):
    seen = measured(made, confidence)
    top = made.top
    answer = np.where(top.confidence >= confidence, top.class_, NOTHING)
    c = len(made.classes)
    expected = sk.confusion_matrix(made.truth, answer % (c + 1), labels=np.arange(c + 1))
    assert np.array_equal(made.answers.matrix(confidence).counts, expected)
    assert seen.headline["accuracy"] == pytest.approx(sk.accuracy_score(made.truth, answer))
    assert seen.headline["mcc"] == pytest.approx(sk.matthews_corrcoef(made.truth, answer), **EXACT)
    kappa = sk.cohen_kappa_score(made.truth, answer)
    assert seen.headline["kappa"] == pytest.approx(kappa, **EXACT)
    recall = sk.balanced_accuracy_score(made.truth, answer)
    assert seen.headline["balanced_accuracy"] == pytest.approx(recall, **EXACT)
    for average in ("macro", "weighted", None):
        found = sk.precision_recall_fscore_support(
            made.truth, answer, labels=np.arange(c), average=average, zero_division=np.nan
        )
        for name, value in zip(("precision", "recall", "f1"), found[:3], strict=True):
            ours = getattr(seen, name) if average is None else seen.headline[f"{name}_{average}"]
            if average == "weighted" and name == "precision" and np.isnan(ours):
                continue  # no class with images is predicted: scikit-learn may say 0
            assert ours == pytest.approx(value, **EXACT), (name, average)


@settings(max_examples=FEW)
@given(doubles)
def test_the_numbers_from_probabilities(made):
    seen, value, every = measured(made), made.probabilities.value, np.arange(len(made.classes))
    if len(made.classes) > 2:
        top5 = sk.top_k_accuracy_score(made.truth, value, k=5, labels=every)
        assert seen.headline["top5_accuracy"] == pytest.approx(top5, **EXACT)
    if len(made.classes) > 1:
        loss = sk.log_loss(made.truth, value, labels=every)
        assert seen.headline["log_loss"] == pytest.approx(loss, abs=1e-7, rel=0)
        brier = sk.brier_score_loss(made.truth, value, labels=every)
        assert seen.headline["brier"] == pytest.approx(brier, **EXACT)


@settings(max_examples=FEW)
@given(classifications(dtypes=[np.float32, np.float16], least_classes=3))
def test_narrow_probabilities_are_kept_as_they_are(made):
    seen, value, every = measured(made), made.probabilities.value, np.arange(len(made.classes))
    near = 2e-6 if value.dtype == np.float32 else 5e-3
    loss = sk.log_loss(made.truth, value, labels=every)
    assert seen.headline["log_loss"] == pytest.approx(
        loss, rel=near, abs=near
    )  # theirs rounds throughout
    wide = value.astype(np.float64)
    brier = sk.brier_score_loss(made.truth, wide, labels=every)
    assert seen.headline["brier"] == pytest.approx(brier, **EXACT)
    for class_ in np.flatnonzero(made.images_of_class < len(made.truth)):
        auc = sk.roc_auc_score(made.truth == class_, wide[:, class_])
        assert seen.roc_auc[class_] == pytest.approx(auc, **EXACT)


@settings(max_examples=FEW)
@given(classifications())
def test_each_class_against_the_rest(made):
    seen, value = measured(made), made.probabilities.value.astype(np.float64)
    for class_ in range(len(made.classes)):
        hit = made.truth == class_
        brier = np.mean((value[:, class_] - hit) ** 2)
        assert seen.brier[class_] == pytest.approx(brier, **EXACT)
        if not hit.any():
            assert np.isnan(seen.roc_auc[class_])
            assert np.isnan(seen.average_precision[class_])
            continue
        ap = sk.average_precision_score(hit, value[:, class_])
        assert seen.average_precision[class_] == pytest.approx(ap, **EXACT)
        auc = np.nan if hit.all() else sk.roc_auc_score(hit, value[:, class_])
        assert seen.roc_auc[class_] == pytest.approx(auc, **EXACT)
    for name, of_classes in (
        ("roc_auc_ovr", seen.roc_auc),
        ("average_precision", seen.average_precision),
    ):
        assert seen.headline[name] == pytest.approx(mean_of_defined(of_classes), **EXACT)


@settings(max_examples=FEW)
@given(classifications(least_classes=3, normalised=True, whole=True, dtypes=[np.float64]))
@pytest.mark.slow
def test_the_two_areas_over_all_classes(made):
    seen, value = measured(made), made.probabilities.value
    for multi, name in (("ovr", "roc_auc_ovr"), ("ovo", "roc_auc_ovo")):
        auc = sk.roc_auc_score(made.truth, value, multi_class=multi, average="macro")
        assert seen.headline[name] == pytest.approx(auc, **EXACT), name


@settings(max_examples=FEW)
@given(classifications(), st.integers(0, 6))
def test_the_curves_of_a_class(made, number):
    class_ = number % len(made.classes)
    ranked, value = ranking(made, class_), made.probabilities.value.astype(np.float64)[:, class_]
    hit = made.truth == class_
    seen = roc(ranked)
    wrong, right, limits = sk.roc_curve(hit, value, drop_intermediate=False)
    assert seen.confidence == pytest.approx(limits)
    assert seen.false_positive_rate == pytest.approx(wrong, nan_ok=True)
    assert seen.true_positive_rate == pytest.approx(right, nan_ok=True)
    if hit.any():
        precision, recall, limits = sk.precision_recall_curve(hit, value)
        points = curve(ranked)
        assert points.confidence[::-1] == pytest.approx(limits)
        assert points.precision[::-1] == pytest.approx(precision[:-1])
        assert points.recall[::-1] == pytest.approx(recall[:-1])


@settings(max_examples=FEW)
@given(classifications(), st.integers(0, 6))
def test_the_calibration_of_a_class_where_probabilities_stand_on_the_edges(made, number):
    class_, bins = number % len(made.classes), probability_metrics(made).bins
    value = made.probabilities.value.astype(np.float64)[:, class_]
    hit = made.truth == class_
    share, mean = calibration_curve(hit, value, n_bins=15)
    filled = np.flatnonzero(bins.count[class_])
    count = bins.count[class_, filled]
    assert bins.right[class_, filled] / count == pytest.approx(share)
    assert bins.total[class_, filled] / count == pytest.approx(mean, abs=1e-12)
    error = np.sum(count * np.abs(share - mean)) / len(hit)
    assert bins.ece[class_] == pytest.approx(error, **EXACT)


@pytest.mark.slow
def test_a_larger_set_of_many_classes_goes_through_every_block():
    rng = np.random.default_rng(5)
    label = rng.permutation(np.arange(3000) % 299)
    label[:2] = 299, 298
    value = rng.random((3000, 300)).astype(np.float32) ** 40
    value[np.arange(3000), label] += rng.random(3000).astype(np.float32) ** 2
    value /= value.sum(axis=1, keepdims=True)
    made = classification(label, value, classes=tuple(map(str, range(300))), dtype=np.float32)
    seen, wide = measured(made), value.astype(np.float64)
    wide /= wide.sum(axis=1, keepdims=True)
    hot = label[:, None] == np.arange(300)
    auc = sk.roc_auc_score(label, wide, multi_class="ovr")
    assert seen.headline["roc_auc_ovr"] == pytest.approx(auc, abs=1e-6)  # wide is rescaled
    assert seen.roc_auc == pytest.approx(sk.roc_auc_score(hot, value, average=None), abs=1e-12)
    ap = sk.average_precision_score(hot, value, average=None)
    assert seen.average_precision == pytest.approx(ap, abs=1e-12)
    assert seen.headline["top5_accuracy"] == sk.top_k_accuracy_score(label, value, k=5)
    assert seen.brier == pytest.approx(np.mean((value.astype(float) - hot) ** 2, axis=0), abs=1e-14)
    error = calibration_error(hot[:, 7], value[:, 7].astype(float))
    assert seen.ece[7] == pytest.approx(error, abs=1e-12)


def calibration_error(hit, value):
    bin_ = np.searchsorted(np.linspace(0, 1, 16)[1:-1], value)
    return np.abs(np.bincount(bin_, hit) - np.bincount(bin_, value)).sum() / len(hit)
