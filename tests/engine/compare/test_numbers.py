from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap

from engine.classification.classification import Classification
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.compare import numbers
from engine.compare.differences import DrawnNumbers, resampled_p
from engine.compare.numbers import compared_numbers, numbers_without_intervals
from engine.core.dataset import Probabilities
from engine.core.errors import EngineError
from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.coco.average_precision import average_precision, rank_of_ids
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import IOUS
from engine.detection.coco.reweighting import Reweighting
from engine.detection.coco.summary import CocoSummary, defined_mean
from engine.detection.detection import Detection
from engine.detection.metrics import detector_metrics
from tests.engine.compare.pairs import AT_40, classifier_pairs, detector_pairs, simulated
from tests.making import confidences, detection
from tests.making_classes import classification

TOTALS = (*CocoSummary._fields, "precision", "recall", "f1")
points = st.builds(
    OperatingPoint, st.sampled_from([0.5, 0.75]), confidences, st.sampled_from(MATCHINGS)
)


def last(a, b, point_a=AT_40, point_b=AT_40, **options):
    *_, made = compared_numbers(a, point_a, b, point_b, **options)
    return made


def totals(made):
    return {each.name: each for each in made.metrics}


def everything(made):
    """All numbers of a comparison in one row: of each a, b, low, high, p and certain."""
    of_classes = [each for of in made.per_class for each in (of.ap, of.recall, of.f1)]
    rows = [[n.a, n.b, n.low, n.high, n.p, n.certain] for n in (*made.metrics, *of_classes)]
    rows += [[made.p, *(value for of in made.per_class for value in (of.p, of.certain))]]
    return np.concatenate([np.array(row, float) for row in rows])


@given(detector_pairs(), points, points)
@settings(max_examples=30, deadline=None)
def test_both_sides_have_the_numbers_of_their_single_reports_bit_for_bit(pair, at_a, at_b):
    at = at_a, at_b
    made = numbers_without_intervals(pair[0], at[0], pair[1], at[1])
    for side, point, name in zip(pair, at, "ab", strict=True):
        dataset = side.dataset
        coco = average_precision(
            dataset.ground_truths,
            side.predictions,
            len(dataset.classes),
            rank_of_ids(dataset.image_ids),
        )
        metrics = detector_metrics(side, side.judged(point), point.confidence, coco)
        shown = [*coco.summary, metrics.precision[-1], metrics.recall[-1], metrics.f1[-1]]
        found = [getattr(each, name) for each in made.metrics]
        assert np.array_equal(found, shown, equal_nan=True)
        for column, values in (
            ("ap", metrics.ap),
            ("recall", metrics.recall),
            ("f1", metrics.f1),
        ):
            of_classes = [getattr(getattr(each, column), name) for each in made.per_class]
            assert np.array_equal(of_classes, values[:-1], equal_nan=True)
    assert tuple(each.name for each in made.metrics) == TOTALS
    assert not made.whole
    assert np.isnan([each.low for each in made.metrics]).all()


@given(classifier_pairs(), confidences, confidences)
@settings(max_examples=30, deadline=None)
def test_two_classifiers_have_the_headlines_of_their_single_reports_bit_for_bit(pair, at_a, at_b):
    at = [OperatingPoint(0.5, confidence) for confidence in (at_a, at_b)]
    made = numbers_without_intervals(pair[0], at[0], pair[1], at[1])
    for side, point, name in zip(pair, at, "ab", strict=True):
        matrix = side.answers.matrix(point.confidence)
        metrics = classification_metrics(matrix, point.confidence, probability_metrics(side))
        found = {each.name: getattr(each, name) for each in made.metrics}
        assert list(found) == list(metrics.headline)
        assert np.array_equal([*found.values()], [*metrics.headline.values()], equal_nan=True)
        recall = [getattr(each.recall, name) for each in made.per_class]
        assert np.array_equal(recall, metrics.recall, equal_nan=True)


@given(st.one_of(detector_pairs(), classifier_pairs()))
@settings(max_examples=12, deadline=None)
def test_a_model_against_itself_has_no_difference_and_nothing_certain(pair):
    made = last(pair[0], pair[0], samples=20, exchanges=200)
    of_classes = [each for of in made.per_class for each in (of.ap, of.recall, of.f1)]
    for each in (*made.metrics, *of_classes):
        assert not each.certain
        assert each.delta == 0 or np.isnan(each.delta)
        assert each.low in (0, pytest.approx(np.nan, nan_ok=True))
        assert each.high == each.low or np.isnan(each.low)
    for p in (made.p, *(each.p for each in (*made.metrics, *made.per_class))):
        assert p == 1 or np.isnan(p)
    assert not any(each.certain for each in made.per_class)


@given(st.one_of(detector_pairs(), classifier_pairs()))
@settings(max_examples=12, deadline=None)
def test_swapping_the_sides_negates_every_difference_and_keeps_every_p(pair):
    made, swapped = (last(*sides, samples=20, exchanges=200) for sides in (pair, pair[::-1]))
    of_classes = [
        [each for of in each_made.per_class for each in (of.ap, of.recall, of.f1)]
        for each_made in (made, swapped)
    ]
    ours = (*made.metrics, *of_classes[0])
    for one, other in zip(ours, (*swapped.metrics, *of_classes[1]), strict=True):
        negated = [other.b, other.a, -other.high, -other.low, other.p]
        assert [one.a, one.b, one.low, one.high, one.p] == pytest.approx(negated, nan_ok=True)
        assert one.certain == other.certain
    p = [[each_made.p, *(of.p for of in each_made.per_class)] for each_made in (made, swapped)]
    assert np.array_equal(*p, equal_nan=True)


def renamed(made, order):
    """With class order[c] as class c."""
    place, dataset = np.argsort(order), made.dataset
    names = tuple(dataset.classes[class_] for class_ in order)
    if isinstance(made, Classification):
        dataset = replace(dataset, classes=names, label=place[dataset.label])
        found = made.probabilities
        return Classification(dataset, Probabilities(found.image, found.value[:, order]))
    truths, found = dataset.ground_truths, made.predictions
    truths = replace(truths, class_=place[truths.class_])
    dataset = replace(dataset, classes=names, ground_truths=truths)
    return Detection(dataset, replace(found, class_=place[found.class_]))


@given(detector_pairs(), st.data())
@settings(max_examples=12, deadline=None)
def test_other_numbers_for_the_classes_only_change_their_order(pair, data):
    order = data.draw(st.permutations(range(len(pair[0].classes))))
    made = last(*pair, samples=20, exchanges=200)
    other = last(*(renamed(side, order) for side in pair), samples=20, exchanges=200)
    for one, another in zip(made.metrics, other.metrics, strict=True):
        ours = [one.a, one.b, one.low, one.high, one.p]
        theirs = [another.a, another.b, another.low, another.high, another.p]
        assert ours == pytest.approx(theirs, abs=1e-6, nan_ok=True)
    for class_, each in enumerate(other.per_class):
        same = made.per_class[order[class_]]
        assert [each.p, each.certain] == pytest.approx([same.p, same.certain], nan_ok=True)
        for one, another in ((same.ap, each.ap), (same.recall, each.recall), (same.f1, each.f1)):
            ours = [one.a, one.b, one.low, one.high, one.certain]
            theirs = [another.a, another.b, another.low, another.high, another.certain]
            assert ours == pytest.approx(theirs, abs=1e-6, nan_ok=True)


def ap_of(side, weight):
    hits = CocoHits.of(*(side.at_iou(iou) for iou in IOUS.tolist()))
    return defined_mean(hits.precisions(weight))


def test_intervals_are_scipys_paired_percentile_bootstrap_within_its_noise():
    a, b = simulated(60, 5, better=0.4, classes=2)
    images = np.arange(60)
    hits = [CocoHits.of(*(side.at_iou(iou) for iou in IOUS.tolist())) for side in (a, b)]
    cards = []
    for side in (a, b):
        outcomes = side.judged(AT_40).outcomes(0.4)
        rows = outcomes.where(outcomes.prediction != -1)
        right = np.bincount(rows.image[rows.correct], minlength=60)
        cards.append((right, np.bincount(rows.image, minlength=60)))
    truths = np.bincount(a.dataset.ground_truths.image, minlength=60)

    def ap(drawn, _):
        weight = np.bincount(drawn, minlength=60)
        one, other = (defined_mean(each.precisions(weight)) for each in hits)
        return other - one

    def f1(drawn, _):
        one, other = (
            2 * right[drawn].sum() / (counted[drawn].sum() + truths[drawn].sum())
            for right, counted in cards
        )
        return other - one

    made = totals(last(a, b))
    for name, statistic in (("AP", ap), ("f1", f1)):
        expected = bootstrap(
            (images, images),
            statistic,
            paired=True,
            vectorized=False,
            method="percentile",
            n_resamples=500,
            rng=np.random.default_rng(7),
        ).confidence_interval
        noise = 0.15 * (expected.high - expected.low)  # four standard errors of two percentiles
        assert made[name].low == pytest.approx(expected.low, abs=noise)
        assert made[name].high == pytest.approx(expected.high, abs=noise)


def test_pairing_narrows_the_interval_of_models_that_find_the_same_images_hard():
    a, b = simulated(150, 3)
    paired = totals(last(a, b, samples=300))["recall"]
    # Against one that found each object of the next image: as good, but on its own images.
    found = a.predictions
    moved = replace(found, image=(found.image + 1) % 150)
    other = totals(last(a, Detection(a.dataset, moved), samples=300))["recall"]
    assert paired.high - paired.low < other.high - other.low


def better_pair():
    """B finds one of two objects more in each of 40 images of bolts, and as many nuts as A."""
    box, far = (0.0, 0.0, 10.0, 10.0), (30.0, 0.0, 10.0, 10.0)
    truths = [(i, 0, place) for i in range(40) for place in (box, far)]
    truths += [(i, 1, (60.0, 0.0, 10.0, 10.0)) for i in range(40)]
    bolts = [(i, 0, 0.9, box) for i in range(40)]
    nuts = [(i, 1, 0.8, (60.0, 0.0, 10.0, 10.0)) for i in range(0, 40, 2)]
    a = detection(truths, bolts + nuts, images=40, classes=("bolt", "nut", "gear"))
    more = [(i, 0, 0.85, far) for i in range(40)]
    b = detection(truths, bolts + more + nuts, images=40, classes=a.classes)
    return a, Detection(a.dataset, b.predictions)


def test_what_is_better_in_every_image_is_certain_and_what_is_the_same_is_not():
    made = last(*better_pair(), samples=100)
    bolt, nut, gear = made.per_class
    assert (bolt.recall.a, bolt.recall.b, bolt.recall.delta) == (0.5, 1, 0.5)
    assert (bolt.recall.low, bolt.recall.high) == (0.5, 0.5)
    assert bolt.p == pytest.approx(1 / 100_001)
    assert bolt.certain
    assert bolt.f1.certain
    assert bolt.recall.certain
    assert bolt.ap.certain
    assert nut.p == 1
    assert not nut.certain
    assert not nut.f1.certain
    assert np.isnan(gear.p)
    assert not gear.certain
    shown = totals(made)
    assert shown["recall"].certain
    assert shown["AP"].certain
    assert shown["AP"].p == 2 / 101
    assert shown["recall"].p == pytest.approx(1 / 100_001)
    assert not shown["precision"].certain
    assert np.isnan(made.p)


def test_a_small_difference_in_one_of_many_classes_does_not_survive_the_correction():
    # Five images in favour of B alone: p is 2 / 32, and the interval would be off 0.
    box = (0.0, 0.0, 10.0, 10.0)
    truths = [(i, 0, box) for i in range(20)]
    found = [(i, 0, 0.9, box) for i in range(10)]
    a = detection(truths, found, images=20)
    b = detection(truths, found + [(i, 0, 0.9, box) for i in range(10, 15)], images=20)
    bolt = last(a, Detection(a.dataset, b.predictions), samples=200).per_class[0]
    assert bolt.p == pytest.approx(2 / 32, abs=0.004)
    assert bolt.f1.low > 0
    assert not bolt.certain
    assert not bolt.f1.certain
    assert not bolt.recall.certain


def test_intervals_come_early_and_the_last_are_whole(monkeypatch):
    monkeypatch.setattr("engine.compare.detection_numbers.MOST", 30)
    monkeypatch.setattr("engine.compare.detection_numbers.FEWEST", 30)
    pair = simulated(12, 1, classes=2)
    turns = [*compared_numbers(pair[0], AT_40, pair[1], AT_40, samples=100)]
    assert [each.samples for each in turns] == [30, 60, 90, 100]
    assert [each.whole for each in turns] == [False, False, False, True]
    assert np.array_equal(everything(turns[-1]), everything(last(*pair, samples=100)), True)


@pytest.mark.parametrize("allowed", [0, 1, 4, 9, 14, 40])
def test_a_cancelled_comparison_stops_and_what_it_said_is_not_whole(allowed):
    pair, asked = simulated(12, 1, classes=2), []

    def cancelled():
        asked.append(1)
        return len(asked) > allowed

    turns = [*compared_numbers(pair[0], AT_40, pair[1], AT_40, samples=1000, cancelled=cancelled)]
    assert len(asked) == allowed + 1
    assert not any(each.whole for each in turns)


def test_another_operating_point_does_not_rank_the_drawings_again(monkeypatch):
    a, b = simulated(12, 1)
    before = totals(last(a, b, samples=40))

    def never(*_):
        raise AssertionError

    monkeypatch.setattr(Reweighting, "drawn", never)
    after = totals(last(a, b, point_b=OperatingPoint(0.5, 0.8), samples=40))
    swapped = totals(last(b, a, samples=40))
    assert after["AP"] == before["AP"]
    assert after["recall"].b < before["recall"].b
    assert swapped["AP"].low == pytest.approx(-before["AP"].high)
    with pytest.raises(AssertionError):
        last(a, b, samples=40, seed=1)


def test_a_seed_repeats_and_another_differs():
    pair = simulated(20, 1)
    one, again, other = (last(*pair, samples=40, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(everything(one), everything(again), equal_nan=True)
    assert totals(one)["AP"].low != totals(other)["AP"].low


def test_what_is_matched_already_is_not_matched_again(monkeypatch):
    a, b = simulated(12, 1)
    at = [side.at_iou(0.5) for side in (a, b)]
    expected = [last(a, b, samples=20), numbers_without_intervals(a, AT_40, b, AT_40)]
    monkeypatch.setattr(Detection, "at_iou", None)
    made = [last(*at, samples=20), numbers_without_intervals(at[0], AT_40, at[1], AT_40)]
    for one, other in zip(made, expected, strict=True):
        assert np.array_equal(everything(one), everything(other), equal_nan=True)


def test_without_images_there_is_nothing_to_draw():
    nothing = detection([], [], images=0)
    assert not [*compared_numbers(nothing, AT_40, nothing, AT_40)]
    assert np.isnan(numbers_without_intervals(nothing, AT_40, nothing, AT_40).metrics[0].a)


def test_a_detector_and_a_classifier_cannot_be_compared():
    with pytest.raises(EngineError, match="no number in common"):
        numbers_without_intervals(
            detection([], []), AT_40, classification([0], [[0.5, 0.5]]), AT_40
        )


def test_resamples_on_both_sides_of_0_have_a_high_p():
    assert resampled_p(np.array([-1.0, 1.0, np.nan])) == 1
    assert resampled_p(np.arange(-1.0, 98.0)) == 2 * (2 + 1) / 100
    assert resampled_p(np.zeros(5)) == 1
    assert np.isnan(resampled_p(np.array([np.nan])))


def test_what_only_rounding_makes_differ_does_not_differ():
    one, other = (
        DrawnNumbers({"AP": values}, {"AP": values[:, None]})
        for values in (np.array([0.5, 0.5, 0.5, np.nan]), np.array([0.5 - 3e-7, 0.5, 0.4, 0.1]))
    )
    difference = one.less(other)
    expected = [0, 0, pytest.approx(0.1), pytest.approx(np.nan, nan_ok=True)]
    assert difference.totals["AP"].tolist() == expected
    assert difference.of_class["AP"][:, 0].tolist() == expected


def certainly(right: list[bool], labels: list[int]) -> Classification:
    """The label with probability .9 where it is right, else the next class."""
    value = np.full((len(labels), 3), 0.05)
    answers = [(label + (not is_right)) % 3 for label, is_right in zip(labels, right, strict=True)]
    value[np.arange(len(labels)), answers] = 0.9
    return classification(labels, value)


def test_two_classifiers_are_told_apart_by_mcnemars_test():
    labels = [0] * 30 + [1] * 30
    right_a = [True] * 15 + [False] * 15 + [True] * 30
    right_b = [True] * 27 + [False] * 3 + [True] * 28 + [False] * 2
    a, b = (certainly(right, labels) for right in (right_a, right_b))
    b = Classification(a.dataset, b.probabilities)
    at = OperatingPoint(0.5, 0.0)
    made = last(a, b, at, at, samples=200)
    assert made.p == pytest.approx(binomtest(2, 14).pvalue)
    zero, one, two = made.per_class
    assert zero.p == pytest.approx(binomtest(0, 12).pvalue)
    assert one.p == pytest.approx(binomtest(0, 2).pvalue)
    assert np.isnan(two.p)
    assert zero.certain
    assert zero.recall.certain
    assert not one.certain
    answers = last(a.answers, b.answers, at, at, samples=200)
    assert np.array_equal(everything(answers), everything(made), equal_nan=True)
    accuracy = totals(made)["accuracy"]
    assert accuracy.delta == pytest.approx(10 / 60)
    assert accuracy.certain
    assert accuracy.p == made.p
    assert np.isnan(totals(made)["roc_auc_ovr"].low)
    assert not totals(made)["roc_auc_ovr"].certain


def test_an_answer_below_the_threshold_is_not_right():
    a = certainly([True] * 8, [0] * 8)
    point, above = OperatingPoint(0.5, 0.5), OperatingPoint(0.5, 0.95)
    made = last(a, a, point, above, samples=20)
    assert totals(made)["accuracy"].delta == -1
    assert made.p == pytest.approx(binomtest(0, 8).pvalue)


def test_images_that_only_one_classifier_answered_are_left_out_of_the_test():
    a = certainly([True, True, False], [0, 1, 2])
    found = a.probabilities
    only = Probabilities(found.image[:1], 1 - found.value[:1])
    at = OperatingPoint(0.5, 0.0)
    made = last(a, Classification(a.dataset, only), at, at, samples=50)
    assert made.p == 1  # one image: B has it wrong, A right
    assert np.isnan(made.per_class[1].p)
    assert made.whole
    assert made.samples == numbers.SAMPLES / 20
