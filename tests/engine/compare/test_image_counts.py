"""Counts of a detector by image and class, and two sides that are known by such counts alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.classification.classification import Classification
from engine.classification.given_answers import GivenAnswers
from engine.compare.counted_pairs import (
    CountedClassifier,
    CountedClassifiers,
    CountedDetector,
    CountedDetectors,
)
from engine.compare.image_counts import ImageCounts
from engine.compare.numbers import compared_numbers, numbers_of_pair, numbers_without_intervals
from engine.core.dataset import Probabilities
from engine.core.thresholds import MATCHINGS, OperatingPoint
from tests.engine.compare.pairs import classifier_pairs, detector_pairs
from tests.making import confidences, detection, detections

points = st.builds(
    OperatingPoint, st.sampled_from([0.5, 0.75]), confidences, st.sampled_from(MATCHINGS)
)
BOLT, NUT = 0, 1


def everything(made):
    """Intervals, p-values and what is certain of all numbers that counts suffice for."""
    totals = [each for each in made.metrics if each.name in ("precision", "recall", "f1")]
    of_classes = [each for of in made.per_class for each in (of.recall, of.f1)]
    rows = [[n.a, n.b, n.low, n.high, n.p, n.certain] for n in (*totals, *of_classes)]
    rows += [[of.p, of.certain] for of in made.per_class]
    return np.concatenate([np.array(row, float) for row in rows])


@given(detections(), points)
@settings(max_examples=60)
def test_the_counts_of_all_images_are_those_of_the_matrix(made, point):
    at_iou = made.judged(point)
    counts, matrix = ImageCounts.of(at_iou, point.confidence), at_iou.matrix(point.confidence)
    right, predicted, truths = counts.of_class
    assert right.tolist() == matrix.true_positives.tolist()
    assert predicted.tolist() == matrix.predictions.tolist()
    assert truths.tolist() == matrix.ground_truths.tolist()
    assert (counts.true_positives <= np.minimum(counts.predictions, counts.ground_truths)).all()


@given(detections(), points, st.randoms(use_true_random=False))
def test_other_numbers_for_images_and_classes_only_change_the_order(made, point, random):
    counts = ImageCounts.of(made.judged(point), point.confidence)
    image, class_ = (
        np.array(random.sample(range(n), n), np.intp) for n in (counts.images, counts.classes)
    )
    other = counts.renumbered(image, class_)
    assert [each.take(np.argsort(class_)).tolist() for each in counts.of_class] == [
        each.tolist() for each in other.of_class
    ]
    back = other.renumbered(np.argsort(image), np.argsort(class_))
    for name in ("image", "class_", "true_positives", "predictions", "ground_truths"):
        assert getattr(back, name).tolist() == getattr(counts, name).tolist()


def test_counts_by_hand():
    box, far = (0, 0, 10, 10), (50, 50, 10, 10)
    truths = [(0, BOLT, box), (0, BOLT, far), (2, NUT, box)]
    found = [(0, BOLT, 0.9, box), (0, BOLT, 0.3, far), (1, NUT, 0.8, box)]
    counts = ImageCounts.of(detection(truths, found, images=3).at_iou(0.5), 0.5)
    rows = [counts.class_, counts.image, counts.true_positives, counts.predictions]
    assert [*zip(*(row.tolist() for row in rows), strict=True)] == [
        (BOLT, 0, 1, 1),
        (NUT, 1, 0, 1),
        (NUT, 2, 0, 0),
    ]
    assert counts.ground_truths.tolist() == [2, 0, 1]


@given(detector_pairs(), points, confidences)
@settings(max_examples=20)
def test_counts_alone_tell_of_two_detectors_what_their_predictions_tell(pair, at_a, confidence_b):
    at_b = OperatingPoint(at_a.iou, confidence_b, at_a.matching)
    *_, whole = compared_numbers(pair[0], at_a, pair[1], at_b, samples=40, exchanges=500)
    sides = [
        CountedDetector.of(
            {"AP": 0.5},
            np.zeros(len(made.classes)),
            ImageCounts.of(made.judged(at), at.confidence),
        )
        for made, at in zip(pair, (at_a, at_b), strict=True)
    ]
    *_, made = numbers_of_pair(CountedDetectors(*sides), samples=40, exchanges=500)
    assert np.array_equal(everything(made), everything(whole), equal_nan=True)
    average = made.metrics[0]
    assert (average.name, average.a, average.certain) == ("AP", 0.5, False)
    assert np.isnan([average.low, average.high, average.p]).all()


@given(classifier_pairs(), confidences, confidences)
@settings(max_examples=20)
def test_answers_alone_tell_of_two_classifiers_what_their_probabilities_tell(pair, at_a, at_b):
    both = np.intersect1d(*(made.probabilities.image for made in pair))
    if not len(both):
        return
    points = [OperatingPoint(0.5, confidence) for confidence in (at_a, at_b)]
    only = [_only(made, both) for made in pair]
    *_, whole = compared_numbers(only[0], points[0], only[1], points[1], samples=40)
    alone = numbers_without_intervals(only[0], points[0], only[1], points[1])
    sides = [
        CountedClassifier.of(
            {each.name: getattr(each, name) for each in alone.metrics},
            np.array([getattr(each.ap, name) for each in alone.per_class]),
            GivenAnswers.of(made, point.confidence),
        )
        for made, point, name in zip(only, points, "ab", strict=True)
    ]
    *_, made = numbers_of_pair(CountedClassifiers(*sides), samples=40)
    for one, other in zip(made.metrics, whole.metrics, strict=True):
        assert (one.a, one.b) == pytest.approx((other.a, other.b), abs=0, nan_ok=True)
        ends = one.low, one.high, one.p
        if one.name in ("log_loss", "brier", "ece", "top5_accuracy"):
            assert np.isnan(ends).all()
        else:
            assert ends == pytest.approx((other.low, other.high, other.p), abs=0, nan_ok=True)
            assert one.certain == other.certain
    assert np.array_equal(everything(made), everything(whole), equal_nan=True)
    assert made.p == whole.p


def _only(made, images):
    """On these images, by rising number, all of which it has a prediction for."""
    rows = made.row_of_image.take(images)
    found = Probabilities(images, made.probabilities.value[rows])
    return Classification(made.dataset, found)
