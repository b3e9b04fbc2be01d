"""Objects marked difficult: no row and no error, but only for what reaches the IoU with them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.core.dataset import DetectionDataset
from engine.detection.coco.average_precision import average_precision
from engine.detection.detection import Detection
from tests.making import detection, detections

OBJECT, INSIDE, ELSEWHERE = (0, 0, 40, 40), (0, 0, 10, 10), (80, 80, 10, 10)
EASY = (0, 0, (80, 0, 20, 20))


def with_difficult(found: Detection, difficult: np.ndarray) -> Detection:
    dataset: DetectionDataset = found.dataset
    truths = replace(
        dataset.ground_truths,
        crowd=dataset.ground_truths.crowd | difficult,
        difficult=difficult if difficult.any() else None,
    )
    return Detection(replace(dataset, ground_truths=truths), found.predictions)


def scene(*found, difficult=True):
    """An object that is difficult or a crowd, an easy one that is found, and more predictions."""
    rows = [(0, 0, 0.5, EASY[2]), *found]
    drawn = detection([(0, 0, OBJECT), EASY], rows, crowds=(0,))
    return with_difficult(drawn, np.array([difficult, False]))


def ap(of: Detection) -> float:
    truths, classes = of.dataset.ground_truths, len(of.dataset.classes)
    return average_precision(truths, of.predictions, classes).summary.AP50


@pytest.mark.parametrize(
    ("box", "ignored"), [(OBJECT, True), ((0, 0, 40, 20), True), (INSIDE, False)]
)
def test_a_prediction_is_excused_by_a_difficult_object_that_it_matches(box, ignored):
    of = scene((0, 0, 0.9, box))
    matrix = of.at_iou(0.5).matrix(0.1)
    assert matrix.ignored == int(ignored)
    assert matrix.counts[0, 0] == 1
    assert matrix.counts[:, 0].sum() == (1 if ignored else 2)
    assert ap(of) == pytest.approx(1 if ignored else 0.5)


def test_a_crowd_excuses_what_only_lies_in_it():
    assert ap(scene((0, 0, 0.9, INSIDE), difficult=False)) == pytest.approx(1)


def test_two_predictions_of_one_difficult_object_are_both_excused_as_in_voc():
    of = scene((0, 0, 0.9, OBJECT), (0, 0, 0.8, OBJECT))
    assert of.at_iou(0.5).matrix(0.1).ignored == 2
    assert ap(of) == pytest.approx(1)


def test_a_difficult_object_excuses_no_other_class_and_need_not_be_found():
    of = scene((0, 1, 0.9, OBJECT))
    matrix = of.at_iou(0.5).matrix(0.1)
    assert matrix.ignored == 0
    assert matrix.counts.sum() == 2  # the easy object, and the false positive
    assert of.truths_of_class.tolist() == [1, 0, 0, 0]


def voc_verdicts(of: Detection, iou: float) -> tuple[int, int]:
    """True positives and ignored as VOCevaldet.m of the devkit counts them, all confidences."""
    truths, found = of.dataset.ground_truths, of.predictions
    taken, right, ignored = set(), 0, 0
    for p in np.argsort(-found.confidence, kind="stable"):
        best, chosen = -1.0, -1
        for t in range(len(truths)):
            same = truths.image[t] == found.image[p] and truths.class_[t] == found.class_[p]
            overlap = _iou(found.box[p], truths.box[t]) if same else -1.0
            if overlap > best:
                best, chosen = overlap, t
        if best < iou:
            continue
        if truths.crowd[chosen]:
            ignored += 1
        elif chosen not in taken:
            taken.add(chosen)
            right += 1
    return right, ignored


def _iou(a: np.ndarray, b: np.ndarray) -> float:
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(across, 0) * max(down, 0)
    return float(shared / (a[2] * a[3] + b[2] * b[3] - shared))


@given(detections(crowds=False, ties=False))
def test_where_predictions_have_one_object_to_choose_voc_counts_the_same(of):
    """Elsewhere VOC differs by design: it never takes a second choice, COCO and we do."""
    truths = of.dataset.ground_truths
    keep = np.ones(len(truths), np.bool_)
    for t in range(len(truths)):  # objects of an image and class that do not touch
        for u in range(t):
            together = truths.image[t] == truths.image[u] and truths.class_[t] == truths.class_[u]
            keep[t] &= not (keep[u] and together and _iou(truths.box[t], truths.box[u]) > 0)
    rows = np.flatnonzero(keep)
    columns = {n: getattr(truths, n)[rows] for n in ("image", "class_", "box", "area", "crowd")}
    of = Detection(replace(of.dataset, ground_truths=replace(truths, **columns)), of.predictions)
    of = with_difficult(of, np.arange(len(rows)) % 3 == 0)
    matrix = of.at_iou(0.5).matrix(0.0)
    right, ignored = voc_verdicts(of, 0.5)
    assert (np.trace(matrix.counts[:-1, :-1]), matrix.ignored) == (right, ignored)


def test_the_lines_of_an_image_say_what_is_difficult():
    of = scene((0, 0, 0.9, OBJECT), (0, 1, 0.8, OBJECT))
    lines = {(row.tag, row.why) for row in of.at_iou(0.5).detail(0, 0.1)}
    assert ("ignored", "Not counted: it matches a bolt marked difficult, at IoU 1.00.") in lines
    assert ("FP", "False positive: it lies on a bolt marked difficult.") in lines
    why = "Marked difficult: it need not be found, and finding it is neither right nor wrong."
    assert ("crowd", why) in lines
