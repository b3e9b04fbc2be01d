"""How well each class's probability puts its own images before the others."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import Counts, Indices, Ratios
from engine.core.sorting import stable_order
from engine.util.blocks import FloatBlock, in_turns

AT_ONCE: Final = 2**21  # numbers in a block of columns: 8 MB of float32 for each core
ROWS_AT_ONCE: Final = 512  # of a block that is turned: what is read and written fits the cache


@dataclass(frozen=True, eq=False)
class RankMetrics:
    """Each class against the rest; NaN where a side has no image."""

    roc_auc: Ratios  # [C] the share of pairs (of the class, of another) in the right order
    pairwise: Ratios  # [C] the same against each other class alone, mean of those with images
    average_precision: Ratios  # [C]


def rank_metrics(value: FloatBlock, truth: Indices) -> RankMetrics:
    """Of probabilities [N, C] and labels [N]; each class is sorted once.

    The area under the ROC curve is the Mann-Whitney statistic, equal pairs counting half:
    Hanley and McNeil, Radiology 1982; against each other class alone it is A(i|j) of Hand
    and Till, Machine Learning 2001. Average precision is the sum of precision times the
    gain in recall over distinct probabilities, without interpolation, as scikit-learn's.

    Only images at least as probable as the least probable one of the class can stand
    before any of them, so no others are sorted.
    """
    n, c = value.shape
    images = np.bincount(truth, minlength=c)
    grouped = stable_order(truth)
    begins = np.append(0, np.cumsum(images))
    weight = np.divide(1, images, out=np.zeros(c), where=images != 0)
    found = np.full((3, c), np.nan)
    width = max(AT_ONCE // max(n, 1), 1)

    def work(first: int) -> None:
        columns = turned(value, first, min(first + width, c))
        for class_, column in enumerate(columns, start=first):
            own = grouped[begins[class_] : begins[class_ + 1]]
            if len(own):
                found[:, class_] = _of_class(column, own, class_, truth, images, weight)

    in_turns(work, range(0, c, width))
    return RankMetrics(*found)


def turned(value: FloatBlock, first: int, end: int) -> FloatBlock:
    """[end - first, N] some columns as rows, no narrower than float32."""
    columns = np.empty((end - first, len(value)), np.promote_types(value.dtype, np.float32))
    for row in range(0, len(value), ROWS_AT_ONCE):
        columns[:, row : row + ROWS_AT_ONCE] = value[row : row + ROWS_AT_ONCE, first:end].T
    return columns


def _of_class(
    column: FloatBlock, own: Indices, class_: int, truth: Indices, images: Counts, weight: Ratios
) -> tuple[float, float, float]:
    """The three numbers of a class with images; own are their rows."""
    level, here = np.unique(column.take(own), return_counts=True)
    rows = np.flatnonzero(column >= level[0])
    values = column.take(rows)
    order = np.argsort(values)
    values, labels = values.take(order), truth.take(rows.take(order))

    begin, end = (np.searchsorted(values, level, side) for side in ("left", "right"))
    hits = np.cumsum(here[::-1])[::-1]  # of the class, at this level or above
    seen = len(values) - begin
    precision = float((here * (hits / seen)).sum() / len(own))

    rest = len(column) - len(own)
    if not rest:
        return np.nan, np.nan, precision
    above = (len(values) - end) - (hits - here)
    equal = (end - begin) - here
    wrong = int((here * (2 * above + equal)).sum())
    pairs = 2 * len(own) * rest

    # The same with every other class weighing 1, however many images it has.
    others = weight.take(labels)
    others[labels == class_] = 0
    sums = np.append(0, np.cumsum(others))
    above_each, equal_each = sums[-1] - sums[end], sums[end] - sums[begin]
    rivals = int(np.count_nonzero(images)) - 1
    lost = float((here * (above_each + equal_each / 2)).sum() / len(own))
    return (pairs - wrong) / pairs, 1 - lost / rivals, precision
