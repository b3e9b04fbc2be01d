"""Object detection: a model's boxes against the boxes that people drew."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.arrays import NOTHING, Counts, Indices, Mask, Scores
from engine.assessment import DetailRow
from engine.boxes import overlapping
from engine.dataset import DetectionDataset, Images, Predictions
from engine.kinds.detection_detail import Scene, detail_rows, partners
from engine.matching import Candidates
from engine.matrix import ConfusionMatrix
from engine.outcomes import Outcomes, class_of
from engine.ranked import Curve
from engine.rules import (
    Matches,
    Rule,
    Tally,
    agnostic,
    class_first,
    highest_iou,
    ignored,
    true_positives,
)
from engine.sorting import most_confident_first, stable_order
from engine.steps import MatrixSteps
from engine.thresholds import Matching, OperatingPoint, Optimum, Scorecard, optimal_f1

RULES: Final[Mapping[Matching, Rule]] = {
    "class-first": class_first,
    "agnostic": agnostic,
    "iou": highest_iou,
}


@dataclass(frozen=True, eq=False)
class Detection:
    """One detector's predictions on one dataset."""

    dataset: DetectionDataset
    predictions: Predictions  # in file order

    @property
    def classes(self) -> tuple[str, ...]:
        """[C] names, in the order of the matrix."""
        return self.dataset.classes

    @property
    def images(self) -> Images:
        """The images of the dataset."""
        return self.dataset.images

    @property
    def start_confidence(self) -> None:
        """Begin at the optimum."""
        return

    def judged(self, point: OperatingPoint) -> "DetectionAtIou":
        """As at_iou: of the point its IoU and its matching."""
        return self.at_iou(point.iou, point.matching)

    def at_iou(self, iou: float, matching: Matching = "class-first") -> "DetectionAtIou":
        """Every prediction matched at one IoU: one pass over the pairs that overlap."""
        return DetectionAtIou(self, iou, matching, RULES[matching](self.candidates, iou))

    @cached_property
    def rank_order(self) -> Indices:
        """[N] rows of predictions, the most confident first; equal ones keep file order."""
        return most_confident_first(self.predictions.confidence)

    @cached_property
    def ranked(self) -> Predictions:
        """The predictions in rank order."""
        return self.predictions.where(self.rank_order)

    @cached_property
    def candidates(self) -> Candidates:
        """Ranked predictions and the ground truths that they overlap."""
        truths = self.dataset.ground_truths
        return Candidates.of(overlapping(self.ranked, truths), self.ranked, truths)

    @cached_property
    def tie_ends(self) -> Indices:
        """Ranks of the last of each distinct confidence: no threshold parts equal ones."""
        scores = self.ranked.confidence
        return np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])

    @cached_property
    def truths_of_class(self) -> Counts:
        """[C] ground truths of each class, crowds left out."""
        truths = self.dataset.ground_truths
        return np.bincount(truths.class_[~truths.crowd], minlength=len(self.classes))

    @cached_property
    def by_image(self) -> tuple[Indices, Indices]:
        """Ranks [N] grouped by image, and where each image begins among them [I + 1]."""
        order = stable_order(self.ranked.image)
        begins = np.searchsorted(self.ranked.image[order], np.arange(len(self.images) + 1))
        return order, begins


@dataclass(frozen=True, eq=False)
class DetectionAtIou:
    """All predictions matched at one IoU. Any confidence is then a prefix of the ranks."""

    detection: Detection
    iou: float
    matching: Matching
    matches: Matches

    def counted(self, confidence: float) -> int:
        """How many predictions have at least this confidence; under "iou", more than it."""
        scores = self.detection.ranked.confidence
        rising = scores[::-1]
        if self.matches.strict:
            return len(scores) - int(np.searchsorted(rising, confidence, side="right"))
        return len(scores) - int(np.searchsorted(rising, confidence, side="left"))

    @cached_property
    def optimum(self) -> Optimum:
        """The confidence with the highest F1 over all classes together, of all distinct ones.

        Exact, though only thresholds are looked at where a right pair has just begun:
        between two of them the true positives do not rise and the counted predictions
        do not fall (a newcomer makes at most one other ignored, whose place it takes),
        so F1 does not rise.
        """
        n, thresholds = self._promising
        counted = n - self._ignored.at(n)
        total = int(self.detection.truths_of_class.sum())
        return optimal_f1(thresholds, self._true_positives.at(n), counted, total)

    @property
    def points(self) -> Curve:
        """A point for each threshold that makes a difference, whatever the rule."""
        scores, n = self.detection.ranked.confidence, self.detection.tie_ends + 1
        thresholds = scores.take(self.detection.tie_ends)
        if self.matches.strict:
            # Confidence must exceed the threshold: that of the next prediction lets n through,
            # and 0 lets all through that exceed it.
            n = np.append(np.zeros_like(n[:1]), n)
            n = n[(n < len(scores)) | (scores[-1:] > 0)]
            thresholds = np.append(scores, 0.0).take(n)
        total = int(self.detection.truths_of_class.sum())
        counted = n - self._ignored.at(n)
        return Curve.of(thresholds, self._true_positives.at(n), counted, total)

    @property
    def _promising(self) -> tuple[Indices, Scores]:
        """[K] Numbers of predictions that may be the best, rising, and their highest thresholds."""
        scores, ends = self.detection.ranked.confidence, self.detection.tie_ends
        begun = ends.take(np.searchsorted(ends, self._true_positives.begins)) + 1
        if not self.matches.strict:
            n = np.append(ends[:1] + 1, begun)
            return n, scores.take(n - 1)
        # n predictions exceed the confidence of the next one; all of them exceed 0, if they do.
        n = np.append(np.zeros_like(ends[:1]), begun)
        n = n[(n < len(scores)) | (scores[-1:] > 0)]
        return n, np.append(scores, 0.0).take(n)

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""
        n = self.counted(confidence)
        right, left_out = (int(tally.at(n)) for tally in (self._true_positives, self._ignored))
        total = int(self.detection.truths_of_class.sum())
        return Scorecard(right, n - left_out - right, total - right)

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions that reach this confidence."""
        n = self.counted(confidence)
        return self._steps.at(n, self.matches.open_matches(n), *self._classes)

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts: predictions by rank, then what they missed."""
        n = self.counted(confidence)
        predictions, truths = self.detection.ranked, self.detection.dataset.ground_truths
        pairs = self.matches.at(n)
        partner, iou = np.full(n, NOTHING), np.full(n, np.nan)
        partner[pairs.prediction], iou[pairs.prediction] = pairs.ground_truth, pairs.iou
        kept = np.flatnonzero(~self._on_crowd[:n] | (partner != NOTHING))
        partner, iou = partner[kept], iou[kept]

        free = ~truths.crowd
        free[pairs.ground_truth] = False
        missed = np.flatnonzero(free)
        unknown, nothing = np.full(len(missed), np.nan), np.full(len(missed), NOTHING)
        return Outcomes(
            truth=np.concatenate((class_of(truths.class_, partner), truths.class_[missed])),
            predicted=np.concatenate((predictions.class_[kept], nothing)),
            confidence=np.concatenate((predictions.confidence[kept], unknown)),
            iou=np.concatenate((iou, unknown)),
            image=np.concatenate((predictions.image[kept], truths.image[missed])),
            prediction=np.concatenate((self.detection.rank_order[kept], nothing)),
            ground_truth=np.concatenate((partner, missed)),
        )

    def detail(self, image: int, confidence: float) -> tuple[DetailRow, ...]:
        """Every box of one image: by falling confidence, then not detected, below, crowds."""
        order, begins = self.detection.by_image
        ranks = order[begins[image] : begins[image + 1]]
        truths = self.detection.dataset.ground_truths
        n = self.counted(confidence)
        partner = partners(ranks, self.matches.at(n))
        scene = Scene(
            classes=self.detection.classes,
            iou_threshold=self.iou,
            confidence=confidence,
            strict=self.matches.strict,
            counts=ranks < n,
            predictions=self.detection.ranked.where(ranks),
            rows=self.detection.rank_order[ranks],
            on_crowd=self._on_crowd[ranks] & (partner == NOTHING),
            truth_rows=np.flatnonzero(truths.image == image),
            ground_truths=truths,
            partner=partner,
        )
        return detail_rows(scene)

    @property
    def _classes(self) -> tuple[Indices, Indices]:
        """Of the predictions by rank [N], and of the ground truths [T]."""
        return self.detection.ranked.class_, self.detection.dataset.ground_truths.class_

    @cached_property
    def _true_positives(self) -> Tally:
        return true_positives(self.matches, *self._classes)

    @cached_property
    def _ignored(self) -> Tally:
        return ignored(self.matches)

    @cached_property
    def _steps(self) -> MatrixSteps:
        return MatrixSteps.of(self.matches, *self._classes, self.detection.truths_of_class)

    @cached_property
    def _on_crowd(self) -> Mask:
        """[N] by rank: whether a prediction that holds nothing is left out, for its crowd."""
        on_crowd = np.zeros(len(self.detection.ranked), np.bool_)
        on_crowd[self.matches.on_crowd] = True
        return on_crowd
