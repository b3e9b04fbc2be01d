"""How far the answers of two sides to the same images agree, with or without labels."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from engine.compare.same_boxes import paired_boxes
from engine.core.arrays import Counts, Indices, Mask, Ratios, Scores
from engine.core.dataset import Predictions, Probabilities

FROM: Final = 0.25  # confidence from which boxes count where no operating point is saved


@dataclass(frozen=True, eq=False)
class BoxAgreement:
    """Of two detectors: which boxes of the one are boxes of the other.

    A box agrees where the other side has one of its class that overlaps it by an IoU of .5 or
    more, one to one, and both count. One whose partner is there but does not count, being less
    confident, has crossed the threshold.
    """

    images: int
    counts_a: Counts  # [I] boxes that count
    counts_b: Counts  # [I]
    agreed_in: Counts  # [I] pairs of them that agree
    pair_image: Indices  # [P] of the pairs that agree, in any order
    score_difference: Scores  # [P] of B less that of A
    iou_loss: Scores  # [P] 1 less the IoU
    crossed_difference: Scores  # [K] of B less that of A, where only one of the two counts
    alone: Scores  # [L] confidence of the boxes that count and have no partner of any confidence

    @property
    def boxes_a(self) -> int:
        """Boxes of A that count."""
        return int(self.counts_a.sum())

    @property
    def boxes_b(self) -> int:
        """Boxes of B that count."""
        return int(self.counts_b.sum())

    @property
    def agreed(self) -> int:
        """Pairs that agree."""
        return int(self.agreed_in.sum())

    @property
    def share(self) -> float:
        """2 * agreed / (boxes of A + boxes of B), NaN where neither side has a box."""
        return self.share_allowing(-1.0)

    def share_allowing(self, difference: float) -> float:
        """The share, had boxes that crossed by at most so much confidence not crossed."""
        near = int((np.abs(self.crossed_difference) <= difference).sum())
        every = self.boxes_a + self.boxes_b
        return (2 * self.agreed + near) / every if every else np.nan

    @property
    def distance(self) -> float:
        """The mean difference of score over all boxes that count; one alone differs by all of it.

        Exactly 0 for equal answers, NaN where neither side has a box.
        """
        every = self.boxes_a + self.boxes_b
        pairs = 2 * np.abs(self.score_difference).sum()
        apart = pairs + np.abs(self.crossed_difference).sum() + self.alone.sum()
        return float(apart) / every if every else np.nan

    @property
    def largest_score_difference(self) -> float:
        """Of the pairs that agree, without sign; NaN without a pair."""
        return _largest(self.score_difference)

    @property
    def median_score_difference(self) -> float:
        """Of the pairs that agree, without sign; NaN without a pair."""
        return _median(self.score_difference)

    @property
    def largest_iou_loss(self) -> float:
        """Of the pairs that agree; NaN without a pair."""
        return _largest(self.iou_loss)

    @property
    def median_iou_loss(self) -> float:
        """Of the pairs that agree; NaN without a pair."""
        return _median(self.iou_loss)

    @property
    def largest_in(self) -> Ratios:
        """[I] the largest difference of score in each image; 0 without a pair."""
        return _largest_by(self.pair_image, self.score_difference, self.images)

    @property
    def disagreeing(self) -> Indices:
        """Images that differ in any way, those with the most boxes without a partner first."""
        alone = self.counts_a + self.counts_b - 2 * self.agreed_in
        loss = _largest_by(self.pair_image, self.iou_loss, self.images)
        differs = np.flatnonzero((alone > 0) | (self.largest_in > 0) | (loss > 0))
        keys = (-loss, -self.largest_in, -alone)
        return differs[np.lexsort([key[differs] for key in keys])]


@dataclass(frozen=True, eq=False)
class AnswerAgreement:
    """Of two classifiers: in which images the most probable class is the same."""

    images: Indices  # [N] images that both answered
    top_a: Indices  # [N] the most probable class
    top_b: Indices  # [N]
    difference: Scores  # [N] the largest of any class's probability, without sign

    @classmethod
    def of(cls, a: Probabilities, b: Probabilities) -> Self:
        """Over the images that both sides answered; columns are the same classes on both."""
        images, row_a, row_b = np.intersect1d(a.image, b.image, return_indices=True)
        value_a, value_b = (
            side.value[rows].astype(np.float64) for side, rows in ((a, row_a), (b, row_b))
        )
        apart = np.abs(value_a - value_b).max(axis=1, initial=0.0)
        return cls(images, value_a.argmax(axis=1), value_b.argmax(axis=1), apart)

    @property
    def agrees(self) -> Mask:
        """[N] whether the most probable class is the same."""
        agrees: Mask = self.top_a == self.top_b
        return agrees

    @property
    def agreed(self) -> int:
        """Images with the same most probable class."""
        return int(self.agrees.sum())

    @property
    def share(self) -> float:
        """Of the images that both answered; NaN of none."""
        return float(self.agrees.mean()) if len(self.images) else np.nan

    @property
    def distance(self) -> float:
        """The mean over the images of the largest difference in each; NaN without images."""
        return float(self.difference.mean()) if len(self.images) else np.nan

    @property
    def largest_difference(self) -> float:
        """Of a probability, in any image; NaN without images."""
        return _largest(self.difference)

    @property
    def median_difference(self) -> float:
        """Over the images, of the largest in each; NaN without images."""
        return _median(self.difference)

    @property
    def disagreeing(self) -> Indices:
        """Rows that differ in any way: another class first, then by the difference."""
        differs = np.flatnonzero(~self.agrees | (self.difference > 0))
        return differs[np.lexsort((-self.difference[differs], self.agrees[differs]))]


def box_agreement(
    images: int, a: Predictions, b: Predictions, from_a: Scores | float, from_b: Scores | float
) -> BoxAgreement:
    """Over so many images; boxes count from the confidences from_a and from_b on.

    Images and classes are numbered alike on both sides. A confidence is one for all classes,
    or one for each class [C].
    """
    in_a, in_b = _counting(a, from_a), _counting(b, from_b)
    rows_a, rows_b = np.flatnonzero(in_a), np.flatnonzero(in_b)
    counted_a, counted_b = a.where(rows_a), b.where(rows_b)
    pairs = paired_boxes(counted_a, counted_b)
    image = counted_a.image.take(pairs.prediction)
    score = counted_b.confidence.take(pairs.ground_truth)
    score = score - counted_a.confidence.take(pairs.prediction)
    alone_a = counted_a.where(np.setdiff1d(np.arange(len(rows_a)), pairs.prediction))
    alone_b = counted_b.where(np.setdiff1d(np.arange(len(rows_b)), pairs.ground_truth))
    crossed_a, still_a = _crossed(alone_a, b.where(~in_b))
    crossed_b, still_b = _crossed(alone_b, a.where(~in_a))
    return BoxAgreement(
        images,
        np.bincount(counted_a.image, minlength=images),
        np.bincount(counted_b.image, minlength=images),
        np.bincount(image, minlength=images),
        image,
        score,
        1 - pairs.iou,
        np.concatenate((crossed_a, -crossed_b)),
        np.concatenate((still_a, still_b)),
    )


def _counting(boxes: Predictions, least: Scores | float) -> Mask:
    needed = least if isinstance(least, float) else np.asarray(least)[boxes.class_]
    kept: Mask = boxes.confidence >= needed
    return kept


def _crossed(alone: Predictions, silent: Predictions) -> tuple[Scores, Scores]:
    """Of boxes with a silent partner its confidence less theirs; the confidence of the others."""
    pairs = paired_boxes(alone, silent)
    found = silent.confidence.take(pairs.ground_truth)
    others = np.delete(alone.confidence, pairs.prediction)
    return found - alone.confidence.take(pairs.prediction), others


def _largest(values: Ratios) -> float:
    return float(np.abs(values).max()) if len(values) else np.nan


def _median(values: Ratios) -> float:
    return float(np.median(np.abs(values))) if len(values) else np.nan


def _largest_by(image: Indices, values: Ratios, images: int) -> Ratios:
    largest = np.zeros(images)
    np.maximum.at(largest, image, np.abs(values))
    return largest
