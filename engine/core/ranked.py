"""Predictions by falling confidence, and what a model does at each threshold among them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.core.arrays import Counts, Indices, Mask, Ratios, Scores
from engine.core.rates import f_beta, precision, recall


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
        return cls(
            confidence,
            precision(true_positives, predictions),
            recall(true_positives, ground_truths),
            f_beta(true_positives, predictions, ground_truths),
            true_positives,
            predictions,
            ground_truths,
        )

    def __len__(self) -> int:
        return len(self.confidence)

    def where(self, points: Indices) -> Self:
        return type(self)(
            self.confidence[points],
            self.precision[points],
            self.recall[points],
            self.f1[points],
            self.true_positives[points],
            self.predictions[points],
            self.ground_truths,
        )


def curve(ranking: Ranking) -> Curve:
    """A point for each distinct confidence, as scikit-learn's precision_recall_curve."""
    scores = ranking.confidence
    ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
    true_positives = np.cumsum(ranking.hit, dtype=np.int64).take(ends)
    return Curve.of(scores.take(ends), true_positives, ends + 1, ranking.ground_truths)


def average_precision(curve: Curve) -> float:
    """Precision times the gain in recall, summed over the points; NaN without ground truth.

    Without interpolation, as scikit-learn's average_precision_score; not COCO's.
    """
    if not curve.ground_truths:
        return np.nan
    gains = np.diff(curve.true_positives, prepend=0)
    return float((gains * curve.precision).sum() / curve.ground_truths)


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
