"""Object detection: a model's boxes against the boxes that people drew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices
from engine.core.assessment import DetailRow
from engine.core.dataset import DetectionDataset, Images, Predictions
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes, Selection
from engine.core.ranked import Curve
from engine.core.rates import f_beta
from engine.core.sorting import most_confident_first
from engine.core.thresholds import BY_IOU, Matching, OperatingPoint, Optimum, Scorecard, optimal_f1
from engine.detection.detail import ImageScene, detail_rows, partners
from engine.detection.leading import Leading, Parts
from engine.detection.matched import Matched
from engine.detection.matching import PairCandidates
from engine.detection.rules import (
    MatchesAtIou,
    Rule,
    agnostic,
    class_first,
    highest_iou,
    same_class_then_iou,
)
from engine.util.once import once

RULES: Final[Mapping[Matching, Rule]] = {
    "class-first": class_first,
    "agnostic": agnostic,
    "iou": highest_iou,
    "supervision": same_class_then_iou,
}


@dataclass(frozen=True, eq=False)
class Detection:
    """One detector's predictions on one dataset."""

    dataset: DetectionDataset
    predictions: Predictions  # in file order
    strict_coco: bool = False  # average precision as pycocotools has it, its slips included

    @property
    def classes(self) -> tuple[str, ...]:
        """[C] names, in the order of the matrix."""
        return self.dataset.classes

    @property
    def images(self) -> Images:
        return self.dataset.images

    @property
    def start_confidence(self) -> None:
        """Begin at the optimum."""
        return

    def judged(self, point: OperatingPoint) -> "DetectionAtIou":
        """As at_iou: of the point its IoU and its matching."""
        return self.at_iou(point.iou, point.matching)

    def at_iou(self, iou: float, matching: Matching = "class-first") -> "DetectionAtIou":
        """Predictions matched at one IoU, as many of them as are asked for."""
        return DetectionAtIou(self, iou, matching)

    @once
    def parts(self) -> Parts:
        """The most confident predictions by rank, as many as a question needs."""
        return Parts(self.dataset, self.predictions, int(self.truths_of_class.sum()))

    @property
    def rank_order(self) -> Indices:
        """[N] rows of predictions, the most confident first; equal ones keep file order."""
        return self.parts.whole.row

    @property
    def ranked(self) -> Predictions:
        """The predictions in rank order."""
        return self.parts.whole.found

    @property
    def candidates(self) -> PairCandidates:
        """Ranked predictions and the ground truths that they overlap."""
        return self.parts.whole.candidates

    @cached_property
    def truths_of_class(self) -> Counts:
        """[C] ground truths of each class, crowds left out."""
        truths = self.dataset.ground_truths
        return np.bincount(truths.class_[~truths.crowd], minlength=len(self.classes))


@dataclass(frozen=True, eq=False)
class DetectionAtIou:
    """Predictions matched at one IoU, whatever the confidence.

    What is asked at a confidence is answered from the predictions that reach it, because
    the others change nothing (see Leading); what needs all of them matches all.
    """

    detection: Detection
    iou: float
    matching: Matching

    @property
    def strict(self) -> bool:
        """Whether confidence and IoU must exceed their thresholds."""
        return self.matching == "iou"

    @once
    def whole(self) -> Matched:
        """All predictions matched: for curves, and for the matrix at any confidence."""
        matched = self._matched(self.detection.parts.whole)
        self._made[matched.leading] = matched
        return matched

    @property
    def matches(self) -> MatchesAtIou:
        """Of all predictions."""
        return self.whole.matches

    def knows(self, confidence: float) -> bool:
        """Whether what is asked at this confidence is a look-up."""
        return self._known(confidence) is not None

    def complete(self) -> None:
        """Match what is not matched yet, so that every confidence is a look-up."""
        _ = self.whole.steps.checkpoints

    def at(self, confidence: float) -> Matched:
        """The leading predictions matched, at least those with this confidence."""
        return self._known(confidence) or self._at(self.detection.parts.reaching(confidence))

    def counted(self, confidence: float) -> int:
        """How many predictions have at least this confidence; under "iou", more than it."""
        return self.at(confidence).counted(confidence)

    @cached_property
    def optimum(self) -> Optimum:
        """The confidence with the highest F1 over all classes together, of all distinct ones.

        Exact, though not all predictions are looked at. From a leading part on, counted
        predictions never become fewer (see Matched.promising) and at most all ground
        truths are found: where that cannot exceed what was found, nothing can.
        """
        for part in self.detection.parts.growing():
            matched = self._at(part)
            thresholds, right, counted = matched.promising
            best, total = optimal_f1(thresholds, right, counted, matched.total), matched.total
            most = float(f_beta(total, max(matched.counted_in_all(), total), total))
            if len(thresholds) and (not total or best.value >= most):
                break
        return best

    def leading_points(self) -> Iterator[Curve]:
        """Points of ever more predictions, from the most confident on; of all at last."""
        for part in self.detection.parts.growing():
            yield self._at(part).points

    @property
    def points(self) -> Curve:
        """A point for each threshold that makes a difference, whatever the rule."""
        return self.whole.points

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""
        return self.at(confidence).scorecard(confidence)

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions that reach this confidence."""
        return self.at(confidence).matrix(confidence)

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts: predictions by rank, then what they missed."""
        return self.at(confidence).outcomes(confidence)

    def images_of(self, cell: Selection, confidence: float) -> int:
        """In how many different images a cell of the matrix counts something."""
        return self.at(confidence).images_of(cell, confidence)

    def detail(self, image: int, confidence: float) -> tuple[DetailRow, ...]:
        """Every box of one image: by falling confidence, then not detected, crowds, below."""
        matched, predictions = self.at(confidence), self.detection.predictions
        rows = np.flatnonzero(predictions.image == image)
        rows = rows.take(most_confident_first(predictions.confidence.take(rows)))
        truths = self.detection.dataset.ground_truths
        n = matched.counted(confidence)
        counted = np.flatnonzero(matched.leading.found.image[:n] == image)
        ranks = np.append(counted, np.full(len(rows) - len(counted), n))
        partner = partners(ranks, matched.matches.at(n))
        on_crowd = np.append(matched.on_crowd[:n], False).take(ranks)
        scene = ImageScene(
            classes=self.detection.classes,
            iou_threshold=self.iou,
            confidence=confidence,
            strict=matched.matches.strict,
            by_iou=self.matching in BY_IOU,
            counts=ranks < n,
            predictions=predictions.where(rows),
            rows=rows,
            on_crowd=on_crowd & (partner == NOTHING),
            truth_rows=np.flatnonzero(truths.image == image),
            ground_truths=truths,
            partner=partner,
        )
        return detail_rows(scene)

    def _known(self, confidence: float) -> Matched | None:
        """The shortest that is matched already and holds this confidence."""
        held = [each for each in [*self._made.values()] if each.leading.floor <= confidence]
        return min(held, key=lambda each: len(each.leading), default=None)

    def _at(self, part: Leading) -> Matched:
        if part.is_whole:
            return self.whole
        if part not in self._made:
            self._made[part] = self._matched(part)
        return self._made[part]

    def _matched(self, part: Leading) -> Matched:
        return Matched.of(part, RULES[self.matching], self.iou, self.detection.truths_of_class)

    @cached_property
    def _made(self) -> dict[Leading, Matched]:
        """What is matched so far: a memory only."""
        return {}
