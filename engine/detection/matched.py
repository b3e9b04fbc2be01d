"""Leading predictions matched at one IoU, and all that is counted there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices, Mask, Scores
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes, Selection, class_of
from engine.core.ranked import Curve
from engine.core.thresholds import Scorecard
from engine.detection.boxes import Pairs
from engine.detection.leading import Leading
from engine.detection.matrix_steps import MatrixSteps
from engine.detection.rules import MatchesAtIou, Rule, Tally, ignored, true_positives


@dataclass(frozen=True, eq=False)
class Matched:
    """Any confidence that the leading predictions reach is a prefix of their ranks."""

    leading: Leading
    matches: MatchesAtIou
    truths_of_class: Counts  # [C] crowds left out

    @classmethod
    def of(cls, leading: Leading, rule: Rule, iou: float, truths_of_class: Counts) -> Self:
        """One pass over the pairs that overlap."""
        return cls(leading, rule(leading.candidates, iou), truths_of_class)

    def counted(self, confidence: float) -> int:
        """How many predictions have at least this confidence; under a strict rule, more."""
        rising = self.leading.found.confidence[::-1]
        if self.matches.strict:
            return len(rising) - int(np.searchsorted(rising, confidence, side="right"))
        return len(rising) - int(np.searchsorted(rising, confidence, side="left"))

    @property
    def total(self) -> int:
        """Ground truths, crowds left out."""
        return int(self.truths_of_class.sum())

    @property
    def points(self) -> Curve:
        """A point for each threshold that makes a difference among these predictions."""
        n, thresholds = self._thresholds(self.leading.tie_ends + 1)
        counted = n - self._ignored.at(n)
        return Curve.of(thresholds, self._true_positives.at(n), counted, self.total)

    @property
    def promising(self) -> tuple[Scores, Counts, Counts]:
        """[K] Thresholds that may be the best, falling; how many are right, how many count.

        Only where a right pair has just begun: between two of them the true positives do
        not rise and the counted predictions do not fall (a newcomer makes at most one
        other ignored, whose place it takes), so F1 does not rise.
        """
        ends = self.leading.tie_ends
        begun = ends.take(np.searchsorted(ends, self._true_positives.begins)) + 1
        first = ends[:0] if self.matches.strict else ends[:1] + 1
        n, thresholds = self._thresholds(np.append(first, begun))
        return thresholds, self._true_positives.at(n), n - self._ignored.at(n)

    def _thresholds(self, n: Indices) -> tuple[Indices, Scores]:
        """Of numbers of predictions those that a threshold lets through, and the thresholds."""
        scores = self.leading.found.confidence
        if not self.matches.strict:
            return n, scores.take(n - 1)
        # Confidence must exceed the threshold: that of the next prediction lets n through,
        # and 0 lets all through that exceed it. Of a part the next one is not known.
        n = np.append(np.zeros_like(self.leading.tie_ends[:1]), n)
        last = self.leading.is_whole and bool(len(scores)) and scores[-1] > 0
        n = n[(n < len(scores)) | last]
        return n, np.append(scores, 0.0).take(n)

    def counted_in_all(self) -> int:
        """How many of these predictions count when all do: no longer part counts fewer."""
        n = len(self.leading)
        return n - int(self._ignored.at(n))

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""
        n = self.counted(confidence)
        right, left_out = (int(tally.at(n)) for tally in (self._true_positives, self._ignored))
        return Scorecard(right, n - left_out - right, self.total - right)

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions that reach this confidence."""
        n = self.counted(confidence)
        return self.steps.at(n, self.matches.open_matches(n), *self._classes)

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts: predictions by rank, then what they missed."""
        n = self.counted(confidence)
        predictions, truths = self.leading.found, self.leading.dataset.ground_truths
        pairs = self.matches.at(n)
        partner, iou = np.full(n, NOTHING), np.full(n, np.nan)
        partner[pairs.prediction], iou[pairs.prediction] = pairs.ground_truth, pairs.iou
        kept = np.flatnonzero(~self.on_crowd[:n] | (partner != NOTHING))
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
            prediction=np.concatenate((self.leading.row[kept], nothing)),
            ground_truth=np.concatenate((partner, missed)),
        )

    def images_of(self, cell: Selection, confidence: float) -> int:
        """In how many different images a cell of the matrix counts something.

        Quicker than to select from the outcomes: only rows of its classes are looked at.
        """
        n, truths = self.counted(confidence), self.leading.dataset.ground_truths
        predicted, truth = self._classes
        parts = self._parts_at(n)
        if cell.truth != NOTHING and cell.predicted != NOTHING:
            kept = [
                pairs.prediction[
                    (predicted.take(pairs.prediction) == cell.predicted)
                    & (truth.take(pairs.ground_truth) == cell.truth)
                ]
                for pairs in parts
            ]
            images = self.leading.found.image[np.concatenate(kept)]
        elif cell.truth != NOTHING:
            free = (truth == cell.truth) & ~truths.crowd
            for pairs in parts:
                free[pairs.ground_truth] = False
            images = truths.image[free]
        else:
            alone = (predicted[:n] == cell.predicted) & ~self.on_crowd[:n]
            for pairs in parts:
                alone[pairs.prediction] = False
            images = self.leading.found.image[:n][alone]
        return int(np.count_nonzero(np.bincount(images)))

    def _parts_at(self, n: int) -> tuple[Pairs, ...]:
        """The pairs at n, which are asked for again and again while one walks over the cells."""
        known = self._last.get(n)
        if known is None:
            self._last.clear()
            known = self._last[n] = self.matches.parts_at(n)
        return known

    @cached_property
    def _last(self) -> dict[int, tuple[Pairs, ...]]:
        """A memory only."""
        return {}

    @property
    def _classes(self) -> tuple[Indices, Indices]:
        """Of the predictions by rank [n], and of the ground truths [T]."""
        return self.leading.found.class_, self.leading.dataset.ground_truths.class_

    @cached_property
    def _true_positives(self) -> Tally:
        return true_positives(self.matches, *self._classes)

    @cached_property
    def _ignored(self) -> Tally:
        return ignored(self.matches)

    @cached_property
    def steps(self) -> MatrixSteps:
        """The matrix at any prefix."""
        return MatrixSteps.of(self.matches, *self._classes, self.truths_of_class)

    @cached_property
    def on_crowd(self) -> Mask:
        """[n] by rank: whether a prediction that holds nothing is left out, for its crowd."""
        on_crowd = np.zeros(len(self.leading), np.bool_)
        on_crowd[self.matches.on_crowd] = True
        return on_crowd
