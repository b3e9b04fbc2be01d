"""Two sides that are known by their counts alone: what is tested of them, as of two models.

Average precision, and all that comes from probabilities, stands beside its like and is not
tested: it needs the predictions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np

from engine.classification.given_answers import GivenAnswers
from engine.compare.classification_numbers import AT_ONCE, drawn_answers, mcnemar_tests
from engine.compare.differences import ClassMetricName, DifferenceTests, DrawnNumbers, SideNumbers
from engine.compare.image_counts import RATES, ImageCounts, exchange_tests
from engine.core.arrays import Counts, Ratios
from engine.core.rates import f_beta, recall

COUNTS_AT_ONCE: Final = 50  # drawings in a turn


@dataclass(frozen=True, eq=False)
class CountedDetector:
    """What one detector counted at its point."""

    numbers: SideNumbers
    counts: ImageCounts

    @classmethod
    def of(cls, coco: Mapping[str, float], ap: Ratios, counts: ImageCounts) -> Self:
        """With COCO's numbers and the average precision [C] of classes, as the report has them."""
        right, predicted, there = counts.of_class
        together = right.sum(), predicted.sum(), int(there.sum())
        totals = {name: float(rate(*together)) for name, rate in RATES.items()}
        of_class: Mapping[ClassMetricName, Ratios] = {
            "AP": ap,
            "recall": recall(right, there),
            "f1": f_beta(right, predicted, there),
        }
        return cls(SideNumbers({**coco, **totals}, of_class), counts)

    def drawn(self, weights: Counts) -> DrawnNumbers:
        """With each image as often as weights [S, I] say; NaN for what is not counted."""
        rates = self.counts.drawn(weights)
        unknown = np.full(len(weights), np.nan)
        totals = {name: rates.totals.get(name, unknown) for name in self.numbers.totals}
        return DrawnNumbers(totals, rates.of_class)


@dataclass(frozen=True, eq=False)
class CountedDetectors:
    """Two of them, on the same images, classes and ground truths."""

    a: CountedDetector
    b: CountedDetector
    at_once: int = COUNTS_AT_ONCE

    @property
    def images(self) -> int:
        """I."""
        return self.a.counts.images

    def tests(
        self, exchanges: int, seed: int, cancelled: Callable[[], bool]
    ) -> DifferenceTests | None:
        """By exchanging the two in each image; None if it was cancelled."""
        return exchange_tests(self.a.counts, self.b.counts, exchanges, seed, cancelled)

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers:
        """B less A with each image as often as weights [S, I] say."""
        return self.b.drawn(weights).less(self.a.drawn(weights))


@dataclass(frozen=True, eq=False)
class CountedClassifier:
    """What one classifier answered at its confidence."""

    numbers: SideNumbers
    answers: GivenAnswers

    @classmethod
    def of(cls, headline: Mapping[str, float], ap: Ratios, answers: GivenAnswers) -> Self:
        """With the headline and the average precision [C] of classes, as the report has them."""
        once = np.ones(len(answers.truth), np.int64)
        counts = answers.counts(once)
        of_class: Mapping[ClassMetricName, Ratios] = {
            "AP": ap,
            "recall": counts.recall,
            "f1": counts.f1,
        }
        return cls(SideNumbers({**headline, **answers.sample(once)}, of_class), answers)

    def drawn(self, weights: Counts) -> DrawnNumbers:
        """With each image that was answered as often as weights [S, N] say."""
        return drawn_answers(self.answers, [*self.numbers.totals], self.answers.classes, weights)


@dataclass(frozen=True, eq=False)
class CountedClassifiers:
    """Two of them, whose answers are of the same images in the same order."""

    a: CountedClassifier
    b: CountedClassifier
    at_once: int = AT_ONCE

    @cached_property
    def images(self) -> int:
        """N, those that were answered: the others count nowhere."""
        return len(self.a.answers.truth)

    def tests(self, exchanges: int, seed: int, cancelled: Callable[[], bool]) -> DifferenceTests:
        """By McNemar's exact test: nothing is drawn."""
        return mcnemar_tests(self.a.answers, self.b.answers)

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers:
        """B less A with each image as often as weights [S, N] say."""
        return self.b.drawn(weights).less(self.a.drawn(weights))
