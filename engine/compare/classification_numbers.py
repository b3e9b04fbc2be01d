"""The numbers of two classifiers on the same images, and what resamples and McNemar's test say."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.classification.classification import Classification
from engine.classification.intervals import AnswerResampling
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.compare.differences import DifferenceTests, DrawnNumbers, SideNumbers
from engine.compare.significance import mcnemar
from engine.core.arrays import NOTHING, Counts, Indices, Mask

AT_ONCE: Final = 50  # drawings in a turn


@dataclass(frozen=True, eq=False)
class ClassifierSide:
    """One classifier at a confidence."""

    made: Classification
    confidence: float

    @cached_property
    def numbers(self) -> SideNumbers:
        """As in its report."""
        matrix = self.made.answers.matrix(self.confidence)
        metrics = classification_metrics(matrix, self.confidence, probability_metrics(self.made))
        return SideNumbers(
            metrics.headline,
            {"AP": metrics.average_precision, "recall": metrics.recall, "f1": metrics.f1},
        )

    @cached_property
    def right(self) -> Mask:
        """[N] whether the label is answered, confidently enough."""
        top = self.made.top
        right: Mask = (top.class_ == self.made.truth) & (top.confidence >= self.confidence)
        return right

    @cached_property
    def resampling(self) -> AnswerResampling:
        """At the confidence."""
        return AnswerResampling.of(self.made, self.confidence)

    def drawn(self, weights: Counts) -> DrawnNumbers:
        """With each image as often as weights [S, I] say.

        Areas under curves are not resampled: each sample would have to sort every class again.
        """
        names, classes = tuple(self.numbers.totals), len(self.made.classes)
        totals = np.full((len(weights), len(names)), np.nan)
        recall, f1 = np.full((2, len(weights), classes), np.nan)
        for row, weight in enumerate(weights.take(self.made.probabilities.image, axis=1)):
            if not weight.any():
                continue
            sample, counts = self.resampling.sample(weight), self.resampling.counts(weight)
            totals[row] = [sample.get(name, np.nan) for name in names]
            recall[row], f1[row] = counts.recall, counts.f1
        return DrawnNumbers(
            dict(zip(names, totals.T, strict=True)),
            {"AP": np.full(recall.shape, np.nan), "recall": recall, "f1": f1},
        )


@dataclass(frozen=True, eq=False)
class ClassifierPair:
    """Two classifiers on one dataset."""

    a: ClassifierSide
    b: ClassifierSide

    at_once: int = AT_ONCE

    @cached_property
    def answered(self) -> Indices:
        """[I] rising: the images that either answered."""
        return np.union1d(self.a.made.probabilities.image, self.b.made.probabilities.image)

    @property
    def images(self) -> int:
        """I: the others count nowhere."""
        return len(self.answered)

    def tests(
        self, exchanges: int, seed: int, cancelled: Callable[[], bool]
    ) -> DifferenceTests | None:
        """By McNemar's exact test, over the images that both answered: nothing is drawn."""
        row_a, row_b = (side.made.row_of_image.take(self.answered) for side in (self.a, self.b))
        both = np.flatnonzero((row_a != NOTHING) & (row_b != NOTHING))
        row_a, row_b = row_a.take(both), row_b.take(both)
        truth, right_a = self.a.made.truth.take(row_a), self.a.right.take(row_a)
        right_b, classes = self.b.right.take(row_b), len(self.a.made.classes)
        only_a = np.bincount(truth[right_a & ~right_b], minlength=classes)
        only_b = np.bincount(truth[right_b & ~right_a], minlength=classes)
        there = np.bincount(truth, minlength=classes)
        p = np.array(
            [
                mcnemar(a, b) if images else np.nan
                for a, b, images in zip(
                    only_a.tolist(), only_b.tolist(), there.tolist(), strict=True
                )
            ]
        )
        overall = mcnemar(int(only_a.sum()), int(only_b.sum())) if len(both) else np.nan
        return DifferenceTests({"accuracy": overall}, overall, p, only_a + only_b == 0, "recall")

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """B less A, with each image that was answered as often as weights [S, I] say."""
        every = np.zeros((len(weights), len(self.a.made.images)), np.int64)
        every[:, self.answered] = weights
        return self.b.drawn(every).less(self.a.drawn(every))
