"""The confusion matrix and what can be read off it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.core.arrays import Counts, Indices, Mask
from engine.core.outcomes import Outcomes


@dataclass(frozen=True, eq=False)
class ConfusedCells:
    """The cells of a matrix off its diagonal that count something, in reading order.

    A side that is C stands for the last row or column.
    """

    truth: Indices  # [K] row
    predicted: Indices  # [K] column
    count: Counts  # [K] at least 1

    def where(self, cells: Mask | Indices) -> Self:
        """Only these cells, in this order."""
        return type(self)(self.truth[cells], self.predicted[cells], self.count[cells])


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """Outcomes counted by the class of the ground truth (rows) and of the prediction (columns).

    The last row holds predictions of no object, the last column objects that were
    not detected: NOTHING is -1, so it indexes them as Python indexes a list's end.
    A name that is "" says that the task has no such line here: its counts are all 0.
    """

    counts: Counts  # [C + 1, C + 1]
    ignored: int = 0  # predictions on a crowd of their own class, which are no error
    extra_row: str = "Not an object"  # what people call the last row
    extra_column: str = "Not detected"  # what people call the last column

    @property
    def classes(self) -> int:
        """C, the number of classes."""
        return len(self.counts) - 1

    @property
    def true_positives(self) -> Counts:
        """[C] the diagonal."""
        return np.diagonal(self.counts)[:-1]

    @cached_property
    def ground_truths(self) -> Counts:
        """[C] how many ground truths each class has: the sums of the rows."""
        sums: Counts = self.counts[:-1].sum(axis=1)
        return sums

    @cached_property
    def predictions(self) -> Counts:
        """[C] how many predictions of each class count: the sums of the columns."""
        sums: Counts = self.counts[:, :-1].sum(axis=0)
        return sums

    @cached_property
    def errors(self) -> ConfusedCells:
        """What is off the diagonal: few of the cells, where there are many classes."""
        cells = np.flatnonzero(self.counts.ravel() != 0)  # of booleans: a third of the time
        truth, predicted = np.divmod(cells, len(self.counts))
        wrong = np.flatnonzero(truth != predicted)
        counts = self.counts.ravel().take(cells.take(wrong))
        return ConfusedCells(truth.take(wrong), predicted.take(wrong), counts)

    @cached_property
    def _confused(self) -> ConfusedCells:
        """Errors between two different classes."""
        errors, last = self.errors, self.classes
        return errors.where(np.flatnonzero((errors.truth < last) & (errors.predicted < last)))

    def confusions(self, most: int | None = None) -> Indices:
        """[K, 2] cells (truth, predicted) of two different classes, most frequent first.

        Equal counts keep reading order. At most so many, which are had without sorting all.
        """
        cells = self._confused
        count = cells.count
        if most is not None and most < len(count):
            least = np.partition(count, len(count) - most)[len(count) - most] if most else 0
            cells = cells.where(np.flatnonzero(count >= least))
        order = np.argsort(-cells.count, kind="stable")[:most]
        return np.stack((cells.truth[order], cells.predicted[order]), axis=1)

    def partners(self, class_: int) -> Indices:
        """[K] classes that this one is confused with, in either direction, the most often first.

        Equal counts keep the order of the classes.
        """
        cells = self._confused
        mine = np.flatnonzero((cells.truth == class_) | (cells.predicted == class_))
        other = cells.truth[mine] + cells.predicted[mine] - class_
        times = np.bincount(other, weights=cells.count[mine], minlength=self.classes)
        found: Indices = np.argsort(-times, kind="stable")[: np.count_nonzero(times)]
        return found


def count(outcomes: Outcomes, classes: int, ignored: int = 0) -> ConfusionMatrix:
    """The matrix of a table of outcomes: the plain definition, one pass over all rows."""
    counts = np.zeros((classes + 1, classes + 1), dtype=np.int64)
    np.add.at(counts, (outcomes.truth, outcomes.predicted), 1)
    return ConfusionMatrix(counts, ignored)
