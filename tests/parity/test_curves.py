import numpy as np
import pytest
from hypothesis import given, settings

from engine.core.arrays import NOTHING
from engine.core.dataset import DetectionDataset, Images
from engine.detection.coco.average_precision import average_precision, rank_of_ids
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import IOUS
from engine.detection.curves import curve, mean_curve, ranking
from engine.detection.detection import Detection
from tests.benchmarks.coco_shaped import SIZES, Made, make
from tests.making import detections, ious
from tests.parity.coco_scenes import scenes


def detection_of(made: Made) -> Detection:
    images, classes = len(made.image_ids), len(made.category_ids)
    names = tuple(map(str, made.image_ids.tolist()))
    return Detection(
        DetectionDataset(
            source=None,
            classes=tuple(map(str, range(classes))),
            images=Images(names, (None,) * images, np.zeros((images, 2), np.intp)),
            ground_truths=made.ground_truths,
            image_ids=tuple(made.image_ids.tolist()),
            category_ids=tuple(made.category_ids.tolist()),
        ),
        made.predictions,
    )


def assert_the_curves_are_those_of_coco(made: Made) -> None:
    ranks = rank_of_ids(made.image_ids.tolist())
    coco = average_precision(made.ground_truths, made.predictions, len(made.category_ids), ranks)
    evaluations = [detection_of(made).at_iou(iou) for iou in IOUS.tolist()]
    precisions = CocoHits.of(*evaluations).precisions()
    assert np.array_equal(precisions.transpose(0, 2, 1), coco.precision[0], equal_nan=True)
    for number in (0, 5):
        of_classes = coco.precision[0, number]
        defined = of_classes[:, ~np.isnan(of_classes[0])]
        mean = mean_curve(evaluations[number])
        if defined.shape[1]:
            np.testing.assert_allclose(mean.precision, defined.mean(axis=1), rtol=0, atol=1e-12)
        else:
            assert np.isnan(mean.precision).all()


@given(scenes())
@settings(max_examples=100, deadline=None)
def test_precision_over_recall_is_pycocotools_to_the_last_bit(made):
    assert_the_curves_are_those_of_coco(made)


def test_so_it_is_on_data_shaped_like_coco():
    assert_the_curves_are_those_of_coco(make(SIZES["XS"]))


@given(detections(), ious)
@settings(max_examples=100, deadline=None)
def test_a_curve_is_that_of_scikit_learn_on_the_flattened_outcomes(made, iou):
    metrics = pytest.importorskip("sklearn.metrics")
    at_iou = made.at_iou(iou)
    table = at_iou.outcomes(-np.inf)
    found = table.prediction != NOTHING
    for class_ in [None, *range(len(made.classes))]:
        points = curve(ranking(at_iou, class_))
        rows = found if class_ is None else found & (table.predicted == class_)
        right, confidence = table.correct[rows], table.confidence[rows]
        if not right.any():
            assert not points.true_positives.any()
            continue
        precision, recall, thresholds = metrics.precision_recall_curve(right, confidence)
        assert np.array_equal(points.confidence, thresholds[::-1])
        np.testing.assert_allclose(points.precision, precision[:-1][::-1], rtol=1e-12)
        # scikit-learn knows no object that was never found: its recall is of those found.
        reached = recall[:-1][::-1] * right.sum() / points.ground_truths
        np.testing.assert_allclose(points.recall, reached, rtol=1e-12)
