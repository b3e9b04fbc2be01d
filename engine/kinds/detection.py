"""Object detection: a model's boxes against the boxes that people drew."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import NOTHING, Counts, Indices, Mask
from engine.assessment import DetailRow
from engine.boxes import Pairs, overlapping
from engine.dataset import DetectionDataset, Images, Predictions
from engine.kinds.detection_detail import Scene, detail_rows
from engine.matching import Candidates, ClassFirst
from engine.matrix import ConfusionMatrix
from engine.outcomes import Outcomes, class_of
from engine.sorting import most_confident_first, stable_order
from engine.steps import MatrixSteps
from engine.thresholds import Optimum, Scorecard, optimal_f1


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

    def at_iou(self, iou: float) -> "DetectionAtIou":
        """Every prediction matched at one IoU: one pass over the pairs that overlap."""
        return DetectionAtIou(self, iou, ClassFirst.of(self.candidates, iou))

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
    matches: ClassFirst

    def counted(self, confidence: float) -> int:
        """How many predictions have at least this confidence."""
        scores = self.detection.ranked.confidence
        return len(scores) - int(np.searchsorted(scores[::-1], confidence, side="left"))

    @cached_property
    def optimum(self) -> Optimum:
        """The confidence with the highest F1 over all classes together."""
        ends = self.detection.tie_ends
        right = np.zeros(len(self.detection.ranked), np.bool_)
        right[self.matches.found.prediction] = True
        true_positives = np.cumsum(right, dtype=np.intp)[ends]
        counted = ends + 1 - np.searchsorted(self.matches.on_crowd, ends, side="right")
        total = int(self.detection.truths_of_class.sum())
        return optimal_f1(self.detection.ranked.confidence[ends], true_positives, counted, total)

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""
        n = self.counted(confidence)
        right = int(np.searchsorted(self.matches.found.prediction, n))
        counted = n - int(np.searchsorted(self.matches.on_crowd, n))
        total = int(self.detection.truths_of_class.sum())
        return Scorecard(right, counted - right, total - right)

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions with at least this confidence."""
        predicted, truth = self.detection.ranked.class_, self.detection.dataset.ground_truths.class_
        n = self.counted(confidence)
        return self._steps.at(n, self.matches.open_matches(n), predicted, truth)

    def partners(self, n: int) -> Pairs:
        """All pairs that hold when the first n predictions count, by rank."""
        own = np.arange(np.searchsorted(self.matches.found.prediction, n))
        pairs = Pairs.join(self.matches.found.where(own), self.matches.across_classes(n))
        return pairs.where(np.argsort(pairs.prediction))

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts: predictions by rank, then what they missed."""
        n = self.counted(confidence)
        predictions, truths = self.detection.ranked, self.detection.dataset.ground_truths
        pairs = self.partners(n)
        partner, iou = np.full(n, NOTHING), np.full(n, np.nan)
        partner[pairs.prediction], iou[pairs.prediction] = pairs.ground_truth, pairs.iou
        kept = np.flatnonzero(~self._on_crowd[:n])
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
        pairs = self.partners(n)
        scene = Scene(
            classes=self.detection.classes,
            iou_threshold=self.iou,
            confidence=confidence,
            counts=ranks < n,
            predictions=self.detection.ranked.where(ranks),
            rows=self.detection.rank_order[ranks],
            on_crowd=self._on_crowd[ranks],
            truth_rows=np.flatnonzero(truths.image == image),
            ground_truths=truths,
            partner=_look_up(ranks, pairs),
        )
        return detail_rows(scene)

    @cached_property
    def _steps(self) -> MatrixSteps:
        return MatrixSteps.of(
            self.matches,
            self.detection.ranked.class_,
            self.detection.dataset.ground_truths.class_,
            self.detection.truths_of_class,
        )

    @cached_property
    def _on_crowd(self) -> Mask:
        """[N] by rank: whether a prediction is left out for lying on a crowd of its class."""
        on_crowd = np.zeros(len(self.detection.ranked), np.bool_)
        on_crowd[self.matches.on_crowd] = True
        return on_crowd


def _look_up(ranks: Indices, pairs: Pairs) -> Indices:
    """The ground truth of each rank, or NOTHING; pairs stand by rank."""
    if not len(pairs):
        return np.full(len(ranks), NOTHING)
    place = np.minimum(np.searchsorted(pairs.prediction, ranks), len(pairs) - 1)
    return np.where(pairs.prediction[place] == ranks, pairs.ground_truth[place], NOTHING)
