"""The label and the answer of each image of a classifier, and the numbers that follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.classification.answer_counts import AnswerCounts
from engine.classification.classification import Classification
from engine.classification.headline_metrics import of_counts, values_of
from engine.core.arrays import NOTHING, Counts, Indices, Mask


@dataclass(frozen=True, eq=False)
class GivenAnswers:
    """What is right at a confidence; probabilities are not needed."""

    truth: Indices  # [N] the class that people gave
    answer: Indices  # [N] the class that the model gives, NOTHING where it abstains
    classes: int

    @classmethod
    def of(cls, made: Classification, confidence: float) -> Self:
        """N are the images with a prediction, in file order."""
        answered = made.top.confidence >= confidence
        answer = np.where(answered, made.top.class_, NOTHING)
        return cls(made.truth, answer, len(made.classes))

    @cached_property
    def right(self) -> Mask:
        """[N]"""
        right: Mask = self.truth == self.answer
        return right

    def where(self, rows: Indices) -> Self:
        """Only these images, in this order."""
        return type(self)(self.truth.take(rows), self.answer.take(rows), self.classes)

    def counts(self, weight: Counts) -> AnswerCounts:
        """Right answers, images and answers with each image there as often as weight [N] says."""
        times = weight.astype(np.float64)
        # Sums of whole numbers in float64 are exact.
        sides = np.bincount(self._side, times, 2 * self.classes).reshape(-1, 2).astype(np.int64)
        answers = np.bincount(self._column, times, self.classes + 1).astype(np.int64)
        return AnswerCounts(sides[:, 1], sides.sum(axis=1), answers[:-1])

    def sample(self, weight: Counts) -> Mapping[str, float]:
        """The numbers of the headline that follow from counts, likewise."""
        return values_of(of_counts(self.counts(weight)))

    @cached_property
    def _side(self) -> Indices:
        """[N] twice the label, and one more for a right answer."""
        return 2 * self.truth + self.right

    @cached_property
    def _column(self) -> Indices:
        """[N] the number of classes where the model abstains."""
        return np.where(self.answer == NOTHING, self.classes, self.answer)
