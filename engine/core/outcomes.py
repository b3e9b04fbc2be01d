"""The one table that every view reads."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.core.arrays import NOTHING, Indices, Ious, Mask, Scores


@dataclass(frozen=True)
class Selection:
    """Which outcomes a person looks at: a cell, a row, a column, or everything.

    A side that is None stands for any class; NOTHING stands for "not an object"
    on the side of the truth and for "not detected" on the side of the prediction.

    Of a detector they may be of one type of error, which engine.detection.error_types tells.
    """

    truth: int | None = None
    predicted: int | None = None
    error: str = ""  # the type of error; empty for rows of any type, and for right ones


@dataclass(frozen=True, eq=False)
class Outcomes:
    """A row for each prediction that counts, then one for each ground truth none of them found."""

    truth: Indices  # [R] class of the ground truth; NOTHING for a prediction of no object
    predicted: Indices  # [R] class of the prediction; NOTHING for an object not detected
    confidence: Scores  # [R] NaN for an object not detected
    iou: Ious  # [R] of the prediction with the row's ground truth; NaN where either is missing
    image: Indices  # [R]
    prediction: Indices  # [R] row among the predictions, or NOTHING
    ground_truth: Indices  # [R] row among the ground truths, or NOTHING

    def __len__(self) -> int:
        return len(self.truth)

    def where(self, rows: Mask | Indices) -> Self:
        """Only these rows, in this order."""
        return type(self)(
            self.truth[rows],
            self.predicted[rows],
            self.confidence[rows],
            self.iou[rows],
            self.image[rows],
            self.prediction[rows],
            self.ground_truth[rows],
        )

    def select(self, selection: Selection) -> Self:
        """The rows that a cell, a row or a column of the matrix counts, of whatever error."""
        chosen = self.truth == self.truth
        if selection.truth is not None:
            chosen &= self.truth == selection.truth
        if selection.predicted is not None:
            chosen &= self.predicted == selection.predicted
        return self.where(chosen)

    @property
    def correct(self) -> Mask:
        """[R] whether prediction and ground truth are there and agree."""
        agree: Mask = (self.truth == self.predicted) & (self.truth != NOTHING)
        return agree


def class_of(classes: Indices, rows: Indices) -> Indices:
    """The class of each row, NOTHING for no row."""
    if not len(classes):
        return rows
    return np.where(rows == NOTHING, NOTHING, classes[rows])
