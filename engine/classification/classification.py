"""Image classification: a model's probabilities against the one class of each image."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from engine.classification.detail import detail_of, without_answer
from engine.classification.image_values import ImageValues
from engine.classification.top_classes import TopClasses, top_classes
from engine.core.arrays import NOTHING, Counts, Indices, Mask, Scores
from engine.core.assessment import ProbabilityDetail
from engine.core.dataset import ClassificationDataset, Images, Probabilities
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes
from engine.core.ranked import Curve, Ranking, curve
from engine.core.sorting import most_confident_first
from engine.core.thresholds import OperatingPoint, Optimum, Scorecard, optimal_f1

NO_ANSWER: Final = "No answer"


@dataclass(frozen=True, eq=False)
class Classification:
    """One classifier's probabilities on one dataset."""

    dataset: ClassificationDataset
    probabilities: Probabilities  # in file order

    @property
    def classes(self) -> tuple[str, ...]:
        """[C] names, in the order of the matrix."""
        return self.dataset.classes

    @property
    def images(self) -> Images:
        return self.dataset.images

    @property
    def start_confidence(self) -> float:
        """Begin with an answer for every image: the most probable class."""
        return 0.0

    @property
    def unanswered(self) -> int:
        """How many images of the dataset have no prediction: they count nowhere else."""
        return len(self.images) - len(self.probabilities)

    @cached_property
    def unanswered_images(self) -> Indices:
        """Rising rows of the images that have no prediction."""
        known = np.zeros(len(self.images), np.bool_)
        known[self.probabilities.image] = True
        return np.flatnonzero(~known)

    def judged(self, point: OperatingPoint) -> "ClassificationAnswers":
        """The same at every IoU and under every rule, which a classifier knows nothing of."""
        return self.answers

    @cached_property
    def answers(self) -> "ClassificationAnswers":
        """Every answer judged."""
        return ClassificationAnswers(self)

    @cached_property
    def truth(self) -> Indices:
        """[N] the class that people gave to the image of each prediction."""
        return self.dataset.label.take(self.probabilities.image)

    @cached_property
    def images_of_class(self) -> Counts:
        """[C] images of each class that have a prediction."""
        return np.bincount(self.truth, minlength=len(self.classes))

    @cached_property
    def top(self) -> TopClasses:
        """[N] the most probable class of each prediction."""
        return top_classes(self.probabilities.value)

    @cached_property
    def values(self) -> ImageValues:
        """What the probabilities say of each label, worked out when it is asked for."""
        return ImageValues(self.probabilities.value, self.truth)

    @cached_property
    def row_of_image(self) -> Indices:
        """[I] the row among the probabilities of each image, or NOTHING."""
        row = np.full(len(self.images), NOTHING)
        row[self.probabilities.image] = np.arange(len(self.probabilities))
        return row


@dataclass(frozen=True, eq=False)
class ClassificationAnswers:
    """The most probable class of each image against its label, at any confidence.

    Below the confidence threshold the model abstains: it gives no answer.
    """

    classification: Classification

    @cached_property
    def order(self) -> Indices:
        """[N] rows of probabilities, the most confident first; equal ones keep file order."""
        return most_confident_first(self.classification.top.confidence)

    @cached_property
    def confidence(self) -> Scores:
        """[N] of the most probable class, falling."""
        return self.classification.top.confidence.take(self.order)

    @cached_property
    def right(self) -> Mask:
        """[N] by falling confidence: whether the most probable class is the label."""
        made = self.classification
        right: Mask = (made.top.class_ == made.truth).take(self.order)
        return right

    @cached_property
    def points(self) -> Curve:
        """A point for each distinct confidence: answers below it are withheld."""
        return curve(Ranking(self.right, self.confidence, len(self.right)))

    def leading_points(self) -> Iterator[Curve]:
        """All points: there is nothing to match."""
        yield self.points

    @cached_property
    def optimum(self) -> Optimum:
        """The abstention threshold with the highest F1 of the right answers."""
        points = self.points
        return optimal_f1(
            points.confidence, points.true_positives, points.predictions, points.ground_truths
        )

    def answered(self, confidence: float) -> int:
        """How many predictions have at least this confidence."""
        return len(self.confidence) - int(np.searchsorted(self.confidence[::-1], confidence))

    def scorecard(self, confidence: float) -> Scorecard:
        """Right answers, wrong answers, and labels that no right answer was given for."""
        n = self.answered(confidence)
        right = int(np.count_nonzero(self.right[:n]))
        return Scorecard(right, n - right, len(self.right) - right)

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Labels by answers; "No answer" is a column only where a threshold can withhold one."""
        n, width = self.answered(confidence), len(self.classification.classes) + 1
        counts = np.bincount(self._cells[:n], minlength=width * width).reshape(width, width)
        if n < len(self._cells):
            withheld = self._cells[n:] // width
            counts[:, NOTHING] += np.bincount(withheld, minlength=width)
        column = NO_ANSWER if confidence > 0 else ""
        return ConfusionMatrix(counts, extra_row="", extra_column=column)

    def outcomes(self, confidence: float) -> Outcomes:
        """A row for each image with a prediction, the most confident first.

        Without an answer the predicted class is NOTHING and the confidence still that of
        the most probable one. ground_truth is the row of the image, IoU is NaN.
        """
        made, n = self.classification, self.answered(confidence)
        predicted = made.top.class_.take(self.order)
        predicted[n:] = NOTHING
        image = made.probabilities.image.take(self.order)
        return Outcomes(
            truth=made.truth.take(self.order),
            predicted=predicted,
            confidence=self.confidence,
            iou=np.full(len(image), np.nan),
            image=image,
            prediction=self.order,
            ground_truth=image,
        )

    def detail(self, image: int, confidence: float) -> ProbabilityDetail:
        """Every class of one image by falling probability."""
        made = self.classification
        row, truth = int(made.row_of_image[image]), int(made.dataset.label[image])
        if row == NOTHING:
            return without_answer(truth, made.classes)
        return detail_of(made.probabilities.value[row], truth, confidence, made.classes)

    @cached_property
    def _cells(self) -> Indices:
        """[N] by falling confidence: the cell of the matrix, counted along its rows."""
        made = self.classification
        cells = made.truth * (len(made.classes) + 1) + made.top.class_
        return cells.take(self.order)
