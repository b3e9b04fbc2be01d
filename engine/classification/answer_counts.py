"""The numbers of a classifier that follow from how many answers are right: no probability."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.core.arrays import Counts, Ratios
from engine.core.matrix import ConfusionMatrix
from engine.core.rates import f_beta, precision, recall


@dataclass(frozen=True, eq=False)
class AnswerCounts:
    """The margins of a confusion matrix. Where the model abstains no class is predicted."""

    true_positives: Counts  # [C]
    images: Counts  # [C] of each class, with a prediction
    predictions: Counts  # [C] answers that name each class

    @classmethod
    def of(cls, matrix: ConfusionMatrix) -> Self:
        """Of a classifier's matrix."""
        return cls(matrix.true_positives, matrix.ground_truths, matrix.predictions)

    @property
    def total(self) -> int:
        """Images, answered or not."""
        return int(self.images.sum())

    @property
    def right(self) -> int:
        return int(self.true_positives.sum())

    @property
    def withheld(self) -> int:
        """Images for which the model gives no answer."""
        return self.total - int(self.predictions.sum())

    @property
    def agreement_by_chance(self) -> int:
        """The sum over classes of images times predictions."""
        return int(self.images @ self.predictions)

    @property
    def image_squares(self) -> int:
        """The sum over classes of images squared."""
        return int(self.images @ self.images)

    @property
    def prediction_squares(self) -> int:
        """The sum over classes of predictions squared; "no answer" is one more."""
        return int(self.predictions @ self.predictions) + self.withheld**2

    @property
    def precision(self) -> Ratios:
        """[C] TP / predictions; NaN of a class that is never predicted."""
        return precision(self.true_positives, self.predictions)

    @property
    def recall(self) -> Ratios:
        """[C] TP / images; NaN of a class without images."""
        return recall(self.true_positives, self.images)

    @property
    def f1(self) -> Ratios:
        """[C] 2 TP / (images + predictions); NaN of a class with neither."""
        return f_beta(self.true_positives, self.predictions, self.images)

    @property
    def accuracy(self) -> float:
        """Right answers over images; NaN of none."""
        return self.right / self.total if self.total else np.nan

    @property
    def mcc(self) -> float:
        """Matthews' correlation of labels and answers; 0 where either is always the same.

        Gorodkin, Comparing two K-category assignments (2004), equation 8, and scikit-learn's
        convention for 0 / 0: it is a correlation, and a constant correlates with nothing.
        """
        if not self.total:
            return np.nan
        square = self.total**2
        # Python's whole numbers do not overflow as the product would from 55,000 images on.
        spread = (square - self.prediction_squares) * (square - self.image_squares)
        if not spread:
            return 0.0
        return float((self.right * self.total - self.agreement_by_chance) / spread**0.5)

    @property
    def kappa(self) -> float:
        """Agreement beyond chance: Cohen (1960); NaN where chance alone agrees everywhere."""
        beyond = self.total**2 - self.agreement_by_chance
        if not beyond:
            return np.nan
        return 1 - self.total * (self.total - self.right) / beyond


@dataclass(frozen=True)
class Average:
    """A mean over the classes in which something is defined."""

    value: float  # NaN where it is defined in none
    defined: int  # classes that it is the mean of
    classes: int


def macro(of_classes: Ratios) -> Average:
    """Each class counting the same."""
    defined = of_classes[~np.isnan(of_classes)]
    value = float(defined.mean()) if len(defined) else np.nan
    return Average(value, len(defined), len(of_classes))


def weighted(of_classes: Ratios, images: Counts) -> Average:
    """Each class counting as often as it has images; those without count for nothing."""
    kept = ~np.isnan(of_classes) & (images > 0)
    whole = int(images[kept].sum())
    value = float(of_classes[kept] @ images[kept]) / whole if whole else np.nan
    return Average(value, int(kept.sum()), len(of_classes))
