"""Precision and recall at every confidence: curves of one class, of all together, of the mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Counts, Indices, Mask, Scores
from engine.coco_hits import CocoHits
from engine.coco_rules import RECALLS
from engine.kinds.detection import DetectionAtIou
from engine.matrix import ratio
from engine.remembering import remembered
from engine.sorting import stable_order

Ratios: TypeAlias = NDArray[np.float64]  # [S] or [101]; NaN where undefined


@dataclass(frozen=True, eq=False)
class Ranking:
    """Predictions of one class, or of all together, the most confident first."""

    hit: Mask  # [N] whether the prediction found a ground truth of its class
    confidence: Scores  # [N] falling
    ground_truths: int  # how many there were to find, crowds left out


@dataclass(frozen=True, eq=False)
class Curve:
    """What a model does at each threshold that makes a difference.

    A point is a distinct confidence, at which all predictions that reach it count:
    equal ones share a point, because no threshold can tell them apart.
    """

    confidence: Scores  # [S] falling, distinct
    precision: Ratios  # [S] TP / (TP + FP)
    recall: Ratios  # [S] TP / ground truths; never falls; NaN without ground truth
    f1: Ratios  # [S] 2 TP / (predictions + ground truths)
    true_positives: Counts  # [S]
    predictions: Counts  # [S] that count; those on a crowd of their class do not
    ground_truths: int

    @classmethod
    def of(
        cls, confidence: Scores, true_positives: Counts, predictions: Counts, ground_truths: int
    ) -> Self:
        """The ratios of these counts, each [S]."""
        total = np.asarray(ground_truths)
        return cls(
            confidence,
            ratio(true_positives, predictions),
            ratio(true_positives, total),
            ratio(2 * true_positives, predictions + total),
            true_positives,
            predictions,
            ground_truths,
        )

    def __len__(self) -> int:
        return len(self.confidence)

    def where(self, points: Indices) -> Self:
        """Only these points."""
        return type(self)(
            self.confidence[points],
            self.precision[points],
            self.recall[points],
            self.f1[points],
            self.true_positives[points],
            self.predictions[points],
            self.ground_truths,
        )


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """COCO's interpolated precision over recall, the mean of the classes with ground truth."""

    recall: Ratios  # [101] from 0 to 1
    precision: Ratios  # [101] the highest at this recall or beyond; NaN without ground truth


def as_ranked(at_iou: DetectionAtIou) -> DetectionAtIou:
    """The same at a rule under which each prediction is right or wrong once and for all.

    Under "iou" a pair may end when a less confident prediction joins, so there is no
    ranking of right and wrong ones: curves then follow "class-first", as COCO's do.
    """
    return at_iou.detection.at_iou(at_iou.iou) if at_iou.matches.strict else at_iou


def ranking(at_iou: DetectionAtIou, class_: int | None) -> Ranking:
    """The predictions of a class that count, or of all classes together for None."""
    at_iou = as_ranked(at_iou)
    detection, hit, ranks = at_iou.detection, is_hit(at_iou), counted_ranks(at_iou)
    truths = detection.truths_of_class
    if class_ is not None:
        ranks = ranks[detection.ranked.class_.take(ranks) == class_]
        truths = truths[class_ : class_ + 1]
    return Ranking(hit.take(ranks), detection.ranked.confidence.take(ranks), int(truths.sum()))


def curve(ranking: Ranking) -> Curve:
    """A point for each distinct confidence, as scikit-learn's precision_recall_curve."""
    scores = ranking.confidence
    ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
    true_positives = np.cumsum(ranking.hit, dtype=np.int64).take(ends)
    return Curve.of(scores.take(ends), true_positives, ends + 1, ranking.ground_truths)


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


def sampled(curve: Curve, points: int) -> Curve:
    """At most so many points, and at least 3, that look the same when drawn; never for computing.

    Of each range of recalls and of confidences the first, the last, the highest and
    the lowest in precision are kept, which is all that a column of pixels can show
    (M4: Jugel et al., VLDB 2014), and the point with the highest F1.
    """
    if len(curve) <= points:
        return curve
    kept = np.zeros(len(curve), np.bool_)
    kept[[0, -1]] = True
    if not np.isnan(curve.f1).all():
        kept[np.nanargmax(curve.f1)] = True
    columns = (points - 3) // 8
    if columns > 0:
        for along in (curve.true_positives, -curve.confidence):
            first = _first_of_columns(along, columns)
            kept[_extremes(curve.precision, first)] = True
    return curve.where(np.flatnonzero(kept))


def at(curve: Curve, confidence: float) -> int:
    """The point in force at a confidence threshold: -1 when no prediction reaches it."""
    rising = curve.confidence[::-1]
    return len(rising) - 1 - int(np.searchsorted(rising, confidence, side="left"))


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


def _first_of_columns(rising: Counts | Scores, columns: int) -> Indices:
    """Rising indices where a new column begins if the values share columns of equal width."""
    edges = np.linspace(rising[0], rising[-1], columns + 1)[:-1]
    return np.unique(np.searchsorted(rising, edges))


def _extremes(values: Ratios, first: Indices) -> Indices:
    """First, last, a highest and a lowest of each run of values; runs begin at first."""
    last = np.append(first[1:], len(values)) - 1
    found = [first, last]
    for extreme in (np.maximum, np.minimum):
        best = np.repeat(extreme.reduceat(values, first), last - first + 1)
        places = np.flatnonzero(values == best)
        found.append(places[np.searchsorted(places, first)])
    return np.concatenate(found)
