"""The headline numbers, had each image been there any number of times."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Scores
from engine.core.thresholds import Scorecard, optimal_f1
from engine.detection.coco.hits import CocoHits
from engine.detection.coco.params import IOUS
from engine.detection.coco.summary import defined_mean
from engine.detection.curves import as_ranked, counted_ranks, is_hit
from engine.detection.detection import Detection, DetectionAtIou


class Sample(NamedTuple):
    """What one drawing of images shows."""

    ap: float
    ap50: float
    precision: float
    recall: float
    f1: float
    optimum: float  # the confidence with the highest F1
    false_alarms_per_image: float


@dataclass(frozen=True, eq=False)
class Resampling:
    """All that a sample needs, matched and sorted once."""

    hits: CocoHits  # at COCO's ten IoUs
    right: Counts  # [I] true positives at the operating point
    counted: Counts  # [I] predictions that count there
    false_alarms: Counts  # [I] those of them that are on no ground truth of any class
    ground_truths: Counts  # [I] crowds left out
    image: Indices  # [N] of the predictions that count at any confidence, by rank
    found: Indices  # [H] rising: those of them that are right
    begun: Indices  # [H] the last, right or wrong, that shares its confidence
    confidence: Scores  # [H] of found

    @classmethod
    def of(
        cls,
        detection: Detection,
        at_iou: DetectionAtIou,
        confidence: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Self | None:
        """At an operating point; None if it was cancelled between two IoUs."""
        evaluations = []
        for iou in IOUS.tolist():
            if cancelled():
                return None
            evaluations.append(detection.at_iou(iou))
        images, truths = len(detection.images), detection.dataset.ground_truths
        outcomes = at_iou.outcomes(confidence)
        predicted = outcomes.image[outcomes.prediction != NOTHING]

        ranked = as_ranked(at_iou)
        ranks, hit = counted_ranks(ranked), is_hit(ranked)
        scores = detection.ranked.confidence.take(ranks)
        found = np.flatnonzero(hit.take(ranks))
        ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
        return cls(
            CocoHits.of(*evaluations),
            np.bincount(outcomes.image[outcomes.correct], minlength=images),
            np.bincount(predicted, minlength=images),
            np.bincount(outcomes.image[outcomes.truth == NOTHING], minlength=images),
            np.bincount(truths.image[~truths.crowd], minlength=images),
            detection.ranked.image.take(ranks),
            found,
            ends.take(np.searchsorted(ends, found)),
            scores.take(found),
        )

    def sample(self, weight: Counts) -> Sample:
        """With each image there as often as weight [I] says."""
        precisions = self.hits.precisions(weight)
        right, counted = int(weight @ self.right), int(weight @ self.counted)
        truths = int(weight @ self.ground_truths)
        card = Scorecard(right, counted - right, truths - right)
        return Sample(
            defined_mean(precisions),
            defined_mean(precisions[0]),
            card.precision,
            card.recall,
            card.f1,
            self._optimum(weight, truths),
            int(weight @ self.false_alarms) / int(weight.sum()),
        )

    def _optimum(self, weight: Counts, truths: int) -> float:
        """NaN if no image drawn holds a right prediction.

        Thresholds are tried only where a right prediction has just begun, which is exact:
        see DetectionAtIou.optimum. One on an image that was not drawn never wins, because
        the point before it has as many right and no more predictions.
        """
        times = weight.take(self.image)
        counted = np.cumsum(times).take(self.begun)
        right = np.cumsum(times.take(self.found))
        if not len(right) or not right[-1]:
            return np.nan
        # Of equal confidences the last has all that are right, so it stands for them.
        return optimal_f1(self.confidence, right, counted, truths).confidence
