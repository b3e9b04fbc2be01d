"""Intervals of numbers that few ask for: of single classes, and all twelve of COCO's summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Ratios
from engine.core.intervals import Interval, drawn_weights, percentiles_of_columns
from engine.core.rates import f_beta, precision, ratio, recall
from engine.detection.coco.hits import CocoHits, coco_ranked
from engine.detection.coco.params import IOUS
from engine.detection.coco.reweighting import Reweighting
from engine.detection.coco.summary import CocoSummary
from engine.detection.detection import Detection, DetectionAtIou
from engine.detection.intervals import SAMPLES

AT_ONCE: Final = 50  # drawings in a turn
AP_AT: Final = tuple(f"AP{100 * iou:.0f}" for iou in IOUS)
"""What average precision at each of COCO's IoUs is called: AP50, AP55, ... AP95."""


def coco_intervals(
    detection: Detection, samples: int = SAMPLES, seed: int = 0
) -> Mapping[str, Interval]:
    """By the names of CocoSummary, from the drawings of bootstrap; none without images."""
    images = len(detection.images)
    if not images:
        return {}
    reweighting = Reweighting.of(coco_ranked(detection), images)
    parts = map(reweighting.drawn, drawn_weights(images, samples, seed, AT_ONCE))
    drawn = np.concatenate([part.summary for part in parts if part is not None])
    return dict(zip(CocoSummary._fields, _intervals(drawn), strict=True))


def class_intervals(
    detection: Detection,
    at_iou: DetectionAtIou,
    confidence: float,
    class_: int,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Mapping[str, Interval]:
    """Of the rates of a class at an operating point, by key, from the drawings of bootstrap."""
    images = len(detection.images)
    if not images:
        return {}
    counts = ClassCounts.of(at_iou, confidence, class_)
    parts = [counts.rates(weights) for weights in drawn_weights(images, samples, seed, AT_ONCE)]
    values = np.stack([np.concatenate([part[key] for part in parts]) for key in parts[0]], axis=1)
    return dict(zip(parts[0], _intervals(values), strict=True))


def class_ap_intervals(
    detection: Detection, classes: Indices, samples: int = SAMPLES, seed: int = 0
) -> list[Mapping[str, Interval]]:
    """[K] of average precision of each of these classes: AP, and at each IoU as in AP_AT.

    From the drawings of bootstrap; nothing without images.
    """
    images = len(detection.images)
    if not images:
        return [{} for _ in classes]
    hits = CocoHits.of(*(detection.at_iou(iou) for iou in IOUS.tolist()))
    drawn = []
    for weights in drawn_weights(images, samples, seed):
        at_ious = hits.precisions(weights[0])[:, classes].mean(axis=2)
        drawn.append(np.vstack([at_ious.mean(axis=0), at_ious]))
    values = np.array(drawn)  # [S, 11, K]
    names = ("AP", *AP_AT)
    return [
        dict(zip(names, _intervals(values[:, :, column]), strict=True))
        for column in range(len(classes))
    ]


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """What counts for one class in each image at an operating point."""

    right: Counts  # [I]
    predicted: Counts  # [I]
    false_alarms: Counts  # [I]
    ground_truths: Counts  # [I] crowds left out

    @classmethod
    def of(cls, at_iou: DetectionAtIou, confidence: float, class_: int) -> Self:
        """Of a class."""
        outcomes, truths = at_iou.outcomes(confidence), at_iou.detection.dataset.ground_truths
        images = len(at_iou.detection.images)
        own = outcomes.where((outcomes.predicted == class_) & (outcomes.prediction != NOTHING))
        wanted = (truths.class_ == class_) & ~truths.crowd
        return cls(
            *(
                np.bincount(image, minlength=images)
                for image in (
                    own.image[own.correct],
                    own.image,
                    own.image[own.truth == NOTHING],
                    truths.image[wanted],
                )
            )
        )

    def rates(self, weights: Counts) -> dict[str, Ratios]:
        """By key [S], with each image as often as weights [S, I] say."""
        right, predicted, alarms, truths = (
            weights @ each
            for each in (self.right, self.predicted, self.false_alarms, self.ground_truths)
        )
        return {
            "precision": precision(right, predicted),
            "recall": recall(right, truths),
            "f1": f_beta(right, predicted, truths),
            "false_alarms_per_image": ratio(alarms, weights.sum(axis=1)),
        }


def _intervals(drawn: Ratios) -> list[Interval]:
    """Of the columns [S, K]."""
    low, high = percentiles_of_columns(drawn)
    return [Interval(*ends) for ends in zip(low.tolist(), high.tolist(), strict=True)]
