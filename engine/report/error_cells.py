"""The largest errors of a matrix: confusions, what was missed, what nothing is behind."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Areas, Counts, Indices
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes, Selection
from engine.util.words import percent

CONFUSIONS: Final = 6
OF_EACH_KIND: Final = 2  # of the extra row and of the extra column


@dataclass(frozen=True)
class ErrorCell:
    """A cell off the diagonal, in words."""

    truth: int  # class, or NOTHING
    predicted: int
    count: int
    words: str

    @property
    def selection(self) -> Selection:
        """The rows that it counts."""
        return Selection(self.truth, self.predicted)


def largest_errors(matrix: ConfusionMatrix, classes: tuple[str, ...]) -> list[ErrorCell]:
    """The largest confusions, then the largest cells of the extra column and the extra row."""
    counts, last = matrix.counts, matrix.classes
    cells = [(truth, predicted) for truth, predicted in matrix.confusions(CONFUSIONS).tolist()]
    if matrix.extra_column:
        cells += [(truth, NOTHING) for truth in _largest(counts[:last, last])]
    if matrix.extra_row:
        cells += [(NOTHING, predicted) for predicted in _largest(counts[last, :last])]
    return [ErrorCell(*cell, int(counts[cell]), _words(matrix, classes, *cell)) for cell in cells]


def first_rows(outcomes: Outcomes, most: int, sizes: Areas | None = None) -> Indices:
    """At most so many rows of outcomes, each of another image while there are others.

    The most confident first; objects that were not detected by sizes [T] of the ground
    truths, the largest first.
    """
    if sizes is not None and len(outcomes) and (outcomes.prediction == NOTHING).all():
        order = np.argsort(-sizes.take(outcomes.ground_truth), kind="stable")
    else:
        order = np.argsort(-outcomes.confidence, kind="stable")
    _, first = np.unique(outcomes.image[order], return_index=True)
    fresh = np.zeros(len(order), np.bool_)
    fresh[first] = True
    chosen: Indices = np.concatenate((order[fresh], order[~fresh]))[:most]
    return chosen


def _largest(counts: Counts) -> list[int]:
    order = np.argsort(-counts, kind="stable")[:OF_EACH_KIND]
    return [int(each) for each in order if counts[each]]


def _words(matrix: ConfusionMatrix, classes: tuple[str, ...], truth: int, predicted: int) -> str:
    count = int(matrix.counts[truth, predicted])
    if truth == NOTHING:
        part = percent(count, int(matrix.predictions[predicted]))
        name = classes[predicted]
        return f"{name} predicted where no such object is: {count:,} ({part} of predicted {name})"
    name = classes[truth]
    part = percent(count, int(matrix.ground_truths[truth]))
    seen = matrix.extra_column.lower() if predicted == NOTHING else f"seen as {classes[predicted]}"
    return f"{name} {seen}: {count:,} ({part} of true {name})"
