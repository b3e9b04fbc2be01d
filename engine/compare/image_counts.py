"""What a detector counts in each image of each class, and what images say of two of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from engine.compare.differences import DifferenceTests, DrawnNumbers
from engine.compare.significance import PairedCounts, Statistic
from engine.core.arrays import NOTHING, Counts, Indices
from engine.core.rates import f_beta, precision, recall
from engine.detection.detection import DetectionAtIou

RATES: Final[Mapping[str, Statistic]] = {
    "precision": lambda right, predicted, _: precision(right, predicted),
    "recall": lambda right, _, truths: recall(right, truths),
    "f1": f_beta,
}


@dataclass(frozen=True, eq=False)
class ImageCounts:
    """Counts of one detector at its point: a row for each image and class in which there are any.

    Precision, recall and F1 and all tests of them follow from these: neither boxes nor
    confidences are needed.
    """

    image: Indices  # [R]
    class_: Indices  # [R] rising, and the images of a class rising
    true_positives: Counts  # [R]
    predictions: Counts  # [R] that count; those on a crowd of their class do not
    ground_truths: Counts  # [R] crowds left out
    images: int
    classes: int

    @classmethod
    def of(cls, at_iou: DetectionAtIou, confidence: float) -> Self:
        """As the matrix at this confidence counts them."""
        outcomes, truths = at_iou.outcomes(confidence), at_iou.detection.dataset.ground_truths
        found, wanted = (
            outcomes.where(outcomes.prediction != NOTHING),
            np.flatnonzero(~truths.crowd),
        )
        images, classes = len(at_iou.detection.images), len(at_iou.detection.classes)
        key = found.predicted * images + found.image
        keys = (
            key[found.correct],
            key,
            truths.class_.take(wanted) * images + truths.image.take(wanted),
        )
        distinct, row = np.unique(np.concatenate(keys), return_inverse=True)
        ends = np.cumsum([len(each) for each in keys])[:-1]
        right, predicted, there = (
            np.bincount(part, minlength=len(distinct)) for part in np.split(row, ends)
        )
        class_, image = np.divmod(distinct, max(images, 1))
        return cls(image, class_, right, predicted, there, images, classes)

    def renumbered(self, image: Indices, class_: Indices) -> Self:
        """With image[i] [I] for image i and class_[c] [C] for class c, both one for one."""
        images, classes = image.take(self.image), class_.take(self.class_)
        order = np.lexsort((images, classes))
        return type(self)(
            images.take(order),
            classes.take(order),
            self.true_positives.take(order),
            self.predictions.take(order),
            self.ground_truths.take(order),
            self.images,
            self.classes,
        )

    @cached_property
    def of_class(self) -> tuple[Counts, Counts, Counts]:
        """[C] each: true positives, predictions, ground truths."""
        right, predicted, truths = self._sums(np.ones((1, self.images), np.int64))
        return right[0], predicted[0], truths[0]

    def drawn(self, weights: Counts) -> DrawnNumbers:
        """Rates with each image as often as weights [S, I] say; AP of a class is not known."""
        hits, counted, there = self._sums(weights)
        together = tuple(sums.sum(axis=1) for sums in (hits, counted, there))
        return DrawnNumbers(
            {name: rate(*together) for name, rate in RATES.items()},
            {
                "AP": np.full(hits.shape, np.nan),
                "recall": recall(hits, there),
                "f1": f_beta(hits, counted, there),
            },
        )

    def _sums(self, weights: Counts) -> tuple[Counts, Counts, Counts]:
        """[S, C] each, as of_class has them; sums of whole numbers in float64 are exact."""
        sums = [
            [
                np.bincount(self.class_, times * counts, self.classes)
                for counts in (self.true_positives, self.predictions, self.ground_truths)
            ]
            for times in (weight.take(self.image) for weight in weights)
        ]
        whole = np.array(sums).reshape(len(weights), 3, self.classes).astype(np.int64)
        return whole[:, 0], whole[:, 1], whole[:, 2]


def exchange_tests(
    a: ImageCounts,
    b: ImageCounts,
    exchanges: int,
    seed: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> DifferenceTests | None:
    """By exchanging the two in each image, thresholds fixed; None if it was cancelled.

    Both are of the same images, classes and ground truths.
    """
    truths = a.of_class[2]
    p, same = np.full(len(truths), np.nan), np.ones(len(truths), np.bool_)
    counts = _CountsOfBoth.of(a, b)
    for class_, total in enumerate(truths.tolist()):
        if cancelled():
            return None
        paired = counts.of_class(class_, total)
        same[class_] = not paired.images
        if total:
            p[class_] = paired.p(f_beta, paired.exchanged(exchanges, seed))
    together = counts.together(a.images, int(truths.sum()))
    gained = together.exchanged(exchanges, seed)
    totals = {name: together.p(rate, gained) for name, rate in RATES.items()}
    return DifferenceTests(totals, np.nan, p, same, "f1")


@dataclass(frozen=True, eq=False)
class _CountsOfBoth:
    """What each of the two counts in each image of each class, where either counts anything."""

    image: Indices  # [R]
    class_: Indices  # [R] rising
    a: Counts  # [R, 2] true positives, predictions
    b: Counts  # [R, 2]

    @classmethod
    def of(cls, a: ImageCounts, b: ImageCounts) -> Self:
        keys = [each.class_ * a.images + each.image for each in (a, b)]
        distinct = np.union1d(*keys)
        counts = []
        for each, key in zip((a, b), keys, strict=True):
            of_each = np.zeros((len(distinct), 2), np.int64)
            of_each[np.searchsorted(distinct, key)] = np.stack(
                (each.true_positives, each.predictions), axis=1
            )
            counts.append(of_each)
        return cls(distinct % max(a.images, 1), distinct // max(a.images, 1), *counts)

    def of_class(self, class_: int, ground_truths: int) -> PairedCounts:
        """Its images."""
        rows = slice(*np.searchsorted(self.class_, (class_, class_ + 1)))
        return PairedCounts.of(self.a[rows], self.b[rows], ground_truths)

    def together(self, images: int, ground_truths: int) -> PairedCounts:
        """All images, their classes together."""
        a, b = (
            np.stack(
                [np.bincount(self.image, column, images) for column in counts.T], axis=1
            ).astype(np.int64)
            for counts in (self.a, self.b)
        )
        return PairedCounts.of(a, b, ground_truths)
