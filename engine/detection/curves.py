"""Precision and recall at every confidence: curves of one class, of all together, of the mean."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.arrays import Indices, Mask, Ratios
from engine.core.ranked import Curve, Ranking, at, curve, sampled
from engine.core.sorting import stable_order
from engine.core.thresholds import BY_IOU
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import RECALLS
from engine.detection.detection import DetectionAtIou
from engine.util.once import remembered

__all__ = ["Curve", "Ranking", "Ratios", "at", "curve", "sampled"]


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """COCO's interpolated precision over recall, the mean of the classes with ground truth."""

    recall: Ratios  # [101] from 0 to 1
    precision: Ratios  # [101] the highest at this recall or beyond; NaN without ground truth


def as_ranked(at_iou: DetectionAtIou) -> DetectionAtIou:
    """The same at a rule under which each prediction is right or wrong once and for all.

    By IoU a pair may end when a less confident prediction joins, so there is no ranking
    of right and wrong ones: curves then follow "class-first", as COCO's do.
    """
    return at_iou.detection.at_iou(at_iou.iou) if at_iou.matching in BY_IOU else at_iou


def ranking(at_iou: DetectionAtIou, class_: int | None) -> Ranking:
    """The predictions of a class that count, or of all classes together for None."""
    at_iou = as_ranked(at_iou)
    detection, hit, ranks = at_iou.detection, is_hit(at_iou), counted_ranks(at_iou)
    truths = detection.truths_of_class
    if class_ is not None:
        ranks = ranks[detection.ranked.class_.take(ranks) == class_]
        truths = truths[class_ : class_ + 1]
    return Ranking(hit.take(ranks), detection.ranked.confidence.take(ranks), int(truths.sum()))


def class_curves(at_iou: DetectionAtIou) -> Iterator[Curve]:
    """The curve of each class in turn, the predictions sorted by class only once."""
    at_iou = as_ranked(at_iou)
    detection, hit, ranks = at_iou.detection, is_hit(at_iou), counted_ranks(at_iou)
    class_ = detection.ranked.class_.take(ranks)
    order = stable_order(class_)
    ranks, truths = ranks.take(order), detection.truths_of_class
    begins = np.searchsorted(class_.take(order), np.arange(len(truths) + 1))
    for total, begin, end in zip(truths.tolist(), begins[:-1], begins[1:], strict=True):
        rows = ranks[begin:end]
        yield curve(Ranking(hit.take(rows), detection.ranked.confidence.take(rows), total))


def mean_curve(at_iou: DetectionAtIou) -> MeanCurve:
    """The mean over classes at this IoU, as pycocotools averages precision[:, :, k].

    At most 100 predictions of a class count in an image; the rule is "class-first".
    """
    precisions = _precisions(at_iou)
    defined = precisions[~np.isnan(precisions[:, 0])]
    mean = defined.mean(axis=0) if len(defined) else np.full(len(RECALLS), np.nan)
    return MeanCurve(RECALLS, mean)


def class_average_precision(at_iou: DetectionAtIou) -> Ratios:
    """[C] COCO's average precision of each class at this IoU: what lies below its mean curve."""
    ap: Ratios = _precisions(at_iou).mean(axis=1)
    return ap


@remembered
def _precisions(at_iou: DetectionAtIou) -> Ratios:
    """[C, 101] the highest precision of each class at each recall or beyond."""
    precisions: Ratios = CocoHits.of(_class_first(at_iou)).precisions()[0]
    return precisions


def is_hit(at_iou: DetectionAtIou) -> Mask:
    """[N] by rank: whether a prediction found a ground truth of its class."""
    detection, found = at_iou.detection, at_iou.matches.found
    predicted = detection.ranked.class_.take(found.prediction)
    truth = detection.dataset.ground_truths.class_.take(found.ground_truth)
    hit = np.zeros(len(detection.ranked), np.bool_)
    hit[found.prediction[predicted == truth]] = True
    return hit


def counted_ranks(at_iou: DetectionAtIou) -> Indices:
    """Rising ranks of the predictions that count: not those left out for a crowd."""
    counted = np.ones(len(at_iou.detection.ranked), np.bool_)
    counted[at_iou.matches.on_crowd] = False
    return np.flatnonzero(counted)


def _class_first(at_iou: DetectionAtIou) -> DetectionAtIou:
    if at_iou.matching == "class-first":
        return at_iou
    return at_iou.detection.at_iou(at_iou.iou)
