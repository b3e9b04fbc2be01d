"""All numbers of each class at one operating point, ready for a table."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import Counts, Mask, Ratios
from engine.core.rates import f_beta, precision, ratio, recall
from engine.core.thresholds import OperatingPoint
from engine.detection.coco.params import IOUS
from engine.detection.coco.summary import AveragePrecision, defined_mean
from engine.detection.detection import Detection, DetectionAtIou
from engine.util.once import remembered

FEW_OBJECTS: Final = 20  # a class with fewer is marked: its numbers say little


@dataclass(frozen=True, eq=False)
class DetectorMetrics:
    """A row for each class, then one for all classes together.

    Counts, precision, recall and F1 are those of the matrix at the operating point; the
    last row counts all classes together. Average precision is COCO's, which knows no
    confidence threshold; its last row is the mean of the classes with ground truth.
    """

    point: OperatingPoint
    ground_truths: Counts  # [C + 1] crowds left out
    predictions: Counts  # [C + 1] that count; those on a crowd of their class do not
    true_positives: Counts  # [C + 1]
    false_positives: Counts  # [C + 1]
    not_detected: Counts  # [C + 1] ground truths that no prediction of their class found
    false_alarms: Counts  # [C + 1] false positives that are on no ground truth of any class
    images: int
    precision: Ratios  # [C + 1]
    recall: Ratios  # [C + 1]
    f1: Ratios  # [C + 1]
    false_alarms_per_image: Ratios  # [C + 1] NaN without images
    ap: Ratios  # [C + 1] mean of IoU .50 to .95
    ap50: Ratios  # [C + 1]
    ap75: Ratios  # [C + 1]
    ap95: Ratios  # [C + 1]
    ap_small: Ratios  # [C + 1] objects up to 32 x 32 pixels
    ap_medium: Ratios  # [C + 1]
    ap_large: Ratios  # [C + 1] objects from 96 x 96 pixels on
    ap_by_iou: Ratios  # [C + 1, 10]
    few: Mask  # [C + 1] fewer than 20 objects
    never_shown: Mask  # [C] without ground truth but with predictions that count
    false_positives_on_empty_images: int  # images on which nothing is drawn, crowds neither


def detector_metrics(
    detection: Detection, at_iou: DetectionAtIou, confidence: float, coco: AveragePrecision
) -> DetectorMetrics:
    """Read off the matrix at this confidence, and off average precision, worked out before."""
    matrix = at_iou.matrix(confidence)
    ground_truths = _with_sum(matrix.ground_truths)
    predictions = _with_sum(matrix.predictions)
    right = _with_sum(matrix.true_positives)
    alarms, images = _with_sum(matrix.counts[-1, :-1]), len(detection.images)
    averages = _averages(coco)
    ap_by_iou = averages.by_iou
    return DetectorMetrics(
        point=OperatingPoint(at_iou.iou, confidence, at_iou.matching),
        ground_truths=ground_truths,
        predictions=predictions,
        true_positives=right,
        false_positives=predictions - right,
        not_detected=ground_truths - right,
        false_alarms=alarms,
        images=images,
        precision=precision(right, predictions),
        recall=recall(right, ground_truths),
        f1=f_beta(right, predictions, ground_truths),
        false_alarms_per_image=ratio(alarms, images),
        ap=averages.ap,
        ap50=ap_by_iou[:, _AT_50],
        ap75=ap_by_iou[:, _AT_75],
        ap95=ap_by_iou[:, _AT_95],
        ap_small=averages.by_area[:, 0],
        ap_medium=averages.by_area[:, 1],
        ap_large=averages.by_area[:, 2],
        ap_by_iou=ap_by_iou,
        few=ground_truths < FEW_OBJECTS,
        never_shown=(ground_truths[:-1] == 0) & (predictions[:-1] > 0),
        false_positives_on_empty_images=_on_empty_images(detection, at_iou, confidence),
    )


_AT_50, _AT_75, _AT_95 = (int(np.argmin(np.abs(IOUS - iou))) for iou in (0.5, 0.75, 0.95))


@dataclass(frozen=True, eq=False)
class _Averages:
    """Average precision with a last row for the mean of the classes."""

    ap: Ratios  # [C + 1]
    by_iou: Ratios  # [C + 1, 10]
    by_area: Ratios  # [C + 1, 3] small, medium, large


@remembered
def _averages(coco: AveragePrecision) -> _Averages:
    """They do not depend on the operating point, and take long for a thousand classes."""
    summary = coco.summary
    at_each = [defined_mean(coco.precision[0, number]) for number in range(len(IOUS))]
    by_area = coco.precision[1:].mean(axis=(1, 2)).T
    return _Averages(
        np.append(coco.ap, summary.AP),
        np.vstack([coco.ap_by_iou, at_each]),
        np.vstack([by_area, (summary.APs, summary.APm, summary.APl)]),
    )


def _on_empty_images(detection: Detection, at_iou: DetectionAtIou, confidence: float) -> int:
    """How many predictions that reach the confidence are on images on which nothing is drawn."""
    drawn = np.zeros(len(detection.images), np.bool_)
    drawn[detection.dataset.ground_truths.image] = True
    matched = at_iou.at(confidence)
    image = matched.leading.found.image[: matched.counted(confidence)]
    return len(image) - int(np.count_nonzero(drawn.take(image)))


def _with_sum(of_classes: Counts) -> Counts:
    """[C + 1] the counts of the classes, then their sum."""
    return np.append(of_classes, of_classes.sum())
