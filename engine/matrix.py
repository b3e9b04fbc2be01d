"""The confusion matrix and what can be read off it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Counts, Indices
from engine.outcomes import Outcomes

Ratios = NDArray[np.float64]  # any shape; NaN where the whole is 0


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

    def row_shares(self) -> Ratios:
        """[C + 1, C + 1] each count over the sum of its row."""
        return ratio(self.counts, self.counts.sum(axis=1, keepdims=True))

    def column_shares(self) -> Ratios:
        """[C + 1, C + 1] each count over the sum of its column."""
        return ratio(self.counts, self.counts.sum(axis=0, keepdims=True))

    def confusions(self) -> Indices:
        """[K, 2] cells (truth, predicted) of two different classes, most frequent first.

        Equal counts keep reading order.
        """
        wrong = self.counts[:-1, :-1].copy()
        np.fill_diagonal(wrong, 0)
        cells = np.flatnonzero(wrong)
        cells = cells[np.argsort(-wrong.ravel()[cells], kind="stable")]
        return np.stack(np.divmod(cells, self.classes), axis=1).astype(np.intp)


def ratio(part: Counts, whole: Counts) -> Ratios:
    """Part over whole, NaN where the whole is 0; the two broadcast."""
    part, whole = np.broadcast_arrays(part, whole)
    undefined = np.full(part.shape, np.nan)
    quotient: Ratios = np.divide(part, whole, out=undefined, where=whole != 0)
    return quotient


def count(outcomes: Outcomes, classes: int, ignored: int = 0) -> ConfusionMatrix:
    """The matrix of a table of outcomes: the plain definition, one pass over all rows."""
    counts = np.zeros((classes + 1, classes + 1), dtype=np.int64)
    np.add.at(counts, (outcomes.truth, outcomes.predicted), 1)
    return ConfusionMatrix(counts, ignored)


def images_per_cell(outcomes: Outcomes, classes: int) -> Counts:
    """[C + 1, C + 1] in how many different images each cell of the matrix counts something."""
    width = classes + 1
    cell = (outcomes.truth % width) * width + outcomes.predicted % width
    images = int(outcomes.image.max()) + 1 if len(outcomes) else 1
    distinct = np.unique(cell * images + outcomes.image)
    return np.bincount(distinct // images, minlength=width * width).reshape(width, width)
