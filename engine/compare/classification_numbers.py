"""The numbers of two classifiers on the same images, and what resamples and McNemar's test say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.classification.classification import Classification
from engine.classification.given_answers import GivenAnswers
from engine.classification.intervals import AnswerResampling
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.compare.differences import DifferenceTests, DrawnNumbers, SideNumbers
from engine.compare.significance import mcnemar
from engine.core.arrays import NOTHING, Counts, Indices

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
    def resampling(self) -> AnswerResampling:
        """At the confidence."""
        return AnswerResampling.of(self.made, self.confidence)

    def drawn(self, weights: Counts) -> DrawnNumbers:
        """With each image as often as weights [S, I] say.

        Areas under curves are not resampled: each sample would have to sort every class again.
        """
        of_answers = weights.take(self.made.probabilities.image, axis=1)
        names, classes = [*self.numbers.totals], len(self.made.classes)
        return drawn_answers(self.resampling, names, classes, of_answers)


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
        of_a = self.a.resampling.given.where(row_a.take(both))
        return mcnemar_tests(of_a, self.b.resampling.given.where(row_b.take(both)))

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """B less A, with each image that was answered as often as weights [S, I] say."""
        every = np.zeros((len(weights), len(self.a.made.images)), np.int64)
        every[:, self.answered] = weights
        return self.b.drawn(every).less(self.a.drawn(every))


def drawn_answers(
    answers: GivenAnswers | AnswerResampling, names: Sequence[str], classes: int, weights: Counts
) -> DrawnNumbers:
    """The numbers of these names with each image as often as weights [S, N] say.

    NaN for what cannot be resampled from the answers.
    """
    totals = np.full((len(weights), len(names)), np.nan)
    recall, f1 = np.full((2, len(weights), classes), np.nan)
    for row, weight in enumerate(weights):
        if not weight.any():
            continue
        sample, counts = answers.sample(weight), answers.counts(weight)
        totals[row] = [sample.get(name, np.nan) for name in names]
        recall[row], f1[row] = counts.recall, counts.f1
    return DrawnNumbers(
        dict(zip(names, totals.T, strict=True)),
        {"AP": np.full(recall.shape, np.nan), "recall": recall, "f1": f1},
    )


def mcnemar_tests(a: GivenAnswers, b: GivenAnswers) -> DifferenceTests:
    """Of two who answered the same images, by McNemar's exact test: nothing is drawn."""
    classes, truth = a.classes, a.truth
    only_a = np.bincount(truth[a.right & ~b.right], minlength=classes)
    only_b = np.bincount(truth[b.right & ~a.right], minlength=classes)
    there = np.bincount(truth, minlength=classes)
    p = np.array(
        [
            mcnemar(*differ) if images else np.nan
            for *differ, images in zip(
                only_a.tolist(), only_b.tolist(), there.tolist(), strict=True
            )
        ]
    )
    overall = mcnemar(int(only_a.sum()), int(only_b.sum())) if len(truth) else np.nan
    return DifferenceTests({"accuracy": overall}, overall, p, only_a + only_b == 0, "recall")
